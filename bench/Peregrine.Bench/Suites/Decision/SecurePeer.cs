using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Peregrine.Bench.Suites.Decision;

/// <summary>The blocking end of a TLS connection that carries frames with their length before them, on the thread of who calls.</summary>
internal sealed class SecurePeer(SslStream tls) : IDisposable
{
    private const int Prefix = 4;

    private readonly byte[] arriving = new byte[64 * 1024];
    private int held;

    /// <summary>When the last read returned.</summary>
    public long ReadAt { get; private set; }

    public static SecurePeer Accept(TcpListener listener, X509Certificate2 own)
    {
        Socket socket = listener.AcceptSocket();
        socket.NoDelay = true;
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true)) { ReadTimeout = 20_000 };
        tls.AuthenticateAsServer(new SslServerAuthenticationOptions { ServerCertificate = own });
        return new SecurePeer(tls);
    }

    public static SecurePeer Dial(int port, X509Certificate2 authority)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect("localhost", port);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        tls.AuthenticateAsClient(TimedStream.Trust(authority));
        return new SecurePeer(tls);
    }

    public void Write(ReadOnlySpan<byte> frame) => tls.Write(frame);

    /// <summary>Waits for a whole frame, and gives what is in it; empty at the end.</summary>
    public byte[] Read()
    {
        while (true)
        {
            if (held >= Prefix && BinaryPrimitives.ReadInt32BigEndian(arriving) is var length && held >= Prefix + length)
            {
                byte[] frame = arriving[Prefix..(Prefix + length)];
                held -= Prefix + length;
                arriving.AsSpan(Prefix + length, held).CopyTo(arriving);
                return frame;
            }

            int count = tls.Read(arriving, held, arriving.Length - held);
            ReadAt = Stopwatch.GetTimestamp();
            if (count == 0)
            {
                return [];
            }

            held += count;
        }
    }

    public void Dispose() => tls.Dispose();
}

/// <summary>The limit: takes a frame, appends and flushes as many bytes as a decision leaves in the journal where it is to, and answers with as many as an order has; one plain loop on a thread of its own.</summary>
internal sealed class BareEcho : IDisposable
{
    /// <summary>A hundred and thirty quotes in blocks, and an order's command.</summary>
    private const int JournalledBytes = 1_300;

    private readonly SecurePeer peer;
    private readonly FileStream file;
    private readonly byte[] record = new byte[JournalledBytes];
    private readonly Thread thread;
    private byte[] answer = [];
    private long appended;
    private bool appends;

    public BareEcho(SecurePeer peer, string path)
    {
        this.peer = peer;
        file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        thread = new Thread(Run) { IsBackground = true };
        thread.Start();
    }

    /// <summary>What it answers with.</summary>
    public byte[] Answer
    {
        set => Volatile.Write(ref answer, value);
    }

    /// <summary>True where it appends and flushes before it answers.</summary>
    public bool Appends
    {
        set => Volatile.Write(ref appends, value);
    }

    /// <summary>What the last append and flush took, in ticks of the stopwatch.</summary>
    public long Appended => Volatile.Read(ref appended);

    /// <summary>The other side has hung up before.</summary>
    public void Dispose()
    {
        thread.Join();
        peer.Dispose();
        file.Dispose();
    }

    private void Run()
    {
        while (peer.Read().Length > 0)
        {
            if (Volatile.Read(ref appends))
            {
                long begun = Stopwatch.GetTimestamp();
                file.Write(record);
                file.Flush(flushToDisk: true);
                Volatile.Write(ref appended, Stopwatch.GetTimestamp() - begun);
            }

            peer.Write(Volatile.Read(ref answer));
        }
    }
}

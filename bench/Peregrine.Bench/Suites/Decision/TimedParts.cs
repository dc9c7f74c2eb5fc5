using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Adapters.Ports;
using Peregrine.Core.Trading;

namespace Peregrine.Bench.Suites.Decision;

/// <summary>When the last bytes came out of the secure stream, when the last went in, and how long the journal took between; in ticks of the stopwatch.</summary>
internal sealed class Stamps
{
    private long read, written, commit;

    public long Read
    {
        get => Volatile.Read(ref read);
        set => Volatile.Write(ref read, value);
    }

    public long Written
    {
        get => Volatile.Read(ref written);
        set => Volatile.Write(ref written, value);
    }

    /// <summary>What the last commit took.</summary>
    public long Commit
    {
        get => Volatile.Read(ref commit);
        set => Volatile.Write(ref commit, value);
    }
}

/// <summary>A secure stream that notes when bytes come and go.</summary>
internal sealed class TimedStream(Stream inner, Stamps stamps) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A connection as the dialler makes it, timed.</summary>
    public static async ValueTask<Stream> Dial(int port, X509Certificate2 authority, Stamps stamps, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("localhost", port, stop).ConfigureAwait(false);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(Trust(authority), stop).ConfigureAwait(false);
        return new TimedStream(tls, stamps);
    }

    public static SslClientAuthenticationOptions Trust(X509Certificate2 authority) => new()
    {
        TargetHost = "localhost",
        CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { authority } },
    };

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        stamps.Read = Stopwatch.GetTimestamp();
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        stamps.Written = Stopwatch.GetTimestamp();
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
}

/// <summary>A journal whose commits are timed.</summary>
internal sealed class TimedJournal(IJournal inner, Stamps stamps) : IJournal
{
    public bool IsPending => inner.IsPending;

    public void Add(in Event e) => inner.Add(e);

    public void Add(Command command) => inner.Add(command);

    public void Add(Alert alert) => inner.Add(alert);

    public void AddEnd(string reason) => inner.AddEnd(reason);

    public int BeginRun(long progress) => inner.BeginRun(progress);

    public void EndRun(string? fault) => inner.EndRun(fault);

    public void Flush() => inner.Flush();

    public void Commit()
    {
        long begun = Stopwatch.GetTimestamp();
        inner.Commit();
        stamps.Commit = Stopwatch.GetTimestamp() - begun;
    }

    public void Dispose() => inner.Dispose();
}

using System.Buffers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Venue;

/// <summary>What a connection brought: a message, or without one that it speaks now, or that it has ended. Without a connection, what is to be done with the exchange.</summary>
internal readonly record struct Brought(Connection? From, Received? Received, bool IsEnd = false, Action? Work = null);

/// <summary>
/// One client's socket. What is for it waits in a bounded queue; a client that does not read is cut off when that is full, because what is held for it would grow without end. Whatever goes wrong on it ends it alone.
/// </summary>
internal sealed class Connection : IDisposable
{
    /// <summary>Messages that wait here for a client, and bytes that wait for it in the system: who reads nothing is soon found out, and little is held for it.</summary>
    private const int MostWaiting = 4_096, MostSent = 65_536;

    /// <summary>The longest message that is taken of a client: requests are short.</summary>
    private const int Longest = 1_000_000;

    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(10), Goodbye = TimeSpan.FromSeconds(2);

    private readonly Channel<(IMessage? Message, string? Id, bool IsLast)> leaving = Channel.CreateBounded<(IMessage?, string?, bool)>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource end = new();
    private Stream? carrier;

    /// <summary>The number that the exchange knows it by; 0 before.</summary>
    public long Line { get; set; }

    /// <summary>When something came or went last, for the idle timers.</summary>
    public long HeardAt { get; set; }

    public long SentAt { get; set; }

    public bool IsAuthorised { get; set; }

    /// <summary>Why it was ended by this side; null while it was not.</summary>
    public string? CutOff { get; private set; }

    /// <summary>Hands a message over; a client that is too slow for it is cut off.</summary>
    public void Send(IMessage message, string? id)
    {
        if (!leaving.Writer.TryWrite((message, id, false)))
        {
            Cut("it does not read");
        }
    }

    /// <summary>Breaks off after what waits, and in the middle of a message where one is given.</summary>
    public void Break(IMessage? message)
    {
        CutOff ??= "a fault of the script";
        if (!leaving.Writer.TryWrite((message, null, true)))
        {
            end.Cancel();
        }
    }

    public void Cut(string why)
    {
        CutOff ??= why;
        end.Cancel();
    }

    /// <summary>What waits still leaves, then the connection ends.</summary>
    public void Finish() => leaving.Writer.TryComplete();

    /// <summary>Serves the socket until it ends.</summary>
    public async Task Serve(Socket socket, (WireKind Kind, X509Certificate2 Own, TimeProvider Clock) how, ChannelWriter<Brought> to, CancellationToken stop)
    {
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(stop, end.Token);
        try
        {
            IWire wire = await Open(socket, how, both.Token).ConfigureAwait(false);
            await using (wire.ConfigureAwait(false))
            {
                Task writing = Write(wire, both.Token);
                await to.WriteAsync(new Brought(this, null), both.Token).ConfigureAwait(false);
                Task reading = Read(wire, to, both.Token);
                await Task.WhenAny(reading, writing).Unwrap().ConfigureAwait(false);

                // Who was told everything hangs up by itself: closing first could take the last words back that are still on their way.
                await reading.WaitAsync(Goodbye, how.Clock, both.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await end.CancelAsync().ConfigureAwait(false);
                await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception fault)
        {
            // Once per connection: what is wrong with one must not reach the others.
            CutOff ??= fault.Message;
        }
        finally
        {
            socket.Dispose();
            await to.WriteAsync(new Brought(this, null, IsEnd: true), stop).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => end.Dispose();

    private async ValueTask<IWire> Open(Socket socket, (WireKind Kind, X509Certificate2 Own, TimeProvider Clock) how, CancellationToken stop)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Handshake);
        (socket.NoDelay, socket.SendBufferSize) = (true, MostSent);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        carrier = tls;
        try
        {
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = how.Own }, patience.Token).ConfigureAwait(false);
            return how.Kind == WireKind.Frames
                ? new StreamWire(tls, Longest, how.Clock)
                : new SocketWire(await Upgrade.Accept(tls, patience.Token).ConfigureAwait(false), how.Kind == WireKind.TextSocket, Longest, how.Clock);
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task Read(IWire wire, ChannelWriter<Brought> to, CancellationToken stop)
    {
        while (await wire.Receive(stop).ConfigureAwait(false) is { } received)
        {
            await to.WriteAsync(new Brought(this, received), stop).ConfigureAwait(false);
        }
    }

    private async Task Write(IWire wire, CancellationToken stop)
    {
        await foreach ((IMessage? message, string? id, bool isLast) in leaving.Reader.ReadAllAsync(stop).ConfigureAwait(false))
        {
            if (isLast)
            {
                await Tear(message, stop).ConfigureAwait(false);
                return;
            }

            await wire.Send(message!, id, stop).ConfigureAwait(false);
        }
    }

    /// <summary>The first half of a message, where there is one, and then nothing more.</summary>
    private async Task Tear(IMessage? message, CancellationToken stop)
    {
        if (message is not null)
        {
            var frame = new ArrayBufferWriter<byte>();
            Envelope.WriteFrame(frame, Payloads.Wrap(message, null));
            await carrier!.WriteAsync(frame.WrittenMemory[..(frame.WrittenCount / 2)], stop).ConfigureAwait(false);
            await carrier.FlushAsync(stop).ConfigureAwait(false);
        }

        await end.CancelAsync().ConfigureAwait(false);
    }
}

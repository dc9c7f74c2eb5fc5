using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Bench.Suites.Decision;

namespace Peregrine.Bench.Suites.Delivery;

/// <summary>Clients of one server: those that read, count and see how late prices are, and those that subscribe and then read nothing.</summary>
internal sealed class Audience(Worker server) : IAsyncDisposable
{
    /// <summary>Name, secret and token in one.</summary>
    public const string Word = "bench";

    private const int Latest = 60_000, SmallBuffer = 4_096;

    /// <summary>Also who reads nothing says that it is there.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource end = new();
    private readonly List<IWire> wires = [];
    private readonly List<Task> reading = [], beating = [];
    private readonly int[] late = new int[Latest + 1];
    private long received;
    private (int Port, X509Certificate2 Authority) at;

    /// <summary>Prices that came so far.</summary>
    public long Received => Interlocked.Read(ref received);

    /// <summary>Clients whose connection has ended.</summary>
    public int Lost => reading.Count(static r => r.IsCompleted);

    /// <summary>As many clients as there are, each with an account of its own where it has to sign on.</summary>
    public async Task Come(bool signsOn)
    {
        string[] address = server.Answer().Split(' ');
        at = (int.Parse(address[0], CultureInfo.InvariantCulture), X509CertificateLoader.LoadCertificate(Convert.FromBase64String(address[1])));
        var dialer = new Dialer(TimeProvider.System, at.Authority);
        for (int i = 0; i < Offer.Clients; i++)
        {
            IWire wire = await dialer.Dial(new Endpoint("localhost", at.Port, WireKind.Frames), end.Token);
            wires.Add(wire);
            if (signsOn)
            {
                await SignOn(wire, i + 1, end.Token);
                beating.Add(Beat(wire, end.Token));
            }

            reading.Add(Read(wire, end.Token));
        }
    }

    /// <summary>A client that subscribes and reads nothing more.</summary>
    public async Task ComeSlowly()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = SmallBuffer };
        await socket.ConnectAsync("localhost", at.Port, end.Token);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(TimedStream.Trust(at.Authority), end.Token);
        var wire = new StreamWire(tls, FrameReader.Longest, TimeProvider.System);
        wires.Add(wire);
        await SignOn(wire, 1, end.Token);
        beating.Add(Beat(wire, end.Token));
    }

    /// <summary>How many prices came since the last call, and how late half and 99 of 100 of them were at most, in ms.</summary>
    public (long Count, int Half, int Most) Lateness()
    {
        long count = late.Sum(static n => (long)n), seen = 0;
        (int half, int most) = (0, 0);
        for (int ms = 0; ms <= Latest; ms++)
        {
            seen += late[ms];
            half = seen * 2 < count ? ms + 1 : half;
            most = seen * 100 < count * 99 ? ms + 1 : most;
        }

        Array.Clear(late);
        return (count, half, most);
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await Task.WhenAll([.. reading, .. beating]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (IWire wire in wires)
        {
            await wire.DisposeAsync();
        }

        end.Dispose();
    }

    private static async Task SignOn(IWire wire, long account, CancellationToken stop)
    {
        IMessage[] words =
        [
            new ProtoOAApplicationAuthReq { ClientId = Word, ClientSecret = Word },
            new ProtoOAAccountAuthReq { CtidTraderAccountId = account, AccessToken = Word },
            new ProtoOASubscribeSpotsReq { CtidTraderAccountId = account, SymbolId = { Enumerable.Range(1, Offer.Symbols).Select(static i => (long)i) }, SubscribeToSpotTimestamp = true },
        ];
        foreach (IMessage word in words)
        {
            await wire.Send(word, "1", stop);
            Received? answer = await wire.Receive(stop);
            if (answer?.Message is null or ProtoOAErrorRes)
            {
                throw new InvalidOperationException($"{word.Descriptor.Name} was answered with {answer?.Message}.");
            }
        }
    }

    private static async Task Beat(IWire wire, CancellationToken stop)
    {
        while (true)
        {
            await Task.Delay(Heartbeat, stop);
            await wire.Send(new ProtoHeartbeatEvent(), null, stop);
        }
    }

    private async Task Read(IWire wire, CancellationToken stop)
    {
        while (await wire.Receive(stop) is { } came)
        {
            if (came.Message is ProtoOASpotEvent spot)
            {
                Interlocked.Increment(ref received);
                Interlocked.Increment(ref late[Math.Clamp((Offer.Now.UnixMilliseconds - spot.Timestamp), 0, Latest)]);
            }
        }
    }
}

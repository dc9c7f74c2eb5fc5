using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Bench.Suites.Decision;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Venue;

namespace Peregrine.Bench.Suites.Delivery;

/// <summary>A process that gives prices to clients: the venue, or one thread that writes the same frames to bare TLS streams.</summary>
internal static class PriceServer
{
    /// <summary>Serves until the input ends. It is told to begin and to end giving prices, and answers each with its processor time in seconds, its memory, and how many clients it has cut off.</summary>
    public static async Task<int> Run(bool isBare)
    {
        Cores.PinProcess(Cores.Measured);
        var offer = new Offer();
        using VenueCertificate certificate = VenueCertificate.Create(TimeProvider.System);
        using var stop = new CancellationTokenSource();
        Func<(int, string?)> cutOff = static () => (0, null);
        Task serving;
        if (isBare)
        {
            var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            Greet(((IPEndPoint)listener.LocalEndpoint).Port, certificate.Authority);
            serving = Task.Factory.StartNew(() => Write(listener, certificate.Own, offer, stop.Token), stop.Token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        else
        {
            var exchange = new Exchange(Setup(), Offer.Now);
            VenueServer server = VenueServer.Start(exchange, certificate, new VenuePorts(), TimeProvider.System);
            Greet(server.At(WireKind.Frames).Port, certificate.Authority);
            cutOff = () => server.CutOff;
            serving = server.Serve(() => offer.Tell((symbol, quote) => exchange.OnQuote(symbol, quote)), stop.Token);
        }

        while (await Console.In.ReadLineAsync(stop.Token) is { } line)
        {
            offer.IsOn = line == "on";
            (int count, string? why) = cutOff();
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.CpuUsage.TotalTime.TotalSeconds} {Environment.WorkingSet} {count} {why}"));
        }

        await stop.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private static void Greet(int port, X509Certificate2 authority) => Console.Out.WriteLine($"{port} {Convert.ToBase64String(authority.Export(X509ContentType.Cert))}");

    private static VenueSetup Setup() => new()
    {
        Applications = [new RegisteredApplication(Audience.Word, Audience.Word)],
        Accounts = [.. Enumerable.Range(1, Offer.Clients).Select(static i => new OfferedAccount(i, i, new AccountTerms { Deposit = new Money(100_000m, Currency.Usd) }))],
        Tokens = [new AccessToken(Audience.Word, Audience.Word, [.. Enumerable.Range(1, Offer.Clients).Select(static i => (long)i)], Instant.MaxValue)],
        Instruments = Offer.Instruments,
        Costs = new CostModel("bench", Offer.Instruments.ToDictionary(static i => i.Symbol, static _ => Market.Costs, StringComparer.Ordinal)),
    };

    /// <summary>The limit: each price is one frame, made once and written to every client.</summary>
    private static void Write(TcpListener listener, X509Certificate2 own, Offer offer, CancellationToken stop)
    {
        SecurePeer[] clients = [.. Enumerable.Range(0, Offer.Clients).Select(_ => SecurePeer.Accept(listener, own))];
        var frame = new ArrayBufferWriter<byte>();
        while (!stop.IsCancellationRequested)
        {
            Duration next = offer.Tell((symbol, quote) =>
            {
                frame.ResetWrittenCount();
                var spot = new ProtoOASpotEvent { CtidTraderAccountId = 1, SymbolId = symbol + 1, Bid = (ulong)quote.Bid.Grains, Ask = (ulong)quote.Ask.Grains, Timestamp = quote.Time.UnixMilliseconds };
                Envelope.WriteFrame(frame, Payloads.Wrap(spot));
                Array.ForEach(clients, c => c.Write(frame.WrittenSpan));
            });
            stop.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(next.TotalSeconds * 1e3))));
        }

        Array.ForEach(clients, static c => c.Dispose());
        listener.Dispose();
    }
}

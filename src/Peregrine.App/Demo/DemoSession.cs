using System.Security.Cryptography;
using System.Text;
using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.Trading;
using Peregrine.App.Validation;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Venue;

namespace Peregrine.App.Demo;

/// <summary>How the survivors traded; <see cref="Parity"/> is true when a replay of the journal and a backtest over the same ticks gave the same.</summary>
internal sealed record DemoTrading(string Session, IReadOnlyList<string> Strategies, IReadOnlyList<Trade> Trades, long Orders, bool ReplayEqual, bool BacktestEqual)
{
    public bool Parity => ReplayEqual && BacktestEqual;
}

/// <summary>The survivors on a venue of their own, tick by tick over TLS, through the trading loop and its journal.</summary>
internal static class DemoSession
{
    private static readonly Duration Latency = Duration.FromMilliseconds(50);

    public static async Task<DemoTrading> Run(string folder, IReadOnlyList<Strategy> strategies, PlantedMarket market, (Instrument Instrument, CostModel Costs, ulong Seed, TimeProvider Clock) on, CancellationToken stop)
    {
        string path = Path.Combine(folder, "session.journal");
        SessionStarted session = Started(strategies, market, on);
        SqliteJournal.Create(path, session, on.Clock).Dispose();
        await Trade(path, session, market, on, stop);

        var trades = new List<Trade>();
        SessionReplay replay = SessionReplay.Of(path, SessionReplay.OfText, (_, output) => trades.AddRange(output.Trades), stop);
        return new DemoTrading(session.Session, [.. strategies.Select(s => s.Name)], trades, replay.Orders, replay.Difference is null, trades.SequenceEqual(Backtested(session, market)));
    }

    /// <summary>The trading loop over TLS on a venue of its own, which goes on when the loop is done with what came before.</summary>
    private static async Task Trade(string path, SessionStarted session, PlantedMarket market, (Instrument Instrument, CostModel Costs, ulong Seed, TimeProvider Clock) on, CancellationToken stop)
    {
        var venue = new VenueSetup
        {
            Applications = [new RegisteredApplication("demo", "demo")],
            Accounts = [new OfferedAccount(1, 1, session.Terms)],
            Tokens = [new AccessToken("demo", "demo", [1], Instant.MaxValue)],
            Instruments = session.Instruments,
            Costs = on.Costs,
        };
        using VenueCertificate certificate = VenueCertificate.Create(on.Clock);
        var exchange = new Exchange(venue, session.Feed.From) { IsStepped = true };
        await using VenueServer server = VenueServer.Start(exchange, certificate, new VenuePorts(), on.Clock);
        using var stepper = new Stepper(exchange, market.Fresh.Select(static q => new SymbolPrice(0, q)).GetEnumerator(), Duration.FromHours(1));
        Task serving = server.Serve(stepper.Run, stop);
        var terms = new SessionTerms
        {
            ClientId = "demo",
            ClientSecret = "demo",
            Account = 1,
            Kind = session.Terms.Kind,
            Currency = session.Terms.Deposit.Currency,
            Instruments = session.Instruments,
            Since = session.Feed.From,
            FollowsServer = true,
            IsStepped = true,
        };
        var dialer = new Dialer(on.Clock, certificate.Authority);
        var access = new Access(s => dialer.Dial(server.At(WireKind.Frames), s), static _ => throw new InvalidOperationException("the demonstration's token does not end"), on.Clock);
        await using var broker = new CTraderBroker(terms, "demo", access, new Rng(on.Seed));
        SessionReplay start = SessionReplay.Of(path, SessionReplay.OfText, null, stop);
        using SqliteJournal journal = SqliteJournal.Open(path, on.Clock);
        using var words = new OperatorQueue();
        journal.BeginRun(start.Progress);
        await new TradingLoop(new LoopParts(start, broker, journal, words, on.Clock)).Run(null, stop);
        await serving;
    }

    private static IReadOnlyList<Trade> Backtested(SessionStarted session, PlantedMarket market)
    {
        Backtest backtest = Backtest.OverTicks(session.Setup(SessionReplay.OfText), session.Costs, session.Terms.Latency);
        foreach (Quote quote in market.Fresh)
        {
            backtest.OnQuote(0, quote);
        }

        backtest.Finish();
        return backtest.Trades;
    }

    private static SessionStarted Started(IReadOnlyList<Strategy> strategies, PlantedMarket market, (Instrument Instrument, CostModel Costs, ulong Seed, TimeProvider Clock) on) => new()
    {
        Session = $"demo-{on.Seed}",
        Account = "paper",
        Begun = Instant.FromDateTime(on.Clock.GetUtcNow().UtcDateTime),
        Build = SessionReplay.Build,
        Language = SessionReplay.Language,
        Settings = new Dictionary<string, string>(StringComparer.Ordinal),
        Seed = on.Seed,
        Terms = new AccountTerms { Deposit = new Money(10_000m, Currency.Usd), Latency = Latency },
        Instruments = [on.Instrument],
        Strategies = [.. strategies.Select(s => new SessionStrategy(s.Id, s.Symbol, s.Timeframe, s.HoldBars, s.ToString()))],
        Sizing = new SizingRule { RiskFraction = 0.005m },
        Limits = new Limits(),
        Costs = on.Costs,
        AnswerDeadline = Duration.FromSeconds(10),
        Feed = new SessionFeed("generated ticks", market.Fresh[0].Time, market.Fresh[^1].Time, HashOf(market.Fresh)),
    };

    private static string HashOf(IReadOnlyList<Quote> quotes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Quote q in quotes)
        {
            hash.AppendData(Encoding.ASCII.GetBytes($"{q.Time.Nanoseconds} {q.Bid.Grains} {q.Ask.Grains}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

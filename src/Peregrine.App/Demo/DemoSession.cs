using System.Security.Cryptography;
using System.Text;
using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.Trading;
using Peregrine.App.Validation;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.App.Demo;

/// <summary>How the survivors traded on paper; <see cref="Parity"/> is true when a replay of the journal and a backtest over the same ticks gave the same.</summary>
internal sealed record DemoTrading(string Session, IReadOnlyList<string> Strategies, IReadOnlyList<Trade> Trades, long Orders, bool ReplayEqual, bool BacktestEqual)
{
    public bool Parity => ReplayEqual && BacktestEqual;
}

/// <summary>The survivors on the paper broker, tick by tick, through the trading loop and its journal.</summary>
internal static class DemoSession
{
    private static readonly Duration Latency = Duration.FromMilliseconds(50);

    public static async Task<DemoTrading> Run(string folder, IReadOnlyList<Strategy> strategies, PlantedMarket market, (Instrument Instrument, CostModel Costs, ulong Seed, TimeProvider Clock) on, CancellationToken stop)
    {
        string path = Path.Combine(folder, "session.journal");
        SessionStarted session = Started(strategies, market, on);
        SqliteJournal.Create(path, session, on.Clock).Dispose();
        using var words = new OperatorQueue();
        var plan = new PaperPlan
        {
            JournalPath = path,
            BrokerPath = Path.Combine(folder, "broker.log"),
            Feed = () => new QuoteMerge([market.Fresh]),
            Pace = new Pace(null, on.Clock),
        };
        await PaperSession.Run(plan, words, null, stop);

        var trades = new List<Trade>();
        SessionReplay replay = SessionReplay.Of(path, SessionReplay.OfText, (_, output) => trades.AddRange(output.Trades), stop);
        return new DemoTrading(session.Session, [.. strategies.Select(s => s.Name)], trades, replay.Orders, replay.Difference is null, trades.SequenceEqual(Backtested(session, market)));
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

using System.Globalization;
using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;
using Peregrine.Tests.Adapters.Journal;
using Peregrine.Tests.Simulation;

namespace Peregrine.Tests.App.Trading;

/// <summary>
/// A market of random quotes of two symbols, two days with a rollover between them, and strategies that decide at random but, told the same bars, the same:
/// with entries, exits, trails, targets and time stops, some of which are refused.
/// </summary>
internal sealed class PaperScenario
{
    private readonly IReadOnlyList<Quote>[] quotes;

    public PaperScenario(ulong seed, int count = 2_500)
    {
        var rng = new Rng(seed);
        quotes = [Quotes(rng.Fork(1), RandomMarket.EurUsd, count), Quotes(rng.Fork(2), RandomMarket.UsdJpy, count)];
        SessionStrategy[] strategies =
        [
            Strategy("a", "EURUSD", Timeframe.M1, null, seed), Strategy("b", "EURUSD", Timeframe.M5, 4, seed + 1), Strategy("c", "USDJPY", Timeframe.M1, 10, seed + 2),
        ];
        // A third of the accounts is netted: there two strategies share the position in EURUSD.
        bool netted = seed % 3 == 0;
        Started = Sessions.Started("s", strategies) with
        {
            Instruments = [RandomMarket.EurUsd, RandomMarket.UsdJpy],
            Costs = new CostModel("random", new Dictionary<string, SymbolCosts> { ["EURUSD"] = RandomMarket.Costs(rng.Fork(3), RandomMarket.EurUsd), ["USDJPY"] = RandomMarket.Costs(rng.Fork(4), RandomMarket.UsdJpy) }),
            Terms = new AccountTerms { Deposit = new Money(100_000, Currency.Usd), Kind = netted ? AccountKind.Netted : AccountKind.Hedged, Latency = Duration.FromMilliseconds(rng.NextInt(0, 2) * 400) },
            Sizing = new SizingRule { RiskFraction = 0.002m },
            Limits = new Limits { MaxTotalLoss = 0.9m },
        };
    }

    public SessionStarted Started { get; }

    public QuoteMerge Feed() => new(quotes);

    public PaperPlan Plan(string journal, string broker) => new() { JournalPath = journal, BrokerPath = broker, Feed = Feed, Pace = new Pace(null, TimeProvider.System), Decide = Decide };

    public Backtest Backtest()
    {
        var backtest = Core.Simulation.Backtest.OverTicks(Started.Setup(Decide), Started.Costs, Started.Terms.Latency);
        using QuoteMerge feed = Feed();
        while (feed.TryPeek(out SymbolQuote next))
        {
            feed.Take(next);
            backtest.OnQuote(next.Symbol, next.Quote);
        }

        backtest.Finish();
        return backtest;
    }

    /// <summary>Trades, refusals and the rest of what a journal holds, by replay.</summary>
    public (SessionReplay Replay, List<Trade> Trades, List<Refusal> Refusals) Replay(string journal)
    {
        var trades = new List<Trade>();
        var refusals = new List<Refusal>();
        SessionReplay replay = SessionReplay.Of(
            journal,
            Decide,
            (_, output) =>
            {
                trades.AddRange(output.Trades);
                refusals.AddRange(output.Refusals);
            },
            CancellationToken.None);
        return (replay, trades, refusals);
    }

    /// <summary>One draw a bar from a generator of the strategy's own: told the same bars from the first on, it says the same.</summary>
    public static Decide Decide(SessionStrategy strategy)
    {
        var rng = new Rng(ulong.Parse(strategy.Text, CultureInfo.InvariantCulture));
        double point = strategy.Symbol.EndsWith("JPY", StringComparison.Ordinal) ? 100 : 1;
        bool trails = rng.NextBool(), targets = rng.NextBool();
        return (in Bar bar) => new Decision(
            rng.NextBool(0.95),
            rng.NextBool(0.15),
            rng.NextBool(0.15),
            rng.NextBool(0.1),
            rng.NextBool(0.1),
            ((rng.NextUnit() * 60) + 15) * point,
            targets ? ((rng.NextUnit() * 80) + 10) * point : 0,
            trails ? ((rng.NextUnit() * 40) + 10) * point : 0);
    }

    private static SessionStrategy Strategy(string id, string symbol, Timeframe timeframe, int? hold, ulong seed) =>
        new(id, symbol, timeframe, hold, seed.ToString(CultureInfo.InvariantCulture));

    private static List<Quote> Quotes(Rng rng, Instrument instrument, int count)
    {
        var made = new List<Quote>(count);
        long point = instrument.Point.Grains;
        long bid = instrument.Quote == Currency.Jpy ? 11_000_000 : 110_000;
        Instant time = Instant.FromUtc(2019, 2, 4, 21, 20);
        for (int i = 0; i < count; i++)
        {
            // Bursts, quiet stretches and gaps; half of the times are shared by both symbols.
            Duration step = rng.NextBool(0.004) ? Duration.FromMinutes(rng.NextInt(5, 60)) : rng.NextBool(0.5) ? Duration.FromMilliseconds(rng.NextInt(0, 900)) : Duration.FromSeconds(rng.NextInt(1, 15));
            time = rng.NextBool() ? (time + step).Floor(Duration.FromSeconds(1)) is var whole && whole >= time ? whole : time + step : time + step;
            bid += (rng.NextInt(-4, 4) + (rng.NextBool(0.01) ? rng.NextInt(-60, 60) : 0)) * point;
            made.Add(new Quote(time, new Price(bid), new Price(bid + (rng.NextInt(0, 6) * point)), rng.NextInt(1, 5), rng.NextInt(1, 5)));
        }

        return made;
    }
}

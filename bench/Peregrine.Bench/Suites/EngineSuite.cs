using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;

namespace Peregrine.Bench.Suites;

/// <summary>How many events a second the live engine takes in a backtest over quotes, with one strategy on M1 bars, and what it allocates.</summary>
public static class EngineSuite
{
    private const string Text = """
        strategy bench
        market EURUSD M1
        long when close crosses above highest(high, 48)[1]
        short when close crosses below lowest(low, 48)[1]
        stop 3 atr(14)
        target 6 atr(14)
        trail 3 atr(14)
        hold at most 60 bars
        """;

    public static IReadOnlyList<Result> Run()
    {
        Quote[] quotes = Market.Quotes(2_000);
        var strategy = Strategy.Parse(Text);
        var costs = new CostModel("bench", new Dictionary<string, SymbolCosts>(StringComparer.Ordinal) { ["EURUSD"] = Market.Costs });
        long sink = 0;
        Result idle = Contest.Run("events, engine with a flat strategy", "events", quotes.Length, ("builds the bars", () => sink += BuildBars(quotes)), () => sink += Trade(quotes, null, costs));
        Result busy = Contest.Run("events, engine that trades", "events", quotes.Length, ("builds the bars", () => sink += BuildBars(quotes)), () => sink += Trade(quotes, strategy, costs));
        return [idle with { Goal = 2e6 }, busy with { Goal = 2e6 }];
    }

    private static long Trade(Quote[] quotes, Strategy? strategy, CostModel costs)
    {
        TradedStrategy traded = strategy is null
            ? new TradedStrategy { Id = "flat", Symbol = "EURUSD", Timeframe = Timeframe.M1, Decide = (in Bar _) => default }
            : TradedStrategy.Of(strategy);
        var setup = new EngineSetup { SessionId = "b", Deposit = new Money(100_000m, Currency.Usd), Instruments = [Market.EurUsd], Strategies = [traded] };
        var backtest = Backtest.OverTicks(setup, costs, Duration.FromMilliseconds(50));
        foreach (ref readonly Quote q in quotes.AsSpan())
        {
            backtest.OnQuote(0, q);
        }

        backtest.Finish();
        return backtest.Trades.Count;
    }

    /// <summary>The least that any engine must do: minute bars from quotes.</summary>
    private static long BuildBars(Quote[] quotes)
    {
        long minute = Duration.FromMinutes(1).Nanoseconds, end = 0, high = 0, low = 0, checksum = 0;
        foreach (ref readonly Quote q in quotes.AsSpan())
        {
            long price = q.Bid.Grains;
            if (q.Time.Nanoseconds >= end)
            {
                checksum += high - low;
                end = ((q.Time.Nanoseconds / minute) + 1) * minute;
                high = low = price;
            }

            high = Math.Max(high, price);
            low = Math.Min(low, price);
        }

        return checksum;
    }
}

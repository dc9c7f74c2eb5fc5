using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.Bench.Suites;

/// <summary>How many bars a second one strategy's columns are traded over, with stops, targets and costs.</summary>
public static class BarsSuite
{
    private const int Bars = 1_000_000;

    public static IReadOnlyList<Result> Run()
    {
        var map = new FillMap(Market.Hours(Bars), Timeframe.H1);
        return
        [
            Measure(map, 0.002, "bars, 500 bars between signals"),
            Measure(map, 0.02, "bars, 50 bars between signals"),
        ];
    }

    private static Result Measure(FillMap map, double signalRate, string name)
    {
        var rng = new Rng(3);
        int n = map.Decisions.Count;
        var signals = new SignalColumns
        {
            FirstReady = 0,
            Long = Drawn(n, () => rng.NextBool(signalRate / 2)),
            Short = Drawn(n, () => rng.NextBool(signalRate / 2)),
            ExitLong = new Bits(n),
            ExitShort = new Bits(n),
            Stop = new Distances(1, Full(n, 400)),
            Target = new Distances(1, Full(n, 800)),
            Trail = default,
        };
        var setup = new FastSetup
        {
            Strategy = "bench",
            Instrument = Market.EurUsd,
            Costs = Market.Costs,
            Deposit = new Money(100_000m, Currency.Usd),
            Sizing = new SizingRule { Fixed = Quantity.FromUnits(10_000) },
            Limits = new Limits { MaxTotalLoss = 1000m },
            Marks = EquityMarks.End,
        };
        var plain = new Plain([.. Enumerable.Range(0, n).Select(i => signals.Long[i])], [.. Enumerable.Range(0, n).Select(i => signals.Short[i])], Full(n, 400), Full(n, 800));
        var rooms = new FastRooms();
        int trades = 0;
        double limit = 0;
        return Contest.Run(name, "bars", n, ("single-pass loop", () => limit += SinglePass(map.Fills, plain)), () => trades += FastLoop.Run(setup, signals, map, .., rooms).Rows.Length)
            with { Goal = 45e6 };
    }

    private sealed record Plain(bool[] Long, bool[] Short, double[] Stop, double[] Target);

    /// <summary>The least work that trades the same columns: one pass, raw integers, profit in grains, no money, no records.</summary>
    private static long SinglePass(MarketBars bars, Plain signals)
    {
        ReadOnlySpan<long> open = bars.Bid.Open, high = bars.Bid.High, low = bars.Bid.Low, askOpen = bars.Ask.Open, askHigh = bars.Ask.High, askLow = bars.Ask.Low;
        long profit = 0, entry = 0, stop = 0, target = 0;
        int side = 0;
        for (int i = 1; i < open.Length; i++)
        {
            if (side == 0 && signals.Long[i - 1] != signals.Short[i - 1])
            {
                side = signals.Long[i - 1] ? 1 : -1;
                entry = side == 1 ? askOpen[i] : open[i];
                stop = entry - (side * (long)signals.Stop[i - 1]);
                target = entry + (side * (long)signals.Target[i - 1]);
            }

            if (side == 1 && (low[i] <= stop || high[i] > target))
            {
                profit += (low[i] <= stop ? stop : target) - entry;
                side = 0;
            }
            else if (side == -1 && (askHigh[i] >= stop || askLow[i] < target))
            {
                profit += entry - (askHigh[i] >= stop ? stop : target);
                side = 0;
            }
        }

        return profit;
    }

    private static Bits Drawn(int n, Func<bool> draw)
    {
        var bits = new Bits(n);
        for (int i = 0; i < n; i++)
        {
            bits[i] = draw();
        }

        return bits;
    }

    private static double[] Full(int n, double value)
    {
        var column = new double[n];
        Array.Fill(column, value);
        return column;
    }
}

using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;

namespace Peregrine.Bench.Suites;

/// <summary>Random signals as the plainest columns, and the least work that trades them bar by bar: one pass, raw integers, profit in grains, no money, no records.</summary>
internal sealed record PlainTrading(bool[] Long, bool[] Short, double[] Stop, double[] Target)
{
    /// <summary>Signals that want in on so large a share of the bars, half of them long.</summary>
    public static PlainTrading Drawn(int bars, double share)
    {
        var rng = new Rng(3);
        return new PlainTrading(Column(bars, () => rng.NextBool(share / 2)), Column(bars, () => rng.NextBool(share / 2)), Column(bars, static () => 400.0), Column(bars, static () => 800.0));
    }

    /// <summary>The same as the fast loop reads them.</summary>
    public SignalColumns Signals() => new()
    {
        FirstReady = 0,
        Long = BitsOf(Long),
        Short = BitsOf(Short),
        ExitLong = new Bits(Long.Length),
        ExitShort = new Bits(Long.Length),
        Stop = new Distances(1, Stop),
        Target = new Distances(1, Target),
        Trail = default,
    };

    public long SinglePass(MarketBars bars)
    {
        ReadOnlySpan<long> open = bars.Bid.Open, high = bars.Bid.High, low = bars.Bid.Low, askOpen = bars.Ask.Open, askHigh = bars.Ask.High, askLow = bars.Ask.Low;
        long profit = 0, entry = 0, stop = 0, target = 0;
        int side = 0;
        for (int i = 1; i < open.Length; i++)
        {
            if (side == 0 && Long[i - 1] != Short[i - 1])
            {
                side = Long[i - 1] ? 1 : -1;
                entry = side == 1 ? askOpen[i] : open[i];
                stop = entry - (side * (long)Stop[i - 1]);
                target = entry + (side * (long)Target[i - 1]);
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

    private static Bits BitsOf(bool[] column)
    {
        var bits = new Bits(column.Length);
        for (int i = 0; i < column.Length; i++)
        {
            bits[i] = column[i];
        }

        return bits;
    }

    private static T[] Column<T>(int n, Func<T> make)
    {
        var column = new T[n];
        for (int i = 0; i < n; i++)
        {
            column[i] = make();
        }

        return column;
    }
}

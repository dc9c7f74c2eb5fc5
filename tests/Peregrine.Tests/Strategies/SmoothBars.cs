using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Tests.Strategies;

/// <summary>A quiet random walk of M15 bars around 1.1 with ranges and volume, without the corners of <see cref="RandomBars"/>: what textbook formulas are meant for.</summary>
internal static class SmoothBars
{
    public static BarSeries Series(ulong seed, int count, Timeframe timeframe = Timeframe.M15)
    {
        var rng = new Rng(seed);
        var columns = BarColumns.OfLength(count);
        Instant time = BarClock.Start(timeframe, Instant.FromUtc(2018, 1, 3));
        long price = 110_000;
        for (int i = 0; i < count; i++)
        {
            long open = price + rng.NextInt(-4, 4), close = open + rng.NextInt(-60, 60);
            long high = Math.Max(open, close) + rng.NextInt(0, 30), low = Math.Min(open, close) - rng.NextInt(1, 30);
            columns.Set(i, new Bar(time, new Price(open), new Price(high), new Price(low), new Price(close), rng.NextInt(1, 500)));
            price = close;
            time = BarClock.End(timeframe, time);
        }

        return new BarSeries("TEST", timeframe, QuoteSide.Bid, columns);
    }
}

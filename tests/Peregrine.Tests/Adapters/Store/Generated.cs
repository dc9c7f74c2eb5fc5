using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Tests.Adapters.Store;

/// <summary>Seeded ticks and bars for tests of the store and the importers.</summary>
internal static class Generated
{
    public static TickColumns Ticks(Rng rng, Instant start, int count, int maxStepMs)
    {
        var ticks = new TickColumns();
        (Instant at, long bid) = (start, 114_000);
        for (int i = 0; i < count; i++)
        {
            at += Duration.FromMilliseconds(rng.NextInt(1, maxStepMs));
            bid += rng.NextInt(-3, 3);
            ticks.Add(new Quote(at, new Price(bid), new Price(bid + rng.NextInt(0, 5)), rng.NextInt(1, 400) / 100f, rng.NextInt(1, 400) / 100f));
        }

        return ticks;
    }

    public static TickColumns Copy(TickColumns ticks)
    {
        var copy = new TickColumns();
        copy.Add(ticks.Spans);
        return copy;
    }

    public static BarSeries Minutes(Rng rng, Instant start, int count)
    {
        var bars = new List<Bar>();
        Instant at = start;
        for (int i = 0; i < count; i++)
        {
            at += Duration.FromMinutes(rng.NextInt(1, 3));
            long open = rng.NextInt(114_000, 114_100), close = rng.NextInt(114_000, 114_100);
            bars.Add(new Bar(at, new Price(open), new Price(Math.Max(open, close) + 7), new Price(Math.Min(open, close) - 7), new Price(close), rng.NextInt(0, 90) / 4.0));
        }

        return BarSeries.FromBars("EURUSD", Timeframe.M1, QuoteSide.Bid, bars);
    }

    public static BarSeries Change(BarSeries bars, int row, Func<Bar, Bar> change)
    {
        Bar[] changed = [.. Enumerable.Range(0, bars.Count).Select(i => i == row ? change(bars[i]) : bars[i])];
        return BarSeries.FromBars(bars.Symbol, bars.Timeframe, bars.Side, changed);
    }
}

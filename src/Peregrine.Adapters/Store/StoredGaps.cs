using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>The gap map of a stored series.</summary>
public static class StoredGaps
{
    /// <summary>Gaps between the ticks or bars of a series in [from, to); daily bars of another day boundary have none, since their days are not the market's.</summary>
    public static IReadOnlyList<Gap> Of(MarketStore store, StoredSeries series, Instant from, Instant to)
    {
        if (series.Key.Anchor.Length > 0)
        {
            return [];
        }

        if (!series.Key.IsTicks)
        {
            return GapMap.Find(store.Stored(series, from, to).Time, series.Key.Timeframe);
        }

        var gaps = new List<Gap>();
        long last = long.MaxValue;
        foreach (TickBlock block in store.Blocks(series, from, to))
        {
            ReadOnlySpan<long> times = block.Spans.Time;
            if (times.Length == 0)
            {
                continue;
            }

            if (last < times[0])
            {
                GapMap.AddBetween(new Instant(last), new Instant(times[0]), GapMap.Threshold(null), gaps);
            }

            gaps.AddRange(GapMap.Find(times, null));
            last = times[^1];
        }

        return gaps;
    }
}

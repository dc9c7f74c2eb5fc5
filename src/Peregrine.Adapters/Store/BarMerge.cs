using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>
/// Joins two versions of a stretch of bars by their open times. Two bars of one time that differ contradict each other, and the stored one stays;
/// but inside the stretches that the incoming bars replace, only they count.
/// </summary>
internal static class BarMerge
{
    public static (BarSeries Merged, MergeCount Count) Merge(BarSeries stored, BarSeries incoming, Stretches replaced)
    {
        var merged = new List<Bar>(stored.Count + incoming.Count);
        MergeCount count = default;
        (int s, int i) = (0, 0);
        while (s < stored.Count || i < incoming.Count)
        {
            long old = s < stored.Count ? stored.Time[s] : long.MaxValue, offered = i < incoming.Count ? incoming.Time[i] : long.MaxValue;
            if (offered < old)
            {
                merged.Add(incoming[i++]);
                count += new MergeCount(1, 0, 0, 0);
            }
            else if (old < offered)
            {
                count += Keep(stored[s++], replaced, merged);
            }
            else
            {
                count += Choose(stored[s++], incoming[i++], replaced, merged);
            }
        }

        return (BarSeries.FromBars(incoming.Symbol, incoming.Timeframe, incoming.Side, merged), count);
    }

    private static MergeCount Keep(Bar old, Stretches replaced, List<Bar> merged)
    {
        if (replaced.Hold(old.Time.Nanoseconds))
        {
            return new MergeCount(0, 0, 0, 1);
        }

        merged.Add(old);
        return default;
    }

    private static MergeCount Choose(Bar old, Bar offered, Stretches replaced, List<Bar> merged)
    {
        bool same = old.Equals(offered), replaces = replaced.Hold(offered.Time.Nanoseconds);
        merged.Add(replaces ? offered : old);
        return same ? new MergeCount(0, 1, 0, 0) : replaces ? new MergeCount(1, 0, 0, 1) : new MergeCount(0, 0, 1, 0);
    }
}

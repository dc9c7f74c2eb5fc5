using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>Joins two versions of a stretch of bars by their open times. Two bars of one time that differ contradict each other: the stored one stays, or gives way if so asked.</summary>
internal static class BarMerge
{
    public static (BarSeries Merged, MergeCount Count) Merge(BarSeries stored, BarSeries incoming, bool replace)
    {
        var merged = new List<Bar>(stored.Count + incoming.Count);
        (long duplicates, long conflicts) = (0, 0);
        (int s, int i) = (0, 0);
        while (s < stored.Count && i < incoming.Count)
        {
            Bar old = stored[s], offered = incoming[i];
            if (old.Time != offered.Time)
            {
                merged.Add(old.Time < offered.Time ? stored[s++] : incoming[i++]);
                continue;
            }

            bool same = old.Equals(offered);
            duplicates += same ? 1 : 0;
            conflicts += same ? 0 : 1;
            merged.Add(replace ? offered : old);
            (s, i) = (s + 1, i + 1);
        }

        for (; s < stored.Count; s++)
        {
            merged.Add(stored[s]);
        }

        for (; i < incoming.Count; i++)
        {
            merged.Add(incoming[i]);
        }

        long added = merged.Count - stored.Count;
        var count = replace ? new MergeCount(added + conflicts, duplicates, 0, conflicts) : new MergeCount(added, duplicates, conflicts, 0);
        return (BarSeries.FromBars(incoming.Symbol, incoming.Timeframe, incoming.Side, merged), count);
    }
}

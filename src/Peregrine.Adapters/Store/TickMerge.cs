using Peregrine.Core;

namespace Peregrine.Adapters.Store;

/// <summary>What became of ticks or bars offered to the store: new ones, ones it had already, ones that contradict it (kept out), and stored ones given up for them (on request).</summary>
public readonly record struct MergeCount(long Added, long Duplicates, long Conflicts, long Replaced)
{
    public static MergeCount operator +(MergeCount a, MergeCount b) =>
        new(a.Added + b.Added, a.Duplicates + b.Duplicates, a.Conflicts + b.Conflicts, a.Replaced + b.Replaced);
}

/// <summary>
/// Joins two versions of a stretch of ticks, UTC hour by UTC hour. Where both speak, one must hold the other's ticks in the same order: then the fuller one counts.
/// Where neither does they contradict each other, since ticks that merely interleave are two feeds or two revisions: the stored hour stays. Inside the stretches that the
/// incoming ticks replace, only they count.
/// </summary>
internal static class TickMerge
{
    private static readonly long Hour = Duration.FromHours(1).Nanoseconds;

    /// <summary>Both inputs in time order, none of <paramref name="incoming"/> repeating its neighbour; the result in time order.</summary>
    public static MergeCount Merge(in TickSpans stored, in TickSpans incoming, Stretches replaced, TickColumns into)
    {
        MergeCount total = default;
        (int s, int i) = (0, 0);
        while (s < stored.Count || i < incoming.Count)
        {
            long first = Math.Min(s < stored.Count ? stored.Time[s] : long.MaxValue, i < incoming.Count ? incoming.Time[i] : long.MaxValue);
            long hourEnd = new Instant(first).Floor(new Duration(Hour)).Nanoseconds + Hour;
            (int sEnd, int iEnd) = (stored.LowerBound(hourEnd), incoming.LowerBound(hourEnd));
            bool replaces = replaced.Overlap(first, hourEnd - 1);
            total += replaces
                ? ReplaceHour(stored.Slice(s, sEnd), incoming.Slice(i, iEnd), replaced, into)
                : MergeHour(stored.Slice(s, sEnd), incoming.Slice(i, iEnd), into);
            (s, i) = (sEnd, iEnd);
        }

        return total;
    }

    private static MergeCount ReplaceHour(in TickSpans stored, in TickSpans incoming, Stretches replaced, TickColumns into)
    {
        TickColumns kept = new(), dropped = new();
        for (int i = 0; i < stored.Count; i++)
        {
            (replaced.Hold(stored.Time[i]) ? dropped : kept).Add(stored[i]);
        }

        kept.Add(incoming);
        kept.Sort();
        into.Add(kept.Spans);
        bool related = Holds(dropped.Spans, incoming) || Holds(incoming, dropped.Spans);
        int duplicates = related ? Math.Min(dropped.Count, incoming.Count) : 0;
        return new MergeCount(incoming.Count - duplicates, duplicates, 0, dropped.Count - duplicates);
    }

    private static MergeCount MergeHour(in TickSpans stored, in TickSpans incoming, TickColumns into)
    {
        if (stored.Count == 0 || incoming.Count == 0)
        {
            into.Add(stored.Count == 0 ? incoming : stored);
            return new MergeCount(incoming.Count, 0, 0, 0);
        }

        long from = Math.Max(stored.Time[0], incoming.Time[0]), through = Math.Min(stored.Time[^1], incoming.Time[^1]);
        if (from > through)
        {
            bool storedFirst = stored.Time[0] < incoming.Time[0];
            into.Add(storedFirst ? stored : incoming);
            into.Add(storedFirst ? incoming : stored);
            return new MergeCount(incoming.Count, 0, 0, 0);
        }

        (int s0, int s1) = (stored.LowerBound(from), stored.LowerBound(through + 1));
        (int i0, int i1) = (incoming.LowerBound(from), incoming.LowerBound(through + 1));
        TickSpans storedPart = stored.Slice(s0, s1), incomingPart = incoming.Slice(i0, i1);
        bool storedHoldsAll = Holds(storedPart, incomingPart);
        if (!storedHoldsAll && !Holds(incomingPart, storedPart))
        {
            into.Add(stored);
            return new MergeCount(0, 0, incoming.Count, 0);
        }

        into.Add(stored.Slice(0, s0));
        into.Add(incoming.Slice(0, i0));
        into.Add(storedHoldsAll ? storedPart : incomingPart);
        into.Add(stored.Slice(s1, stored.Count));
        into.Add(incoming.Slice(i1, incoming.Count));
        int duplicates = Math.Min(storedPart.Count, incomingPart.Count);
        return new MergeCount(incoming.Count - duplicates, duplicates, 0, 0);
    }

    /// <summary>True when every tick of <paramref name="part"/> is found in <paramref name="whole"/>, in order.</summary>
    private static bool Holds(in TickSpans whole, in TickSpans part)
    {
        int p = 0;
        for (int w = 0; w < whole.Count && p < part.Count; w++)
        {
            p += whole.SameAt(w, part, p) ? 1 : 0;
        }

        return p == part.Count;
    }
}

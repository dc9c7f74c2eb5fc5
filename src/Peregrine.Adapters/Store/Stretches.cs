namespace Peregrine.Adapters.Store;

/// <summary>Stretches of time, both ends included, in nanoseconds since 1970 UTC; those that touch become one.</summary>
internal sealed class Stretches
{
    private readonly List<(long First, long Last)> all = [];

    public static Stretches Of(ReadOnlySpan<long> times)
    {
        var stretches = new Stretches();
        if (times.Length > 0)
        {
            stretches.Add(times[0], times[^1]);
        }

        return stretches;
    }

    public void Add(long first, long last)
    {
        int at = After(first - 1);
        while (at < all.Count && all[at].First <= last)
        {
            (first, last) = (Math.Min(first, all[at].First), Math.Max(last, all[at].Last));
            all.RemoveAt(at);
        }

        all.Insert(at, (first, last));
    }

    public bool Hold(long time) => Overlap(time, time);

    public bool Overlap(long first, long last) => After(first - 1) is var at && at < all.Count && all[at].First <= last;

    /// <summary>Index of the first stretch that ends after a time.</summary>
    private int After(long time)
    {
        (int low, int high) = (0, all.Count);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = all[middle].Last <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

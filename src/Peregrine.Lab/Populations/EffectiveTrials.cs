using System.Collections.Immutable;
using Peregrine.Core;

namespace Peregrine.Lab.Populations;

/// <summary>
/// How many independent ideas the distinct trials amount to: a uniform sample of their paths (reservoir sampling, Vitter 1985) falls into K(m) groups of the like after m of them,
/// and the growth from K(m/2) to K(m), a straight line in logarithms, is carried on to all. An estimate between K and the number of trials, for people who watch a search.
/// </summary>
internal sealed class EffectiveTrials(Rng rng, double alike)
{
    private const int Room = 600;

    private readonly List<float[]> sample = [];

    public EffectiveTrials(Rng rng, double alike, ImmutableArray<float[]> sample, int seen)
        : this(rng, alike)
    {
        this.sample.AddRange(sample);
        Seen = seen;
    }

    /// <summary>Distinct trials that had a path.</summary>
    public int Seen { get; private set; }

    public ImmutableArray<float[]> Sample => [.. sample];

    /// <summary>Counts a distinct trial; one that never traded has no path and is no idea.</summary>
    public void Add(float[] path)
    {
        if (Array.TrueForAll(path, static x => x == 0))
        {
            return;
        }

        // The draw depends on the count alone, so that a resumed search draws the same.
        int at = sample.Count < Room ? sample.Count : rng.Fork((ulong)Seen).NextInt(Seen + 1);
        Seen++;
        if (at == sample.Count)
        {
            sample.Add(path);
        }
        else if (at < Room)
        {
            sample[at] = path;
        }
    }

    /// <summary>The estimate; 0 before any trial.</summary>
    public int Estimate()
    {
        int whole = Groups(sample.Count), half = Groups(sample.Count / 2);
        if (Seen <= sample.Count || half == 0)
        {
            return whole;
        }

        double exponent = Math.Clamp(Core.Numerics.Elementary.Log((double)whole / half) / Core.Numerics.Elementary.Log(2), 0, 1);
        double grown = whole * Core.Numerics.Elementary.Exp(exponent * Core.Numerics.Elementary.Log((double)Seen / sample.Count));
        return (int)Math.Min(Math.Ceiling(grown), Seen);
    }

    private int Groups(int count)
    {
        var leaders = new List<float[]>();
        foreach (float[] path in sample.Take(count))
        {
            if (leaders.TrueForAll(l => Likenesses.Of(l, path) <= alike))
            {
                leaders.Add(path);
            }
        }

        return leaders.Count;
    }
}

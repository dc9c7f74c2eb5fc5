using System.Collections.Immutable;
using Peregrine.Core;

namespace Peregrine.Lab.Populations;

/// <summary>A distinct trial that was kept as one of a uniform sample: the genome as text, and its path.</summary>
public sealed record SampledTrial(string Text, float[] Path);

/// <summary>
/// How many independent ideas the distinct trials amount to: a uniform sample of their paths (reservoir sampling, Vitter 1985) falls into K(m) groups of the like after m of them,
/// and the growth from K(m/2) to K(m), a straight line in logarithms, is carried on to all. An estimate between K and the number of trials, for people who watch a search.
/// </summary>
internal sealed class EffectiveTrials(Rng rng, double alike)
{
    private const int Room = 1_000;

    private readonly List<SampledTrial> sample = [];

    public EffectiveTrials(Rng rng, double alike, ImmutableArray<SampledTrial> sample, int seen)
        : this(rng, alike)
    {
        this.sample.AddRange(sample);
        Seen = seen;
    }

    /// <summary>Distinct trials that had a path.</summary>
    public int Seen { get; private set; }

    public ImmutableArray<SampledTrial> Sample => [.. sample];

    /// <summary>Counts a distinct trial; one that never traded has no path and is no idea.</summary>
    public void Add(SampledTrial trial)
    {
        if (Array.TrueForAll(trial.Path, static x => x == 0))
        {
            return;
        }

        // The draw depends on the count alone, so that a resumed search draws the same.
        int at = sample.Count < Room ? sample.Count : rng.Fork((ulong)Seen).NextInt(Seen + 1);
        Seen++;
        if (at == sample.Count)
        {
            sample.Add(trial);
        }
        else if (at < Room)
        {
            sample[at] = trial;
        }
    }

    /// <summary>The groups that the sample itself falls into.</summary>
    public int InSample => Groups(sample.Count);

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
        foreach ((_, float[] path) in sample.Take(count))
        {
            if (leaders.TrueForAll(l => Likenesses.Of(l, path) <= alike))
            {
                leaders.Add(path);
            }
        }

        return leaders.Count;
    }
}

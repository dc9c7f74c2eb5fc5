using Peregrine.Core;
using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Populations.Selection;

/// <summary>
/// ε-lexicase selection (La Cava, Spector and Danai 2016; down-sampled, Hernandez et al. 2019): cases in random order; after each, whoever lies more than ε below the best of those still in falls out.
/// ε is the median absolute deviation of the case over the whole pool, and stays while the pool shrinks (semi-dynamic).
/// </summary>
public sealed class Lexicase
{
    private readonly float[][] cases;
    private readonly int[] sample;
    private readonly double[] tolerance;
    private readonly List<int> pool = [];

    /// <param name="rng">Draws the sample of cases.</param>
    /// <param name="cases">For each candidate, how well it does in each case; higher is better.</param>
    /// <param name="share">Share of the cases in the sample, at least one.</param>
    public Lexicase(Rng rng, float[][] cases, double share)
    {
        this.cases = cases;
        int all = cases.Length == 0 ? 0 : cases[0].Length;
        int[] shuffled = [.. Enumerable.Range(0, all)];
        Shuffle(rng, shuffled);
        sample = [.. shuffled.Take(Math.Max(1, (int)Math.Ceiling(all * share)))];
        tolerance = new double[all];
        foreach (int c in sample)
        {
            tolerance[c] = Deviation(c);
        }
    }

    /// <summary>One chosen candidate. Not for two threads at a time.</summary>
    public int Choose(Rng rng)
    {
        Shuffle(rng, sample);
        IReadOnlyList<int> left = Survivors(sample);
        return left[left.Count == 1 ? 0 : rng.NextInt(left.Count)];
    }

    /// <summary>Who is left after these cases of the sample in this order; good until the next call.</summary>
    public IReadOnlyList<int> Survivors(ReadOnlySpan<int> inOrder)
    {
        pool.Clear();
        for (int i = 0; i < cases.Length; i++)
        {
            pool.Add(i);
        }

        foreach (int c in inOrder)
        {
            if (pool.Count == 1)
            {
                break;
            }

            Keep(c, tolerance[c]);
        }

        return pool;
    }

    private void Keep(int column, double epsilon)
    {
        float best = float.NegativeInfinity;
        foreach (int i in pool)
        {
            best = Math.Max(best, cases[i][column]);
        }

        int kept = 0;
        for (int k = 0; k < pool.Count; k++)
        {
            if (cases[pool[k]][column] >= best - epsilon)
            {
                pool[kept++] = pool[k];
            }
        }

        pool.RemoveRange(kept, pool.Count - kept);
    }

    private double Deviation(int column)
    {
        double[] values = [.. cases.Select(c => (double)c[column])];
        double middle = Quantile.Of(values, 0.5);
        return Quantile.Of([.. values.Select(v => Math.Abs(v - middle))], 0.5);
    }

    private static void Shuffle(Rng rng, int[] items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = rng.NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}

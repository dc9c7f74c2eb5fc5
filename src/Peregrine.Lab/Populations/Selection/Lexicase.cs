using Peregrine.Core;
using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Populations.Selection;

/// <summary>
/// ε-lexicase selection (La Cava, Spector and Danai 2016; down-sampled, Hernandez et al. 2019): cases in random order; after each, whoever lies more than ε below the best of those still in falls out.
/// ε is the median absolute deviation of the case over the whole pool, and stays while the pool shrinks (semi-dynamic).
/// </summary>
public sealed class Lexicase
{
    private readonly int count;
    private readonly int[] sample;
    private readonly double[] tolerance;

    // Case by case, so that a pass over the candidates runs through memory in order.
    private readonly float[][] columns;

    // Who is left after one case alone: every choice begins with one of these.
    private readonly int[]?[] openings;
    private readonly int[] pool;

    /// <param name="rng">Draws the sample of cases.</param>
    /// <param name="cases">For each candidate, how well it does in each case; higher is better.</param>
    /// <param name="share">Share of the cases in the sample, at least one.</param>
    public Lexicase(Rng rng, float[][] cases, double share)
    {
        count = cases.Length;
        int all = count == 0 ? 0 : cases[0].Length;
        int[] shuffled = [.. Enumerable.Range(0, all)];
        rng.Shuffle<int>(shuffled);
        sample = [.. shuffled.Take(Math.Max(1, (int)Math.Ceiling(all * share)))];
        (tolerance, columns, openings, pool) = (new double[all], new float[all][], new int[all][], new int[count]);
        foreach (int c in sample)
        {
            columns[c] = [.. cases.Select(own => own[c])];
            tolerance[c] = Deviation(columns[c]);
        }
    }

    /// <summary>One chosen candidate. Not for two threads at a time.</summary>
    public int Choose(Rng rng)
    {
        rng.Shuffle<int>(sample);
        int left = Left(sample);
        return pool[left == 1 ? 0 : rng.NextInt(left)];
    }

    /// <summary>Who is left after these cases of the sample in this order; good until the next call.</summary>
    public IReadOnlyList<int> Survivors(ReadOnlySpan<int> inOrder) => new ArraySegment<int>(pool, 0, Left(inOrder));

    /// <summary>How many are left; they stand at the beginning of the pool.</summary>
    private int Left(ReadOnlySpan<int> inOrder)
    {
        if (inOrder.IsEmpty)
        {
            Everyone().CopyTo(pool, 0);
            return count;
        }

        int[] opening = openings[inOrder[0]] ??= Opening(inOrder[0]);
        opening.CopyTo(pool, 0);
        int left = opening.Length;
        for (int k = 1; k < inOrder.Length && left > 1; k++)
        {
            left = Keep(inOrder[k], pool.AsSpan(0, left));
        }

        return left;
    }

    private int[] Everyone() => [.. Enumerable.Range(0, count)];

    private int[] Opening(int c)
    {
        int[] everyone = Everyone();
        return count < 2 ? everyone : everyone[..Keep(c, everyone)];
    }

    /// <summary>Moves those near the best of a case to the beginning and says how many they are.</summary>
    private int Keep(int c, Span<int> among)
    {
        float[] column = columns[c];
        float best = float.NegativeInfinity;
        foreach (int i in among)
        {
            best = Math.Max(best, column[i]);
        }

        int kept = 0;
        double least = best - tolerance[c];
        foreach (int i in among)
        {
            if (column[i] >= least)
            {
                among[kept++] = i;
            }
        }

        return kept;
    }

    private static double Deviation(float[] column)
    {
        double[] values = [.. column.Select(static v => (double)v)];
        double middle = Quantile.Of(values, 0.5);
        return Quantile.Of([.. values.Select(v => Math.Abs(v - middle))], 0.5);
    }
}

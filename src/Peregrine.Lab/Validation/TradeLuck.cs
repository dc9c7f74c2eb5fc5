using Peregrine.Core;
using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Validation;

/// <summary>
/// What the draw and the order of trades leave open, in units of their initial risk. Drawn again with replacement they tell how far the mean may be off; put in another order they tell how deep an account
/// may fall that comes to the same sum: the order says nothing of an edge.
/// </summary>
/// <param name="Trades">How many there are.</param>
/// <param name="Mean">What one earned.</param>
/// <param name="Low">2.5 % of the means of trades drawn with replacement lie below.</param>
/// <param name="High">2.5 % lie above.</param>
/// <param name="Fall">The deepest fall of the sum below where it had been, in the order in which they came.</param>
/// <param name="MiddleFall">The same in half of all other orders.</param>
/// <param name="DeepFall">In one of twenty it is deeper than this.</param>
/// <param name="Block">So many trades that came one after the other stay together, because they are alike (Politis and White's length for fixed blocks); 1 where they are not.</param>
public sealed record TradeLuck(int Trades, double Mean, double Low, double High, double Fall, double MiddleFall, double DeepFall, int Block)
{
    /// <summary>Of trades' results in their order; null of fewer than two.</summary>
    public static TradeLuck? Of(double[] results, Rng rng, int draws)
    {
        if (results.Length < 2)
        {
            return null;
        }

        int block = (int)Math.Clamp(Math.Round(BlockLength.Of(results).Circular.Value ?? 1), 1, results.Length);
        double[] means = new double[draws], falls = new double[draws];
        int[] order = new int[results.Length], blocks = [.. Enumerable.Range(0, (results.Length + block - 1) / block)];
        for (int d = 0; d < draws; d++)
        {
            means[d] = DrawnMean(results, rng, block);
            rng.Shuffle<int>(blocks);
            int next = 0;
            foreach (int b in blocks)
            {
                for (int i = b * block; i < Math.Min(results.Length, (b + 1) * block); i++)
                {
                    order[next++] = i;
                }
            }

            falls[d] = DeepestFall(results, order);
        }

        return new TradeLuck(
            results.Length, Moments.Mean(results), Quantile.Of(means, 0.025), Quantile.Of(means, 0.975),
            DeepestFall(results, [.. Enumerable.Range(0, results.Length)]), Quantile.Of(falls, 0.5), Quantile.Of(falls, 0.95), block);
    }

    /// <summary>How far the sum of results falls, at its worst, below the highest it had been or its beginning.</summary>
    public static double DeepestFall(ReadOnlySpan<double> results, ReadOnlySpan<int> order)
    {
        (double sum, double high, double fall) = (0, 0, 0);
        foreach (int i in order)
        {
            sum += results[i];
            high = Math.Max(high, sum);
            fall = Math.Max(fall, high - sum);
        }

        return fall;
    }

    /// <summary>The mean of as many results drawn with replacement, in blocks that go round the end.</summary>
    private static double DrawnMean(double[] results, Rng rng, int block)
    {
        double sum = 0;
        for (int taken = 0; taken < results.Length;)
        {
            int start = rng.NextInt(results.Length);
            for (int k = 0; k < block && taken < results.Length; k++, taken++)
            {
                sum += results[(start + k) % results.Length];
            }
        }

        return sum / results.Length;
    }
}

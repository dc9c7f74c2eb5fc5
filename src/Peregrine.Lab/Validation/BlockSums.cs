using System.Runtime.Intrinsics;
using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Validation;

/// <summary>
/// Sums of returns and of their squares over each of several blocks of days of equal length, strategies side by side, from which any half of the blocks has its Sharpe ratios.
/// Blocks are summed in the order given, and each strategy in a lane of its own: the same bits whatever the machine's vectors.
/// </summary>
internal sealed class BlockSums
{
    /// <summary>What is left of a sum of squares when returns do not differ is below this share of it.</summary>
    private const double Nothing = 1e-12;

    private readonly int daysPerBlock;

    // Returns less their strategy's mean, which keeps the squares from hiding what differs.
    private readonly double[] means;
    private readonly double[][] sums, squares;

    public BlockSums(IReadOnlyList<double[]> returns, int blocks)
    {
        Blocks = blocks;
        daysPerBlock = returns[0].Length / blocks;
        int first = returns[0].Length % blocks;
        Room = (returns.Count + Vector256<double>.Count - 1) / Vector256<double>.Count * Vector256<double>.Count;
        means = new double[Room];
        sums = [.. Enumerable.Range(0, blocks).Select(_ => new double[Room])];
        squares = [.. Enumerable.Range(0, blocks).Select(_ => new double[Room])];
        for (int k = 0; k < returns.Count; k++)
        {
            ReadOnlySpan<double> row = returns[k].AsSpan(first);
            means[k] = Moments.Mean(row);
            for (int t = 0; t < row.Length; t++)
            {
                double rest = row[t] - means[k];
                sums[t / daysPerBlock][k] += rest;
                squares[t / daysPerBlock][k] += rest * rest;
            }
        }
    }

    public int Blocks { get; }

    /// <summary>Strategies, and as many more as fill the last vector; those have no Sharpe.</summary>
    public int Room { get; }

    /// <summary>Every strategy's per-period Sharpe over the chosen blocks, mean ÷ standard deviation (n − 1); NaN where its returns do not differ by more than rounding.</summary>
    public void Sharpes(int[] chosen, double[] sharpes)
    {
        double count = daysPerBlock * (double)chosen.Length;
        Vector256<double> days = Vector256.Create(count), less = Vector256.Create(count - 1);
        for (int k = 0; k < Room; k += Vector256<double>.Count)
        {
            Vector256<double> sum = default, square = default;
            foreach (int block in chosen)
            {
                sum += Vector256.LoadUnsafe(ref sums[block][k]);
                square += Vector256.LoadUnsafe(ref squares[block][k]);
            }

            Vector256<double> mean = sum / days, spread = square - (sum * mean);
            Vector256<double> sharpe = (Vector256.LoadUnsafe(ref means[k]) + mean) / Vector256.Sqrt(spread / less);
            Vector256<double> varies = Vector256.GreaterThan(spread, Vector256.Create(Nothing) * square);
            Vector256.ConditionalSelect(varies, sharpe, Vector256.Create(double.NaN)).CopyTo(sharpes, k);
        }
    }
}

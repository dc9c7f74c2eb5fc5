using System.Numerics;
using System.Runtime.InteropServices;
using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Lab.Validation;

namespace Peregrine.Bench.Suites;

/// <summary>What the gates compute of a thousand strategies' daily returns over five years: block lengths, Hansen's test, the step-down test and the reality check by 2 000 resamples, cross-validation, independent trials.</summary>
public static class StatisticsSuite
{
    private const int Strategies = 1_000, Days = 1_260, Resamples = 2_000, Blocks = 12;

    public static IReadOnlyList<Result> Run()
    {
        var rng = new Rng(11);
        double[][] rows = [.. Enumerable.Range(0, Strategies).Select(_ => Enumerable.Range(0, Days).Select(_ => Normal.Draw(rng)).ToArray())];
        double[] block = [.. rows[0][..512]], sums = new double[512];
        double seen = 0;
        Result all = Contest.Run(
            "statistics of a field",
            "fields",
            1,
            ("as many multiplications and additions as resamples need, in the nearest cache", () => seen += Products(block, sums)),
            () => seen += Statistics(rows));
        return [all with { Goal = 1 / 60.0, Note = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{1 / all.Rate:0.0} s on one thread for {Strategies} strategies of {Days} days; the goal is 60 s") }];
    }

    private static double Statistics(double[][] rows)
    {
        Superiority superior = SuperiorityTest.Of(new Rng(1), rows, Resamples, BlockLength.Longest(rows));
        return superior.Studentised.Consistent.Value!.Value + BacktestOverfitting.Of(rows, Blocks).Pbo.Value!.Value + EffectiveNumber.Of(rows).Galwey.Value!.Value;
    }

    private static double Products(double[] block, double[] sums)
    {
        ReadOnlySpan<Vector<double>> a = MemoryMarshal.Cast<double, Vector<double>>(block);
        Span<Vector<double>> to = MemoryMarshal.Cast<double, Vector<double>>(sums.AsSpan());
        for (long left = (long)Strategies * Days * Resamples / block.Length; left > 0; left--)
        {
            for (int i = 0; i < a.Length; i++)
            {
                to[i] += a[i] * a[i];
            }
        }

        return sums[0];
    }
}

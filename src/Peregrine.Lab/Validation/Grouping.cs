using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>
/// How well trials that were put into groups of the alike are apart from those of other groups. Two that correlate by ρ are √((1 − ρ) ÷ 2) from each other; a trial's silhouette is (b − a) ÷ max(a, b), a being its mean
/// distance from its own group and b the least mean distance from another (Rousseeuw 1987), 0 for one alone. López de Prado and Lewis (2019).
/// </summary>
/// <param name="Silhouettes">Each trial's, in their order.</param>
/// <param name="Quality">Their mean divided by their standard deviation (n); undefined of fewer than two groups, and where they are all the same.</param>
public sealed record Grouping(IReadOnlyList<double> Silhouettes, Figure Quality)
{
    /// <param name="correlations">Of each trial with each; symmetric.</param>
    /// <param name="group">The group of each, numbered from 0 on, none empty.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static Grouping Of(IReadOnlyList<double[]> correlations, IReadOnlyList<int> group)
    {
        int count = correlations.Count;
        if (group.Count != count || correlations.Any(r => r.Length != count))
        {
            throw new ArgumentException("Every trial has a group and a correlation with every other.", nameof(group));
        }

        int groups = count == 0 ? 0 : group.Max() + 1;
        if (groups < 2)
        {
            return new Grouping(new double[count], Figure.Undefined("there are fewer than two groups"));
        }

        int[] sizes = [.. Enumerable.Range(0, groups).Select(g => group.Count(x => x == g))];
        double[] silhouettes = [.. Enumerable.Range(0, count).Select(i => Silhouette(correlations[i], group, sizes, i))];
        double mean = Moments.Mean(silhouettes), square = Moments.Mean([.. silhouettes.Select(s => (s - mean) * (s - mean))]);
        return new Grouping(silhouettes, square > 0 ? mean / Math.Sqrt(square) : Figure.Undefined("the silhouettes do not vary"));
    }

    /// <param name="dailyReturns">For each trial its return on every day; those that never vary take no part.</param>
    /// <param name="groups">The trials of each group.</param>
    public static Grouping Of(IReadOnlyList<double[]> dailyReturns, IReadOnlyList<IReadOnlyList<int>> groups)
    {
        (double[] Row, int Group)[] varying =
        [
            .. groups.Select(g => g.Where(i => Sharpe.PerPeriod(dailyReturns[i]) is not null).ToArray()).Where(static g => g.Length > 0)
                .SelectMany((g, number) => g.Select(i => (EffectiveNumber.Standardised(dailyReturns[i]), number))),
        ];
        double[][] correlations = [.. varying.Select(_ => new double[varying.Length])];
        for (int i = 0; i < varying.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                correlations[i][j] = correlations[j][i] = Products.Dot(varying[i].Row, varying[j].Row);
            }
        }

        return Of(correlations, [.. varying.Select(static v => v.Group)]);
    }

    private static double Silhouette(double[] correlations, IReadOnlyList<int> group, int[] sizes, int own)
    {
        if (sizes[group[own]] == 1)
        {
            return 0;
        }

        var sums = new double[sizes.Length];
        for (int j = 0; j < correlations.Length; j++)
        {
            sums[group[j]] += j == own ? 0 : Math.Sqrt(Math.Max(0, (1 - correlations[j]) / 2));
        }

        double inside = sums[group[own]] / (sizes[group[own]] - 1), outside = double.PositiveInfinity;
        for (int g = 0; g < sums.Length; g++)
        {
            outside = g == group[own] ? outside : Math.Min(outside, sums[g] / sizes[g]);
        }

        return Math.Max(inside, outside) is > 0 and var larger ? (outside - inside) / larger : 0;
    }
}

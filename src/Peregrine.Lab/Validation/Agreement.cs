using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Validation;

/// <summary>
/// How far each of several strategies earns when the others do. What is in the market several searches come to by different rules; what was fitted to its noise each has for itself.
/// What they all owe to the markets' own rise or fall is no agreement: who is mostly short in a falling market need know nothing.
/// </summary>
public static class Agreement
{
    /// <summary>Rows are of spread 1, so a sum of squares below this share of their days is what rounding left of rows that cancel.</summary>
    private const double Nothing = 1e-12;

    /// <summary>
    /// For each row of daily returns, its correlation with the sum of the others, each less what <paramref name="common"/> explains of it (least squares, with a constant) and scaled to the same spread;
    /// 0 where nothing is left of either.
    /// </summary>
    /// <exception cref="ArgumentException">Rows differ in length.</exception>
    public static double[] Of(IReadOnlyList<double[]> returns, params IReadOnlyList<double[]> common)
    {
        int days = returns.Count == 0 ? 0 : returns[0].Length;
        if (returns.Concat(common).Any(r => returns.Count > 0 && r.Length != days))
        {
            throw new ArgumentException("Every strategy has a return for every day.", nameof(returns));
        }

        // Gram and Schmidt: each common row less what those before it explain, at length 1.
        var explained = new List<double[]>();
        foreach (double[] row in common)
        {
            double[] own = Scaled(row, explained);
            explained.Add([.. own.Select(x => x / Math.Sqrt(days))]);
        }

        double[][] scaled = [.. returns.Select(r => Scaled(r, explained))];
        var sum = new double[days];
        foreach (double[] row in scaled)
        {
            for (int i = 0; i < days; i++)
            {
                sum[i] += row[i];
            }
        }

        return [.. scaled.Select(row => Correlation(row, sum))];
    }

    /// <summary>The row less its mean and less what is explained, at a mean square of 1; zeros where rounding is all that is left.</summary>
    private static double[] Scaled(double[] row, IReadOnlyList<double[]> explained)
    {
        double mean = row.Length > 0 ? Moments.Mean(row) : 0;
        double[] rest = [.. row.Select(x => x - mean)];
        double whole = Dot(rest, rest);
        foreach (double[] direction in explained)
        {
            double part = Dot(rest, direction);
            for (int i = 0; i < rest.Length; i++)
            {
                rest[i] -= part * direction[i];
            }
        }

        double left = Dot(rest, rest), scale = left > Nothing * whole ? Math.Sqrt(rest.Length / left) : 0;
        return [.. rest.Select(x => x * scale)];
    }

    /// <summary>The correlation of a row with what the others sum to.</summary>
    private static double Correlation(double[] row, double[] sum)
    {
        double[] others = [.. sum.Select((s, i) => s - row[i])];
        double square = Dot(others, others), own = Dot(row, row);
        return Math.Min(square, own) > Nothing * row.Length ? Dot(row, others) / Math.Sqrt(square * own) : 0;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}

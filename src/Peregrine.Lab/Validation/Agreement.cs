using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Validation;

/// <summary>How far each of several strategies earns when the others do. What is in the market several searches come to by different rules; what was fitted to its noise each has for itself.</summary>
public static class Agreement
{
    /// <summary>Rows are of spread 1, so a sum of squares below this share of their days is what rounding left of rows that cancel.</summary>
    private const double Nothing = 1e-12;

    /// <summary>For each row of daily returns, its correlation with the sum of the others, each scaled to the same spread; 0 where either never moves.</summary>
    /// <exception cref="ArgumentException">Rows differ in length.</exception>
    public static double[] Of(IReadOnlyList<double[]> returns)
    {
        int days = returns.Count == 0 ? 0 : returns[0].Length;
        if (returns.Any(r => r.Length != days))
        {
            throw new ArgumentException("Every strategy has a return for every day.", nameof(returns));
        }

        double[][] scaled = [.. returns.Select(Scaled)];
        var sum = new double[days];
        foreach (double[] row in scaled)
        {
            for (int i = 0; i < days; i++)
            {
                sum[i] += row[i];
            }
        }

        var others = new double[days];
        return [.. scaled.Select(row =>
        {
            for (int i = 0; i < days; i++)
            {
                others[i] = sum[i] - row[i];
            }

            return Correlation(row, others);
        })];
    }

    private static double[] Scaled(double[] returns)
    {
        double spread = returns.Length > 1 ? Moments.StandardDeviation(returns) : 0;
        return [.. returns.Select(r => spread > 0 ? r / spread : 0)];
    }

    private static double Correlation(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        (double meanA, double meanB, double joint, double squareA, double squareB) = (0, 0, 0, 0, 0);
        for (int i = 0; i < a.Length; i++)
        {
            (meanA, meanB) = (meanA + (a[i] / a.Length), meanB + (b[i] / a.Length));
        }

        for (int i = 0; i < a.Length; i++)
        {
            (double x, double y) = (a[i] - meanA, b[i] - meanB);
            (joint, squareA, squareB) = (joint + (x * y), squareA + (x * x), squareB + (y * y));
        }

        return Math.Min(squareA, squareB) > Nothing * a.Length ? joint / Math.Sqrt(squareA * squareB) : 0;
    }
}

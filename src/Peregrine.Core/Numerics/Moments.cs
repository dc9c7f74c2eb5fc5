namespace Peregrine.Core.Numerics;

/// <summary>
/// Sample moments in two passes, summed in index order. Spread divides by n − 1; shape (skewness, kurtosis, autocorrelation) is the population form that
/// the inference on Sharpe ratios is written in. Kurtosis is not "excess": a normal sample has 3.
/// </summary>
public static class Moments
{
    /// <summary>NaN for no values.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double x in values)
        {
            sum += x;
        }

        return sum / values.Length;
    }

    /// <summary>√(Σ(x − mean)² / (n − 1)); NaN for fewer than two values.</summary>
    public static double StandardDeviation(ReadOnlySpan<double> values) =>
        values.Length < 2 ? double.NaN : Math.Sqrt(CentralSum(values, 2) / (values.Length - 1));

    /// <summary>m₃ / m₂^(3/2); NaN when all values are equal.</summary>
    public static double Skewness(ReadOnlySpan<double> values)
    {
        double m2 = CentralSum(values, 2) / values.Length;
        return CentralSum(values, 3) / values.Length / (m2 * Math.Sqrt(m2));
    }

    /// <summary>m₄ / m₂²; NaN when all values are equal.</summary>
    public static double Kurtosis(ReadOnlySpan<double> values)
    {
        double m2 = CentralSum(values, 2) / values.Length;
        return CentralSum(values, 4) / values.Length / (m2 * m2);
    }

    /// <summary>Autocorrelations at lags 1 to <paramref name="lags"/>, biased: every lag is divided by the full-sample sum of squares.</summary>
    public static double[] Autocorrelations(ReadOnlySpan<double> values, int lags)
    {
        double mean = Mean(values);
        double total = CentralSum(values, 2);
        var rho = new double[lags];
        for (int k = 1; k <= lags; k++)
        {
            double sum = 0;
            for (int t = k; t < values.Length; t++)
            {
                sum += (values[t] - mean) * (values[t - k] - mean);
            }

            rho[k - 1] = sum / total;
        }

        return rho;
    }

    private static double CentralSum(ReadOnlySpan<double> values, int power)
    {
        double mean = Mean(values);
        double sum = 0;
        foreach (double x in values)
        {
            double d = x - mean;
            double square = d * d;
            sum += power switch
            {
                2 => square,
                3 => square * d,
                _ => square * square,
            };
        }

        return sum;
    }
}

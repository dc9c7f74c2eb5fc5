using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>
/// The mean block length at which a bootstrap estimates the error of a series' mean best: Politis and White (2004) with the correction of Patton, Politis and White (2009), to the letter of
/// <c>arch.bootstrap.optimal_block_length</c>, whose lag after which nothing correlates is one more than the paper's.
/// Lengths are as the formula gives them, and may be below 1; not above min(3√n, n/3), rounded up.
/// </summary>
/// <param name="Stationary">Mean length in observations, for blocks of random length.</param>
/// <param name="Circular">Length in observations, for blocks of fixed length.</param>
/// <param name="Lags">Autocovariances that went in; 0 where the lengths are undefined.</param>
public sealed record BlockLength(Figure Stationary, Figure Circular, int Lags)
{
    /// <summary>Fewer leave nothing to correlate at the longest lag.</summary>
    public const int LeastObservations = 11;

    /// <summary>So many correlations in a row must be small; with a million observations or more, log₁₀ n of them.</summary>
    private const int LeastQuiet = 5;

    /// <summary>The best lengths for one series.</summary>
    public static BlockLength Of(ReadOnlySpan<double> series)
    {
        if (series.Length < LeastObservations)
        {
            return Undefined($"fewer than {LeastObservations} values");
        }

        if (Sharpe.PerPeriod(series) is null)
        {
            return Undefined("all values are the same");
        }

        double mean = Moments.Mean(series);
        double[] rest = series.ToArray();
        for (int t = 0; t < rest.Length; t++)
        {
            rest[t] -= mean;
        }

        int quiet = Math.Max(LeastQuiet, Digits(series.Length) - 1), most = (int)Math.Ceiling(Math.Sqrt(series.Length)) + quiet;
        double[] covariances = [.. Enumerable.Range(0, most + 1).Select(k => Dot(rest.AsSpan(k), rest) / rest.Length)];
        int lags = Math.Min(most, FirstQuiet(rest, quiet, most) is { } first ? 2 * Math.Max(first, 1) : most);
        return FromCovariances(covariances, lags, series.Length);
    }

    /// <summary>
    /// The longest mean block that any of several series asks of the stationary bootstrap, at least <paramref name="leastDays"/>: what a test of them all is resampled with.
    /// Series without a length of their own have no say.
    /// </summary>
    public static double Longest(IReadOnlyList<double[]> series, double leastDays = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leastDays, 1);
        return series.Aggregate(leastDays, static (longest, s) => Math.Max(longest, Of(s).Stationary.Value ?? 1));
    }

    private static BlockLength Undefined(string reason) => new(Figure.Undefined(reason), Figure.Undefined(reason), 0);

    /// <summary>(2g² ÷ d)^⅓ n^⅓ with g = Σ 2 λ k γ_k and d = 2 or 4⁄3 times the square of γ₀ + Σ 2 λ γ_k; λ falls from 1 to 0 over the latter half of the lags.</summary>
    private static BlockLength FromCovariances(double[] covariances, int lags, int count)
    {
        double g = 0, variance = covariances[0];
        for (int k = 1; k <= lags; k++)
        {
            double weight = 2 * k <= lags ? 1 : 2 * (1 - ((double)k / lags));
            g += 2 * weight * k * covariances[k];
            variance += 2 * weight * covariances[k];
        }

        if (variance == 0)
        {
            return Undefined("the mean of the series has no variance at long range");
        }

        double most = Math.Ceiling(Math.Min(3 * Math.Sqrt(count), count / 3.0));
        double ratio = g / variance, cube = ratio * ratio * count;
        return new BlockLength(Math.Min(Elementary.Pow(cube, 1.0 / 3), most), Math.Min(Elementary.Pow(1.5 * cube, 1.0 / 3), most), lags);
    }

    /// <summary>The first lag from which on <paramref name="quiet"/> correlations are all below 2√(log₁₀ n ÷ n), by the spread of either end of the series; null when none is.</summary>
    private static int? FirstQuiet(double[] rest, int quiet, int most)
    {
        double bound = 4 * Elementary.Log(rest.Length) / Elementary.Log(10) / rest.Length;
        int run = 0;
        for (int k = 0; k < most; k++)
        {
            ReadOnlySpan<double> late = rest.AsSpan(k + 1), early = rest.AsSpan(0, rest.Length - k - 1);
            double product = Dot(rest.AsSpan(k), rest);
            run = product * product < bound * Dot(late, late) * Dot(early, early) ? run + 1 : 0;
            if (run == quiet)
            {
                return k + 1 - quiet;
            }
        }

        return null;
    }

    private static int Digits(int count)
    {
        int digits = 1;
        for (int rest = count; rest >= 10; rest /= 10)
        {
            digits++;
        }

        return digits;
    }

    /// <summary>Σ a b over the length of <paramref name="a"/>, in order.</summary>
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}

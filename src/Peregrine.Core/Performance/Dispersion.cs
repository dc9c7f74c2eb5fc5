using Peregrine.Core.Numerics;

namespace Peregrine.Core.Performance;

/// <summary>The shape of the distribution of returns. Risk figures are losses and therefore positive.</summary>
public static class Dispersion
{
    internal const string TooFew = "fewer than two returns";
    internal const string NoVariation = "all returns are the same";

    /// <summary>Standard deviation (n − 1) × √P.</summary>
    public static Figure Volatility(TrackRecord record) => record.Returns.Count < 2
        ? Figure.Undefined(TooFew)
        : Moments.StandardDeviation(record.Returns.Values) * Math.Sqrt(record.Returns.PeriodsPerYear);

    /// <summary>Population skewness.</summary>
    public static Figure Skew(TrackRecord record) => Shape(record, Moments.Skewness);

    /// <summary>Population kurtosis, 3 for a normal distribution.</summary>
    public static Figure Kurtosis(TrackRecord record) => Shape(record, Moments.Kurtosis);

    /// <summary>|q₉₅| ÷ |q₀₅|, type-7 quantiles.</summary>
    public static Figure TailRatio(TrackRecord record)
    {
        if (record.Returns.Count < 2)
        {
            return Figure.Undefined(TooFew);
        }

        double low = Quantile.Of(record.Returns.Values, 0.05);
        return low == 0 ? Figure.Undefined("the 5 % quantile of returns is zero") : Math.Abs(Quantile.Of(record.Returns.Values, 0.95) / low);
    }

    /// <summary>−q₀₅ of returns.</summary>
    public static Figure ValueAtRisk(TrackRecord record) => record.Returns.Count < 2
        ? Figure.Undefined(TooFew)
        : 0 - Quantile.Of(record.Returns.Values, 0.05);

    /// <summary>−mean of the returns at or below q₀₅.</summary>
    public static Figure ExpectedShortfall(TrackRecord record)
    {
        if (record.Returns.Count < 2)
        {
            return Figure.Undefined(TooFew);
        }

        double[] sorted = record.Returns.Values.ToArray();
        Array.Sort(sorted);
        double limit = Quantile.OfSorted(sorted, 0.05);
        return 0 - Moments.Mean(sorted.AsSpan(0, sorted.Count(r => r <= limit)));
    }

    /// <summary>True when returns differ by more than rounding.</summary>
    internal static bool Varies(ReadOnlySpan<double> returns)
    {
        (double low, double high) = (returns[0], returns[0]);
        foreach (double r in returns)
        {
            (low, high) = (Math.Min(low, r), Math.Max(high, r));
        }

        return high - low > 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high));
    }

    private static Figure Shape(TrackRecord record, Func<ReadOnlySpan<double>, double> measure) => record.Returns.Count < 2
        ? Figure.Undefined(TooFew)
        : Varies(record.Returns.Values) ? measure(record.Returns.Values) : Figure.Undefined(NoVariation);
}

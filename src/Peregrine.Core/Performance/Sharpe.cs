using Peregrine.Core.Numerics;

namespace Peregrine.Core.Performance;

/// <summary>
/// The Sharpe ratio and what is known of it. The standard error is Mertens's, widened by √(1 + 2 Σ w_k ρ_k) where that is above 1, so that dependent returns
/// never look surer than independent ones.
/// </summary>
public static class Sharpe
{
    /// <summary>With fewer returns the error, which is that of large samples, means nothing: then no interval is given.</summary>
    public const int FewestReturns = 30;

    /// <summary>mean ÷ standard deviation (n − 1) × √P.</summary>
    public static Figure Annual(TrackRecord record) => With(record, (sharpe, root) => sharpe * root);

    public static Figure Low(TrackRecord record) => WithError(record, (sharpe, root) => (sharpe - (Interval.Z * Error(record, sharpe))) * root);

    public static Figure High(TrackRecord record) => WithError(record, (sharpe, root) => (sharpe + (Interval.Z * Error(record, sharpe))) * root);

    /// <summary>η(P) × mean ÷ standard deviation: lags up to min(P − 1, √n), tapered (<see cref="SharpeInference.Eta"/>).</summary>
    public static Figure Lo(TrackRecord record)
    {
        if (PerPeriod(record) is not { } sharpe)
        {
            return Undefined(record);
        }

        double? eta = SharpeInference.Eta(Autocorrelations(record), (int)Math.Round(record.Returns.PeriodsPerYear), taper: true);
        return eta is { } q ? sharpe * q : Figure.Undefined("returns reverse so strongly that their yearly sum has no variance");
    }

    /// <summary>Φ(SR ÷ standard error).</summary>
    public static Figure Probabilistic(TrackRecord record) => With(record, (sharpe, _) => Normal.Cdf(sharpe / Error(record, sharpe)));

    /// <summary>Years of such returns until the Sharpe is above zero with a probability: the minimum track record, lengthened by dependence. Infinite at or below zero.</summary>
    public static double YearsNeeded(TrackRecord record, double annualSharpe, double probability)
    {
        double perPeriod = annualSharpe / Math.Sqrt(record.Returns.PeriodsPerYear);
        double length = SharpeInference.MinimumTrackLength(perPeriod, 0, SharpeInference.Shape.Of(record.Returns.Values), probability);
        return length * Widening(record) / record.Returns.PeriodsPerYear;
    }

    /// <summary>The Sharpe of one period, or null where it is undefined.</summary>
    public static double? PerPeriod(TrackRecord record) => PerPeriod(record.Returns.Values);

    /// <summary>mean ÷ standard deviation (n − 1) of any series; null for fewer than two values or none that differ.</summary>
    public static double? PerPeriod(ReadOnlySpan<double> values) => values.Length >= 2 && Dispersion.Varies(values)
        ? Moments.Mean(values) / Moments.StandardDeviation(values)
        : null;

    private static double Error(TrackRecord record, double sharpe)
    {
        double error = SharpeInference.MertensError(sharpe, SharpeInference.Shape.Of(record.Returns.Values));
        return error * Math.Sqrt(Widening(record));
    }

    /// <summary>How many times more returns are needed because they depend on each other; at least 1.</summary>
    private static double Widening(TrackRecord record) => Math.Max(1, SharpeInference.DependenceFactor(Autocorrelations(record)));

    private static double[] Autocorrelations(TrackRecord record)
    {
        int lags = (int)Math.Min(record.Returns.PeriodsPerYear - 1, Math.Sqrt(record.Returns.Count));
        return Moments.Autocorrelations(record.Returns.Values, Math.Max(lags, 0));
    }

    private static Figure With(TrackRecord record, Func<double, double, double> annual) => PerPeriod(record) is { } sharpe
        ? annual(sharpe, Math.Sqrt(record.Returns.PeriodsPerYear))
        : Undefined(record);

    private static Figure WithError(TrackRecord record, Func<double, double, double> annual) => record.Returns.Count is >= 2 and < FewestReturns && PerPeriod(record) is not null
        ? Figure.Undefined($"too short to judge: {record.Returns.Count} returns, and {FewestReturns} are the fewest for an interval")
        : With(record, annual);

    private static Figure Undefined(TrackRecord record) => Figure.Undefined(record.Returns.Count < 2 ? Dispersion.TooFew : Dispersion.NoVariation);
}

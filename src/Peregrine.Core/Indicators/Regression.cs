namespace Peregrine.Core.Indicators;

/// <summary>The least-squares line through the last n values (<c>First</c> = n), and the average that weighs them along a line.</summary>
public static class Regression
{
    /// <summary>Rise of the line per bar.</summary>
    public static readonly Indicator Slope = RollingMoments<Rise>.Named("slope");

    /// <summary>The line's value at the newest bar.</summary>
    public static readonly Indicator End = RollingMoments<LastPoint>.Named("forecast");

    /// <summary>Share of the scatter that the line explains; 0 when all n are equal.</summary>
    public static readonly Indicator Explained = RollingMoments<Determination>.Named("r squared");

    /// <summary>
    /// Student's t of the slope, r·√((n − 2) ÷ (1 − r²)), for n ≥ 3; 0 when all n are equal. 1 − r² counts as at least 10⁻¹², so a perfect line is large and finite.
    /// </summary>
    public static readonly Indicator T = RollingMoments<Student>.Named("slope t");

    /// <summary>The weighted moving average: weight n for the newest, 1 for the oldest.</summary>
    public static readonly Indicator Weighted = RollingMoments<LinearWeights>.Named("wma");

    private static double RSquared(in MomentSums s)
    {
        double joint = s.Joint;
        return Math.Min(1, Arithmetic.Ratio(joint * joint, s.TimeScatter * s.Scatter));
    }

    private readonly struct Rise : IMoment
    {
        public static double Of(in MomentSums s, double x) => s.Joint / s.TimeScatter;
    }

    private readonly struct LastPoint : IMoment
    {
        public static double Of(in MomentSums s, double x) => s.Pivot + (s.S1 / s.N) + (s.Joint / s.TimeScatter * ((s.N - 1) / 2.0));
    }

    private readonly struct Determination : IMoment
    {
        public static double Of(in MomentSums s, double x) => RSquared(s);
    }

    private readonly struct Student : IMoment
    {
        public static double Of(in MomentSums s, double x)
        {
            double r2 = RSquared(s);
            double size = Math.Sqrt(r2 * (s.N - 2) / Math.Max(1e-12, 1 - r2));
            return s.Joint < 0 ? -size : size;
        }
    }

    private readonly struct LinearWeights : IMoment
    {
        public static double Of(in MomentSums s, double x) => s.Pivot + ((s.St + ((s.N - s.Place) * s.S1)) / (s.N * (s.N + 1) / 2.0));
    }
}

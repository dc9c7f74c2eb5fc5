namespace Peregrine.Core.Indicators;

/// <summary>How far the last n values lie apart, and where the newest stands among them (<c>First</c> = n).</summary>
public static class Spread
{
    /// <summary>Population standard deviation (divided by n, as Bollinger's bands and TA-Lib do).</summary>
    public static readonly Indicator Deviation = RollingMoments<StandardDeviation>.Named("stdev");

    /// <summary>(x − mean) ÷ standard deviation; 0 when all n are equal.</summary>
    public static readonly Indicator ZScore = RollingMoments<Standardised>.Named("zscore");

    private readonly struct StandardDeviation : IMoment
    {
        public static double Of(in MomentSums s, double x) => Math.Sqrt(s.Scatter / s.N);
    }

    private readonly struct Standardised : IMoment
    {
        public static double Of(in MomentSums s, double x) => Arithmetic.Ratio(x - s.Pivot - (s.S1 / s.N), Math.Sqrt(s.Scatter / s.N));
    }
}

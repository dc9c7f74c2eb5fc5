using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>How far the last n values lie apart, and where the newest stands among them (<c>First</c> = n).</summary>
public static class Spread
{
    /// <summary>Population standard deviation (divided by n, as Bollinger's bands and TA-Lib do).</summary>
    public static readonly Indicator Deviation = RollingMoments<StandardDeviation>.Named("stdev", Reaching.OfDifferences);

    /// <summary>(x − mean) ÷ standard deviation; 0 when all n are equal.</summary>
    public static readonly Indicator ZScore = RollingMoments<Standardised>.Named("zscore", Reaching.Bounded);

    private static T Sigma<T>(in MomentSums<T> s, int n) where T : struct, ILane<T> => T.Sqrt(s.Scatter(n) / T.Of(n));

    private readonly struct StandardDeviation : IMoment
    {
        public static bool Timed => false;

        public static bool Squared => true;

        public static T Of<T>(in MomentSums<T> s, T x, int n) where T : struct, ILane<T> => Sigma(s, n);
    }

    private readonly struct Standardised : IMoment
    {
        public static bool Timed => false;

        public static bool Squared => true;

        public static T Of<T>(in MomentSums<T> s, T x, int n) where T : struct, ILane<T> => Arithmetic.Ratio(x - s.Pivot - (s.S1 / T.Of(n)), Sigma(s, n));
    }
}

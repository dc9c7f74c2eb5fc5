using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>The least-squares line through the last n values (<c>First</c> = n), and the average that weighs them along a line.</summary>
public static class Regression
{
    /// <summary>Rise of the line per bar.</summary>
    public static readonly Indicator Slope = RollingMoments<Rise>.Named("slope", Reaching.OfDifferences);

    /// <summary>The line's value at the newest bar.</summary>
    public static readonly Indicator End = RollingMoments<LastPoint>.Named("forecast", Reaching.Near);

    /// <summary>Share of the scatter that the line explains; 0 when all n are equal.</summary>
    public static readonly Indicator Explained = RollingMoments<Determination>.Named("r squared", Reaching.UpToOne);

    /// <summary>
    /// Student's t of the slope, r·√((n − 2) ÷ (1 − r²)), for n ≥ 3; 0 when all n are equal. 1 − r² counts as at least 10⁻¹², so a perfect line is large and finite.
    /// </summary>
    public static readonly Indicator T = RollingMoments<Student>.Named("slope t", Reaching.Bounded);

    /// <summary>The weighted moving average: weight n for the newest, 1 for the oldest.</summary>
    public static readonly Indicator Weighted = RollingMoments<LinearWeights>.Named("wma", Reaching.Near);

    private static L SlopeOf<L>(in MomentSums<L> s, int n) where L : struct, ILane<L> => s.Joint(n) / L.Of(MomentSums<L>.TimeScatter(n));

    private static L RSquared<L>(in MomentSums<L> s, int n) where L : struct, ILane<L>
    {
        L joint = s.Joint(n);
        return Arithmetic.Lesser(Arithmetic.Ratio(joint * joint, L.Of(MomentSums<L>.TimeScatter(n)) * s.Scatter(n)), L.Of(1));
    }

    private readonly struct Rise : IMoment
    {
        public static bool Timed => true;

        public static bool Squared => false;

        public static L Of<L>(in MomentSums<L> s, L x, int n) where L : struct, ILane<L> => SlopeOf(s, n);
    }

    private readonly struct LastPoint : IMoment
    {
        public static bool Timed => true;

        public static bool Squared => false;

        public static L Of<L>(in MomentSums<L> s, L x, int n) where L : struct, ILane<L> => s.Pivot + (s.S1 / L.Of(n)) + (SlopeOf(s, n) * L.Of((n - 1) / 2.0));
    }

    private readonly struct Determination : IMoment
    {
        public static bool Timed => true;

        public static bool Squared => true;

        public static L Of<L>(in MomentSums<L> s, L x, int n) where L : struct, ILane<L> => RSquared(s, n);
    }

    private readonly struct Student : IMoment
    {
        public static bool Timed => true;

        public static bool Squared => true;

        public static L Of<L>(in MomentSums<L> s, L x, int n) where L : struct, ILane<L>
        {
            L r2 = RSquared(s, n);
            L size = L.Sqrt(r2 * L.Of(n - 2) / Arithmetic.Greater(L.Of(1e-12), L.Of(1) - r2));
            return L.Select(L.Less(s.Joint(n), L.Of(0)), L.Of(0) - size, size);
        }
    }

    private readonly struct LinearWeights : IMoment
    {
        public static bool Timed => true;

        public static bool Squared => false;

        public static L Of<L>(in MomentSums<L> s, L x, int n) where L : struct, ILane<L> =>
            s.Pivot + ((s.St + ((L.Of(n) - s.Place) * s.S1)) / L.Of(n * (n + 1) / 2.0));
    }
}

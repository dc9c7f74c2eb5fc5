using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>
/// The least and the greatest value a term can take, both reachable or beyond reach. Rounding to nearest keeps order, so the bounds of one operation are that operation on bounds:
/// no widening is needed. A zero counts as equal to a negative zero: no operator of the language tells them apart.
/// </summary>
internal readonly record struct Interval(double Low, double High)
{
    /// <summary>Every finite number: all operators are total.</summary>
    public static readonly Interval All = new(-double.MaxValue, double.MaxValue);

    public static readonly Interval NotNegative = new(0, double.MaxValue);

    public static readonly Interval Truth = new(0, 1);

    public bool IsPoint => Low == High;

    public bool IsTrue => Low == 1 && High == 1;

    public bool IsFalse => Low == 0 && High == 0;

    /// <summary>True when sums, products and quotients leave it as it is.</summary>
    public bool IsHeld => Low >= -Arithmetic.Bound && High <= Arithmetic.Bound;

    public static Interval Point(double x) => new(x, x);

    public static Interval Of(bool decided) => Point(decided ? 1 : 0);

    /// <summary>An operation that never falls in either argument, or never falls in the first and never rises in the second.</summary>
    public static Interval Monotone(Indicator operation, Interval a, Interval b, bool falling = false) =>
        new(At(operation, a.Low, falling ? b.High : b.Low), At(operation, a.High, falling ? b.Low : b.High));

    /// <summary>A product, or a quotient by what is never 0: its bounds lie in the corners.</summary>
    public static Interval Corners(Indicator operation, Interval a, Interval b)
    {
        double p = At(operation, a.Low, b.Low), q = At(operation, a.Low, b.High), r = At(operation, a.High, b.Low), s = At(operation, a.High, b.High);
        return new(Math.Min(Math.Min(p, q), Math.Min(r, s)), Math.Max(Math.Max(p, q), Math.Max(r, s)));
    }

    public Interval Or(Interval other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    public Interval Within(Interval bounds) => new(Math.Max(Low, bounds.Low), Math.Min(High, bounds.High));

    private static double At(Indicator operation, double a, double b) => operation.Update([a, b], default, []);
}

using System.Runtime.CompilerServices;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Row-by-row arithmetic, made total: a quotient by zero is 0, and sums, products and quotients saturate at ±<see cref="Bound"/>,
/// so that finite inputs never give an infinity or a NaN.
/// </summary>
public static class Arithmetic
{
    /// <summary>The largest magnitude of a sum, product or quotient.</summary>
    public const double Bound = 1e18;

    public static readonly Indicator Add = Pointwise.Of<Sum, PlainSum>("add", static (x, out plain) => Saturated(x[0] + x[1], out plain));
    public static readonly Indicator Subtract = Pointwise.Of<Difference, PlainDifference>("subtract", static (x, out plain) => Saturated(x[0] - x[1], out plain));
    public static readonly Indicator Multiply = Pointwise.Of<Product, PlainProduct>("multiply", static (x, out plain) => Saturated(x[0] * x[1], out plain));
    public static readonly Indicator Divide = Pointwise.Of<Quotient, PlainQuotient>("divide", static (x, out plain) => Saturated(x[0] / x[1], out plain));
    public static readonly Indicator Min = Pointwise.Of<Smaller>("min", static (x, out plain) => As(Reach.Min(x[0], x[1]), out plain));
    public static readonly Indicator Max = Pointwise.Of<Larger>("max", static (x, out plain) => As(Reach.Max(x[0], x[1]), out plain));
    public static readonly Indicator Absolute = Pointwise.Of<Magnitude>("abs", static (x, out plain) => As(Reach.Max(new Reach(0, 0), Reach.Max(x[0], -x[0])), out plain));
    public static readonly Indicator Negate = Pointwise.Of<Opposite>("negate", static (x, out plain) => As(-x[0], out plain));

    /// <summary>−1, 0 or 1.</summary>
    public static readonly Indicator Sign = Pointwise.Of<Signum>("sign", static (_, out plain) => As(new Reach(-1, 1), out plain));

    /// <summary>max(low, min(x, high)): low wins when the two are crossed.</summary>
    public static readonly Indicator Clamp = Pointwise.Of<Clamped>("clamp", static (x, out plain) => As(Reach.Max(x[1], Reach.Min(x[0], x[2])), out plain));

    /// <summary>√x; 0 below zero.</summary>
    public static readonly Indicator SquareRoot = Pointwise.Of<Root>("square root");

    /// <summary>a ÷ b where b is not 0, else ½: the middle of a unit.</summary>
    public static readonly Indicator Share = Pointwise.Of<ShareOf, PlainQuotient>("share", static (x, out plain) => Saturated(x[0] / x[1], out plain));

    /// <summary>x ÷ (1 + |x|): the whole line squeezed into (−1, 1).</summary>
    public static readonly Indicator Squash = Pointwise.Of<Squashed>("squash", static (_, out plain) => As(new Reach(-1, 1), out plain));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Saturate<T>(T x) where T : struct, ILane<T> => Lesser(Greater(x, T.Of(-Bound)), T.Of(Bound));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Lesser<T>(T a, T b) where T : struct, ILane<T> => T.Lesser(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Greater<T>(T a, T b) where T : struct, ILane<T> => T.Greater(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Ratio<T>(T a, T b, double whenZero = 0) where T : struct, ILane<T> =>
        T.Select(T.Same(b, T.Of(0)), T.Of(whenZero), Saturate(a / b));

    /// <summary>a ÷ b with the same rule as the column form; <paramref name="whenZero"/> when b is 0.</summary>
    internal static double Ratio(double a, double b, double whenZero = 0) => Ratio(new Scalar(a), new Scalar(b), whenZero).Value;

    /// <summary>A result of saturating arithmetic, and whether it lies within the bound by itself.</summary>
    private static Reach Saturated(Reach result, out bool plain)
    {
        plain = result.IsWithin(Bound);
        return Reach.Max(Reach.Of(-Bound), Reach.Min(result, Reach.Of(Bound)));
    }

    private static Reach As(Reach result, out bool plain)
    {
        plain = false;
        return result;
    }

    internal readonly struct PlainSum : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => a + b;
    }

    internal readonly struct PlainDifference : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => a - b;
    }

    internal readonly struct PlainProduct : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => a * b;
    }

    internal readonly struct PlainQuotient : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => a / b;
    }

    private readonly struct Sum : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Saturate(a + b);
    }

    private readonly struct Difference : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Saturate(a - b);
    }

    private readonly struct Product : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Saturate(a * b);
    }

    private readonly struct Quotient : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Ratio(a, b);
    }

    private readonly struct ShareOf : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Ratio(a, b, 0.5);
    }

    private readonly struct Smaller : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Lesser(a, b);
    }

    private readonly struct Larger : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Greater(a, b);
    }

    private readonly struct Magnitude : IFormula
    {
        public static int Arity => 1;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => T.Abs(a);
    }

    private readonly struct Opposite : IFormula
    {
        public static int Arity => 1;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => T.Of(0) - a;
    }

    private readonly struct Signum : IFormula
    {
        public static int Arity => 1;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T>
        {
            T zero = T.Of(0);
            return T.And(T.Less(zero, a), T.Of(1)) - T.And(T.Less(a, zero), T.Of(1));
        }
    }

    private readonly struct Clamped : IFormula
    {
        public static int Arity => 3;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Greater(b, Lesser(a, c));
    }

    private readonly struct Root : IFormula
    {
        public static int Arity => 1;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => T.Sqrt(Greater(T.Of(0), a));
    }

    private readonly struct Squashed : IFormula
    {
        public static int Arity => 1;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => a / (T.Of(1) + T.Abs(a));
    }
}

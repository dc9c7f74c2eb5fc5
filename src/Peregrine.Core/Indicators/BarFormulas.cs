using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>What one bar, or a bar and the one before it, say by a formula; each input is a column of its own.</summary>
public static class BarFormulas
{
    /// <summary>(x − y) ÷ y: the simple return from y to x.</summary>
    public static readonly Indicator Return = Pointwise.Of<SimpleReturn>("return");

    /// <summary>ln(x ÷ y); 0 unless both are above 0.</summary>
    public static readonly Indicator LogReturn = Pointwise.Of<LogarithmicReturn>("log return");

    /// <summary>x².</summary>
    public static readonly Indicator Square = Pointwise.Of<Squared>("square");

    /// <summary>x · y without saturation, for sums of price times volume.</summary>
    public static readonly Indicator Product = Pointwise.Of<PlainProduct>("product");

    /// <summary>x + y without saturation.</summary>
    public static readonly Indicator Total = Pointwise.Of<PlainSum>("total");

    /// <summary>The true range where the close before is given. Inputs: high, low, close before.</summary>
    public static readonly Indicator RangeAfter = Pointwise.Of<RangeFromClose>("range after");

    /// <summary>(high + low + close) ÷ 3.</summary>
    public static readonly Indicator Typical = Pointwise.Of<Thirds>("typical");

    /// <summary>(x + y) ÷ 2.</summary>
    public static readonly Indicator Middle = Pointwise.Of<Halves>("middle");

    /// <summary>(x + y + 2z) ÷ 4.</summary>
    public static readonly Indicator Weighted = Pointwise.Of<Quarters>("weighted");

    /// <summary>(open + high + low + close) ÷ 4.</summary>
    public static readonly Indicator Whole = Pointwise.Of<AllFour>("whole");

    /// <summary>Where z stands between low y and high x: 0 to 1; ½ when there is no room.</summary>
    public static readonly Indicator Position = Pointwise.Of<PlaceInRange>("position");

    /// <summary>x as a share of x + y, neither below 0: 0 to 1; ½ when both are 0.</summary>
    public static readonly Indicator Share = Pointwise.Of<ShareOfBoth>("share", Reaching.UpToOne);

    /// <summary>Upward movement (Wilder 1978): high − previous high where that is positive and beats previous low − low, else 0. Inputs: high, previous high, low, previous low.</summary>
    public static readonly Indicator UpMove = Pointwise.Of<Upward>("up move");

    /// <summary>Downward movement (Wilder 1978), the mirror image. Inputs: high, previous high, low, previous low.</summary>
    public static readonly Indicator DownMove = Pointwise.Of<Downward>("down move");

    /// <summary>Garman and Klass (1980): ½·ln(high ÷ low)² − (2 ln 2 − 1)·ln(close ÷ open)². Inputs: open, high, low, close.</summary>
    public static readonly Indicator GarmanKlass = Pointwise.Of<GarmanKlassTerm>("garman klass");

    /// <summary>Parkinson (1980): ln(high ÷ low)² ÷ (4 ln 2). Inputs: high, low.</summary>
    public static readonly Indicator Parkinson = Pointwise.Of<ParkinsonTerm>("parkinson");

    private const double Ln2 = 0.6931471805599453;

    private static T LogRatio<T>(T x, T y) where T : struct, ILane<T>
    {
        T zero = T.Of(0);
        T both = T.And(T.Less(zero, x), T.Less(zero, y));
        return T.Select(both, Elementary.Log(T.Select(both, x / y, T.Of(1))), zero);
    }

    private readonly struct SimpleReturn : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Arithmetic.Ratio(a - b, b);
    }

    private readonly struct LogarithmicReturn : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => LogRatio(a, b);
    }

    private readonly struct Squared : IFormula
    {
        public static int Arity => 1;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => a * a;
    }

    private readonly struct PlainProduct : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => a * b;
    }

    private readonly struct PlainSum : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => a + b;
    }

    private readonly struct RangeFromClose : IFormula
    {
        public static int Arity => 3;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => TrueRange.At(a, b, c);
    }

    private readonly struct Thirds : IFormula
    {
        public static int Arity => 3;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => (a + b + c) / T.Of(3);
    }

    private readonly struct Halves : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => (a + b) * T.Of(0.5);
    }

    private readonly struct Quarters : IFormula
    {
        public static int Arity => 3;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => (a + b + c + c) * T.Of(0.25);
    }

    private readonly struct AllFour : IFormula
    {
        public static int Arity => 4;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => (a + b + c + d) * T.Of(0.25);
    }

    private readonly struct PlaceInRange : IFormula
    {
        public static int Arity => 3;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> =>
            Arithmetic.Lesser(T.Of(1), Arithmetic.Greater(T.Of(0), Arithmetic.Ratio(c - b, a - b, 0.5)));
    }

    private readonly struct ShareOfBoth : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T>
        {
            T total = a + b;
            return T.Select(T.Less(T.Of(0), total), a / total, T.Of(0.5));
        }
    }

    private readonly struct Upward : IFormula
    {
        public static int Arity => 4;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Move(a - b, d - c);
    }

    private readonly struct Downward : IFormula
    {
        public static int Arity => 4;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T> => Move(d - c, a - b);
    }

    private static T Move<T>(T move, T other) where T : struct, ILane<T>
    {
        T counts = T.And(T.Less(T.Of(0), move), T.Less(other, move));
        return T.Select(counts, move, T.Of(0));
    }

    private readonly struct GarmanKlassTerm : IFormula
    {
        public static int Arity => 4;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T>
        {
            T range = LogRatio(b, c), body = LogRatio(d, a);
            return (T.Of(0.5) * range * range) - (T.Of((2 * Ln2) - 1) * body * body);
        }
    }

    private readonly struct ParkinsonTerm : IFormula
    {
        public static int Arity => 2;

        public static T Of<T>(T a, T b, T c, T d) where T : struct, ILane<T>
        {
            T range = LogRatio(a, b);
            return range * range / T.Of(4 * Ln2);
        }
    }
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>Interval analysis: what values each operator can give over what its arguments can give. Operators without a row give whatever their dimension allows.</summary>
internal static class Ranges
{
    private static readonly (Operator Operator, Func<Term, Interval> Range)[] Known =
    [
        (Catalogue.Number, static t => Interval.Point(t.Settings.Constant)),
        (Catalogue.Minutes, static t => Interval.Point(t.Settings.First)),
        (Catalogue.Zero, static _ => Interval.Point(0)),
        (Words.Plus, static t => Interval.Monotone(Arithmetic.Add, t[0].Range, t[1].Range)),
        (Words.Minus, static t => t[0].Equals(t[1]) ? Interval.Point(0) : Interval.Monotone(Arithmetic.Subtract, t[0].Range, t[1].Range, falling: true)),
        (Words.Times, static t => Interval.Corners(Arithmetic.Multiply, t[0].Range, t[1].Range)),
        (Words.Over, static t => Quotient(t[0], t[1])),
        (Words.Negate, static t => new(0 - t[0].Range.High, 0 - t[0].Range.Low)),
        (Words.Abs, static t => Size(t[0].Range)),
        (Words.Sign, static t => new(Math.Sign(t[0].Range.Low), Math.Sign(t[0].Range.High))),
        (Words.Min, static t => Interval.Monotone(Arithmetic.Min, t[0].Range, t[1].Range)),
        (Words.Max, static t => Interval.Monotone(Arithmetic.Max, t[0].Range, t[1].Range)),
        (Words.Clamp, static t => Interval.Monotone(Arithmetic.Max, t[1].Range, Interval.Monotone(Arithmetic.Min, t[0].Range, t[2].Range))),
        // Its quotient need not rise with every bit of its argument, but it keeps the sign.
        (Words.Squash, static t => t[0].Range.IsPoint ? Interval.Point(Arithmetic.Squash.Update([t[0].Range.Low], default, [])) : Signed(t[0].Range)),
        (Words.Above, static t => Order(t[0], t[1], strict: true)),
        (Words.Below, static t => Order(t[1], t[0], strict: true)),
        (Words.AtLeast, static t => Order(t[0], t[1], strict: false)),
        (Words.AtMost, static t => Order(t[1], t[0], strict: false)),
        (Words.CrossesAbove, static t => Order(t[0], t[1], strict: true).IsPoint ? Interval.Point(0) : Interval.Truth),
        (Words.CrossesBelow, static t => Order(t[1], t[0], strict: true).IsPoint ? Interval.Point(0) : Interval.Truth),
        (Words.And, static t => new(Math.Min(t[0].Range.Low, t[1].Range.Low), Math.Min(t[0].Range.High, t[1].Range.High))),
        (Words.Or, static t => new(Math.Max(t[0].Range.Low, t[1].Range.Low), Math.Max(t[0].Range.High, t[1].Range.High))),
        (Words.Not, static t => new(1 - t[0].Range.High, 1 - t[0].Range.Low)),
        (Words.If, static t => t[0].Range.IsTrue ? t[1].Range : t[0].Range.IsFalse ? t[2].Range : t[1].Range.Or(t[2].Range)),
        (Words.Past, static t => t[0].Range),
        (Words.For, static t => t[0].Range),
        (Words.Within, static t => t[0].Range),
        (Words.Highest, static t => t[0].Range),
        (Words.Lowest, static t => t[0].Range),
        (Words.Median, static t => t[0].Range),
    ];

    private static readonly ImmutableArray<Func<Term, Interval>?> ByCode = [.. Catalogue.Operators.Select(static op => Known.FirstOrDefault(k => k.Operator == op).Range)];

    // Roots, sizes and means of what is not negative; minutes since or until something.
    private static readonly FrozenSet<string> NotNegative = FrozenSet.Create(
        "atr", "stdev", "deviation", "realised", "parkinson", "garman_klass", "true_range", "volume", "variance_ratio", "minutes_since_open", "minutes_to_close", "minutes_of_week", "time_of_day");

    // Averages whose weights are not negative and whose steps do not overshoot: what is never negative stays so, whatever rounding does.
    private static readonly FrozenSet<string> KeepsSign = FrozenSet.Create("sma", "ema", "wilder");

    public static Interval Of(Term t)
    {
        Interval found = ByCode[t.Operator.Code] is { } rule ? rule(t)
            : t.Operator.Notation == Notation.Call && NotNegative.Contains(t.Operator.Name) ? Interval.NotNegative
            : t.Operator.Notation == Notation.Call && KeepsSign.Contains(t.Operator.Name) ? Sign(t[0].Range)
            : Interval.All;
        return found.Within(OfDimension(t.Dimension));
    }

    private static Interval OfDimension(Dimension dimension) => dimension switch
    {
        Dimension.Unit or Dimension.Bool => Interval.Truth,
        Dimension.Signed => new(-1, 1),
        _ => Interval.All,
    };

    private static Interval Sign(Interval x) => x.Low >= 0 ? Interval.NotNegative : x.High <= 0 ? new(-double.MaxValue, 0) : Interval.All;

    private static Interval Signed(Interval x) => new(x.Low >= 0 ? 0 : -1, x.High <= 0 ? 0 : 1);

    private static Interval Size(Interval x) => x.Low >= 0 ? x : x.High <= 0 ? new(0 - x.High, 0 - x.Low) : new(0, Math.Max(-x.Low, x.High));

    private static Interval Order(Term larger, Term smaller, bool strict)
    {
        if (larger.Equals(smaller))
        {
            return Interval.Of(!strict);
        }

        (Interval a, Interval b) = (larger.Range, smaller.Range);
        bool always = strict ? a.Low > b.High : a.Low >= b.High, never = strict ? a.High <= b.Low : a.High < b.Low;
        return always || never ? Interval.Of(always) : Interval.Truth;
    }

    /// <summary>A quotient by zero is 0.</summary>
    private static Interval Quotient(Term over, Term under)
    {
        (Interval a, Interval b) = (over.Range, under.Range);
        if (b.Low > 0 || b.High < 0)
        {
            return over.Equals(under) ? Interval.Point(1) : Interval.Corners(Arithmetic.Divide, a, b);
        }

        bool up = (a.Low >= 0 && b.Low >= 0) || (a.High <= 0 && b.High <= 0), down = (a.Low >= 0 && b.High <= 0) || (a.High <= 0 && b.Low >= 0);
        return new(up ? 0 : -Arithmetic.Bound, down ? 0 : Arithmetic.Bound);
    }
}

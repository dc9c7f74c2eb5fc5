using System.Collections.Immutable;
using static Peregrine.Core.Strategies.Forms;
using static Peregrine.Core.Strategies.Words;

namespace Peregrine.Core.Strategies;

/// <summary>Rules of arithmetic and of comparison that hold to the last bit. Sums are never regrouped: rounding would tell.</summary>
internal static class NumberRules
{
    public static readonly ImmutableArray<SimplifierRule> All =
    [
        new("arithmetic on numbers", "rsi(close, 14) > 0.1 + 0.2", "rsi(close, 14) > 0.30000000000000004",
            static t => t.Arguments.Length > 0 && t.Operator.IsPointwise() && t.Arguments.All(static a => a.IsLiteral) ? Known(t) : null),
        new("known value", "zscore(close, 20) > rsi(close, 14) - rsi(close, 14)", "zscore(close, 20) > 0", static t => t.Arguments.Length > 0 && t.Dimension != Dimension.Bool ? Known(t) : null),
        new("nothing added", "sign(zscore(close, 9)) + 0 < sign(zscore(close, 5))", "sign(zscore(close, 9)) < sign(zscore(close, 5))", static t =>
            t.Is(Plus) ? Neutral(t, 0, 1, 0) ?? Neutral(t, 1, 0, 0) : t.Is(Minus) ? Neutral(t, 0, 1, 0) : null),
        new("nothing multiplied", "rsi(close, 14) * 1 > zscore(close, 9)", "rsi(close, 14) > zscore(close, 9)", static t =>
            t.Is(Times) ? Neutral(t, 0, 1, 1) ?? Neutral(t, 1, 0, 1) : t.Is(Over) ? Neutral(t, 0, 1, 1) : null),
        new("minus minus", "-(-zscore(close, 9)) > 1", "zscore(close, 9) > 1", static t => t.Is(Negate) && t[0].Is(Negate) ? t[0][0] : null),
        new("minus a difference", "-(close - open) > atr(14)", "open - close > atr(14)", static t => t.Is(Negate) && t[0].Is(Minus) ? Make(Minus, t[0][1], t[0][0]) : null),
        new("sum with a minus", "atr(14) + -atr(20) > body", "atr(14) - atr(20) > body", static t => WithMinus(t)),
        new("two minuses", "-zscore(close, 9) * -zscore(close, 5) > 1", "zscore(close, 9) * zscore(close, 5) > 1", static t =>
            (t.Is(Times) || t.Is(Over)) && t[0].Is(Negate) && t[1].Is(Negate) ? Make(t.Operator, t[0][0], t[1][0]) : null),
        new("size of a size", "abs(-zscore(close, 9)) > 1", "abs(zscore(close, 9)) > 1", static t =>
            !t.Is(Abs) ? null : t[0].Range.Low >= 0 ? t[0] : t[0].Is(Negate) ? Make(Abs, t[0][0]) : null),
        new("smaller of two", "min(rsi(close, 14), 1.5) > 0.7", "rsi(close, 14) > 0.7", static t => t.Is(Min) ? Lesser(t[0], t[1]) ?? Lesser(t[1], t[0]) : null),
        new("larger of two", "max(stdev(close, 9), zero) > atr(14)", "stdev(close, 9) > atr(14)", static t => t.Is(Max) ? Greater(t[0], t[1]) ?? Greater(t[1], t[0]) : null),
        new("idle bound", "clamp(rsi(close, 14), -1, 0.5) > 0.3", "min(rsi(close, 14), 0.5) > 0.3", static t => t.Is(Clamp) ? Unbound(t) : null),
        new("difference against nothing", "close - open > zero", "close > open", static t =>
            !(t.IsComparison() || t.IsCrossing()) ? null
            : t[0].Is(Minus) && IsZero(t[1]) ? Make(t.Operator, t[0][0], t[0][1])
            : t[1].Is(Minus) && IsZero(t[0]) ? Make(t.Operator, t[1][1], t[1][0]) : null),
        new("minuses compared", "-zscore(close, 9) > -0.5", "zscore(close, 9) < 0.5", static t =>
            (t.IsComparison() || t.IsCrossing()) && (t[0].Is(Negate) || t[1].Is(Negate)) ? Make(Turned(t.Operator), Opposed(t[0]), Opposed(t[1])) : null),
    ];

    private static bool IsZero(Term t) => t.Range.IsPoint && t.Range.Low == 0;

    private static Term? Known(Term t) => t.Range.IsPoint ? Literal(t.Dimension, t.Range.Low) : null;

    private static Term? Neutral(Term t, int kept, int idle, double value) =>
        t[idle].Range.IsPoint && t[idle].Range.Low == value && t[kept].Range.IsHeld ? t[kept] : null;

    private static Term? WithMinus(Term t) =>
        t.Is(Minus) && t[1].Is(Negate) ? Make(Plus, t[0], t[1][0])
        : t.Is(Plus) && t[1].Is(Negate) ? Make(Minus, t[0], t[1][0])
        : t.Is(Plus) && t[0].Is(Negate) ? Make(Minus, t[1], t[0][0]) : null;

    private static Term? Opposed(Term t) => t.Is(Negate) ? t[0] : t.Range.IsPoint ? Literal(t.Dimension, 0 - t.Range.Low) : null;

    /// <summary>The first where it is never above the second, or is the smaller of the second and another, or the second is the larger of it and another.</summary>
    private static Term? Lesser(Term a, Term b) =>
        a.Equals(b) || a.Range.High <= b.Range.Low || (a.Is(Min) && a.Arguments.Contains(b)) || (b.Is(Max) && b.Arguments.Contains(a)) ? a : null;

    private static Term? Greater(Term a, Term b) =>
        a.Equals(b) || a.Range.Low >= b.Range.High || (a.Is(Max) && a.Arguments.Contains(b)) || (b.Is(Min) && b.Arguments.Contains(a)) ? a : null;

    private static Term? Unbound(Term t)
    {
        (Interval x, Interval low, Interval high) = (t[0].Range, t[1].Range, t[2].Range);
        bool idleHigh = x.High <= high.Low, idleLow = Math.Min(x.Low, high.Low) >= low.High;
        return idleHigh && idleLow ? t[0] : idleHigh ? Make(Max, t[0], t[1]) : idleLow ? Make(Min, t[0], t[2]) : null;
    }
}

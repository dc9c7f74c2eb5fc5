using Peregrine.Core.Indicators;
using static Peregrine.Core.Strategies.Words;

namespace Peregrine.Core.Strategies;

/// <summary>Terms that rules make; null where a term would be ill-typed or out of range.</summary>
internal static class Forms
{
    private static readonly Term Nothing = Term.Of(Catalogue.Zero, default)!;

    /// <summary>The smallest conditions that always and never hold: the language has no constants of truth.</summary>
    public static readonly Term Always = Term.Of(AtMost, default, Nothing, Nothing)!, Never = Term.Of(Below, default, Nothing, Nothing)!;

    public static Term? Make(Operator op, Term? a, int window = 0) => a is null ? null : Term.Of(op, new Settings(window), a);

    public static Term? Make(Operator op, Term? a, Term? b) => a is null || b is null ? null : Term.Of(op, default, a, b);

    public static Term? Truth(bool holds) => holds ? Always : Never;

    /// <summary>A term that is always this value; null where the language cannot write it in this dimension.</summary>
    public static Term? Literal(Dimension dimension, double value) => dimension switch
    {
        Dimension.Bool => Truth(value != 0),
        Dimension.Difference => value == 0 ? Nothing : null,
        Dimension.Time => value == Math.Floor(value) && value is >= 0 and <= ushort.MaxValue ? Term.Of(Catalogue.Minutes, new Settings((int)value)) : null,
        Dimension.Ratio or Dimension.Unit or Dimension.Signed => Term.Of(Catalogue.Number, new Settings(0, 0, value + 0.0)),
        _ => null,
    };

    /// <summary>A term that holds exactly where this one does not.</summary>
    public static Term Negation(Term t) =>
        t.Is(Not) ? t[0] : t.IsComparison() ? Term.Of(Opposite(t.Operator), default, t.Arguments)! : Term.Of(Not, default, t)!;
}

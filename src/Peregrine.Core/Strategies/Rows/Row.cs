using System.Collections.Immutable;
using Peregrine.Core.Indicators;
using static Peregrine.Core.Strategies.Dimension;

namespace Peregrine.Core.Strategies;

/// <summary>Shapes that many rows of the catalogue have.</summary>
internal static class Row
{
    /// <summary>Every number that can be averaged keeps its dimension: pure numbers keep their range too.</summary>
    public static readonly ImmutableArray<Dimension> Numbers = [Price, Difference, Unit, Signed, Ratio, Volume];

    /// <summary>All arguments of one of these dimensions, and a result of the same.</summary>
    public static ImmutableArray<Signature> Keeping(int arity, params ReadOnlySpan<Dimension> dimensions) =>
        [.. dimensions.ToArray().Select(d => new Signature(d, [.. Enumerable.Repeat(d, arity)]))];

    /// <summary>One series in, a result of the same dimension.</summary>
    public static readonly ImmutableArray<Signature> Kept = Keeping(1, Numbers.AsSpan());

    /// <summary>One series in; the result has its dimension, though perhaps not its range.</summary>
    public static readonly ImmutableArray<Signature> Smooth = Keeping(1, Price, Difference, Ratio, Volume);

    /// <summary>One series in; what it measures is a distance on the series' own scale.</summary>
    public static readonly ImmutableArray<Signature> Spread =
    [
        Signature.Of(Difference, Price), Signature.Of(Difference, Difference), Signature.Of(Ratio, Ratio), Signature.Of(Volume, Volume),
    ];

    /// <summary>One series of any number in, a result without dimension.</summary>
    public static ImmutableArray<Signature> Pure(Dimension result) =>
        [Signature.Of(result, Price), Signature.Of(result, Difference), Signature.Of(result, Ratio), Signature.Of(result, Volume)];

    public static ImmutableArray<Signature> Nothing(Dimension result) => [Signature.Of(result)];

    /// <summary>A row that is one indicator over its arguments.</summary>
    public static Operator Of(string name, Indicator indicator, ImmutableArray<Signature> signatures) => new()
    {
        Name = name,
        Notation = Notation.Call,
        Family = "",
        Signatures = signatures,
        Meaning = "",
        WarmUp = indicator.WarmUp,
        Lower = (to, x, s) => to.Apply(indicator, s, x),
    };

    /// <summary>A row over one series with a window that is one indicator.</summary>
    public static Operator Window(string name, Indicator indicator, ImmutableArray<Signature> signatures, int typical = 20) =>
        Of(name, indicator, signatures) with { Parameters = [Parameter.Window(typical: typical)] };

    /// <summary>A row with a window that is made of several indicators.</summary>
    public static Operator Window(string name, ImmutableArray<Signature> signatures, string meaning, Func<Settings, int> warmUp, Lowering lower) => new()
    {
        Name = name,
        Notation = Notation.Call,
        Family = "",
        Signatures = signatures,
        Parameters = [Parameter.Window()],
        WarmUp = warmUp,
        Lower = lower,
        Meaning = meaning,
    };

    /// <summary>A row that is a market column or computed from market columns without settings.</summary>
    public static Operator Field(string name, Dimension result, string meaning, Func<Lowered, int> lower) => new()
    {
        Name = name,
        Notation = Notation.Call,
        Family = "",
        Signatures = Nothing(result),
        Meaning = meaning,
        Lower = (to, _, _) => lower(to),
    };

    public static ImmutableArray<Operator> In(string family, params ReadOnlySpan<Operator> rows) => [.. rows.ToArray().Select(r => r with { Family = family })];
}

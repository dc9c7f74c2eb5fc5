using System.Collections.Immutable;
using Peregrine.Core.Indicators;
using static Peregrine.Core.Strategies.Dimension;

namespace Peregrine.Core.Strategies;

/// <summary>Numbers and arithmetic.</summary>
internal static class BasicRows
{
    public static readonly ImmutableArray<Operator> All =
    [
        .. Row.In("Numbers",
            Literal("number", Ratio, new Parameter("k", Setting.Constant, -1e9, 1e9, 0.5), "{k}", static (to, _, s) => to.Constant(s.Constant)),
            Literal("minutes", Time, new Parameter("n", Setting.First, 0, 10_080, 60), "{n} minutes", static (to, _, s) => to.Constant(s.First)),
            Row.Field("zero", Difference, "nothing", static to => to.Constant(0)),
            Row.Field("side", Signed, "the side of the trade (+1 long, -1 short)", static to => to.Side())),
        .. Row.In("Arithmetic",
            Infix("+", Arithmetic.Add, "{0} plus {1}", Sums),
            Infix("-", Arithmetic.Subtract, "{0} minus {1}", Differences),
            Infix("*", Arithmetic.Multiply, "{0} times {1}", Products),
            Infix("/", Arithmetic.Divide, "{0} divided by {1}", Quotients) with { Source = "A quotient by zero is 0." },
            Row.Of("-", Arithmetic.Negate, Row.Keeping(1, Difference, Signed, Ratio)) with { Notation = Notation.Prefix, Meaning = "minus {0}" },
            Row.Of("abs", Arithmetic.Absolute, [.. Row.Keeping(1, Difference, Unit), Signature.Of(Unit, Signed), Signature.Of(Ratio, Ratio)]) with { Meaning = "the size of {0}" },
            Row.Of("sign", Arithmetic.Sign, [Signature.Of(Signed, Difference), Signature.Of(Signed, Ratio)]) with { Meaning = "the sign of {0} (-1, 0 or 1)" },
            Row.Of("min", Arithmetic.Min, Row.Keeping(2, [.. Row.Numbers, Time])) with { Meaning = "the smaller of {0} and {1}" },
            Row.Of("max", Arithmetic.Max, Row.Keeping(2, [.. Row.Numbers, Time])) with { Meaning = "the larger of {0} and {1}" },
            Row.Of("clamp", Arithmetic.Clamp, Row.Keeping(3, [.. Row.Numbers])) with { Meaning = "{0} held between {1} and {2}", Source = "max(y, min(x, z)): the lower bound wins when the two are crossed." },
            Row.Of("squash", Arithmetic.Squash, [Signature.Of(Signed, Ratio)]) with { Meaning = "{0} squeezed into -1 to 1", Source = "x / (1 + |x|)." }),
    ];

    private static ReadOnlySpan<Signature> Sums => (Signature[])
    [
        Signature.Of(Price, Price, Difference), Signature.Of(Price, Difference, Price), .. Row.Keeping(2, Difference, Ratio, Volume, Time),
    ];

    private static ReadOnlySpan<Signature> Differences => (Signature[])
    [
        Signature.Of(Difference, Price, Price), Signature.Of(Price, Price, Difference), Signature.Of(Signed, Unit, Unit), .. Row.Keeping(2, Difference, Ratio, Volume, Time),
    ];

    private static ReadOnlySpan<Signature> Products => (Signature[])
    [
        Signature.Of(Difference, Difference, Ratio), Signature.Of(Difference, Ratio, Difference), .. Row.Keeping(2, Unit, Signed, Ratio),
        Signature.Of(Volume, Volume, Ratio), Signature.Of(Volume, Ratio, Volume),
    ];

    private static ReadOnlySpan<Signature> Quotients => (Signature[])
    [
        Signature.Of(Ratio, Price, Price), Signature.Of(Ratio, Difference, Difference), Signature.Of(Ratio, Difference, Price), Signature.Of(Ratio, Ratio, Ratio),
        Signature.Of(Difference, Difference, Ratio), Signature.Of(Ratio, Volume, Volume), Signature.Of(Volume, Volume, Ratio), Signature.Of(Ratio, Time, Time),
    ];

    private static Operator Infix(string symbol, Indicator indicator, string meaning, ReadOnlySpan<Signature> signatures) =>
        Row.Of(symbol, indicator, [.. signatures]) with { Notation = Notation.Infix, Meaning = meaning };

    private static Operator Literal(string name, Dimension result, Parameter parameter, string meaning, Lowering lower) => new()
    {
        Name = name,
        Notation = Notation.Literal,
        Family = "",
        Signatures = Row.Nothing(result),
        Parameters = [parameter],
        // A free number can be fitted, so it weighs more than an operator.
        Weight = 1.5,
        Meaning = meaning,
        Lower = lower,
    };
}

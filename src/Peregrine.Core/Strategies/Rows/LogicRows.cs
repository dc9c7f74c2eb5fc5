using System.Collections.Immutable;
using Peregrine.Core.Indicators;
using static Peregrine.Core.Strategies.Dimension;

namespace Peregrine.Core.Strategies;

/// <summary>Comparison, logic and time past.</summary>
internal static class LogicRows
{
    public static readonly ImmutableArray<Operator> All =
    [
        .. Row.In("Comparison",
            Infix(">", Comparable, "{0} is above {1}", static (to, a, b) => to.Apply(Logic.Less, b, a)),
            Infix("<", Comparable, "{0} is below {1}", static (to, a, b) => to.Apply(Logic.Less, a, b)),
            Infix(">=", Comparable, "{0} is at least {1}", static (to, a, b) => to.Apply(Logic.AtMost, b, a)),
            Infix("<=", Comparable, "{0} is at most {1}", static (to, a, b) => to.Apply(Logic.AtMost, a, b)),
            Infix("crosses above", Crossing, "{0} crosses above {1}", static (to, a, b) => Became(to, to.Apply(Logic.Less, b, a)))
                with { WarmUp = static _ => 1, Weight = 2, Source = "Above now, and not above one bar before." },
            Infix("crosses below", Crossing, "{0} crosses below {1}", static (to, a, b) => Became(to, to.Apply(Logic.Less, a, b)))
                with { WarmUp = static _ => 1, Weight = 2, Source = "Below now, and not below one bar before." }),
        .. Row.In("Logic",
            Infix("and", [Signature.Of(Bool, Bool, Bool)], "{0} and {1}", static (to, a, b) => to.Apply(Logic.And, a, b)),
            Infix("or", [Signature.Of(Bool, Bool, Bool)], "{0} or {1}", static (to, a, b) => to.Apply(Logic.Or, a, b)),
            Row.Of("not", Logic.Not, [Signature.Of(Bool, Bool)]) with { Notation = Notation.Prefix, Meaning = "it is not so that {0}" },
            Row.Of("if", Logic.Choose, [.. Row.Numbers.Append(Time).Append(Bool).Select(static d => Signature.Of(d, Bool, d, d))])
                with { Meaning = "{1} when {0}, otherwise {2}" }),
        .. Row.In("Past",
            Row.Of("[", Lag.Past, Row.Keeping(1, [.. Row.Numbers, Time, Bool])) with
            {
                Notation = Notation.Lag,
                Parameters = [Parameter.Window(least: 1, typical: 1)],
                Meaning = "{0} {n} bars ago",
            },
            Bars("for", Rolling.Lowest, "{0} for {n} bars", "On each of the last n bars."),
            Bars("within", Rolling.Highest, "{0} within {n} bars", "On at least one of the last n bars.")),
    ];

    private static ImmutableArray<Signature> Comparable => [.. ((Dimension[])[Price, Difference, Ratio, Volume, Time]).Select(static d => Signature.Of(Bool, d, d))];

    private static ImmutableArray<Signature> Crossing => [.. ((Dimension[])[Price, Difference, Ratio, Volume]).Select(static d => Signature.Of(Bool, d, d))];

    /// <summary>True on the first bar of each run of true.</summary>
    private static int Became(Lowered to, int condition) =>
        to.Apply(Logic.And, condition, to.Apply(Logic.Not, to.Apply(Lag.Past, new Settings(1), condition)));

    private static Operator Infix(string symbol, ImmutableArray<Signature> signatures, string meaning, Func<Lowered, int, int, int> lower) => new()
    {
        Name = symbol,
        Notation = Notation.Infix,
        Family = "",
        Signatures = signatures,
        Meaning = meaning,
        Lower = (to, x, _) => lower(to, x[0], x[1]),
    };

    private static Operator Bars(string word, Indicator indicator, string meaning, string source) =>
        Row.Of(word, indicator, [Signature.Of(Bool, Bool)]) with
        {
            Notation = Notation.Bars,
            Parameters = [Parameter.Window(typical: 3)],
            Meaning = meaning,
            Source = source,
        };
}

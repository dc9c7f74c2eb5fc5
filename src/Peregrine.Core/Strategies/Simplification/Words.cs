using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>The operators that rules speak of, and what kind each is.</summary>
internal static class Words
{
    public static readonly Operator
        Plus = Catalogue.Find("+", Notation.Infix), Minus = Catalogue.Find("-", Notation.Infix), Times = Catalogue.Find("*", Notation.Infix),
        Over = Catalogue.Find("/", Notation.Infix), Negate = Catalogue.Find("-", Notation.Prefix), Abs = Catalogue.Find("abs", Notation.Call),
        Sign = Catalogue.Find("sign", Notation.Call), Min = Catalogue.Find("min", Notation.Call), Max = Catalogue.Find("max", Notation.Call),
        Clamp = Catalogue.Find("clamp", Notation.Call), Squash = Catalogue.Find("squash", Notation.Call),
        Above = Catalogue.Find(">", Notation.Infix), Below = Catalogue.Find("<", Notation.Infix),
        AtLeast = Catalogue.Find(">=", Notation.Infix), AtMost = Catalogue.Find("<=", Notation.Infix),
        CrossesAbove = Catalogue.Find("crosses above", Notation.Infix), CrossesBelow = Catalogue.Find("crosses below", Notation.Infix),
        And = Catalogue.Find("and", Notation.Infix), Or = Catalogue.Find("or", Notation.Infix), Not = Catalogue.Find("not", Notation.Prefix),
        If = Catalogue.Find("if", Notation.Call), Past = Catalogue.Find("[", Notation.Lag),
        For = Catalogue.Find("for", Notation.Bars), Within = Catalogue.Find("within", Notation.Bars),
        Highest = Catalogue.Find("highest", Notation.Call), Lowest = Catalogue.Find("lowest", Notation.Call), Median = Catalogue.Find("median", Notation.Call);

    private static readonly Indicator[] StartFree = [Lag.Past, Lag.Change, Rolling.Highest, Rolling.Lowest];

    // Operators by what their values depend on: the same bar alone; or bars at fixed distances, wherever the arguments begin.
    private static readonly bool[] Pointwise = [.. Catalogue.Operators.Select(static op => Consists(op, static i => i.Pointwise))];
    private static readonly bool[] Free = [.. Catalogue.Operators.Select(static op => Consists(op, static i => i.Pointwise || StartFree.Contains(i)))];

    /// <summary>True when a value depends on the arguments' values on the same bar alone.</summary>
    public static bool IsPointwise(this Operator op) => Pointwise[op.Code];

    /// <summary>True when a value does not depend on the bar on which the arguments begin.</summary>
    public static bool IsStartFree(this Operator op) => Free[op.Code];

    public static bool IsComparison(this Term t) => t.Is(Above) || t.Is(Below) || t.Is(AtLeast) || t.Is(AtMost);

    public static bool IsCrossing(this Term t) => t.Is(CrossesAbove) || t.Is(CrossesBelow);

    /// <summary>The comparison that says the same with its sides exchanged: a &gt; b is b &lt; a.</summary>
    public static Operator Turned(Operator op) =>
        op == Above ? Below : op == Below ? Above : op == AtLeast ? AtMost : op == AtMost ? AtLeast : op == CrossesAbove ? CrossesBelow : CrossesAbove;

    /// <summary>The comparison that holds exactly where this one does not; there is always an order between two numbers.</summary>
    public static Operator Opposite(Operator op) => op == Above ? AtMost : op == Below ? AtLeast : op == AtLeast ? Below : Above;

    private static bool Consists(Operator op, Func<Indicator, bool> suits)
    {
        double Typical(Setting setting) => op.Parameters.FirstOrDefault(p => p.Setting == setting)?.Typical ?? 0;
        var lowered = new Lowered();
        int[] arguments = [.. Enumerable.Range(0, op.Arity)];
        op.Lower(lowered, arguments, new Settings((int)Typical(Setting.First), (int)Typical(Setting.Second), Typical(Setting.Constant)));
        return lowered.Slots.All(s => s.Indicator is null || suits(s.Indicator));
    }
}

using System.Collections.Immutable;
using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>How an operator is written.</summary>
public enum Notation : byte
{
    /// <summary>A number.</summary>
    Literal,

    /// <summary><c>name</c>, or <c>name(argument, …, setting, …)</c>.</summary>
    Call,

    /// <summary><c>left symbol right</c>.</summary>
    Infix,

    /// <summary><c>symbol operand</c>.</summary>
    Prefix,

    /// <summary><c>operand[n]</c>.</summary>
    Lag,

    /// <summary><c>operand for n bars</c>, <c>operand within n bars</c>.</summary>
    Bars,
}

/// <summary>What an operator accepts and what it then gives.</summary>
public readonly record struct Signature(Dimension Result, ImmutableArray<Dimension> Arguments)
{
    public static Signature Of(Dimension result, params ReadOnlySpan<Dimension> arguments) => new(result, [.. arguments]);
}

/// <summary>Which of a node's three settings a parameter is.</summary>
public enum Setting : byte
{
    First,
    Second,
    Constant,
}

/// <summary>
/// One setting of an operator: its range, both ends included, and whether steps in it are felt in proportion (a window) or in absolute size.
/// With <see cref="Choices"/> the setting is written as one of those words and stored as its place, counted from 0.
/// </summary>
public sealed record Parameter(string Name, Setting Setting, double Least, double Most, double Typical)
{
    public bool Proportional { get; init; }

    public ImmutableArray<string> Choices { get; init; } = [];

    public bool IsInteger => Setting != Setting.Constant;

    /// <summary>A window of 2 to 512 bars.</summary>
    public static Parameter Window(string name = "n", int least = 2, int most = 512, int typical = 20) =>
        new(name, Setting.First, least, most, typical) { Proportional = true };

    public static Parameter OneOf(string name, params ReadOnlySpan<string> choices) =>
        new(name, Setting.First, 0, choices.Length - 1, 0) { Choices = [.. choices] };

    /// <summary>These settings with this one at a value; the fraction of an integer is dropped.</summary>
    public Settings In(in Settings settings, double value) => Setting switch
    {
        Setting.First => settings with { First = (int)value },
        Setting.Second => settings with { Second = (int)value },
        Setting.Constant => settings with { Constant = value },
        _ => throw new ArgumentOutOfRangeException(nameof(value), Setting, "No such setting."),
    };

    public double Of(in Node node) => Setting switch
    {
        Setting.First => node.First,
        Setting.Second => node.Second,
        Setting.Constant => node.Constant,
        _ => throw new ArgumentOutOfRangeException(nameof(node), Setting, "No such setting."),
    };
}

/// <summary>Says how an operator is computed: emits indicators over the slots of its arguments and returns the slot of its result.</summary>
public delegate int Lowering(Lowered to, ReadOnlySpan<int> arguments, Settings settings);

/// <summary>
/// A row of the catalogue: everything the parser, the checker, the printer, the evaluators, the generator and the documentation know about one operator.
/// </summary>
public sealed record Operator
{
    /// <summary>The word or symbol it is written with; unique in the catalogue together with <see cref="Notation"/>.</summary>
    public required string Name { get; init; }

    public required Notation Notation { get; init; }

    /// <summary>The heading it is listed under.</summary>
    public required string Family { get; init; }

    /// <summary>What it accepts, in order: the first signature that fits gives the result.</summary>
    public required ImmutableArray<Signature> Signatures { get; init; }

    public ImmutableArray<Parameter> Parameters { get; init; } = [];

    /// <summary>What a node of it adds to an expression's complexity.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Bars after its arguments are ready before it is ready itself.</summary>
    public Func<Settings, int> WarmUp { get; init; } = static _ => 0;

    public required Lowering Lower { get; init; }

    /// <summary>In English, with {0}, {1}… for the arguments and {n}, {k}… for the parameters by name.</summary>
    public required string Meaning { get; init; }

    /// <summary>The formula or the paper it comes from, and what it gives where the formula is undefined; empty where the meaning says it all.</summary>
    public string Source { get; init; } = "";

    /// <summary>Place in the catalogue; a number of this build only, never stored.</summary>
    public ushort Code { get; internal init; }

    public int Arity => Signatures[0].Arguments.Length;

    /// <summary>The result for arguments of these dimensions, or null when no signature fits.</summary>
    public Dimension? ResultFor(ReadOnlySpan<Dimension> arguments)
    {
        foreach (Signature signature in Signatures)
        {
            if (Fits(signature.Arguments.AsSpan(), arguments))
            {
                return signature.Result;
            }
        }

        return null;
    }

    private static bool Fits(ReadOnlySpan<Dimension> wanted, ReadOnlySpan<Dimension> given)
    {
        if (wanted.Length != given.Length)
        {
            return false;
        }

        for (int i = 0; i < wanted.Length; i++)
        {
            if (!wanted[i].Accepts(given[i]))
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => Name;
}

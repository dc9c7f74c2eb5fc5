using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Core.Market;

namespace Peregrine.Core.Strategies;

/// <summary>A distance from the entry: a multiple, greater than 0, of an expression that is a difference, as in <c>2.5 atr(14)</c>.</summary>
public sealed record Distance(double Multiple, Expression Measure);

/// <summary>
/// A trading rule for one market and timeframe. At least one of <see cref="Long"/> and <see cref="Short"/> is there; every strategy has a stop; only <see cref="Exit"/> may read the trade's side.
/// Well-typed by construction; immutable.
/// </summary>
public sealed record Strategy
{
    /// <summary>Version of the language, part of every id.</summary>
    public const int Language = 1;

    public const int MaxNameLength = 64, MaxHoldBars = 1_000_000;

    public required string Name { get; init; }

    public required string Symbol { get; init; }

    public required Timeframe Timeframe { get; init; }

    /// <summary>When to buy: a bool.</summary>
    public Expression? Long { get; init; }

    /// <summary>When to sell: a bool.</summary>
    public Expression? Short { get; init; }

    /// <summary>When to leave an open trade: a bool, asked once for each side.</summary>
    public Expression? Exit { get; init; }

    public required Distance Stop { get; init; }

    public Distance? Target { get; init; }

    public Distance? Trail { get; init; }

    /// <summary>The most bars a trade may last.</summary>
    public int? HoldBars { get; init; }

    /// <summary>SHA-256, in lower-case hexadecimal, of <c>language 1</c> and the canonical text without its name line.</summary>
    public string Id => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"language {Language}\n") + Printer.Body(this))));

    /// <summary>The weighted nodes of all its expressions, and one for each clause that has a number of its own.</summary>
    public double Complexity => Expressions().Sum(static e => e.Complexity)
        + 1 + (Target is null ? 0 : 1) + (Trail is null ? 0 : 1) + (HoldBars is null ? 0 : 1);

    /// <summary>Its expressions in the order of the text.</summary>
    public IEnumerable<Expression> Expressions()
    {
        Expression?[] all = [Long, Short, Exit, Stop.Measure, Target?.Measure, Trail?.Measure];
        return all.OfType<Expression>();
    }

    /// <summary>Throws when a rule of the language is broken that the types do not enforce.</summary>
    /// <exception cref="ArgumentException">The message says which.</exception>
    public Strategy Checked() => StrategyCheck.Fault(this) is { } fault ? throw new ArgumentException(fault) : this;

    /// <summary>Reads a strategy.</summary>
    /// <exception cref="FormatException">The text is none; the message says where and why.</exception>
    public static Strategy Parse(string text) => TryParse(text, out Strategy? strategy, out SyntaxError? error) ? strategy : throw new FormatException(error.Message);

    public static bool TryParse(string text, [NotNullWhen(true)] out Strategy? strategy, [NotNullWhen(false)] out SyntaxError? error) =>
        Parser.TryParse(text, out strategy, out error);

    /// <summary>The canonical text; <see cref="Parse"/> gives the same strategy back.</summary>
    public override string ToString() => Printer.Print(this);
}

/// <summary>The rules of a whole strategy.</summary>
internal static class StrategyCheck
{
    public static string? Fault(Strategy s) => s switch
    {
        _ when !IsName(s.Name) => $"A name has 1 to {Strategy.MaxNameLength} letters, digits, '-', '_' or '.'; '{s.Name}' does not.",
        _ when !IsSymbol(s.Symbol) => $"'{s.Symbol}' is not a symbol such as EURUSD.",
        { Long: null, Short: null } => "A strategy needs 'long', 'short' or both.",
        _ when RuleFault("long", s.Long, false) is { } fault => fault,
        _ when RuleFault("short", s.Short, false) is { } fault => fault,
        _ when RuleFault("exit", s.Exit, true) is { } fault => fault,
        _ when DistanceFault("stop", s.Stop) is { } fault => fault,
        _ when DistanceFault("target", s.Target) is { } fault => fault,
        _ when DistanceFault("trail", s.Trail) is { } fault => fault,
        { HoldBars: < 1 or > Strategy.MaxHoldBars } => $"'hold' lies between 1 and {Strategy.MaxHoldBars} bars; it is {s.HoldBars}.",
        _ => null,
    };

    public static bool IsName(string name) => name.Length is > 0 and <= Strategy.MaxNameLength
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    public static bool IsSymbol(string symbol) => symbol.Length is > 0 and <= 32
        && symbol.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    public static string? RuleFault(string clause, Expression? rule, bool mayUseSide) => rule switch
    {
        null => null,
        { Dimension: not Dimension.Bool } => $"'{clause}' needs a condition; this is a {rule.Dimension.Word()}.",
        { UsesSide: true } when !mayUseSide => "'side' is known only in 'exit'.",
        _ => null,
    };

    public static string? DistanceFault(string clause, Distance? distance) => distance switch
    {
        null => null,
        { Multiple: not (> 0 and <= 1e6) } => $"The multiple of '{clause}' is greater than 0 and at most 1000000; it is {ExpressionCheck.Text(distance.Multiple)}.",
        { Measure.Dimension: not Dimension.Difference } => $"'{clause}' needs a difference such as atr(14); this is a {distance.Measure.Dimension.Word()}.",
        { Measure.UsesSide: true } => "'side' is known only in 'exit'.",
        _ => null,
    };
}

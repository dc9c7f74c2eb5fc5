using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Peregrine.Core.Market;

namespace Peregrine.Core.Strategies;

/// <summary>Reads strategies and expressions. Every error names its place, what was found and what was expected; size and depth are limited.</summary>
public static class Parser
{
    public const int MaxTextLength = 65_536;

    private static readonly string[] Clauses = ["strategy", "market", "long", "short", "exit", "stop", "target", "trail", "hold"];

    /// <summary>True for a word that begins a clause or belongs to the grammar and can therefore name no operator.</summary>
    public static bool IsReserved(string word) =>
        Clauses.Contains(word) || word is "when" or "at" or "most" or "bars" or "for" or "within" or "and" or "or" or "not" or "crosses" or "above" or "below";

    public static bool TryParse(string text, [NotNullWhen(true)] out Strategy? strategy, [NotNullWhen(false)] out SyntaxError? error) =>
        Try(text, static reader => ReadStrategy(reader), out strategy, out error);

    /// <summary>Reads an expression on its own, as in <c>ema(close, 20) - ema(close, 50)</c>.</summary>
    public static bool TryParseExpression(string text, [NotNullWhen(true)] out Expression? expression, [NotNullWhen(false)] out SyntaxError? error) =>
        Try(text, static reader => { Expression e = new ExpressionReader(reader).Read(null); reader.ExpectEnd(); return e; }, out expression, out error);

    internal static bool BeginsClause(Token token) => token.BeginsLine && token.Kind == TokenKind.Word && Clauses.Contains(token.Text);

    private static bool Try<T>(string text, Func<TokenReader, T> read, [NotNullWhen(true)] out T? value, [NotNullWhen(false)] out SyntaxError? error)
        where T : class
    {
        (value, error) = (null, null);
        if (text.Length > MaxTextLength)
        {
            string length = text.Length.ToString(CultureInfo.InvariantCulture);
            error = new SyntaxError(1, 1, $"a text of {length} characters", $"at most {MaxTextLength.ToString(CultureInfo.InvariantCulture)}");
            return false;
        }

        try
        {
            value = read(new TokenReader(text));
            return true;
        }
        catch (SyntaxException thrown)
        {
            error = thrown.Error;
            return false;
        }
    }

    private static Strategy ReadStrategy(TokenReader reader)
    {
        reader.Expect("strategy");
        string name = reader.Raw("a name of letters, digits, '-', '_' or '.'", StrategyCheck.IsName);
        reader.Expect("market");
        string symbol = reader.Raw("a symbol such as EURUSD", StrategyCheck.IsSymbol);
        Timeframe timeframe = ReadTimeframe(reader);
        var clauses = new Dictionary<string, Token>(StringComparer.Ordinal);
        var found = new Parts();
        while (reader.Peek.Kind != TokenKind.End)
        {
            Token clause = reader.Peek;
            if (!BeginsClause(clause) || Array.IndexOf(Clauses, clause.Text) < 2)
            {
                throw reader.Unexpected("a clause: long, short, exit, stop, target, trail or hold", Clauses.AsSpan(2));
            }

            if (!clauses.TryAdd(clause.Text, clause))
            {
                throw reader.Fail(clause, $"a second '{clause.Text}'", "each clause once");
            }

            reader.Next();
            ReadClause(reader, clause.Text, found);
        }

        if (found.Stop is null)
        {
            throw reader.Fail(reader.Peek, reader.Peek.Quoted, "a stop, such as: stop 2.5 atr(14)");
        }

        var strategy = new Strategy
        {
            Name = name, Symbol = symbol, Timeframe = timeframe, Long = found.Long, Short = found.Short, Exit = found.Exit,
            Stop = found.Stop, Target = found.Target, Trail = found.Trail, HoldBars = found.Hold,
        };
        return StrategyCheck.Fault(strategy) is { } fault ? throw reader.Fail(reader.Peek, reader.Peek.Quoted, "a whole strategy: " + fault.TrimEnd('.')) : strategy;
    }

    private sealed class Parts
    {
        public Expression? Long { get; set; }

        public Expression? Short { get; set; }

        public Expression? Exit { get; set; }

        public Distance? Stop { get; set; }

        public Distance? Target { get; set; }

        public Distance? Trail { get; set; }

        public int? Hold { get; set; }
    }

    private static void ReadClause(TokenReader reader, string clause, Parts parts)
    {
        switch (clause)
        {
            case "long":
                parts.Long = ReadRule(reader, clause);
                break;
            case "short":
                parts.Short = ReadRule(reader, clause);
                break;
            case "exit":
                parts.Exit = ReadRule(reader, clause);
                break;
            case "stop":
                parts.Stop = ReadDistance(reader, clause);
                break;
            case "target":
                parts.Target = ReadDistance(reader, clause);
                break;
            case "trail":
                parts.Trail = ReadDistance(reader, clause);
                break;
            default:
                reader.Expect("at");
                reader.Expect("most");
                parts.Hold = reader.Integer(1, Strategy.MaxHoldBars);
                reader.ExpectBars();
                break;
        }
    }

    private static Expression ReadRule(TokenReader reader, string clause)
    {
        reader.Expect("when");
        Token start = reader.Peek;
        Expression rule = new ExpressionReader(reader).Read(Dimension.Bool);
        return StrategyCheck.RuleFault(clause, rule, clause == "exit") is { } fault ? throw reader.Fail(start, $"this rule", "another: " + fault.TrimEnd('.')) : rule;
    }

    private static Distance ReadDistance(TokenReader reader, string clause)
    {
        Token start = reader.Peek;
        double multiple = reader.Number("a multiple such as 2.5");
        Expression measure = new ExpressionReader(reader).Read(Dimension.Difference);
        var distance = new Distance(multiple, measure);
        return StrategyCheck.DistanceFault(clause, distance) is { } fault ? throw reader.Fail(start, start.Quoted, "another distance: " + fault.TrimEnd('.')) : distance;
    }

    private static Timeframe ReadTimeframe(TokenReader reader)
    {
        Token token = reader.Peek;
        string[] names = [.. Timeframes.All.ToArray().Select(static t => t.ToString())];
        if (token.Kind != TokenKind.Word || !Timeframes.TryParse(token.Text, out Timeframe timeframe))
        {
            throw reader.Unexpected("a timeframe: " + string.Join(", ", names), names);
        }

        reader.Next();
        return timeframe;
    }
}

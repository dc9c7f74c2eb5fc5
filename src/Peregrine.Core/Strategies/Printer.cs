using System.Globalization;
using System.Text;

namespace Peregrine.Core.Strategies;

/// <summary>Writes strategies and expressions in the canonical form: <c>Parse(Print(s)) = s</c>.</summary>
public static class Printer
{
    // How tightly a notation binds; an operand that binds less tightly than its place asks for stands in parentheses.
    private const int OrLevel = 1, AndLevel = 2, NotLevel = 3, HeldLevel = 4, ComparisonLevel = 5, SumLevel = 6, ProductLevel = 7, UnaryLevel = 8, PostfixLevel = 9, Atom = 10;

    public static string Print(Strategy strategy) => $"strategy {strategy.Name}\n" + Body(strategy);

    /// <summary>Everything below the name line.</summary>
    internal static string Body(Strategy strategy)
    {
        var text = new StringBuilder();
        text.Append("market   ").Append(strategy.Symbol).Append(' ').Append(strategy.Timeframe).Append('\n');
        Rule(text, "long     when ", strategy.Long);
        Rule(text, "short    when ", strategy.Short);
        Rule(text, "exit     when ", strategy.Exit);
        Line(text, "stop     ", strategy.Stop);
        Line(text, "target   ", strategy.Target);
        Line(text, "trail    ", strategy.Trail);
        if (strategy.HoldBars is { } bars)
        {
            text.Append(CultureInfo.InvariantCulture, $"hold     at most {bars} bars\n");
        }

        return text.ToString();
    }

    public static string Print(Expression expression) => Text(expression.Nodes.AsSpan(), out _);

    /// <summary>A distance as it stands in a clause, such as <c>2.5 atr(14)</c>.</summary>
    public static string Print(Distance distance)
    {
        string measure = Text(distance.Measure.Nodes.AsSpan(), out int level);
        return ExpressionCheck.Text(distance.Multiple) + " " + (level < PostfixLevel ? $"({measure})" : measure);
    }

    /// <summary>An operator with its typical settings over named arguments, such as <c>sma(x, 20)</c>.</summary>
    public static string Example(Operator op)
    {
        string[] names = op.Arity == 1 ? ["x"] : ["x", "y", "z"];
        return Join(op, names[..op.Arity], Typical(op));
    }

    /// <summary>A use of the operator in terms of dimensions, such as <c>price &gt; ratio</c>.</summary>
    internal static string Shape(Operator op, ReadOnlySpan<Dimension> arguments)
    {
        string[] words = [.. arguments.ToArray().Select(static d => d.Word())];
        return Join(op, words, Typical(op));
    }

    internal static string Shapes(Operator op) => string.Join("; ", op.Signatures.Select(s => Shape(op, s.Arguments.AsSpan())));

    /// <summary>One node without its arguments, such as <c>sma(20)</c> or <c>crosses above</c>.</summary>
    internal static string Label(in Node node) => node.Operator.Notation switch
    {
        Notation.Infix or Notation.Prefix => node.Operator.Name,
        Notation.Lag => Join(node.Operator, [""], node),
        _ => Join(node.Operator, [], node).TrimStart(),
    };

    private static Node Typical(Operator op)
    {
        Node node = default;
        foreach (Parameter p in op.Parameters)
        {
            node = p.Setting switch
            {
                Setting.First => node with { First = (ushort)p.Typical },
                Setting.Second => node with { Second = (ushort)p.Typical },
                _ => node with { Constant = p.Typical },
            };
        }

        return node;
    }

    private static void Rule(StringBuilder text, string head, Expression? rule)
    {
        if (rule is not null)
        {
            text.Append(head).Append(Print(rule)).Append('\n');
        }
    }

    private static void Line(StringBuilder text, string head, Distance? distance)
    {
        if (distance is not null)
        {
            text.Append(head).Append(Print(distance)).Append('\n');
        }
    }

    private static string Text(ReadOnlySpan<Node> nodes, out int level)
    {
        Node root = nodes[^1];
        Operator op = root.Operator;
        var arguments = new (string Text, int Level)[op.Arity];
        int end = nodes.Length - 1;
        for (int k = op.Arity - 1; k >= 0; k--)
        {
            int length = nodes[end - 1].Length;
            string text = Text(nodes.Slice(end - length, length), out int argumentLevel);
            arguments[k] = (text, argumentLevel);
            end -= length;
        }

        level = Level(op);
        var placed = new string[op.Arity];
        for (int k = 0; k < op.Arity; k++)
        {
            placed[k] = arguments[k].Level < Asked(op, k) || IsSignedNumberTrap(op, arguments[k].Text) ? $"({arguments[k].Text})" : arguments[k].Text;
        }

        return Join(op, placed, root);
    }

    /// <summary>A minus before a number is part of the number, so a negated expression that begins with one needs parentheses.</summary>
    private static bool IsSignedNumberTrap(Operator op, string operand) => op is { Notation: Notation.Prefix, Name: "-" } && (char.IsAsciiDigit(operand[0]) || operand[0] == '.');

    private static int Level(Operator op) => op.Notation switch
    {
        Notation.Literal or Notation.Call => Atom,
        Notation.Lag => PostfixLevel,
        Notation.Bars => HeldLevel,
        Notation.Prefix => op.Name == "not" ? NotLevel : UnaryLevel,
        _ => op.Name switch { "or" => OrLevel, "and" => AndLevel, "+" or "-" => SumLevel, "*" or "/" => ProductLevel, _ => ComparisonLevel },
    };

    /// <summary>The least level the argument's place accepts.</summary>
    private static int Asked(Operator op, int argument) => op.Notation switch
    {
        Notation.Call => 0,
        Notation.Lag => PostfixLevel,
        Notation.Bars => HeldLevel,
        Notation.Prefix => Level(op),
        // Equal levels chain to the left; comparisons do not chain.
        _ => Level(op) == ComparisonLevel ? SumLevel : Level(op) + argument,
    };

    private static string Join(Operator op, string[] arguments, in Node node)
    {
        string bars = node.First.ToString(CultureInfo.InvariantCulture);
        switch (op.Notation)
        {
            case Notation.Literal:
                return op == Catalogue.Minutes ? bars + "min" : ExpressionCheck.Text(node.Constant);
            case Notation.Infix:
                return $"{arguments[0]} {op.Name} {arguments[1]}";
            case Notation.Prefix:
                return op.Name == "not" ? $"not {arguments[0]}" : $"-{arguments[0]}";
            case Notation.Lag:
                return $"{arguments[0]}[{bars}]";
            case Notation.Bars:
                return $"{(arguments.Length == 0 ? "" : arguments[0])} {op.Name} {bars} bars";
            default:
                var items = new List<string>(arguments);
                foreach (Parameter p in op.Parameters)
                {
                    items.Add(p.Choices.IsEmpty ? ExpressionCheck.Text(p.Of(node)) : p.Choices[(int)p.Of(node)]);
                }

                return items.Count == 0 ? op.Name : $"{op.Name}({string.Join(", ", items)})";
        }
    }
}

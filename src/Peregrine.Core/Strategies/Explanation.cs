using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Peregrine.Core.Strategies;

/// <summary>Says in English what a strategy does, from the meanings in the catalogue, and draws its expressions as trees.</summary>
public static class Explanation
{
    /// <summary>One sentence per rule, in the order of the text.</summary>
    public static ImmutableArray<string> Sentences(Strategy strategy)
    {
        var sentences = ImmutableArray.CreateBuilder<string>();
        sentences.Add($"Trades {strategy.Symbol} on {strategy.Timeframe} bars.");
        Add(sentences, strategy.Long, "Buys when {0}.");
        Add(sentences, strategy.Short, "Sells when {0}.");
        Add(sentences, strategy.Exit, "Leaves a trade when {0}.");
        Add(sentences, strategy.Stop, "Stops out at {0} from the entry.");
        Add(sentences, strategy.Target, "Takes profit at {0} from the entry.");
        Add(sentences, strategy.Trail, "Trails the stop at {0} behind the close.");
        if (strategy.HoldBars is { } bars)
        {
            sentences.Add($"Leaves after at most {Count(bars)}.");
        }

        int needed = new Plan(strategy).FirstReady;
        sentences.Add(needed == 0 ? "Speaks from the first bar." : $"Speaks after {Count(needed)} of warm-up.");
        return sentences.ToImmutable();
    }

    /// <summary>An expression as a phrase, such as <c>the close is above the 20-bar average of the close</c>.</summary>
    public static string Phrase(Expression expression) => Phrase(expression, expression.Count - 1);

    /// <summary>An expression as an indented tree, one node a line, with what each node measures.</summary>
    public static ImmutableArray<string> Tree(Expression expression)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        Branch(expression, expression.Count - 1, "", "", lines);
        return lines.ToImmutable();
    }

    /// <summary>A distance as an indented tree: its multiple, where it is not 1, above its measure.</summary>
    public static ImmutableArray<string> Tree(Distance distance)
    {
        if (distance.Multiple == 1)
        {
            return Tree(distance.Measure);
        }

        var lines = ImmutableArray.CreateBuilder<string>();
        lines.Add($"{ExpressionCheck.Text(distance.Multiple)} times : {distance.Measure.Dimension.Word()}");
        Branch(distance.Measure, distance.Measure.Count - 1, "└ ", "  ", lines);
        return lines.ToImmutable();
    }

    private static void Add(ImmutableArray<string>.Builder sentences, Expression? rule, string frame)
    {
        if (rule is not null)
        {
            sentences.Add(frame.Replace("{0}", Phrase(rule), StringComparison.Ordinal));
        }
    }

    private static void Add(ImmutableArray<string>.Builder sentences, Distance? distance, string frame)
    {
        if (distance is not null)
        {
            string times = distance.Multiple == 1 ? "" : ExpressionCheck.Text(distance.Multiple) + " times ";
            sentences.Add(frame.Replace("{0}", times + Phrase(distance.Measure), StringComparison.Ordinal));
        }
    }

    private static string Phrase(Expression expression, int i)
    {
        Node node = expression.Nodes[i];
        Operator op = node.Operator;
        var text = new StringBuilder(op.Meaning);
        foreach (Parameter p in op.Parameters)
        {
            string value = p.Choices.IsEmpty ? ExpressionCheck.Text(p.Of(node)) : Name(p.Choices[(int)p.Of(node)]);
            text.Replace("{" + p.Name + "} bars", p.Of(node) == 1 ? "1 bar" : value + " bars").Replace("{" + p.Name + "}", value);
        }

        ImmutableArray<int> arguments = expression.Arguments(i);
        for (int k = 0; k < arguments.Length; k++)
        {
            Operator inner = expression.Nodes[arguments[k]].Operator;
            string phrase = Phrase(expression, arguments[k]);
            text.Replace("{" + k.ToString(CultureInfo.InvariantCulture) + "}", Stands(op, inner, k) ? phrase : $"({phrase})");
        }

        return text.ToString();
    }

    /// <summary>True when a phrase may stand inside another without parentheses and still be read one way only.</summary>
    private static bool Stands(Operator outer, Operator inner, int place)
    {
        bool compound = inner.Notation == Notation.Infix || inner.Name == "if";
        bool joins = inner.Name is "and" or "or";
        return !compound
            || (outer.Family == "Comparison" && inner.Family == "Arithmetic")
            || (outer.Family is "Logic" or "Past" && outer.Notation != Notation.Lag && !joins)
            || (outer.Name == inner.Name && joins && place == 0);
    }

    private static void Branch(Expression expression, int i, string indent, string childIndent, ImmutableArray<string>.Builder lines)
    {
        Node node = expression.Nodes[i];
        string label = Printer.Label(node);
        lines.Add($"{indent}{label} : {expression.DimensionOf(i).Word()}");
        ImmutableArray<int> arguments = expression.Arguments(i);
        for (int k = 0; k < arguments.Length; k++)
        {
            bool last = k == arguments.Length - 1;
            Branch(expression, arguments[k], childIndent + (last ? "└ " : "├ "), childIndent + (last ? "  " : "│ "), lines);
        }
    }

    private static string Count(int bars) => bars == 1 ? "1 bar" : string.Create(CultureInfo.InvariantCulture, $"{bars} bars");

    /// <summary>Cities and days are written with a capital in English.</summary>
    private static string Name(string choice) => choice == "newyork" ? "New York" : char.ToUpperInvariant(choice[0]) + choice[1..];
}

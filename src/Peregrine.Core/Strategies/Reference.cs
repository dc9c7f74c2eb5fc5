using System.Globalization;
using System.Text;
using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>The catalogue as Markdown tables, one per family: what <c>docs/language.md</c> shows.</summary>
public static class Reference
{
    public static string Markdown()
    {
        var text = new StringBuilder();
        foreach (string family in Catalogue.Operators.Select(static o => o.Family).Distinct())
        {
            text.Append(CultureInfo.InvariantCulture, $"### {family}\n\n| written | takes → gives | settings | warm-up | meaning |\n|---|---|---|---|---|\n");
            foreach (Operator op in Catalogue.Operators.Where(o => o.Family == family))
            {
                string meaning = Meaning(op) + (op.Source.Length == 0 ? "" : ". " + op.Source.TrimEnd('.'));
                text.Append(CultureInfo.InvariantCulture, $"| `{Printer.Example(op)}` | {Types(op)} | {Ranges(op)} | {op.WarmUp(Typical(op))} | {Escaped(meaning)} |\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Meaning(Operator op)
    {
        string[] names = ["x", "y", "z"];
        var text = new StringBuilder(op.Meaning);
        for (int k = 0; k < op.Arity; k++)
        {
            text.Replace("{" + k.ToString(CultureInfo.InvariantCulture) + "}", names[k]);
        }

        foreach (Parameter p in op.Parameters)
        {
            text.Replace("{" + p.Name + "}", p.Name);
        }

        return text.ToString();
    }

    private static string Types(Operator op)
    {
        if (op.Arity == 0)
        {
            return op.Signatures[0].Result.Word();
        }

        if (op.Signatures.Length > 1 && op.Signatures.All(static s => s.Arguments.All(a => a == s.Result)))
        {
            return string.Join(", ", op.Signatures.Select(static s => s.Result.Word())) + " → the same";
        }

        // Where every choice of one argument goes with every choice of the other, the choices are listed once.
        Dimension[][] choices = [.. Enumerable.Range(0, op.Arity).Select(k => op.Signatures.Select(s => s.Arguments[k]).Distinct().ToArray())];
        Dimension[] results = [.. op.Signatures.Select(static s => s.Result).Distinct()];
        if (results.Length == 1 && choices.Aggregate(1, static (n, c) => n * c.Length) == op.Signatures.Length)
        {
            return string.Join(" × ", choices.Select(static c => string.Join(", ", c.Select(static d => d.Word())))) + " → " + results[0].Word();
        }

        return string.Join("; ", op.Signatures.Select(static s => string.Join(", ", s.Arguments.Select(static a => a.Word())) + " → " + s.Result.Word()));
    }

    private static string Ranges(Operator op) => string.Join(", ", op.Parameters.Select(static p => p.Choices.IsEmpty
        ? $"{p.Name} {ExpressionCheck.Text(p.Least)}…{ExpressionCheck.Text(p.Most)}"
        : string.Join(", ", p.Choices)));

    private static Settings Typical(Operator op)
    {
        Settings s = default;
        foreach (Parameter p in op.Parameters)
        {
            s = p.Setting switch
            {
                Setting.First => s with { First = (int)p.Typical },
                Setting.Second => s with { Second = (int)p.Typical },
                _ => s with { Constant = p.Typical },
            };
        }

        return s;
    }

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}

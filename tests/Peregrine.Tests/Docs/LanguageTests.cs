using System.Text.RegularExpressions;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Docs;

/// <summary>The user's page on the language says what the catalogue says.</summary>
public sealed partial class LanguageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Needs.Repository, "docs", "language.md"));

    [Fact]
    public void The_tables_are_those_of_the_catalogue()
    {
        string tables = Tables().Match(Page).Groups["tables"].Value;
        string expected = Reference.Markdown();
        if (tables.Trim() != expected.Trim())
        {
            Assert.Fail("The tables of docs/language.md should be:\n" + expected);
        }
    }

    [Fact]
    public void The_rules_of_the_simplifier_are_those_of_the_program()
    {
        string rows = string.Concat(Simplifier.Rules.Select(static r => $"| {r.Name} | `{r.Before}` | `{r.After}` |\n"));
        string expected = "| rule | before | after |\n|---|---|---|\n" + rows;
        if (Rules().Match(Page).Groups["table"].Value.Trim() != expected.Trim())
        {
            Assert.Fail("The table of rules in docs/language.md should be:\n" + expected);
        }
    }

    [Fact]
    public void The_example_is_a_strategy_in_canonical_form()
    {
        string text = Example().Match(Page).Groups["text"].Value;
        Strategy.Parse(text).ToString().ShouldBe(text);
    }

    [Fact]
    public void Every_example_in_the_tables_can_be_read()
    {
        foreach (Operator op in Catalogue.Operators.Where(static o => o.Notation == Notation.Call && o.Arity == 0))
        {
            Expression.Parse(Printer.Example(op)).Dimension.ShouldBe(op.Signatures[0].Result);
        }
    }

    [GeneratedRegex("<!-- catalogue:[^>]*-->\n(?<tables>.*?)<!-- /catalogue -->", RegexOptions.Singleline)]
    private static partial Regex Tables();

    [GeneratedRegex("<!-- simplifier:[^>]*-->\n(?<table>.*?)<!-- /simplifier -->", RegexOptions.Singleline)]
    private static partial Regex Rules();

    [GeneratedRegex("```text\n(?<text>strategy .*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Architecture;

/// <summary>Function ≤ 60 lines, file ≤ 400 (tests 600), parameters ≤ 5 (record and primary constructors aside), nesting ≤ 3.</summary>
public sealed class SizeTests
{
    private const int FunctionLines = 60;
    private const int FileLines = 400;
    private const int TestFileLines = 600;
    private const int Parameters = 5;
    private const int Nesting = 3;

    [Fact]
    public void Files_and_functions_are_small() => SourceFile.All.SelectMany(Faults).ShouldBeEmpty();

    [Fact]
    public void What_is_too_large_is_found()
    {
        Faults(Sample(Lines(FunctionLines - 3))).ShouldBeEmpty();
        Faults(Sample(Lines(FunctionLines - 2))).Single().ShouldContain("F has 61 lines");
        Faults(new SourceFile("src/X.cs", Lines(FileLines))).ShouldBeEmpty();
        Faults(new SourceFile("src/X.cs", Lines(FileLines + 1))).Single().ShouldContain("401 lines");
        Faults(new SourceFile("tests/X.cs", Lines(TestFileLines))).ShouldBeEmpty();
        Faults(new SourceFile("tests/X.cs", Lines(TestFileLines + 1))).ShouldNotBeEmpty();
    }

    [Fact]
    public void Too_many_parameters_are_found_except_where_a_record_or_a_class_is_its_constructor()
    {
        const string six = "(int a, int b, int c, int d, int e, int f)";
        Faults(Sample("", six)).Single().ShouldContain("F has 6 parameters");
        Faults(new SourceFile("src/X.cs", $"class C {{ C{six} {{ }} }}")).Single().ShouldContain("C has 6 parameters");
        Faults(new SourceFile("src/X.cs", $"record R{six}; class C{six};")).ShouldBeEmpty();
    }

    [Fact]
    public void Deep_nesting_is_found_and_else_if_is_no_deeper()
    {
        Faults(Sample("if (a) { foreach (int x in y) { while (b) { c(); } } }")).ShouldBeEmpty();
        Faults(Sample("if (a) { foreach (int x in y) { while (b) { try { c(); } finally { } } } }")).Single().ShouldContain("nests 4 deep");
        Faults(Sample("if (a) { } else if (b) { } else if (c) { } else if (d) { for (;;) { } }")).ShouldBeEmpty();
        Faults(Sample("for (;;) { for (;;) { void G() { for (;;) { for (;;) { } } } } }")).ShouldBeEmpty();
        Faults(Sample("for (;;) { for (;;) { Do(() => { for (;;) { for (;;) { } } }); } }")).ShouldNotBeEmpty();
    }

    private static IEnumerable<string> Faults(SourceFile file)
    {
        int lines = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        int limit = file.IsTest ? TestFileLines : FileLines;
        return file.Syntax.DescendantNodes().SelectMany(n => FunctionFaults(file, n))
            .Concat(lines > limit ? [$"{file.Path} has {lines} lines; {limit} are the most"] : []);
    }

    private static IEnumerable<string> FunctionFaults(SourceFile file, SyntaxNode node)
    {
        (string name, ParameterListSyntax? parameters) = node switch
        {
            MethodDeclarationSyntax m => (m.Identifier.Text, m.ParameterList),
            ConstructorDeclarationSyntax c => (c.Identifier.Text, c.ParameterList),
            LocalFunctionStatementSyntax l => (l.Identifier.Text, l.ParameterList),
            OperatorDeclarationSyntax o => ("operator " + o.OperatorToken.Text, o.ParameterList),
            ConversionOperatorDeclarationSyntax o => ("operator " + o.Type, o.ParameterList),
            AccessorDeclarationSyntax a => (a.Keyword.Text, null),
            PropertyDeclarationSyntax { ExpressionBody: not null } p => (p.Identifier.Text, null),
            _ => ("", null),
        };
        if (name.Length == 0)
        {
            yield break;
        }

        FileLinePositionSpan span = node.SyntaxTree.GetLineSpan(node.Span);
        int lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
        int count = parameters?.Parameters.Count ?? 0;
        int depth = Depth(node);
        if (lines > FunctionLines)
        {
            yield return $"{file.At(node)}: {name} has {lines} lines; {FunctionLines} are the most";
        }

        if (count > Parameters)
        {
            yield return $"{file.At(node)}: {name} has {count} parameters; {Parameters} are the most";
        }

        if (depth > Nesting)
        {
            yield return $"{file.At(node)}: {name} nests {depth} deep; {Nesting} is the most";
        }
    }

    private static int Depth(SyntaxNode node) =>
        node.ChildNodes().Where(c => c is not LocalFunctionStatementSyntax)
            .Select(c => Depth(c) + (Nests(c) ? 1 : 0)).DefaultIfEmpty().Max();

    private static bool Nests(SyntaxNode node) => node switch
    {
        IfStatementSyntax => node.Parent is not ElseClauseSyntax,
        UsingStatementSyntax => node.Parent is not UsingStatementSyntax,
        ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax or SwitchStatementSyntax or TryStatementSyntax or LockStatementSyntax => true,
        _ => false,
    };

    private static SourceFile Sample(string body, string parameters = "()") => new("src/X.cs", $"class C\n{{\nvoid F{parameters}\n{{\n{body}\n}}\n}}\n");

    private static string Lines(int count) => string.Join('\n', Enumerable.Repeat("// line", count));
}

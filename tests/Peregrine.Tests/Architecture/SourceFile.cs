using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Peregrine.Tests.Architecture;

/// <summary>A C# file of this repository (or of a test of these tests): its path from the root, its text, its syntax.</summary>
public sealed record SourceFile(string Path, string Text)
{
    private static readonly string[] Unwritten = ["bin", "obj", "build", "node_modules", "wwwroot", ".git", "TestResults"];

    private readonly Lazy<SyntaxNode> syntax = new(() => CSharpSyntaxTree.ParseText(Text).GetRoot());

    public SyntaxNode Syntax => syntax.Value;

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    /// <summary>Every C# file somebody wrote, under src, tests and bench.</summary>
    public static IReadOnlyList<SourceFile> All { get; } =
        [.. Files(Needs.Repository).Where(p => p.EndsWith(".cs", StringComparison.Ordinal)).Select(p => new SourceFile(p, File.ReadAllText(System.IO.Path.Combine(Needs.Repository, p))))];

    /// <summary>Every file somebody wrote, as paths from the root, sorted; what the build leaves behind is left out.</summary>
    public static IEnumerable<string> Files(string root) => Files(root, "").Order(StringComparer.Ordinal);

    /// <summary>Where a node stands, for a message.</summary>
    public string At(SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    private static IEnumerable<string> Files(string root, string below)
    {
        string folder = System.IO.Path.Combine(root, below);
        IEnumerable<string> here = Directory.EnumerateFiles(folder).Select(f => System.IO.Path.GetFileName(f)).Where(f => !Unwritten.Contains(f)).Select(f => below + f);
        return Directory.EnumerateDirectories(folder)
            .Select(d => System.IO.Path.GetFileName(d))
            .Where(d => !Unwritten.Contains(d))
            .SelectMany(d => Files(root, below + d + "/"))
            .Concat(here);
    }
}

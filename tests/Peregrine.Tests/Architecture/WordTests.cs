using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Architecture;

/// <summary>Names say what a thing is; files say nothing unfinished, and speak of this project alone.</summary>
public sealed partial class WordTests
{
    private static readonly string[] Banned = ["Manager", "Helper", "Util", "Utils", "Service", "Processor", "Handler", "Wrapper", "Common", "Shared", "Misc", "Base", "Impl", "Info"];

    /// <summary>Framework methods whose names a type cannot choose.</summary>
    private static readonly string[] GivenAsync = ["DisposeAsync", "StartAsync", "StopAsync"];

    // Put together here so that this file does not hold what it forbids.
    private static readonly string[] Unfinished = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "XX" + "X:", "NotImplemented" + "Exception"];
    private static readonly string[] Foreign = ["/wo" + "rk/", "/tm" + "p/w/", "assis" + "tant", "suba" + "gent", "sub-a" + "gent", "language mo" + "del", "as an A" + "I"];

    private static readonly string[] Binary = [".csv", ".bi5", ".zip", ".png", ".lock"];

    [Fact]
    public void Types_and_folders_are_nouns_of_the_trade()
    {
        SourceFile.All.SelectMany(TypeFaults).ShouldBeEmpty();
        SourceFile.Files(Needs.Repository).SelectMany(FolderFaults).Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void A_name_with_a_banned_word_is_found()
    {
        TypeFaults(new SourceFile("src/X.cs", "class OrderManager; record TickInfo(int A); enum MiscKind { A }")).Count().ShouldBe(3);
        TypeFaults(new SourceFile("src/X.cs", "class Baseline; class Information; record Based(int A);")).ShouldBeEmpty();
        FolderFaults("src/Peregrine.Core/Common/X.cs").ShouldNotBeEmpty();
        FolderFaults("src/Peregrine.App/CommonSense/X.cs").ShouldNotBeEmpty();
        FolderFaults("src/Peregrine.Core/Market/Common.cs").ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_named_after_being_asynchronous() => SourceFile.All.SelectMany(SuffixFaults).ShouldBeEmpty();

    [Fact]
    public void An_Async_suffix_of_our_own_is_found()
    {
        SuffixFaults(new SourceFile("src/X.cs", "class C { Task SendAsync() => null; }")).ShouldNotBeEmpty();
        SuffixFaults(new SourceFile("src/X.cs", "class C { void F() { void GAsync() { } } }")).ShouldNotBeEmpty();
        SuffixFaults(new SourceFile("src/X.cs", "class C { public override Task ReadAsync() => null; ValueTask DisposeAsync() => default; Task Send() => null; }")).ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_left_to_do_and_nothing_foreign_is_mentioned() =>
        SourceFile.Files(Needs.Repository).Where(p => !Binary.Contains(Path.GetExtension(p)))
            .SelectMany(p => TextFaults(p, File.ReadAllText(Path.Combine(Needs.Repository, p)))).ShouldBeEmpty();

    [Fact]
    public void Unfinished_and_foreign_text_is_found()
    {
        foreach (string word in Unfinished.Concat(Foreign))
        {
            TextFaults("docs/x.md", $"one\n  // {word} later").Single().ShouldStartWith("docs/x.md:2");
        }

        TextFaults("docs/x.md", "a trading session; the market's agents; a user agent; hackneyed; todos los dias").ShouldBeEmpty();
    }

    private static IEnumerable<string> TypeFaults(SourceFile file) =>
        from type in file.Syntax.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        from word in Words(type.Identifier.Text).Intersect(Banned)
        select $"{file.At(type)}: {type.Identifier.Text} has the word {word}";

    private static IEnumerable<string> FolderFaults(string path) =>
        from folder in path.Split('/')[..^1]
        from word in folder.Split('.').SelectMany(Words).Intersect(Banned, StringComparer.OrdinalIgnoreCase)
        select $"the folder {folder} in {path} has the word {word}";

    private static IEnumerable<string> SuffixFaults(SourceFile file) =>
        file.Syntax.DescendantNodes().Select(n => n switch
        {
            MethodDeclarationSyntax m when !m.Modifiers.Any(k => k.Text == "override") && m.ExplicitInterfaceSpecifier is null => (Node: n, Name: m.Identifier.Text),
            LocalFunctionStatementSyntax l => (Node: n, Name: l.Identifier.Text),
            _ => (Node: n, Name: ""),
        }).Where(m => m.Name.EndsWith("Async", StringComparison.Ordinal) && !GivenAsync.Contains(m.Name)).Select(m => $"{file.At(m.Node)}: {m.Name}");

    private static IEnumerable<string> TextFaults(string path, string text) =>
        text.Split('\n').SelectMany((line, index) =>
            Unfinished.Where(w => line.Contains(w, StringComparison.Ordinal))
                .Concat(Foreign.Where(w => line.Contains(w, StringComparison.OrdinalIgnoreCase)))
                .Select(w => $"{path}:{index + 1}: {w}"));

    private static IEnumerable<string> Words(string name) => PascalWord().Matches(name).Select(m => m.Value);

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")]
    private static partial Regex PascalWord();
}

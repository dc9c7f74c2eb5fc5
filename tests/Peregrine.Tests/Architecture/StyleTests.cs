using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Architecture;

/// <summary>Every public type says what it is; errors are caught by name, and never swallowed.</summary>
public sealed class StyleTests
{
    /// <summary>The three last stands of ARCHITECTURE.md: the command line, the trading loop, a connection the venue accepted.</summary>
    private static readonly string[] LastStands =
    [
        "src/Peregrine.App/Program.cs",
        "src/Peregrine.App/Trading/TradingLoop.cs",
        "src/Peregrine.Venue/Connection.cs",
    ];

    [Fact]
    public void Every_public_type_has_its_sentence() =>
        SilentTypes(SourceFile.All.Where(f => f.Path.StartsWith("src/", StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void A_public_type_without_a_sentence_is_found()
    {
        SilentTypes([Sample("namespace N; public sealed class C;")]).ShouldNotBeEmpty();
        SilentTypes([Sample("/// <summary></summary>\npublic sealed class C;")]).ShouldNotBeEmpty();
        SilentTypes([Sample("/// <summary>Is.</summary>\npublic class C { public enum Kind { A } }")]).Single().ShouldContain("Kind");
        SilentTypes([Sample("/// <summary>Is.</summary>\npublic class C { private enum Kind { A } }\nclass D { public class E; }")]).ShouldBeEmpty();
        SilentTypes([Sample("/// <summary>Is.</summary>\npublic partial class C;"), Sample("public partial class C;")]).ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_last_stands_catch_everything() => SourceFile.All.SelectMany(BroadCatches).ShouldBeEmpty();

    [Fact]
    public void A_catch_of_everything_is_found()
    {
        BroadCatches(Sample("class C { void F() { try { } catch (Exception) { G(); } } }")).ShouldNotBeEmpty();
        BroadCatches(Sample("class C { void F() { try { } catch (System.Exception e) { G(e); } } }")).ShouldNotBeEmpty();
        BroadCatches(Sample("class C { void F() { try { } catch { G(); } } }")).ShouldNotBeEmpty();
        BroadCatches(Sample("class C { void F() { try { } catch (Exception e) when (G(e)) { H(); } } }")).ShouldNotBeEmpty();
        BroadCatches(Sample("class C { void F() { try { } catch (Exception e) when (e is IOException or FormatException) { G(); } } }")).ShouldBeEmpty();
        BroadCatches(Sample("class C { void F() { try { } catch (IOException) { G(); } } }")).ShouldBeEmpty();
        BroadCatches(Sample("class C { void F() { try { } catch { G(); throw; } } }")).ShouldBeEmpty();
        BroadCatches(Sample("class C { void F() { try { } catch { if (a) throw; } } }")).ShouldNotBeEmpty();
        const string twice = "class C { void F() { try { } catch (Exception) { G(); } try { } catch (Exception) { G(); } } }";
        BroadCatches(new SourceFile("src/Peregrine.App/Program.cs", twice)).Count().ShouldBe(1);
    }

    [Fact]
    public void No_error_is_swallowed() => SourceFile.All.SelectMany(EmptyCatches).ShouldBeEmpty();

    [Fact]
    public void An_empty_catch_is_found_unless_it_says_why()
    {
        EmptyCatches(Sample("class C { void F() { try { } catch (IOException) { } } }")).ShouldNotBeEmpty();
        EmptyCatches(Sample("class C { void F() { try { } catch (IOException) { /* the peer is gone: nothing to tell it */ } } }")).ShouldBeEmpty();
    }

    /// <summary>One part of a partial type speaks for all of it, in whatever file.</summary>
    private static IEnumerable<string> SilentTypes(IEnumerable<SourceFile> files) =>
        from file in files
        from type in file.Syntax.DescendantNodes().Where(n => n is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax).Cast<MemberDeclarationSyntax>()
        where IsVisible(type)
        group (File: file, Type: type) by Path.GetDirectoryName(file.Path) + "/" + Name(type) into parts
        where !parts.Any(p => HasSentence(p.Type))
        select $"{parts.First().File.At(parts.First().Type)}: {Path.GetFileName(parts.Key)}";

    private static bool IsVisible(MemberDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.PublicKeyword) && type.Ancestors().OfType<BaseTypeDeclarationSyntax>().All(t => t.Modifiers.Any(SyntaxKind.PublicKeyword));

    private static string Name(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax t => t.Identifier.Text,
        DelegateDeclarationSyntax d => d.Identifier.Text,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    private static bool HasSentence(MemberDeclarationSyntax type) =>
        type.GetLeadingTrivia().Select(t => t.GetStructure()).OfType<DocumentationCommentTriviaSyntax>()
            .SelectMany(d => d.Content.OfType<XmlElementSyntax>())
            .Any(e => e.StartTag.Name.ToString() == "summary" && e.Content.ToString().Any(char.IsLetter));

    private static IEnumerable<string> BroadCatches(SourceFile file) =>
        file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>().Where(IsBroad)
            .Skip(LastStands.Contains(file.Path) ? 1 : 0)
            .Select(c => $"{file.At(c)}: catches everything; name the exceptions");

    /// <summary>A filter makes a catch narrow only by naming types; one that cleans up and ends in <c>throw;</c> catches nothing.</summary>
    private static bool IsBroad(CatchClauseSyntax clause) =>
        clause.Block.Statements.LastOrDefault() is not ThrowStatementSyntax { Expression: null }
        && (clause.Declaration is null || IsBroad(clause.Declaration, clause.Filter));

    private static bool IsBroad(CatchDeclarationSyntax declaration, CatchFilterClauseSyntax? filter) =>
        declaration.Type.ToString() is "Exception" or "System.Exception"
        && filter?.FilterExpression is not IsPatternExpressionSyntax and not BinaryExpressionSyntax { RawKind: (int)SyntaxKind.IsExpression };

    private static IEnumerable<string> EmptyCatches(SourceFile file) =>
        file.Syntax.DescendantNodes().OfType<CatchClauseSyntax>()
            .Where(c => c.Block.Statements.Count == 0 && !c.Block.DescendantTrivia().Any(t => t.IsKind(SyntaxKind.SingleLineCommentTrivia) || t.IsKind(SyntaxKind.MultiLineCommentTrivia)))
            .Select(c => $"{file.At(c)}: swallows an error without a word");

    private static SourceFile Sample(string text) => new("src/X.cs", text);
}

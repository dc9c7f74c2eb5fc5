using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Architecture;

/// <summary>Who knows whom: projects by their project files, folders by compiled code and by using directives (which also carry constants).</summary>
public sealed class ArrowTests
{
    private static readonly string[] Rooms = [.. Project.All.Select(p => p.Name).Where(n => n is not ("Peregrine.Tests" or "Peregrine.Bench"))];

    [Fact]
    public void Projects_reference_only_what_is_drawn() => Project.All.SelectMany(ProjectFaults).ShouldBeEmpty();

    [Fact]
    public void A_project_arrow_that_is_not_drawn_is_found()
    {
        ProjectFaults(new Project("Peregrine.Lab", Referencing("Peregrine.Adapters"))).ShouldNotBeEmpty();
        ProjectFaults(new Project("Peregrine.Misc", Referencing("Peregrine.Core"))).ShouldNotBeEmpty();
        ProjectFaults(new Project("Peregrine.Lab", Referencing("Peregrine.Core"))).ShouldBeEmpty();
    }

    [Fact]
    public void Compiled_code_follows_the_drawn_arrows() =>
        Rooms.SelectMany(r => TypeReferences.Of(Project.Of(r).Assembly)).SelectMany(UseFaults).Distinct().ShouldBeEmpty();

    [Fact]
    public void Using_directives_follow_the_drawn_arrows() => SourceFile.All.SelectMany(UsingFaults).ShouldBeEmpty();

    [Fact]
    public void An_arrow_against_the_drawing_is_found()
    {
        UsingFaults(new SourceFile("src/Peregrine.Core/Market/X.cs", "using Peregrine.Core.Risk; namespace Peregrine.Core.Market; class X;")).ShouldNotBeEmpty();
        UsingFaults(new SourceFile("src/Peregrine.Core/Risk/X.cs", "using static Peregrine.Core.Strategies.Catalogue; namespace Peregrine.Core.Risk;")).ShouldNotBeEmpty();
        UsingFaults(new SourceFile("src/Peregrine.Core/Risk/X.cs", "using Peregrine.Core.Market; namespace Peregrine.Core.Risk;")).ShouldBeEmpty();
        UseFaults(new TypeUse("Peregrine.Core.Instant", "Peregrine.Core", "Peregrine.Core.Market.Price", "Peregrine.Core.Market")).ShouldNotBeEmpty();
        UseFaults(new TypeUse("T", "Peregrine.Adapters.CTrader.Wire", "S", "Peregrine.Adapters.Store")).ShouldNotBeEmpty();
        UseFaults(new TypeUse("T", "Peregrine.App.Trading", "S", "Peregrine.Lab.Evolution")).ShouldNotBeEmpty();
        UseFaults(new TypeUse("T", "Peregrine.Venue", "S", "Peregrine.Adapters.Store")).ShouldNotBeEmpty();
        UseFaults(new TypeUse("T", "Peregrine.Venue", "S", "Peregrine.Adapters.Ports")).ShouldBeEmpty();
    }

    [Fact]
    public void The_reader_sees_uses_inside_method_bodies()
    {
        IReadOnlyList<TypeUse> uses = TypeReferences.Of(typeof(ArrowTests).Assembly.Location);
        string[] seen = [.. uses.Where(u => u.From == typeof(Sample).FullName!).Select(u => u.To)];
        seen.ShouldContain("System.Text.StringBuilder");
        seen.ShouldContain("System.Uri");
        seen.ShouldContain("System.TimeZoneInfo");
        seen.ShouldContain("System.FormatException");
        seen.ShouldContain("System.Collections.Generic.List`1");
        seen.ShouldContain("System.Version");
    }

    [Fact]
    public void Every_file_of_Core_lies_in_a_drawn_folder_and_its_namespace_says_which() =>
        SourceFile.All.SelectMany(PlaceFaults).ShouldBeEmpty();

    [Fact]
    public void A_file_in_the_wrong_place_is_found()
    {
        PlaceFaults(new SourceFile("src/Peregrine.Core/Extras/X.cs", "namespace Peregrine.Core.Extras;")).ShouldNotBeEmpty();
        PlaceFaults(new SourceFile("src/Peregrine.Core/Risk/X.cs", "namespace Peregrine.Core.Market;")).ShouldNotBeEmpty();
        PlaceFaults(new SourceFile("src/Peregrine.Core/Risk/Rules/X.cs", "namespace Peregrine.Core.Risk.Rules;")).ShouldBeEmpty();
        PlaceFaults(new SourceFile("src/Peregrine.Core/Risk/Rules/X.cs", "namespace Peregrine.Core.Risk;")).ShouldBeEmpty();
        PlaceFaults(new SourceFile("src/Peregrine.Core/Risk/Rules/X.cs", "namespace Peregrine.Core;")).ShouldNotBeEmpty();
        PlaceFaults(new SourceFile("src/Peregrine.Core/Rng.cs", "namespace Peregrine.Core;")).ShouldBeEmpty();
    }

    [Fact]
    public void No_folders_of_a_project_know_each_other_in_a_circle() =>
        Rooms.SelectMany(r => Circles(r, TypeReferences.Of(Project.Of(r).Assembly))).ShouldBeEmpty();

    [Fact]
    public void A_circle_is_found()
    {
        TypeUse[] circle = [Use("A", "B"), Use("B", "C"), Use("C", "A"), Use("D", "A")];
        Circles("P", circle).ShouldBe(["P: A, B, C know each other in a circle"]);
        Circles("P", circle[..2]).ShouldBeEmpty();

        static TypeUse Use(string from, string to) => new(from, "P." + from, to, "P." + to);
    }

    private static IEnumerable<string> ProjectFaults(Project project) =>
        Arrows.Projects.TryGetValue(project.Name, out string[]? allowed)
            ? project.References.Except(allowed).Select(r => $"{project.Name} may not reference {r}")
            : [$"{project.Name} is not drawn in ARCHITECTURE.md"];

    private static IEnumerable<string> UseFaults(TypeUse use) =>
        Arrows.Allows(use.FromNamespace, use.ToNamespace) ? [] : [$"{use.From} may not use {use.To}"];

    private static IEnumerable<string> UsingFaults(SourceFile file)
    {
        string from = NamespaceOf(file);
        return file.Syntax.DescendantNodes().OfType<UsingDirectiveSyntax>()
            .Where(u => u.NamespaceOrType is not null && !Arrows.Allows(from, u.NamespaceOrType.ToString()))
            .Select(u => $"{file.At(u)}: {from} may not use {u.NamespaceOrType}");
    }

    private static IEnumerable<string> PlaceFaults(SourceFile file)
    {
        string[] parts = file.Path.Split('/');
        if (parts[0] != "src")
        {
            return [];
        }

        // Below the first folder a subfolder is only a drawer: its files may keep the folder's namespace.
        string[] fitting = [.. Enumerable.Range(2, parts.Length - 2).Select(n => string.Join('.', parts[1..n])).Skip(parts.Length > 3 ? 1 : 0)];
        string actual = NamespaceOf(file);
        bool drawn = parts[1] != "Peregrine.Core" || parts.Length == 3 || Arrows.IsCoreFolder(parts[2]);
        return drawn && (actual.Length == 0 || fitting.Contains(actual)) ? [] : [$"{file.Path}: namespace {actual}; expected {fitting[^1]} in a drawn folder"];
    }

    private static string NamespaceOf(SourceFile file) =>
        file.Syntax.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>().FirstOrDefault()?.Name.ToString() ?? "";

    /// <summary>Groups of folders that reach each other; the project's root is the place where they meet and does not count.</summary>
    private static IEnumerable<string> Circles(string project, IEnumerable<TypeUse> uses)
    {
        ILookup<string, string> arrows = uses
            .Where(u => Arrows.Within(u.FromNamespace, project) && Arrows.Within(u.ToNamespace, project))
            .Select(u => (From: Arrows.Folder(u.FromNamespace, project), To: Arrows.Folder(u.ToNamespace, project)))
            .Where(a => a.From.Length > 0 && a.To.Length > 0 && a.From != a.To)
            .Distinct().ToLookup(a => a.From, a => a.To);
        Dictionary<string, HashSet<string>> reach = arrows.ToDictionary(a => a.Key, a => Reach(a.Key, arrows));
        return reach.Where(r => r.Value.Contains(r.Key))
            .Select(r => string.Join(", ", r.Value.Where(o => reach.TryGetValue(o, out HashSet<string>? back) && back.Contains(r.Key)).Order(StringComparer.Ordinal)))
            .Distinct().Select(members => $"{project}: {members} know each other in a circle");
    }

    private static HashSet<string> Reach(string start, ILookup<string, string> arrows)
    {
        HashSet<string> reached = [];
        Stack<string> open = new(arrows[start]);
        while (open.TryPop(out string? next))
        {
            if (reached.Add(next))
            {
                arrows[next].ToList().ForEach(open.Push);
            }
        }

        return reached;
    }

    private static XElement Referencing(string project) =>
        new("Project", new XElement("ItemGroup", new XElement("ProjectReference", new XAttribute("Include", $"../{project}/{project}.csproj"))));

    private sealed class Sample
    {
        public static int Body(object given)
        {
            try
            {
                List<Uri> list = [];
                return list.Count + new System.Text.StringBuilder().Length + ((TimeZoneInfo)given).Id.Length + (given is Version ? 1 : 0);
            }
            catch (FormatException)
            {
                return 0;
            }
        }
    }
}

using System.Text.Json;
using Peregrine.Tests.Architecture;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Docs;

public sealed class NoticesTests
{
    [Fact]
    public void Every_package_that_ships_and_every_one_a_project_names_is_in_the_notices()
    {
        string notices = File.ReadAllText(Path.Combine(Needs.Repository, "THIRD-PARTY-NOTICES.md"));
        IEnumerable<string> named = Project.All.SelectMany(p => p.Included("PackageReference"));
        Shipped().Concat(named).Distinct().Where(package => !notices.Contains(package, StringComparison.Ordinal)).ShouldBeEmpty();
        Shipped().ShouldContain("System.CommandLine");
    }

    [Fact]
    public void Links_between_documents_lead_somewhere()
    {
        foreach (string document in SourceFile.Files(Needs.Repository).Where(p => p.EndsWith(".md", StringComparison.Ordinal)))
        {
            DeadLinks(document, File.ReadAllText(Path.Combine(Needs.Repository, document))).ShouldBeEmpty(document);
        }

        DeadLinks("docs/guide.md", "see [this](nowhere.md), [that](../README.md) and [the web](https://example.org/x)").ShouldBe(["nowhere.md"]);
    }

    private static IEnumerable<string> Shipped()
    {
        using JsonDocument locked = JsonDocument.Parse(File.ReadAllText(Path.Combine(Needs.Repository, "src/Peregrine.App/packages.lock.json")));
        return [.. locked.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(f => f.Value.EnumerateObject())
            .Where(p => p.Value.GetProperty("type").GetString() != "Project").Select(p => p.Name)];
    }

    private static IEnumerable<string> DeadLinks(string document, string text) =>
        System.Text.RegularExpressions.Regex.Matches(text, @"\]\((?<to>[^)#:]+)\)").Select(m => m.Groups["to"].Value)
            .Where(to => !Path.Exists(Path.Combine(Needs.Repository, Path.GetDirectoryName(document)!, to)));
}

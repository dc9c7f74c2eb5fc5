using Shouldly;
using Xunit;

namespace Peregrine.Tests.Docs;

/// <summary>
/// What the documents tell people to type works: each command of a fenced block, on every page, is run in order and in one home folder.
/// A line that ends in <c># exit N</c> must end so; any other must end in 0.
/// </summary>
public sealed class ReadmeTests : IDisposable
{
    private readonly Reader reader = new();

    public static TheoryData<string> Pages => [.. Directory.GetFiles(Path.Combine(Needs.Repository, "docs"), "*.md").Select(p => "docs/" + Path.GetFileName(p)).Order(StringComparer.Ordinal), "README.md"];

    public void Dispose() => reader.Dispose();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_command_works_as_written(string page) => (await reader.Faults(await File.ReadAllTextAsync(Path.Combine(Needs.Repository, page)))).ShouldBeEmpty();

    [Theory]
    [InlineData("README.md", 7)]
    [InlineData("docs/guide.md", 12)]
    [InlineData("docs/data.md", 4)]
    [InlineData("docs/trading.md", 4)]
    public void The_pages_have_commands(string page, int least) => Reader.Commands(File.ReadAllText(Path.Combine(Needs.Repository, page))).Count().ShouldBeGreaterThanOrEqualTo(least);

    [Fact]
    public async Task A_command_that_does_not_work_is_found()
    {
        (await reader.Faults("```sh\n./peregrine doctor --jsn\n```\n")).Single().ShouldStartWith("./peregrine doctor --jsn: exit code 2, not 0");
        (await reader.Faults("```sh\n./peregrine doctor --seed x   # exit 2\n./test\n```\n")).ShouldBeEmpty();
        (await reader.Faults("```sh\n./peregrine doctor # exit 3\n```\n")).Count.ShouldBe(1);
        (await reader.Faults("```sh\nrm -rf build\n```\n")).Single().ShouldContain("no test runs such a command");
        (await reader.Faults("```sh\nKILLS=2 dotnet test --filter \"FullyQualifiedName~NoSuchTests\"\n```\n")).Count.ShouldBe(1);
        (await reader.Faults("```text\n./peregrine fly\nPeregrine flies\n```\n")).Single().ShouldStartWith("./peregrine fly: exit code 2");
    }
}

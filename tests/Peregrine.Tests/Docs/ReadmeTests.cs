using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Peregrine.App.CommandLine;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Docs;

/// <summary>
/// What the documents tell people to type works: each line of a fenced <c>sh</c> block is run, in order and in one home folder.
/// A line that ends in <c># exit N</c> must end so; any other must end in 0.
/// </summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/guide.md")]
    public async Task Every_command_works_as_written(string document) => (await Faults(await File.ReadAllTextAsync(Path.Combine(Needs.Repository, document)))).ShouldBeEmpty();

    [Fact]
    public void The_readme_has_commands() => Commands(File.ReadAllText(Path.Combine(Needs.Repository, "README.md"))).ShouldNotBeEmpty();

    [Fact]
    public async Task A_command_that_does_not_work_is_found()
    {
        (await Faults("```sh\n./peregrine doctor --jsn\n```\n")).Single().ShouldStartWith("./peregrine doctor --jsn: exit code 2, not 0");
        (await Faults("```sh\n./peregrine doctor --seed x   # exit 2\n./test\n```\n")).ShouldBeEmpty();
        (await Faults("```sh\n./peregrine doctor # exit 3\n```\n")).Count.ShouldBe(1);
        (await Faults("```sh\nrm -rf build\n```\n")).Single().ShouldContain("no test runs such a command");
        (await Faults("```text\n./peregrine fly\n```\n")).ShouldBeEmpty();
    }

    private async Task<List<string>> Faults(string text)
    {
        List<string> faults = [];
        foreach ((string line, ExitCode expected) in Commands(text))
        {
            string[] words = [.. CommandLineParser.SplitCommandLine(line)];
            switch (words[0])
            {
                case "./peregrine":
                    CommandLineCall call = await CommandLineCall.Of(home.Path, words[1..]);
                    faults.AddRange(call.Code == expected ? [] : [$"{line}: exit code {(int)call.Code}, not {(int)expected}: {call.Error}"]);
                    break;
                case "./test" when words.Length == 1 && File.Exists(Path.Combine(Needs.Repository, "test")):
                    break; // it is what runs this
                default:
                    faults.Add($"{line}: no test runs such a command");
                    break;
            }
        }

        return faults;
    }

    private static IEnumerable<(string Line, ExitCode Expected)> Commands(string text) =>
        from block in ShellBlock().Matches(text)
        from line in block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let parts = line.Split("# exit ", StringSplitOptions.TrimEntries)
        select (parts[0], parts.Length == 1 ? ExitCode.Done : (ExitCode)int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));

    [GeneratedRegex("^```sh\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();
}

using System.CommandLine;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

/// <summary>What a user who mistypes gets: exit code 2 and one sentence in words, before anything is done.</summary>
public sealed class WrongUsageTests : IDisposable
{
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void No_type_of_the_program_is_named_to_a_user()
    {
        foreach (Command leaf in Program.Tree.Leaves)
        {
            List<string> path = [leaf.Name];
            for (Command? at = leaf.Parents.OfType<Command>().FirstOrDefault(); at is not RootCommand and not null; at = at.Parents.OfType<Command>().FirstOrDefault())
            {
                path.Insert(0, at.Name);
            }

            string[][] tries = [.. leaf.Options.Select(o => (string[])[.. path, o.Name, "x1"]), [.. path, "x1"], [.. path, "99999999999999999999"]];
            foreach (string[] words in tries)
            {
                (Program.Tree.Fault(Program.Tree.Parse(words)) ?? "").ShouldNotContain("System", Case.Sensitive, string.Join(' ', words));
            }
        }
    }

    [Theory]
    [InlineData("evolve --evaluations 99999999999999999", "--evaluations is a whole number from 1 to 10000000; '99999999999999999' is not.")]
    [InlineData("evolve --generations 0", "--generations is a whole number from 1 to 100000; '0' is not.")]
    [InlineData("close abc", "POSITION is a whole number of 1 or more; 'abc' is not.")]
    [InlineData("strategies show x --last 201", "--last is a whole number from 0 to 200; '201' is not.")]
    [InlineData("backtest x --leverage 0", "--leverage is a whole number from 1 to 5000; '0' is not.")]
    [InlineData("evolve --threads 0", "Cannot use '0' for --threads: a whole number from 1 to 1024 is needed.")]
    [InlineData("demo --seed -1", "Cannot use '-1' for --seed: a whole number of 0 or more is needed.")]
    [InlineData("data list --seed abc", "Cannot use 'abc' for --seed")]
    [InlineData("data list --home ''", "--home names a folder; it is empty.")]
    public async Task A_value_out_of_its_range_is_told_what_the_range_is(string line, string said)
    {
        CommandLineCall call = await CommandLineCall.Of(home.Path, [.. line.Split(' ').Select(w => w.Replace("''", "", StringComparison.Ordinal))]);
        call.Code.ShouldBe(ExitCode.WrongUsage, call.Error);
        call.Error.ShouldStartWith(said);
        call.Error.TrimEnd().Split('\n').Length.ShouldBe(1);
    }

    [Fact]
    public async Task A_misspelt_setting_stops_every_verb_but_the_one_that_explains_it()
    {
        Dictionary<string, string> misspelt = new() { ["PEREGRINE_HOME"] = home.Path, ["PEREGRINE_FOO"] = "1" };
        foreach (string line in (string[])["data list", "sessions list", "strategies list", "status", "backtest x"])
        {
            CommandLineCall call = await CommandLineCall.Of(misspelt, line.Split(' '));
            call.Code.ShouldBe(ExitCode.Failed, line);
            call.Error.ShouldStartWith("Cannot use the setting 'PEREGRINE_FOO' in the environment", customMessage: line);
        }

        await File.WriteAllTextAsync(home.File("settings.json"), """{ "sed": 7 }""");
        (await CommandLineCall.Of(home.Path, "data", "list")).Error.ShouldStartWith("Cannot use the setting 'sed' in");
        CommandLineCall doctor = await CommandLineCall.Of(home.Path, "doctor");
        doctor.Code.ShouldBe(ExitCode.AnswerIsNo);
        doctor.Out.ShouldContain("Cannot use the setting 'sed'");
    }
}

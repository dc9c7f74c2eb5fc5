using System.Text.Json;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Evolution;

/// <summary><c>strategies runs</c>, <c>strategies lineage</c> and <c>evolve --search list</c>.</summary>
public sealed class RunVerbsTests : IDisposable
{
    private readonly EvolutionRoom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Runs_are_listed_with_what_they_came_to()
    {
        (await CommandLineCall.Of(room.Home, "strategies", "runs")).Out.ShouldContain("There are no runs yet");
        JsonElement first = (await room.Evolve()).Json, second = (await room.Evolve("--seed", "2")).Json;
        JsonElement[] runs = [.. (await CommandLineCall.Of(room.Home, "strategies", "runs", "--json")).Json.GetProperty("runs").EnumerateArray()];
        runs.Select(static r => r.GetProperty("id").GetString()).ShouldBe([first.GetProperty("run").GetString(), second.GetProperty("run").GetString()], ignoreOrder: true);
        runs.ShouldAllBe(static r => r.GetProperty("trials").GetInt32() == 300);
        runs.ShouldAllBe(static r => r.GetProperty("markets")[0].GetProperty("symbol").GetString() == "EURUSD");
        (await CommandLineCall.Of(room.Home, "strategies", "runs")).Out.ShouldContain("300 tried");
    }

    [Fact]
    public async Task Lineage_goes_back_to_a_founder()
    {
        JsonElement front = (await room.Evolve("--evaluations", "2000")).Json.GetProperty("front");
        JsonElement bred = front.EnumerateArray().First(static s => s.GetProperty("parents").GetArrayLength() > 0);
        string id = bred.GetProperty("id").GetString()!;
        CommandLineCall call = await CommandLineCall.Of(room.Home, "strategies", "lineage", id, "--json");
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        JsonElement[] line = [.. call.Json.GetProperty("lineage").EnumerateArray()];
        id.ShouldStartWith(line[0].GetProperty("id").GetString()!);
        line.Length.ShouldBeGreaterThan(1);
        line[^1].GetProperty("operator").GetString().ShouldBeOneOf("founder", "immigrant");
        (await CommandLineCall.Of(room.Home, "strategies", "lineage", id)).Out.ShouldContain("bred by");
    }

    [Fact]
    public async Task A_strategy_written_by_hand_has_no_lineage()
    {
        string file = room.File("mine.strategy");
        await File.WriteAllTextAsync(file, "strategy mine\nmarket EURUSD H1\nlong when close > sma(close, 48)\nstop 2.5 atr(14)\n");
        await CommandLineCall.Of(room.Home, "strategies", "import", file);
        CommandLineCall call = await CommandLineCall.Of(room.Home, "strategies", "lineage", "mine");
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain("no run of 'evolve' has bred it");
    }

    [Fact]
    public async Task Every_choice_is_listed_with_its_default()
    {
        CommandLineCall call = await CommandLineCall.Of(room.Home, "evolve", "--search", "list");
        call.Code.ShouldBe(ExitCode.Done);
        foreach (SearchChoice choice in SearchChoices.All)
        {
            call.Out.ShouldContain($"  {choice.Name}=");
            call.Out.ShouldContain(choice.Meaning);
        }

        (await CommandLineCall.Of(room.Home, "evolve", "--search", "list", "--json")).Json.GetProperty("choices").GetArrayLength().ShouldBe(SearchChoices.All.Count);
    }
}

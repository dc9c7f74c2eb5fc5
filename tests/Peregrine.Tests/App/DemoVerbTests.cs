using System.Text.Json;
using Peregrine.App.CommandLine;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

/// <summary>The demonstration with nothing planted; the one with an edge is run by the test of the README.</summary>
public sealed class DemoVerbTests : IDisposable
{
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task Where_nothing_is_planted_nothing_is_found()
    {
        CommandLineCall call = await CommandLineCall.Of(home.Path, "demo", "--no-edge", "--no-browser", "--json", "--seed", "2");
        call.Code.ShouldBe(ExitCode.AnswerIsNo, call.Error);
        JsonElement verdict = call.Json.GetProperty("verdicts").EnumerateArray().ShouldHaveSingleItem();
        verdict.GetProperty("verdict").GetString().ShouldBe("no-edge");
        verdict.GetProperty("distinctTrials").GetInt32().ShouldBeGreaterThan(5_000);
        call.Json.GetProperty("planted").ValueKind.ShouldBe(JsonValueKind.Null);
        call.Json.GetProperty("trades").GetArrayLength().ShouldBe(0);
        string page = await File.ReadAllTextAsync(call.Json.GetProperty("report").GetString()!);
        page.ShouldContain($"No edge: {verdict.GetProperty("reason").GetString()}.");
        page.ShouldContain("The strategies the search chose");
        page.ShouldContain("data generated · seed 2</footer>");
    }
}

using System.Diagnostics;
using System.Text.Json;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.Tests.App.Evolution;
using Peregrine.Tests.App.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

/// <summary>Ctrl-C on real processes: exit code 130, nothing lost, and the same work goes on from there.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task A_trading_process_that_is_stopped_ends_in_order_and_the_same_command_goes_on()
    {
        using var room = TradeRoom.Furnished(inMemory: false);
        JsonElement whole = (await CommandLineCall.Of(room.Home, [.. room.Trade])).Json;
        using Process process = room.Start([.. room.Trade, "--speed", "20000"]);
        await room.Reached(0.2, () => process.HasExited);
        (int code, string output, string error) = await OwnProcess.Stop(process);
        code.ShouldBe((int)ExitCode.Stopped, error);
        error.ShouldBeEmpty();
        JsonElement stopped = JsonDocument.Parse(output).RootElement;
        stopped.GetProperty("ended").GetBoolean().ShouldBeFalse();
        string session = stopped.GetProperty("session").GetString()!;
        int trades = stopped.GetProperty("trades").GetArrayLength();
        trades.ShouldBeInRange(1, whole.GetProperty("trades").GetArrayLength() - 1);

        JsonElement rest = (await CommandLineCall.Of(room.Home, [.. room.Trade])).Json;
        (rest.GetProperty("session").GetString(), rest.GetProperty("ended").GetBoolean()).ShouldBe((session, true));
        rest.GetProperty("trades").ToString().ShouldBe(whole.GetProperty("trades").ToString());
        rest.GetProperty("alerts").GetArrayLength().ShouldBe(0);
        (await CommandLineCall.Of(room.Home, "replay", session)).Code.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task A_search_that_is_stopped_saves_where_it_is_and_resumes_to_the_same_end()
    {
        string[] budget = ["--evaluations", "3000", "--threads", "2"];
        using EvolutionRoom undisturbed = new(), room = new();
        JsonElement whole = (await undisturbed.Evolve(budget)).Json;
        string run = whole.GetProperty("run").GetString()!;

        using Process process = OwnProcess.Start(room.Home, ["evolve", "--symbol", "EURUSD", "--timeframe", "H1", "--json", .. budget]);
        using (StrategyLibrary library = StrategyLibrary.Open(room.Home))
        {
            while (library.Trials(run).All == 0 && !process.HasExited)
            {
                await Task.Yield();
            }
        }

        (int code, string output, string error) = await OwnProcess.Stop(process);
        code.ShouldBe((int)ExitCode.Stopped, error);
        error.ShouldContain($"Go on with './peregrine evolve --resume {run}'.");
        JsonDocument.Parse(output).RootElement.GetProperty("exitCode").GetInt32().ShouldBe(130);

        CommandLineCall rest = await CommandLineCall.Of(room.Home, "evolve", "--resume", run, "--threads", "2", "--json");
        rest.Code.ShouldBe(ExitCode.Done, rest.Error);
        rest.Json.GetProperty("hash").GetString().ShouldBe(whole.GetProperty("hash").GetString());
        using StrategyLibrary after = StrategyLibrary.Open(room.Home);
        after.Trials(run).All.ShouldBe(3_000);
    }
}

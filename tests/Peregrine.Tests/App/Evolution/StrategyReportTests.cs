using System.Text.Json;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Performance;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Evolution;

/// <summary><c>report ID</c>: what a run measured, a backtest over its data, and what is said when those are gone.</summary>
public sealed class StrategyReportTests : IDisposable
{
    private readonly EvolutionRoom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task The_backtest_is_in_the_runs_own_terms_divided_where_the_run_divided_and_ends_where_the_lockbox_begins()
    {
        JsonElement run = (await room.Evolve()).Json, best = run.GetProperty("front")[0];
        string id = best.GetProperty("id").GetString()!, page = room.File("page.html");
        CommandLineCall call = await CommandLineCall.Of(room.Home, "report", id[..12], "--out", page, "--json");
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        JsonElement parts = run.GetProperty("parts"), json = call.Json;
        json.GetProperty("split").GetString().ShouldBe(parts.GetProperty("outOfSample").GetProperty("from").GetString());
        json.GetProperty("missing").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("html").GetString().ShouldBe(page);
        json.GetProperty("metrics").EnumerateObject().Select(p => p.Name).ShouldBe([.. Metrics.All.Select(m => m.Name), "undefined"]);

        // The run trades the parts one by one, from flat; here a trade may lie across the boundary, and until both are flat at the same time again they take different turns.
        Trades(json.GetProperty("inSample")).ShouldBe(Trades(best.GetProperty("inSample")), 15);
        Trades(json.GetProperty("metrics")).ShouldBe(Trades(best.GetProperty("outOfSample")), 15);
        json.GetProperty("inSample").GetProperty("sharpe").GetDouble().ShouldBe(best.GetProperty("inSample").GetProperty("sharpe").GetDouble(), 0.3);

        using var library = StrategyLibrary.Open(room.Home);
        StrategyReport report = StrategyReport.Of(room.Home, library, library.Find(id), TimeProvider.System, CancellationToken.None);
        Instant lockbox = Instant.Parse(parts.GetProperty("lockbox").GetProperty("from").GetString()!);
        report.Model.Source.Record.Times[^1].ShouldBeLessThanOrEqualTo(lockbox);
        new Instant(report.Model.Source.Prices[0].Bars.Time[^1]).ShouldBeLessThan(lockbox);

        string html = await File.ReadAllTextAsync(page);
        foreach (string said in (string[])["What the search measured", "out of sample</span>", "What it descends from", "The strategy in words", "Edge: the front earned", "of the deposit lost at the stop", "shut, nothing of it is shown"])
        {
            html.ShouldContain(said);
        }
    }

    [Fact]
    public async Task Descent_begins_with_the_strategy_and_goes_back_parent_by_parent()
    {
        JsonElement front = (await room.Evolve("--evaluations", "2000")).Json.GetProperty("front");
        int bred = 0;
        foreach (JsonElement strategy in front.EnumerateArray())
        {
            string id = strategy.GetProperty("id").GetString()!;
            JsonElement[] line = [.. (await CommandLineCall.Of(room.Home, "report", id, "--json")).Json.GetProperty("descent").EnumerateArray()];
            id.ShouldStartWith(line[0].GetProperty("id").GetString()!);
            line[0].GetProperty("operator").GetString().ShouldBe(strategy.GetProperty("operator").GetString());
            line[0].GetProperty("sharpe").GetDouble().ShouldBe(strategy.GetProperty("inSample").GetProperty("sharpe").GetDouble(), 2, "the ledger is at raised costs");
            string[] parents = [.. strategy.GetProperty("parents").EnumerateArray().Select(p => p.GetString()!)];
            (line.Length > 1).ShouldBe(parents.Length > 0);
            if (parents.Length > 0)
            {
                parents[0].ShouldStartWith(line[1].GetProperty("id").GetString()!);
                line.Select(a => a.GetProperty("generation").GetInt32()).ShouldBeInOrder(SortDirection.Descending);
                bred++;
            }
        }

        bred.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task When_the_data_are_no_longer_those_of_the_run_the_report_says_so_and_shows_what_was_measured()
    {
        string id = (await room.Evolve()).Json.GetProperty("front")[0].GetProperty("id").GetString()!;
        room.Store(EvolutionRoom.Bars(99, null));
        string page = room.File("page.html");
        CommandLineCall call = await CommandLineCall.Of(room.Home, "report", id, "--out", page, "--json");
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        call.Json.GetProperty("missing").GetString().ShouldBe("the stored bars are no longer those it began with");
        call.Json.GetProperty("metrics").GetProperty("sharpe").ValueKind.ShouldBe(JsonValueKind.Null);
        call.Json.GetProperty("metrics").GetProperty("undefined").GetProperty("sharpe").GetString().ShouldBe("the stored bars are no longer those it began with");
        string html = await File.ReadAllTextAsync(page);
        html.ShouldContain("There is no backtest here: the stored bars are no longer those it began with.");
        html.ShouldContain("What the search measured");
        html.ShouldNotContain("class=\"equity\"");
        html.ShouldNotContain("All figures");
    }

    [Fact]
    public async Task A_session_over_the_data_a_strategy_was_made_from_is_not_held_for_a_result()
    {
        string id = (await room.Evolve()).Json.GetProperty("front")[0].GetProperty("id").GetString()!;
        room.StoreTicks(hours: 700);
        CommandLineCall trade = await CommandLineCall.Of(room.Home, "trade", "--feed", "EURUSD", "--strategy", id, "--json", "--quiet");
        trade.Code.ShouldBe(ExitCode.Done, trade.Error);
        CommandLineCall call = await CommandLineCall.Of(room.Home, "report", trade.Json.GetProperty("session").GetString()!);
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        call.Out.ShouldContain("measured on the data it was made from: says nothing.");
        call.Out.ShouldContain("What the search measured:");
    }

    [Fact]
    public async Task A_strategy_that_no_run_has_judged_is_explained_and_said_to_be_unjudged()
    {
        string file = room.File("mine.strategy");
        await File.WriteAllTextAsync(file, "strategy mine\nmarket EURUSD H1\nlong when close crosses above highest(high, 48)[1]\nstop 2.5 atr(14)\n");
        (await CommandLineCall.Of(room.Home, "strategies", "import", file)).Code.ShouldBe(ExitCode.Done);
        CommandLineCall call = await CommandLineCall.Of(room.Home, "report", "mine");
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        call.Out.ShouldContain("Not judged: no search has tried it.");
        call.Out.ShouldContain("There is no backtest here: no run of 'evolve' has judged it.");
        string page = Directory.GetFiles(Path.Combine(room.Home, "reports")).ShouldHaveSingleItem();
        (await File.ReadAllTextAsync(page)).ShouldContain("Buys when the close crosses above");
    }

    [Fact]
    public async Task A_name_that_nothing_has_or_that_two_have_is_one_sentence()
    {
        CommandLineCall none = await CommandLineCall.Of(room.Home, "report", "nobody");
        (none.Code, none.Error.TrimEnd()).ShouldBe((ExitCode.Failed, "There is nothing called 'nobody' to report on: it is neither a recorded session nor the name or the beginning of the id of a strategy in the library; see 'sessions list' and 'strategies list'."));

        await room.Evolve("--evaluations", "2000");
        CommandLineCall many = await CommandLineCall.Of(room.Home, "report", "");
        many.Code.ShouldBe(ExitCode.Failed);
        many.Error.TrimEnd().Split('\n').ShouldHaveSingleItem();
    }

    private static double Trades(JsonElement part) => part.GetProperty("trades").GetDouble();
}

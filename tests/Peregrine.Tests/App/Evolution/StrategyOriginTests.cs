using System.Text.Json;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Evolution;

/// <summary>A backtest of a strategy that a search made: where it comes from, what of the data it has seen, and the lockbox.</summary>
public sealed class StrategyOriginTests : IDisposable
{
    private readonly EvolutionRoom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task On_the_data_it_was_made_from_a_backtest_says_nothing_on_terminal_in_JSON_and_on_the_page()
    {
        JsonElement run = (await room.Evolve()).Json;
        string id = Id(run), page = room.File("page.html");
        CommandLineCall call = await Backtest(id, "--to", From(run, "outOfSample"), "--out", page, "--json");
        JsonElement json = call.Json;
        json.GetProperty("verdict").GetString().ShouldEndWith("measured on the data it was made from: says nothing.");
        json.GetProperty("remark").GetString()!.ShouldContain($"out of {run.GetProperty("distinctTrials").GetInt32()} distinct strategies");
        json.GetProperty("outOfSample").ValueKind.ShouldBe(JsonValueKind.Null);
        json.GetProperty("inSample").GetProperty("trades").GetDouble().ShouldBe(json.GetProperty("metrics").GetProperty("trades").GetDouble());
        JsonElement origin = json.GetProperty("origin");
        origin.GetProperty("run").GetString().ShouldBe(run.GetProperty("run").GetString());
        origin.GetProperty("distinctTrials").GetInt32().ShouldBe(run.GetProperty("distinctTrials").GetInt32());
        origin.GetProperty("inSample").GetProperty("to").GetString().ShouldBe(From(run, "outOfSample"));
        json.GetProperty("notes").EnumerateArray().ShouldBeEmpty();

        string text = (await Backtest(id, "--to", From(run, "outOfSample"))).Out, html = await File.ReadAllTextAsync(page);
        foreach (string told in (string[])[text, html])
        {
            told.ShouldContain(json.GetProperty("verdict").GetString()!);
            told.ShouldContain($"Run {run.GetProperty("run").GetString()}");
            told.ShouldNotContain("more than luck");
            told.ShouldNotContain("lockbox of run");
        }

        html.ShouldContain("What the search measured");
        (await CommandLineCall.Of(room.Home, "strategies", "show", id)).Out.ShouldNotContain("was opened");
    }

    [Fact]
    public async Task A_file_with_the_same_content_is_the_same_strategy_whatever_its_name()
    {
        JsonElement run = (await room.Evolve()).Json;
        string file = room.File("mine.strategy"), text = run.GetProperty("front")[0].GetProperty("text").GetString()!;
        await File.WriteAllTextAsync(file, "strategy mine\n" + text[(text.IndexOf('\n') + 1)..]);
        JsonElement json = (await Backtest(file, "--to", From(run, "outOfSample"), "--json")).Json;
        json.GetProperty("verdict").GetString()!.ShouldContain("says nothing");
        json.GetProperty("origin").GetProperty("run").GetString().ShouldBe(run.GetProperty("run").GetString());

        await File.WriteAllTextAsync(file, "strategy mine\nmarket EURUSD H1\nlong when close crosses above highest(high, 47)[1]\nstop 2.5 atr(14)\n");
        (await Backtest(file, "--json")).Json.GetProperty("origin").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Across_the_boundary_the_verdict_is_that_of_the_part_out_of_sample()
    {
        JsonElement run = (await room.Evolve()).Json;
        JsonElement json = (await Backtest(Id(run), "--to", From(run, "lockbox"), "--json")).Json;
        json.GetProperty("verdict").GetString().ShouldStartWith("Out of sample: ");
        json.GetProperty("split").GetString().ShouldBe(From(run, "outOfSample"));
        double all = json.GetProperty("metrics").GetProperty("trades").GetDouble();
        (json.GetProperty("inSample").GetProperty("trades").GetDouble() + json.GetProperty("outOfSample").GetProperty("trades").GetDouble()).ShouldBe(all);
        json.GetProperty("notes").EnumerateArray().ShouldBeEmpty();
        string text = (await Backtest(Id(run), "--to", From(run, "lockbox"))).Out;
        text.ShouldContain("out of sample");
        text.ShouldContain(json.GetProperty("verdict").GetString()!);

        // A stretch that begins after the boundary is out of sample as a whole.
        JsonElement after = (await Backtest(Id(run), "--from", From(run, "outOfSample"), "--to", From(run, "lockbox"), "--json")).Json;
        after.GetProperty("verdict").GetString().ShouldStartWith("Out of sample: ");
        after.GetProperty("inSample").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Looking_into_the_lockbox_is_said_and_written_down_each_time()
    {
        JsonElement run = (await room.Evolve()).Json;
        string id = Id(run), page = room.File("page.html");
        JsonElement before = (await Backtest(id, "--json")).Json;
        before.GetProperty("notes").EnumerateArray().ShouldBeEmpty("without a word it ends where the lockbox begins");
        before.GetProperty("metrics").ToString().ShouldBe((await Backtest(id, "--to", From(run, "lockbox"), "--json")).Json.GetProperty("metrics").ToString());
        foreach (string[] range in (string[][])[["--to", "2040-01-01"], ["--from", From(run, "lockbox")]])
        {
            CommandLineCall refused = await CommandLineCall.Of(room.Home, ["backtest", id, .. range]);
            (refused.Code, refused.Error.Contains("--open-lockbox", StringComparison.Ordinal), refused.Out).ShouldBe((ExitCode.Failed, true, ""));
        }

        JsonElement json = (await Backtest(id, "--open-lockbox", "--json", "--out", page)).Json;
        string note = json.GetProperty("notes")[0].GetString()!;
        note.ShouldStartWith($"This opens the lockbox of run {run.GetProperty("run").GetString()}");
        note.ShouldContain("the 1st opening");
        (await File.ReadAllTextAsync(page)).ShouldContain(note);
        (await Backtest(id, "--open-lockbox")).Out.ShouldContain("the 2nd opening");

        using (var library = StrategyLibrary.Open(room.Home))
        {
            library.Openings(run.GetProperty("run").GetString()!).Select(o => (o.Strategy, o.First < o.Last)).ShouldBe([(id, true), (id, true)]);
        }

        CommandLineCall show = await CommandLineCall.Of(room.Home, "strategies", "show", id);
        show.Out.Split('\n').Count(l => l.StartsWith($"the lockbox of run {run.GetProperty("run").GetString()} was opened", StringComparison.Ordinal)).ShouldBe(2);
        (await CommandLineCall.Of(room.Home, "strategies", "show", id, "--json")).Json.GetProperty("lockboxOpenings").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task A_run_that_has_not_kept_how_it_divided_its_data_may_have_seen_all_of_them()
    {
        JsonElement run = (await room.Evolve()).Json;
        using (var file = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(room.Home, "library", "library.db")};Pooling=False"))
        {
            file.Open();
            using var forget = file.CreateCommand();
            forget.CommandText = "DELETE FROM run_span";
            forget.ExecuteNonQuery().ShouldBe(1);
        }

        (await Backtest(Id(run), "--from", From(run, "outOfSample"), "--json")).Json.GetProperty("verdict").GetString()!.ShouldContain("says nothing");
    }

    private async Task<CommandLineCall> Backtest(params string[] more)
    {
        CommandLineCall call = await CommandLineCall.Of(room.Home, ["backtest", .. more]);
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        return call;
    }

    private static string Id(JsonElement run) => run.GetProperty("front")[0].GetProperty("id").GetString()!;

    private static string From(JsonElement run, string part) => run.GetProperty("parts").GetProperty(part).GetProperty("from").GetString()!;
}

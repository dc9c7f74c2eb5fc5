using System.Globalization;
using System.Text.Json;
using Peregrine.Adapters;
using Peregrine.Adapters.Store;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Tests.Adapters.Store;
using Peregrine.Adapters.Store.Library;
using Peregrine.Core.Strategies;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary><c>trade --feed</c> and the verbs around it, from the command line's words to its answers, in this process and in processes that are killed.</summary>
public sealed class TradeVerbTests : IDisposable
{
    private readonly TradeRoom room = TradeRoom.Furnished();

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Paper_trades_are_those_of_the_backtest_over_the_same_ticks_and_the_session_replays()
    {
        JsonElement backtest = (await CommandLineCall.Of(room.Home, "backtest", room.Cross, "--ticks", "--costs", "zero", "--json")).Json;
        CommandLineCall trade = await CommandLineCall.Of(room.Home, "trade", "--feed", "EURUSD", "--strategy", room.Cross, "--costs", "zero", "--json");
        trade.Code.ShouldBe(ExitCode.Done, trade.Error);
        trade.Json.GetProperty("trades").GetArrayLength().ShouldBeGreaterThan(20);
        trade.Json.GetProperty("trades").ToString().ShouldBe(backtest.GetProperty("trades").ToString());
        trade.Json.GetProperty("refusals").ToString().ShouldBe(backtest.GetProperty("refusals").ToString());
        trade.Json.GetProperty("fills").GetInt32().ShouldBe(2 * trade.Json.GetProperty("trades").GetArrayLength());
        trade.Json.GetProperty("alerts").GetArrayLength().ShouldBe(0);

        string session = trade.Json.GetProperty("session").GetString()!;
        JsonElement listed = (await CommandLineCall.Of(room.Home, "sessions", "list", "--json")).Json.GetProperty("sessions")[0];
        (listed.GetProperty("session").GetString(), listed.GetProperty("state").GetString()).ShouldBe((session, "ended"));

        CommandLineCall replay = await CommandLineCall.Of(room.Home, "replay", session, "--json");
        replay.Code.ShouldBe(ExitCode.Done, replay.Error);
        replay.Json.GetProperty("match").GetBoolean().ShouldBeTrue();
        replay.Json.GetProperty("sameEngine").GetBoolean().ShouldBeTrue();
        replay.Json.GetProperty("events").GetInt64().ShouldBe(trade.Json.GetProperty("events").GetInt64());
        replay.Json.GetProperty("commands").GetInt64().ShouldBe(trade.Json.GetProperty("commands").GetInt64());
        replay.Json.GetProperty("firstDifference").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_session_goes_on_over_the_source_it_was_begun_with_though_another_covers_more()
    {
        CommandLineCall first = await CommandLineCall.Of(room.Home, [.. room.Trade, "--speed", "1", "--for", "1s"]);
        string session = first.Json.GetProperty("session").GetString()!;
        first.Json.GetProperty("ended").GetBoolean().ShouldBeFalse();
        first.Json.GetProperty("feed").GetString()!.ShouldEndWith("ticks of EURUSD from test");
        using (MarketStore store = MarketStore.Open(room.Home))
        using (StoreWriter writer = store.Write("EURUSD"))
        {
            writer.AddTicks("fuller", Generated.Ticks(new Rng(43), Instant.FromUtc(2019, 2, 4), 40_000, maxStepMs: 3_600));
        }

        CommandLineCall again = await CommandLineCall.Of(room.Home, "trade", "--session", session, "--json");
        (again.Code, again.Error.Contains("no longer", StringComparison.Ordinal)).ShouldBe((ExitCode.Done, false), again.Error);
        (await CommandLineCall.Of(room.Home, [.. room.Trade])).Json.GetProperty("feed").GetString()!.ShouldEndWith("from fuller");
        CommandLineCall named = await CommandLineCall.Of(room.Home, [.. room.Trade, "--source", "test"]);
        named.Json.GetProperty("feedHash").GetString().ShouldBe(first.Json.GetProperty("feedHash").GetString());
        (await CommandLineCall.Of(room.Home, "sessions", "list")).Out.ShouldContain("ticks of EURUSD from test");
        (await CommandLineCall.Of(room.Home, [.. room.Trade, "--source", "none"])).Error.ShouldContain("from none");
    }

    [Fact]
    public async Task A_session_over_days_that_a_run_keeps_shut_is_a_look_into_its_lockbox()
    {
        Strategy strategy = Core.Strategies.Strategy.Parse(await File.ReadAllTextAsync(room.Cross));
        var figures = new PartFigures(1, 0.1, 0.05, 100, 0.5, 1.2);
        using (StrategyLibrary library = StrategyLibrary.Open(Peregrine.App.Home.Open(room.Home, TimeProvider.System).Path))
        {
            var run = new RunRow("r1", "EURUSD", Timeframe.M1, 1, "settings", "data", Instant.FromUtc(2019, 3, 1))
            {
                Span = new RunSpan(Instant.FromUtc(2018, 1, 1), Instant.FromUtc(2018, 10, 1), Instant.FromUtc(2019, 1, 1), Instant.FromUtc(2019, 3, 1)),
            };
            library.Begin(run);
            library.Finish(run with { Finished = run.Started }, [(new StoredStrategy(strategy.Id, "cross", "evolved", run.Started, strategy), new FrontRow("r1", 0, strategy.Id, 1, 7, figures, figures, 0.5) { Operator = "founder" })]);
        }

        JsonElement traded = (await CommandLineCall.Of(room.Home, "trade", "--feed", "EURUSD", "--strategy", room.Cross, "--costs", "zero", "--json")).Json;
        traded.GetProperty("lockboxOpenings").EnumerateArray().ShouldHaveSingleItem().GetString()!.ShouldContain("the 1st opening");
        using StrategyLibrary after = StrategyLibrary.Open(room.Home);
        after.Openings("r1").ShouldHaveSingleItem().Strategy.ShouldBe(strategy.Id);
    }

    [Fact]
    public async Task Strategies_of_the_library_trade_together_as_their_files_do()
    {
        JsonElement files = (await CommandLineCall.Of(room.Home, [.. room.Trade])).Json;
        (await CommandLineCall.Of(room.Home, "strategies", "import", room.Cross, room.Break)).Code.ShouldBe(ExitCode.Done);
        JsonElement[] library = [.. (await CommandLineCall.Of(room.Home, "strategies", "list", "--json")).Json.GetProperty("strategies").EnumerateArray()];
        string[] ids = [.. new[] { "cross", "break" }.Select(name => library.Single(s => s.GetProperty("name").GetString() == name).GetProperty("id").GetString()!)];
        string[] trade = ["trade", "--feed", "EURUSD", "--costs", "zero", "--json", "--quiet", "--strategy"];

        CommandLineCall byId = await CommandLineCall.Of(room.Home, [.. trade, ids[0][..10], "break"]);
        byId.Code.ShouldBe(ExitCode.Done, byId.Error);
        byId.Json.GetProperty("trades").ToString().ShouldBe(files.GetProperty("trades").ToString());
        byId.Json.GetProperty("trades").EnumerateArray().Select(t => t.GetProperty("strategy").GetString()!).Distinct().ShouldBe(ids, ignoreOrder: true);
        JsonElement session = (await CommandLineCall.Of(room.Home, "sessions", "list", "--json")).Json.GetProperty("sessions").EnumerateArray().Single(s => s.GetProperty("session").GetString() == byId.Json.GetProperty("session").GetString());
        session.GetProperty("strategies").EnumerateArray().Select(s => s.GetString()!).ShouldBe(ids);

        CommandLineCall twice = await CommandLineCall.Of(room.Home, [.. trade, "cross", room.Cross]);
        (twice.Code, twice.Error.Contains("named twice", StringComparison.Ordinal)).ShouldBe((ExitCode.WrongUsage, true));
        CommandLineCall nobody = await CommandLineCall.Of(room.Home, [.. trade, "nobody"]);
        nobody.Code.ShouldBe(ExitCode.Failed);
        nobody.Error.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldStartWith("There is no strategy 'nobody' in the library");
    }

    [Fact]
    public async Task A_strategy_that_needs_more_bars_than_the_feed_has_is_named_before_it_trades_nothing()
    {
        string slow = room.File("slow.strategy"), ready = room.File("ready.strategy");
        string text = "strategy slow\nmarket EURUSD H1\nlong when close > sma(close, 12)\nstop 2 atr(3)\n";
        await File.WriteAllTextAsync(slow, text);
        await File.WriteAllTextAsync(ready, text.Replace("slow", "ready", StringComparison.Ordinal).Replace("12", "5", StringComparison.Ordinal));
        CommandLineCall call = await CommandLineCall.Of(room.Home, "trade", "--feed", "EURUSD", "--strategy", slow, ready, "--quiet");
        call.Code.ShouldBe(ExitCode.Done);
        call.Error.TrimEnd().ShouldBe("slow will not trade: it needs 11 H1 bars to warm up, and this feed holds at most 11.");
    }

    [Fact]
    public async Task Paper_trades_over_a_real_day_are_those_of_the_backtest_to_the_cent()
    {
        string samples = Path.Combine(Needs.Samples(), "dukascopy", "EURUSD");
        using var home = new TemporaryFolder(inMemory: true);
        string path = home.File("home");
        (await CommandLineCall.Of(path, "data", "import", samples, "--format", "dukascopy")).Code.ShouldBe(ExitCode.Done);
        string[] range = ["--from", "2019-02-04", "--to", "2019-02-05", "--json"];
        foreach (string strategy in (string[])[room.Cross, room.Break])
        {
            JsonElement backtest = (await CommandLineCall.Of(path, ["backtest", strategy, "--ticks", .. range])).Json;
            CommandLineCall trade = await CommandLineCall.Of(path, ["trade", "--feed", "EURUSD", "--strategy", strategy, .. range]);
            trade.Code.ShouldBe(ExitCode.Done, trade.Error);
            trade.Json.GetProperty("trades").GetArrayLength().ShouldBeGreaterThan(10);
            trade.Json.GetProperty("trades").ToString().ShouldBe(backtest.GetProperty("trades").ToString());
            (await CommandLineCall.Of(path, "replay", trade.Json.GetProperty("session").GetString()!)).Code.ShouldBe(ExitCode.Done);
        }
    }

    [Fact]
    public async Task A_stopped_session_goes_on_with_the_same_command_and_ends_as_if_it_had_not_stopped()
    {
        JsonElement whole = (await CommandLineCall.Of(room.Home, [.. room.Trade])).Json;
        using var stop = new CancellationTokenSource();
        using StringWriter output = new(), error = new();
        Task<ExitCode> running = Task.Run(() => Program.Run([.. room.Trade, "--speed", "10000"], room.Here(output, error), stop.Token));
        await room.Reached(0.1, () => running.IsCompleted);
        await stop.CancelAsync();
        (await running).ShouldBe(ExitCode.Stopped, error.ToString());
        JsonElement stopped = JsonDocument.Parse(output.ToString()).RootElement;
        stopped.GetProperty("ended").GetBoolean().ShouldBeFalse();
        stopped.GetProperty("session").GetString().ShouldNotBe(whole.GetProperty("session").GetString());

        JsonElement rest = (await CommandLineCall.Of(room.Home, [.. room.Trade])).Json;
        rest.GetProperty("session").GetString().ShouldBe(stopped.GetProperty("session").GetString());
        rest.GetProperty("ended").GetBoolean().ShouldBeTrue();
        rest.GetProperty("trades").ToString().ShouldBe(whole.GetProperty("trades").ToString());

        CommandLineCall over = await CommandLineCall.Of(room.Home, "trade", "--session", rest.GetProperty("session").GetString()!);
        over.Code.ShouldBe(ExitCode.Failed);
        over.Error.ShouldContain("it is over: the feed ended");
    }

    [Fact]
    public async Task A_session_that_another_engine_decides_otherwise_is_told_apart_at_its_first_command()
    {
        JsonElement trade = (await CommandLineCall.Of(room.Home, [.. room.Trade])).Json;
        string session = trade.GetProperty("session").GetString()!;
        room.Rewrite(session, "doubled", s => s with { Session = session, Build = "another", Sizing = s.Sizing with { RiskFraction = s.Sizing.RiskFraction / 2 } });
        CommandLineCall replay = await CommandLineCall.Of(room.Home, "replay", "doubled", "--json");
        replay.Code.ShouldBe(ExitCode.AnswerIsNo, replay.Error);
        replay.Json.GetProperty("match").GetBoolean().ShouldBeFalse();
        JsonElement difference = replay.Json.GetProperty("firstDifference");
        difference.GetProperty("recorded").GetString()!.ShouldContain("Quantity");
        difference.GetProperty("recomputed").GetString().ShouldNotBe(difference.GetProperty("recorded").GetString());
        replay.Json.GetProperty("because").GetString()!.ShouldContain("another engine (another)");

        room.Rewrite(session, "rebuilt", s => s with { Session = session, Build = "another" });
        CommandLineCall rebuilt = await CommandLineCall.Of(room.Home, "replay", "rebuilt", "--json");
        rebuilt.Code.ShouldBe(ExitCode.AnswerIsNo, rebuilt.Error);
        (rebuilt.Json.GetProperty("match").GetBoolean(), rebuilt.Json.GetProperty("sameEngine").GetBoolean()).ShouldBe((true, false));
        (await CommandLineCall.Of(room.Home, "replay", "rebuilt")).Out.ShouldContain("Yet it was recorded by another engine (another) than this one");
        (await CommandLineCall.Of(room.Home, "report", "rebuilt")).Out.ShouldContain("Another engine recorded the session (another)");

        room.Rewrite(session, "foreign", s => s with { Language = "9.9" });
        CommandLineCall foreign = await CommandLineCall.Of(room.Home, "replay", "foreign", "--json");
        foreign.Code.ShouldBe(ExitCode.AnswerIsNo);
        foreign.Json.GetProperty("because").GetString()!.ShouldContain("strategy language 9.9");
    }

    [Fact]
    public async Task A_second_process_on_the_account_is_turned_away_and_told_by_whom()
    {
        string run = Directory.CreateDirectory(Path.Combine(room.Home, "run")).FullName;
        using ProcessLock held = ProcessLock.Take(Path.Combine(run, "trade-paper.lock"), pid => throw new InvalidOperationException(pid));
        CommandLineCall call = await CommandLineCall.Of(room.Home, [.. room.Trade]);
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain($"process {Environment.ProcessId} trades on it");
    }

    [Fact]
    public async Task Damage_to_a_journal_is_one_sentence()
    {
        JsonElement trade = (await CommandLineCall.Of(room.Home, [.. room.Trade])).Json;
        string session = trade.GetProperty("session").GetString()!;
        await using (FileStream file = File.Open(room.Journal(session), FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }

        CommandLineCall replay = await CommandLineCall.Of(room.Home, "replay", session);
        replay.Code.ShouldBe(ExitCode.Failed);
        replay.Error.TrimEnd().Split('\n').Length.ShouldBe(1);
        replay.Error.ShouldContain("it is damaged");
    }

    [Theory]
    [InlineData("trade", "What to trade is missing")]
    [InlineData("trade --feed EURUSD --strategy {0} --speed fast", "--speed is max or a number")]
    [InlineData("trade --feed EURUSD --strategy {0} --for 3y", "--for is a length of time")]
    [InlineData("trade --feed USDJPY --strategy {0}", "trades EURUSD, which is not in the feed")]
    [InlineData("trade --feed EURUSD --strategy {0} {0}", "named twice")]
    [InlineData("trade --session x --feed EURUSD", "leave --feed and --strategy out")]
    [InlineData("halt --account a/b", "--account is a name of letters")]
    public async Task What_cannot_be_meant_is_wrong_usage(string line, string said)
    {
        CommandLineCall call = await CommandLineCall.Of(room.Home, string.Format(CultureInfo.InvariantCulture, line, room.Cross).Split(' '));
        call.Code.ShouldBe(ExitCode.WrongUsage, call.Error);
        call.Error.ShouldContain(said);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("halt")]
    [InlineData("resume")]
    [InlineData("close 3")]
    [InlineData("flatten")]
    public async Task Without_a_running_loop_a_word_fails_in_one_sentence(string line)
    {
        CommandLineCall call = await CommandLineCall.Of(room.Home, line.Split(' '));
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldStartWith("No trading loop is running for account paper");
    }

    [Theory]
    [InlineData("", ExitCode.Failed, "Nothing was closed")]
    [InlineData("yes\n", ExitCode.Failed, "Nothing was closed")]
    [InlineData("flatten all\n", ExitCode.Failed, "No trading loop is running")]
    public async Task Closing_what_is_not_ours_asks_to_be_typed(string typed, ExitCode code, string said)
    {
        using StringWriter error = new();
        using StringReader input = new(typed);
        (await Program.Run(["flatten", "--all"], room.Here(TextWriter.Null, error) with { In = input }, CancellationToken.None)).ShouldBe(code);
        error.ToString().ShouldContain(said);
    }
}

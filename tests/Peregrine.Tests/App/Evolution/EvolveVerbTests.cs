using System.Globalization;
using System.Text.Json;
using Peregrine.Adapters.Store.Library;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Populations;
using Peregrine.Tests.Lab;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Evolution;

public sealed class EvolveVerbTests : IDisposable
{
    private readonly EvolutionRoom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    [Trait("Category", "Determinism")]
    public async Task Threads_do_not_change_the_result_and_the_seed_does()
    {
        JsonElement one = (await room.Evolve("--threads", "1")).Json;
        room.Forget();
        JsonElement two = (await room.Evolve("--threads", "2")).Json, other = (await room.Evolve("--seed", "2")).Json;
        two.GetProperty("hash").GetString().ShouldBe(one.GetProperty("hash").GetString());
        two.GetProperty("run").GetString().ShouldBe(one.GetProperty("run").GetString());
        other.GetProperty("hash").GetString().ShouldNotBe(one.GetProperty("hash").GetString());
    }

    [Fact]
    public async Task The_answer_holds_what_scripts_rely_on_and_the_library_holds_the_front()
    {
        CommandLineCall call = await room.Evolve();
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        JsonElement json = call.Json;
        json.EnumerateObject().Select(p => p.Name).ShouldBe(
        [
            "run", "seed", "symbol", "timeframe", "markets", "prices", "dataHash", "costs", "search", "parts", "evaluations", "distinctTrials", "effectiveTrials", "front", "refused", "verdict", "remarks", "elapsedMs", "hash",
        ]);
        json.GetProperty("evaluations").GetInt32().ShouldBe(300);
        int distinct = json.GetProperty("distinctTrials").GetInt32();
        distinct.ShouldBeInRange(200, 300);
        json.GetProperty("effectiveTrials").GetInt32().ShouldBeInRange(2, distinct - 1);
        json.GetProperty("search").EnumerateObject().Select(static p => p.Name).ShouldBe(SearchChoices.All.Select(static c => c.Name));
        JsonElement best = json.GetProperty("front")[0];
        best.GetProperty("inSample").GetProperty("sharpe").GetDouble().ShouldBeGreaterThan(0);
        best.GetProperty("outOfSample").GetProperty("trades").GetInt32().ShouldBeGreaterThanOrEqualTo(0);
        best.TryGetProperty("crossValidated", out _).ShouldBeTrue();
        using var library = StrategyLibrary.Open(room.Home);
        library.Trials(json.GetProperty("run").GetString()).ShouldBe((300, distinct));
        library.Run(json.GetProperty("run").GetString()!).ShouldNotBeNull().Hash.ShouldBe(json.GetProperty("hash").GetString());
        library.Strategies().Count.ShouldBe(json.GetProperty("front").GetArrayLength());
        library.Find(best.GetProperty("id").GetString()![..10]).Judged.ShouldNotBeNull().InSample.Sharpe.ShouldBe(best.GetProperty("inSample").GetProperty("sharpe").GetDouble());
        call.Error.ShouldContain("stays shut");
        call.Error.ShouldContain("of memory on 1 thread");
    }

    [Fact]
    public async Task On_data_without_volume_the_ledger_is_bred_without_it()
    {
        // The same prices, first with the volume of the generated market, then without any: whether volume may be read is part of what makes a run.
        JsonElement wet = (await room.Evolve()).Json;
        BarSeries bars = EvolutionRoom.Bars(3, ResearchMarkets.Obvious);
        room.Store(BarSeries.FromBars(bars.Symbol, bars.Timeframe, bars.Side, [.. Enumerable.Range(0, bars.Count).Select(i => bars[i] with { Volume = 0 })]));
        JsonElement dry = (await room.Evolve()).Json;
        using var library = StrategyLibrary.Open(room.Home);
        library.Run(wet.GetProperty("run").GetString()!)!.Settings.ShouldContain("Volume = True");
        library.Run(dry.GetProperty("run").GetString()!)!.Settings.ShouldContain("Volume = False");
    }

    [Fact]
    public async Task A_run_that_was_stopped_and_resumed_ends_as_if_it_had_not_been()
    {
        JsonElement whole = (await room.Evolve("--evaluations", "1400")).Json;
        string run = whole.GetProperty("run").GetString()!;
        string other = room.File("other");
        Copy(room.Home, other);
        Directory.Delete(Path.Combine(other, "runs"), recursive: true);

        using CancellationTokenSource stop = new();
        // The word to stop comes with the first line that says a generation is done.
        CommandLineCall stopped = await Call(other, stop, line => line.Contains("generation 1,", StringComparison.Ordinal), "evolve", "--symbol", "EURUSD", "--timeframe", "H1", "--evaluations", "1400", "--threads", "1", "--json");
        stopped.Code.ShouldBe(ExitCode.Stopped);
        stopped.Error.ShouldContain($"--resume {run}");
        stopped.Json.GetProperty("run").GetString().ShouldBe(run);
        stopped.Json.GetProperty("resume").GetString().ShouldBe($"./peregrine evolve --resume {run}");
        stopped.Json.GetProperty("exitCode").GetInt32().ShouldBe(130);
        stopped.Json.GetProperty("evaluations").GetInt32().ShouldBeInRange(1_000, 1_399);
        CommandLineCall judged = await CommandLineCall.Of(other, ["validate", run]);
        judged.Code.ShouldBe(ExitCode.Failed);
        judged.Error.ShouldContain($"Run {run} is not at its end");
        string third = room.File("third");
        Copy(other, third);
        CommandLineCall again = await CommandLineCall.Of(third, "evolve", "--symbol", "EURUSD", "--timeframe", "H1", "--evaluations", "1400", "--threads", "1", "--json");
        again.Error.ShouldContain("goes on after 1 ", customMessage: "the same request is the same run: nothing that was tried is thrown away");
        again.Json.GetProperty("hash").GetString().ShouldBe(whole.GetProperty("hash").GetString());
        CommandLineCall resumed = await CommandLineCall.Of(other, "evolve", "--resume", run[..6], "--threads", "2", "--json");
        resumed.Code.ShouldBe(ExitCode.Done, resumed.Error);
        resumed.Json.GetProperty("hash").GetString().ShouldBe(whole.GetProperty("hash").GetString());
        using var library = StrategyLibrary.Open(other);
        library.Trials(run).All.ShouldBe(1_400);
    }

    [Fact]
    public async Task A_run_at_its_end_is_told_again_by_the_same_command_and_searched_anew_without_its_folder()
    {
        CommandLineCall first = await room.Evolve();
        RunRow Kept()
        {
            using StrategyLibrary library = StrategyLibrary.Open(room.Home);
            return library.Runs().ShouldHaveSingleItem();
        }

        RunRow run = Kept();
        CommandLineCall again = await room.Evolve();
        again.Error.ShouldContain("is at its end: what it found is told again");
        again.Error.ShouldNotContain("of memory on");
        again.Json.GetProperty("hash").GetString().ShouldBe(first.Json.GetProperty("hash").GetString());
        Kept().ShouldBeEquivalentTo(run);
        using CancellationTokenSource stopped = new();
        await stopped.CancelAsync();
        (await Call(room.Home, stopped, static _ => false, "evolve", "--symbol", "EURUSD", "--timeframe", "H1", "--evaluations", "300", "--threads", "1", "--json")).Code.ShouldBeOneOf(ExitCode.Done, ExitCode.Stopped);
        (await CommandLineCall.Of(room.Home, "validate", run.Id)).Error.ShouldNotContain("is not at its end");
        room.Forget();
        (await room.Evolve()).Error.ShouldNotContain("told again");
    }

    /// <summary>Whatever is done to a strategy that was found, it is given too late; one that was given before anybody looked is free of all that came after.</summary>
    [Fact]
    public async Task A_seed_is_free_of_the_data_only_when_it_was_given_before_anybody_looked()
    {
        string hand = room.File("hand.strategy"), other = room.File("other.strategy"), text = "\nmarket EURUSD H1\nlong when close crosses above highest(high, 24)[1]\nstop 2 atr(14)\nhold at most 24 bars\n";
        await File.WriteAllTextAsync(hand, "strategy hand" + text);
        await File.WriteAllTextAsync(other, "strategy other" + text.Replace("24", "48", StringComparison.Ordinal));
        CommandLineCall given = await room.Evolve("--seed-from", hand);
        given.Json.GetProperty("remarks").GetArrayLength().ShouldBe(0);
        string run = given.Json.GetProperty("run").GetString()!;
        JsonElement seeded = (await room.Evolve("--seed", "5", "--seed-from", other)).Json;
        seeded.GetProperty("remarks")[0].GetString()!.ShouldContain($"the seed other was first given after run {run} over these years had ended");
        seeded.GetProperty("verdict").GetProperty("verdict").GetString().ShouldNotBe("edge");

        // Whatever its run and the later one found: it was there before them. Told again, and searched again, it stays so.
        (await room.Evolve("--seed", "6", "--seed-from", hand)).Json.GetProperty("remarks").GetArrayLength().ShouldBe(0);
        (await room.Evolve("--seed-from", hand)).Json.GetProperty("remarks").GetArrayLength().ShouldBe(0);
        room.Forget();
        (await room.Evolve("--seed-from", hand)).Json.GetProperty("remarks").GetArrayLength().ShouldBe(0);
        (await room.Evolve("--seed", "5", "--seed-from", other)).Json.GetProperty("remarks").GetArrayLength().ShouldBe(1, "the run that chose had ended before, though it was searched again");
    }

    [Fact]
    public async Task A_seed_that_was_traded_by_hand_on_the_days_that_judge_it_is_not_free_of_them()
    {
        string file = room.File("hand.strategy");
        await File.WriteAllTextAsync(file, "strategy hand\nmarket EURUSD H1\nlong when close crosses above highest(high, 24)[1]\nstop 2 atr(14)\nhold at most 24 bars\n");
        (await CommandLineCall.Of(room.Home, "backtest", file, "--to", "2010-04-01")).Code.ShouldBe(ExitCode.Done);
        (await room.Evolve("--seed-from", file)).Json.GetProperty("remarks").GetArrayLength().ShouldBe(0, "in-sample anybody may look");
        (await CommandLineCall.Of(room.Home, "backtest", file)).Code.ShouldBe(ExitCode.Done);
        (await room.Evolve("--seed-from", file)).Json.GetProperty("remarks").GetArrayLength().ShouldBe(0, "it had been given before");
        using EvolutionRoom fresh = new();
        (await CommandLineCall.Of(fresh.Home, "backtest", file)).Code.ShouldBe(ExitCode.Done);
        JsonElement late = (await fresh.Evolve("--seed-from", file)).Json;
        late.GetProperty("remarks").EnumerateArray().Select(static r => r.GetString()).ShouldContain(r => r!.Contains("first given after 1 strategy had been traded by hand on the days that judge it", StringComparison.Ordinal));
        late.GetProperty("verdict").GetProperty("verdict").GetString().ShouldBe("insufficient-data");
    }

    [Fact]
    public async Task The_best_of_several_seeds_is_not_free_of_what_was_seen_of_all()
    {
        string one = room.File("one.strategy"), two = room.File("two.strategy"), text = "\nmarket EURUSD H1\nlong when close crosses above highest(high, 24)[1]\nstop 2 atr(14)\nhold at most 24 bars\n";
        await File.WriteAllTextAsync(one, "strategy one" + text);
        await File.WriteAllTextAsync(two, "strategy two" + text.Replace("24", "48", StringComparison.Ordinal));
        (await room.Evolve("--seed-from", one, two)).Json.GetProperty("remarks").GetArrayLength().ShouldBe(0);
        (await room.Evolve("--seed", "2", "--seed-from", two, one)).Json.GetProperty("remarks").GetArrayLength().ShouldBe(0, "the same seeds");
        (await room.Evolve("--seed-from", one)).Json.GetProperty("remarks")[0].GetString()!.ShouldContain("the seed one comes from run");
    }

    [Fact]
    public async Task Without_costs_no_verdict_is_an_edge()
    {
        JsonElement json = (await room.Evolve("--costs", "zero")).Json;
        json.GetProperty("verdict").GetProperty("verdict").GetString().ShouldBe("insufficient-data");
        json.GetProperty("verdict").GetProperty("reason").GetString()!.ShouldEndWith("but costs were taken to be nothing");
    }

    [Fact]
    public async Task Other_facts_of_a_symbol_are_another_run()
    {
        string first = (await room.Evolve()).Json.GetProperty("run").GetString()!;
        await File.WriteAllTextAsync(Path.Combine(room.Home, "instruments.json"), """{"version":"2026-01-01","instruments":[{"symbol":"EURUSD","base":"EUR","quote":"USD","digits":5,"pipPosition":4,"lotSize":100000,"minQuantity":1000,"maxQuantity":10000000,"stepQuantity":10000,"maxLeverage":30}]}""");
        CommandLineCall second = await room.Evolve();
        second.Json.GetProperty("run").GetString().ShouldNotBe(first);
        CommandLineCall judged = await CommandLineCall.Of(room.Home, "validate", first);
        judged.Code.ShouldBe(ExitCode.Failed);
        judged.Error.ShouldContain("the facts of its symbols have changed");
    }

    [Fact]
    public async Task A_search_that_is_refused_leaves_no_project_behind()
    {
        (await room.Evolve("--memory", "64MB", "--evaluations", "9000000")).Code.ShouldBe(ExitCode.Failed);
        (await room.Evolve("--from", "2010-02-01")).Json.GetProperty("remarks").GetArrayLength().ShouldBe(0, "nobody has searched anything");
    }

    [Fact]
    public async Task The_better_of_two_runs_judged_on_the_same_days_is_said_to_be()
    {
        await room.Evolve();
        JsonElement second = (await room.Evolve("--seed", "2")).Json, again = (await room.Evolve("--seed", "2")).Json;
        second.GetProperty("verdict").GetProperty("reason").GetString()!.ShouldEndWith("as the best of 2 runs judged on these days");
        await room.Evolve("--seed", "3");
        again.GetProperty("verdict").GetRawText().ShouldBe(second.GetProperty("verdict").GetRawText());
    }

    [Fact]
    public async Task A_run_stopped_between_its_last_candidate_and_its_end_ends_when_somebody_is_told_what_judged_it()
    {
        string first = (await room.Evolve()).Json.GetProperty("run").GetString()!;
        LibraryOf("UPDATE run SET finished = NULL, finding = NULL, reason = NULL, hash = NULL; DELETE FROM front");
        (await CommandLineCall.Of(room.Home, "validate", first, "--json")).Json.GetProperty("run").GetString().ShouldBe(first);
        using (StrategyLibrary library = StrategyLibrary.Open(room.Home))
        {
            RunRow row = library.Run(first)!;
            row.Finding.ShouldBe("Edge");
            row.Finished.ShouldNotBeNull();
            library.Front(first).Count.ShouldBeGreaterThan(0);
        }

        (await room.Evolve("--seed", "2")).Json.GetProperty("verdict").GetProperty("reason").GetString()!.ShouldEndWith("as the best of 2 runs judged on these days");
    }

    [Fact]
    public async Task What_was_traded_by_hand_on_the_days_that_judge_while_a_run_was_open_is_charged()
    {
        string one = await Hand("one", 24), two = await Hand("two", 48), seed = await Hand("seed", 36);
        (await Reason()).ShouldNotContain("as the best of");
        Unfinished();
        (await CommandLineCall.Of(room.Home, "backtest", one, "--to", "2010-04-01")).Code.ShouldBe(ExitCode.Done);
        (await Reason()).ShouldNotContain("as the best of", Case.Sensitive, "in-sample anybody may look");
        Unfinished();
        (await CommandLineCall.Of(room.Home, "backtest", one)).Code.ShouldBe(ExitCode.Done);
        (await Reason()).ShouldEndWith("as the best of 2 runs and strategies judged on these days");
        (await Reason()).ShouldEndWith("as the best of 2 runs and strategies judged on these days", Case.Sensitive, "told again");
        CommandLineCall judged = await CommandLineCall.Of(room.Home, "validate", (await room.Evolve()).Json.GetProperty("run").GetString()!);
        judged.Out.ShouldContain("1 of them on the days that judge while the run was open");
        judged.Out.ShouldContain("the best of 2 runs and strategies judged on these days");

        Unfinished();
        LibraryOf("UPDATE manual_look SET seen = seen - 36000000000000");
        (await Reason()).ShouldNotContain("as the best of", Case.Sensitive, "what was seen before it began has chosen nothing");

        // The seed was given, and its run left; then somebody looked; another run ends with it.
        LibraryOf("DELETE FROM run; DELETE FROM manual_look");
        await room.Evolve("--seed", "5", "--seed-from", seed);
        Unfinished();
        LibraryOf("UPDATE run SET started = started - 36000000000000");
        (await CommandLineCall.Of(room.Home, "backtest", two)).Code.ShouldBe(ExitCode.Done);
        (await Reason("--seed", "6", "--seed-from", seed)).ShouldEndWith("as the best of 2 runs and strategies judged on these days");
    }

    private async Task<string> Reason(params string[] words) => (await room.Evolve(words)).Json.GetProperty("verdict").GetProperty("reason").GetString()!;

    private async Task<string> Hand(string name, int window)
    {
        string file = room.File(name + ".strategy");
        await File.WriteAllTextAsync(file, $"strategy {name}\nmarket EURUSD H1\nlong when close crosses above highest(high, {window})[1]\nstop 2 atr(14)\nhold at most 24 bars\n");
        return file;
    }

    /// <summary>As if every run had been stopped just before its end.</summary>
    private void Unfinished()
    {
        room.Forget();
        LibraryOf("UPDATE run SET finished = NULL, finding = NULL");
    }

    /// <summary>The library after some statements.</summary>
    private void LibraryOf(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(room.Home, "library", "library.db")};Pooling=False");
        connection.Open();
        using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_named_and_not_used()
    {
        string run = (await room.Evolve()).Json.GetProperty("run").GetString()!;
        string path = Path.Combine(room.Home, "runs", run, "checkpoint");
        byte[] bytes = await File.ReadAllBytesAsync(path);
        bytes[^10] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        CommandLineCall call = await CommandLineCall.Of(room.Home, "evolve", "--resume", run);
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain("its content is not what was written");
    }

    [Fact]
    public async Task The_lockbox_is_fixed_by_the_first_run_and_what_lies_in_it_changes_nothing()
    {
        JsonElement first = (await room.Evolve()).Json;
        // Other prices after the lockbox's beginning.
        BarSeries old = EvolutionRoom.Bars(3, ResearchMarkets.Obvious), other = EvolutionRoom.Bars(99, null);
        Instant lockbox = Instant.Parse(first.GetProperty("parts").GetProperty("lockbox").GetProperty("from").GetString()!);
        int from = old.LowerBound(lockbox.Nanoseconds);
        room.Store(BarSeries.FromBars("EURUSD", Timeframe.H1, QuoteSide.Bid, [.. Enumerable.Range(0, old.Count).Select(i => i < from ? old[i] : other[i])]));

        room.Forget();
        JsonElement second = (await room.Evolve()).Json;
        second.GetProperty("dataHash").GetString().ShouldBe(first.GetProperty("dataHash").GetString());
        second.GetProperty("hash").GetString().ShouldBe(first.GetProperty("hash").GetString());
        JsonElement part = (await room.Evolve("--from", "2010-02-01")).Json;
        part.GetProperty("remarks").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData(ExitCode.Failed, "no strategy ''", "--symbol", "EURUSD", "--timeframe", "H1", "--seed-from", "")]
    [InlineData(ExitCode.WrongUsage, "names EURUSD twice", "--symbol", "EURUSD", "eurusd", "--timeframe", "H1")]
    [InlineData(ExitCode.WrongUsage, "names H1 twice", "--symbol", "EURUSD", "--timeframe", "H1", "h1")]
    [InlineData(ExitCode.WrongUsage, "--search knows no 'luck'", "--symbol", "EURUSD", "--timeframe", "H1", "--search", "luck=7")]
    [InlineData(ExitCode.WrongUsage, "--search layers takes a whole number", "--symbol", "EURUSD", "--timeframe", "H1", "--search", "layers=many")]
    [InlineData(ExitCode.WrongUsage, "parents takes tournament or lexicase", "--symbol", "EURUSD", "--timeframe", "H1", "--search", "parents")]
    [InlineData(ExitCode.WrongUsage, "1 to 10 layers", "--symbol", "EURUSD", "--timeframe", "H1", "--search", "layers=99")]
    [InlineData(ExitCode.WrongUsage, "need at least 400 founders, a brood of 200 and a population of 400", "--symbol", "EURUSD", "--timeframe", "H1", "--islands", "200", "--search", "founders=300")]
    [InlineData(ExitCode.WrongUsage, "--timeframe H1", "--symbol", "EURUSD")]
    [InlineData(ExitCode.WrongUsage, "--symbol EURUSD", "--timeframe", "H1")]
    [InlineData(ExitCode.WrongUsage, "'H9' is not", "--symbol", "EURUSD", "--timeframe", "H9")]
    [InlineData(ExitCode.WrongUsage, "exclude each other", "--symbol", "EURUSD", "--timeframe", "H1", "--evaluations", "5", "--generations", "5")]
    [InlineData(ExitCode.WrongUsage, "is a whole number from 1 to", "--symbol", "EURUSD", "--timeframe", "H1", "--evaluations", "0")]
    [InlineData(ExitCode.WrongUsage, "leave out", "--resume", "abc", "--symbol", "EURUSD")]
    [InlineData(ExitCode.WrongUsage, "leave out --seed", "--resume", "abc", "--seed", "7")]
    [InlineData(ExitCode.WrongUsage, "leave out --from", "--resume", "abc", "--from", "2010-01-01")]
    [InlineData(ExitCode.WrongUsage, "leave out --costs", "--resume", "abc", "--costs", "zero")]
    [InlineData(ExitCode.WrongUsage, "There are 4 islands", "--symbol", "EURUSD", "--timeframe", "H1", "H2", "--search", "population=6")]
    [InlineData(ExitCode.WrongUsage, "islands twice", "--symbol", "EURUSD", "--timeframe", "H1", "--islands", "2", "--search", "islands=5")]
    [InlineData(ExitCode.WrongUsage, "stands alone", "--symbol", "EURUSD", "--timeframe", "H1", "--search", "list", "islands=5")]
    [InlineData(ExitCode.WrongUsage, "1 to 1000 strategies", "--symbol", "EURUSD", "--timeframe", "H1", "--search", "front=2147483647")]
    [InlineData(ExitCode.WrongUsage, "1 to 10000 entrants", "--symbol", "EURUSD", "--timeframe", "H1", "--search", "tournament=2147483647")]
    [InlineData(ExitCode.WrongUsage, "at most 100000 founders", "--symbol", "EURUSD", "--timeframe", "H1", "--search", "founders=2000000000")]
    [InlineData(ExitCode.WrongUsage, "at most 100000 founders", "--symbol", "EURUSD", "--timeframe", "H1", "--search", "population=2000000000")]
    [InlineData(ExitCode.WrongUsage, "at most 1000000 generations", "--symbol", "EURUSD", "--timeframe", "H1", "--search", "age-gap=2147483647", "layers=3")]
    [InlineData(ExitCode.Failed, "there is no run of that id", "--resume", "abc")]
    [InlineData(ExitCode.Failed, "There is no strategy 'abc'", "--symbol", "EURUSD", "--timeframe", "H1", "--seed-from", "abc")]
    [InlineData(ExitCode.Failed, "too little of EURUSD", "--symbol", "EURUSD", "--timeframe", "D1")]
    [InlineData(ExitCode.Failed, "There are no bid bars", "--symbol", "GBPUSD", "--timeframe", "H1")]
    public async Task What_cannot_be_done_ends_in_one_sentence(ExitCode code, string sentence, params string[] words)
    {
        CommandLineCall call = await CommandLineCall.Of(room.Home, ["evolve", .. words]);
        call.Code.ShouldBe(code, call.Error);
        call.Error.ShouldContain(sentence);
        call.Error.Trim().Split('\n').Length.ShouldBe(1, call.Error);
    }

    [Fact]
    [Trait("Category", "Determinism")]
    public async Task Less_memory_changes_no_result_and_too_little_is_said_before_anything_begins()
    {
        // So many that the columns of a market do not fit at once.
        JsonElement much = (await room.Evolve("--memory", "2GB", "--evaluations", "1200")).Json;
        room.Forget();
        JsonElement little = (await room.Evolve("--memory", "320MB", "--evaluations", "1200")).Json;
        little.GetProperty("hash").GetString().ShouldBe(much.GetProperty("hash").GetString());
        CommandLineCall call = await room.Evolve("--memory", "64MB", "--evaluations", "9000000");
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain("Cannot search over so much at once: it needs at least");
        call.Error.ShouldContain("a search may take 64.0 MB");
        call.Error.ShouldMatch(@"would take about \d");
        call.Error.Trim().Split('\n').Length.ShouldBe(1, call.Error);
    }

    [Fact]
    public async Task Prices_with_more_holes_than_prices_are_no_ground_for_a_search()
    {
        BarSeries bars = EvolutionRoom.Bars(3, ResearchMarkets.Obvious);
        room.Store(BarSeries.FromBars(bars.Symbol, bars.Timeframe, bars.Side, [.. Enumerable.Range(0, bars.Count).Where(i => i < 2_000 || i > 5_500).Select(i => bars[i])]));
        CommandLineCall call = await CommandLineCall.Of(room.Home, "evolve", "--symbol", "EURUSD", "--timeframe", "H1");
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain("more holes than prices in EURUSD");
        call.Error.Trim().Split('\n').Length.ShouldBe(1, call.Error);
    }

    [Fact]
    [Trait("Category", "Determinism")]
    public async Task Islands_of_two_timeframes_search_at_once_and_can_be_gone_on_with()
    {
        string[] words = ["evolve", "--symbol", "EURUSD", "--timeframe", "H1", "H2", "--evaluations", "1200", "--json", "--search", "founders=100", "population=60", "brood=60", "migration-gap=3", "parents=lexicase", "survival=pareto", "layers=2"];
        CommandLineCall call = await CommandLineCall.Of(room.Home, [.. words, "--threads", "1"]);
        call.Code.ShouldBeOneOf([ExitCode.Done, ExitCode.AnswerIsNo], call.Error);
        JsonElement json = call.Json;
        json.GetProperty("markets").EnumerateArray().Select(static m => m.GetProperty("timeframe").GetString()).ShouldBe(["H1", "H2"]);
        json.GetProperty("search").GetProperty("islands").GetString().ShouldBe("4", "three, and as many of one timeframe as of the other");
        json.GetProperty("search").GetProperty("parents").GetString().ShouldBe("lexicase");
        string run = json.GetProperty("run").GetString()!;
        using (var library = StrategyLibrary.Open(room.Home))
        {
            library.Run(run)!.Markets.Select(static m => m.Timeframe).ShouldBe([Timeframe.H1, Timeframe.H2]);
            library.Strategies().Select(static s => s.Strategy.Timeframe).ShouldBeSubsetOf([Timeframe.H1, Timeframe.H2]);
        }

        string other = room.File("other");
        Copy(room.Home, other);
        Directory.Delete(Path.Combine(other, "runs"), recursive: true);
        using CancellationTokenSource stop = new();
        CommandLineCall stopped = await Call(other, stop, line => line.Contains("generation 7,", StringComparison.Ordinal), [.. words, "--threads", "1"]);
        stopped.Code.ShouldBe(ExitCode.Stopped, stopped.Error);
        CommandLineCall resumed = await CommandLineCall.Of(other, "evolve", "--resume", run, "--threads", "2", "--json");
        resumed.Json.GetProperty("hash").GetString().ShouldBe(json.GetProperty("hash").GetString());
    }

    /// <summary>The lockboxes of the two need not begin together: both are ended there, so neither is read by the other.</summary>
    [Fact]
    public async Task A_run_of_two_timeframes_takes_no_market_of_its_own_for_another_project()
    {
        room.Store(new GeneratedMarket(new Rng(3), RandomMarket.EurUsd, Instant.FromUtc(2010, 1, 4), ResearchMarkets.Obvious).Hours(12_000));
        string[] words = ["evolve", "--symbol", "EURUSD", "--timeframe", "H1", "H4", "--evaluations", "200", "--search", "founders=100", "population=60", "brood=60", "--threads", "1", "--json"];
        JsonElement first = (await CommandLineCall.Of(room.Home, words)).Json, again = (await CommandLineCall.Of(room.Home, words)).Json;
        first.GetProperty("remarks").GetArrayLength().ShouldBe(0, first.GetProperty("remarks").GetRawText());
        again.GetProperty("remarks").GetArrayLength().ShouldBe(0, again.GetProperty("remarks").GetRawText());
    }

    [Fact]
    public async Task A_market_that_never_moves_is_refused()
    {
        BarSeries bars = EvolutionRoom.Bars(3, ResearchMarkets.Obvious);
        var still = new Price(110_000);
        room.Store(BarSeries.FromBars(bars.Symbol, bars.Timeframe, bars.Side, [.. Enumerable.Range(0, bars.Count).Select(i => bars[i] with { Open = still, High = still, Low = still, Close = still })]));
        CommandLineCall call = await CommandLineCall.Of(room.Home, "evolve", "--symbol", "EURUSD", "--timeframe", "H1");
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain("EURUSD never moves");
    }

    [Fact]
    public async Task What_was_chosen_on_the_same_years_is_no_edge_however_well_it_looks()
    {
        JsonElement first = (await room.Evolve()).Json;
        first.GetProperty("verdict").GetProperty("verdict").GetString().ShouldBe("edge");
        CommandLineCall call = await room.Evolve("--seed", "5", "--seed-from", first.GetProperty("front")[0].GetProperty("id").GetString()!);
        call.Code.ShouldBe(ExitCode.AnswerIsNo, call.Error);
        JsonElement verdict = call.Json.GetProperty("verdict");
        verdict.GetProperty("verdict").GetString().ShouldBe("insufficient-data");
        verdict.GetProperty("reason").GetString()!.ShouldContain($"comes from run {first.GetProperty("run").GetString()}");
        using var library = StrategyLibrary.Open(room.Home);
        library.Run(call.Json.GetProperty("run").GetString()!)!.Finding.ShouldBe("InsufficientData");
    }

    [Fact]
    public async Task Two_symbols_are_one_search_and_both_count_as_seen()
    {
        room.Store(EvolutionRoom.Bars(4, ResearchMarkets.Obvious) is var b ? BarSeries.FromBars("GBPUSD", b.Timeframe, b.Side, [.. Enumerable.Range(0, b.Count).Select(i => b[i])]) : b);
        JsonElement alone = (await room.Evolve()).Json;
        CommandLineCall call = await CommandLineCall.Of(room.Home, "evolve", "--symbol", "EURUSD", "GBPUSD", "--timeframe", "H1", "--evaluations", "300", "--json");
        call.Code.ShouldBeOneOf([ExitCode.Done, ExitCode.AnswerIsNo], call.Error);
        call.Error.ShouldContain("GBPUSD H1: ");
        JsonElement json = call.Json;
        json.GetProperty("markets").GetArrayLength().ShouldBe(2);
        json.GetProperty("dataHash").GetString().ShouldNotBe(alone.GetProperty("dataHash").GetString());
        json.GetProperty("run").GetString().ShouldNotBe(alone.GetProperty("run").GetString());
        string found = json.GetProperty("front")[0].GetProperty("id").GetString()!;
        using var library = StrategyLibrary.Open(room.Home);
        StrategyOrigin.Of(library, found, "GBPUSD").ShouldNotBeNull().Seen(Instant.FromUtc(2010, 1, 1), Instant.FromUtc(2011, 1, 1)).ShouldNotBeNull();
        StrategyOrigin.Of(library, found, "USDJPY").ShouldNotBeNull().Seen(Instant.FromUtc(2010, 1, 1), Instant.FromUtc(2011, 1, 1)).ShouldBeNull();
    }

    [Fact]
    public void Every_choice_can_be_made_and_says_what_was_chosen()
    {
        var plain = new SearchSettings { Seed = 1 };
        foreach (SearchChoice choice in SearchChoices.All)
        {
            SearchSettings other = (choice.With(plain, "1") ?? choice.With(plain, choice.Values.Split(" or ").First(w => w != choice.Of(plain)))).ShouldNotBeNull(choice.Name);
            (choice.Of(plain) == "1" || choice.Of(other) != choice.Of(plain)).ShouldBeTrue(choice.Name);
            choice.With(plain, choice.Of(plain)).ShouldBe(plain, choice.Name);
            choice.With(plain, "-").ShouldBeNull(choice.Name);
        }
    }

    [Fact]
    public async Task Strategies_go_in_out_and_are_explained()
    {
        string file = room.File("mine.strategy"), copy = room.File("copy.strategy");
        await File.WriteAllTextAsync(file, "strategy mine\nmarket EURUSD H1\nlong when close crosses above highest(high, 48)[1]\nstop 2.5 atr(14)\nhold at most 24 bars\n");
        (await CommandLineCall.Of(room.Home, "strategies", "import", file)).Out.ShouldContain("added");
        (await CommandLineCall.Of(room.Home, "strategies", "import", file)).Out.ShouldContain("was there");
        (await CommandLineCall.Of(room.Home, "strategies", "export", "mine", "--out", copy)).Code.ShouldBe(ExitCode.Done);
        (await File.ReadAllTextAsync(copy)).ShouldBe(Core.Strategies.Strategy.Parse(await File.ReadAllTextAsync(file)).ToString());
        (await CommandLineCall.Of(room.Home, "strategies", "export", "mine", "--out", copy)).Code.ShouldBe(ExitCode.Failed);
        CommandLineCall shown = await CommandLineCall.Of(room.Home, "strategies", "show", "mine", "--last", "2");
        shown.Out.ShouldContain("Buys when the close crosses above");
        shown.Out.ShouldContain("close crosses above highest(high, 48)[1] = ");
        shown.Out.Split("\nat ").Length.ShouldBe(3);
        JsonElement listed = (await CommandLineCall.Of(room.Home, "strategies", "list", "--json")).Json.GetProperty("strategies")[0];
        listed.GetProperty("stage").GetString().ShouldBe("imported");
        listed.GetProperty("score").ValueKind.ShouldBe(JsonValueKind.Null);

        JsonElement seeded = (await room.Evolve("--seed-from", "mine")).Json;
        using var library = StrategyLibrary.Open(room.Home);
        library.Trials(seeded.GetProperty("run").GetString()).All.ShouldBe(300);
        seeded.GetProperty("remarks").GetArrayLength().ShouldBe(0, "it was written by hand");
        (await room.Evolve("--seed-from", file)).Json.GetProperty("run").GetString().ShouldBe(seeded.GetProperty("run").GetString(), "a file is as good as the library");
        string own = library.Find("mine").Id, found = seeded.GetProperty("front").EnumerateArray().Select(static f => f.GetProperty("id").GetString()!).First(id => id != own);
        (await room.Evolve("--seed-from", found)).Json.GetProperty("remarks")[0].GetString()!.ShouldContain("had a part in choosing it");
        (await CommandLineCall.Of(room.Home, "backtest", "mine", "--json")).Json.GetProperty("trades").GetArrayLength().ShouldBeGreaterThan(10);
    }

    private static async Task<CommandLineCall> Call(string home, CancellationTokenSource stop, Func<string, bool> enough, params string[] words)
    {
        using StringWriter output = new();
        using WatchedWriter error = new(line =>
        {
            if (enough(line))
            {
                stop.Cancel();
            }
        });
        var environment = new Dictionary<string, string> { ["PEREGRINE_HOME"] = home };
        ExitCode code = await Program.Run(words, new Surroundings(output, error, environment, new HastyClock()), stop.Token);
        return new CommandLineCall(code, output.ToString(), error.ToString());
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Time flies: every look at the clock is a minute after the one before, so that progress is told at every step.</summary>
    private sealed class HastyClock : TimeProvider
    {
        private long looks;

        public override long GetTimestamp() => Interlocked.Increment(ref looks) * 60 * TimestampFrequency;
    }

    private sealed class WatchedWriter(Action<string> see) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            see(value ?? "");
        }
    }
}

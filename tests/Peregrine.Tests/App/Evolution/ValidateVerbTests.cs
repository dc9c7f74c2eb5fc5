using Peregrine.Tests.Simulation;
using Peregrine.Core.Simulation;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Evolution;

public sealed class ValidateVerbTests : IDisposable
{
    private readonly EvolutionRoom room = new();

    public void Dispose() => room.Dispose();

    private static void BesideTheGates(JsonElement json)
    {
        Dictionary<string, double> beside = json.GetProperty("statistics").EnumerateArray().ToDictionary(static s => s.GetProperty("name").GetString()!, static s => s.GetProperty("value").GetDouble());
        beside.Keys.Order(StringComparer.Ordinal).ShouldBe(["best-by-luck", "chosen-paths", "deflated", "dependence", "fall-by-luck", "grouping", "least-backtest", "least-record", "loss", "probabilistic", "reality-check", "slope", "step-down"]);
        double inSample = json.GetProperty("expected").GetProperty("inSample").GetDouble();
        beside["probabilistic"].ShouldBeGreaterThan(0.999);
        (beside["deflated"] > 0.5).ShouldBe(beside["best-by-luck"] < inSample);
        beside["least-backtest"].ShouldBeLessThan(2, "no luck comes so far in so little time");
        beside["step-down"].ShouldBeLessThanOrEqualTo(0.05);
        beside["chosen-paths"].ShouldBeInRange(0.5 * inSample, 1.2 * inSample, "the edge is there on all days");
        beside["loss"].ShouldBeLessThan(0.05);
    }

    private static void CopiesWeigh(JsonElement asked, JsonElement later)
    {
        asked.GetProperty("gates")[0].GetProperty("threshold").GetDouble().ShouldBe(0.5, "copies weigh the days that judge");
        later.GetProperty("gates")[0].GetProperty("threshold").GetDouble().ShouldBe(0.5, "those that are kept too");
        asked.GetProperty("nullSearch").GetArrayLength().ShouldBe(19);
        asked.GetProperty("nullSearch").EnumerateArray().ShouldAllBe(static c => c.GetProperty("furthest").ValueKind == JsonValueKind.Number, "of a strategy as of the front");
    }

    [Fact]
    public async Task An_edge_nobody_can_miss_passes_every_gate_and_the_verdict_is_kept()
    {
        JsonElement found = (await room.Evolve("--evaluations", "800")).Json;
        string run = found.GetProperty("run").GetString()!;
        CommandLineCall call = await Validate(run, "--null-search", "19");
        call.Code.ShouldBe(ExitCode.Done, call.Json.GetProperty("reason").GetString());
        JsonElement json = call.Json;
        json.EnumerateObject().Select(static p => p.Name).ShouldBe(
            ["run", "verdict", "reason", "gates", "trials", "expected", "statistics", "trades", "capacity", "strategies", "walkForward", "record", "nullSearch", "markets", "prices", "parts", "costs", "settings", "seed", "dataHash", "hash", "notTested", "remarks", "dossier", "page"]);
        json.GetProperty("verdict").GetString().ShouldBe("edge");
        json.GetProperty("gates").EnumerateArray().Select(static g => g.GetProperty("name").GetString()).ShouldBe(["out-of-sample", "costs", "random-entry", "jitter", "noise", "best-of-all", "overfitting", "superior", "null-search"]);
        json.GetProperty("gates").EnumerateArray().ShouldAllBe(static g => g.GetProperty("pass").GetBoolean());
        CopiesWeigh(json, (await Validate(run)).Json);
        double cheap = found.GetProperty("verdict").GetProperty("outOfSample").GetProperty("annualReturn").GetDouble();
        json.GetProperty("gates")[1].GetProperty("statistic").GetDouble().ShouldBeInRange(0.5 * cheap, 0.98 * cheap, "half as much again to pay");
        JsonElement trades = json.GetProperty("trades");
        double mean = trades.GetProperty("mean").GetDouble(), fall = trades.GetProperty("fall").GetDouble();
        trades.GetProperty("low").GetDouble().ShouldBeInRange(0.01, mean, "it earns on all but a few draws");
        trades.GetProperty("high").GetDouble().ShouldBeGreaterThan(mean);
        trades.GetProperty("deepFall").GetDouble().ShouldBeGreaterThan(trades.GetProperty("middleFall").GetDouble());
        fall.ShouldBeInRange(0.5 * trades.GetProperty("middleFall").GetDouble(), 2 * trades.GetProperty("deepFall").GetDouble());
        json.GetProperty("nullSearch").EnumerateArray().Select(static c => c.GetProperty("record").GetRawText()).Distinct().Count().ShouldBeGreaterThan(10);
        JsonElement expected = json.GetProperty("expected"), trials = json.GetProperty("trials");
        expected.GetProperty("edge").GetDouble().ShouldBeGreaterThan(0.95);
        expected.GetProperty("low").GetDouble().ShouldBeInRange(1, expected.GetProperty("high").GetDouble());
        expected.GetProperty("shrunk").GetDouble().ShouldBeLessThan(expected.GetProperty("inSample").GetDouble());
        expected.GetProperty("sharpe").GetDouble().ShouldBeLessThanOrEqualTo(expected.GetProperty("shrunk").GetDouble());
        trials.GetProperty("effective").GetDouble().ShouldBe(Math.Max(trials.GetProperty("groups").GetDouble(), trials.GetProperty("spectrum").GetDouble()));
        BesideTheGates(json);
        CommandLineCall text = await CommandLineCall.Of(room.Home, "validate", run);
        text.Out.ShouldContain("Beside the gates");
        string dossier = json.GetProperty("dossier").GetString()!;
        JsonElement kept = JsonDocument.Parse(await File.ReadAllTextAsync(dossier)).RootElement;
        kept.GetProperty("gates").GetRawText().Length.ShouldBeGreaterThan(100);
        kept.GetProperty("verdict").GetString().ShouldBe("edge");

        string page = await File.ReadAllTextAsync(json.GetProperty("page").GetString()!);
        page.ShouldContain($"Edge: {json.GetProperty("reason").GetString()}.");
        foreach (JsonElement gate in json.GetProperty("gates").EnumerateArray())
        {
            page.ShouldContain($"<tr><td>{gate.GetProperty("name").GetString()}</td><td class=\"word gain\">holds</td>");
        }

        page.ShouldContain("<td>deflated</td>");
        System.Text.RegularExpressions.Regex.Count(page, "<svg ").ShouldBe(9);
        System.Text.RegularExpressions.Regex.Count(page, "<line class=\"price strong\"").ShouldBeGreaterThan(19 * 5, "a tick for each copy of most gates");
        page.ShouldContain("The strategy in words");
        page.ShouldNotContain("NaN");
        kept.GetProperty("parts").GetProperty("trained").GetString()!.ShouldBeLessThan(kept.GetProperty("parts").GetProperty("judged").GetString()!);
        json.GetProperty("capacity").GetProperty("breakEvenCosts").GetDouble().ShouldBeGreaterThan(1.5, "it holds at 1.5 times the costs");

        // Asked again, nothing is searched and nothing is written over.
        DateTime written = File.GetLastWriteTimeUtc(dossier);
        JsonElement again = (await Validate(run)).Json;
        again.GetProperty("dossier").GetString().ShouldBe(dossier);
        File.GetLastWriteTimeUtc(dossier).ShouldBe(written);
        again.GetProperty("verdict").GetString().ShouldBe("edge");
        await TheLockboxIsOpenedOnceForOneStrategyAndSaysYesToNoOther(run, again);
    }

    /// <summary>It is opened for the first of the front, once every other gate holds, and that is written down.</summary>
    private async Task TheLockboxIsOpenedOnceForOneStrategyAndSaysYesToNoOther(string run, JsonElement json)
    {
        using var library = StrategyLibrary.Open(room.Home);
        library.Openings(run).ShouldBeEmpty();
        json.GetProperty("notTested").EnumerateArray().Select(static t => t.GetString()).ShouldContain("the lockbox, which stays shut");
        JsonElement opened = (await Validate(run, "--open-lockbox")).Json, last = opened.GetProperty("gates").EnumerateArray().Last();
        last.GetProperty("name").GetString().ShouldBe("lockbox");
        last.GetProperty("statistic").GetDouble().ShouldBeGreaterThan(0);
        last.GetProperty("pass").GetBoolean().ShouldBeTrue();
        opened.GetProperty("verdict").GetString().ShouldBe("edge");
        opened.GetProperty("notTested").EnumerateArray().Select(static t => t.GetString()).ShouldNotContain("the lockbox, which stays shut");
        string first = json.GetProperty("strategies")[0].GetProperty("id").GetString()!;
        Instant lockbox = library.Run(run)!.Span!.Lockbox;
        (await Validate(run, "--open-lockbox")).Json.GetProperty("verdict").GetString().ShouldBe("edge");
        library.Openings(run).Select(static o => (o.Strategy, o.First)).ShouldBe([(first, lockbox)], "the same look again is one");

        // The same trading as a backtest of that time, whose costs are lower.
        JsonElement backtest = (await CommandLineCall.Of(room.Home, "backtest", first, "--from", lockbox.ToString(), "--open-lockbox", "--json")).Json;
        Math.Abs(backtest.GetProperty("trades").GetArrayLength() - TradesOf(last)).ShouldBeLessThanOrEqualTo(2);

        // A look with another strategy, whoever wrote it, makes it a lockbox no longer: it may say no, but not yes.
        string file = room.File("mine.strategy");
        await File.WriteAllTextAsync(file, "strategy mine\nmarket EURUSD H1\nlong when close > open\nstop 2 atr(14)\nhold at most 24 bars\n");
        (await CommandLineCall.Of(room.Home, "backtest", file, "--from", lockbox.ToString())).Error.ShouldContain("This would look into the lockbox of run");
        (await CommandLineCall.Of(room.Home, "backtest", file, "--from", lockbox.ToString(), "--open-lockbox")).Out.ShouldContain("the 3rd opening");
        JsonElement spoilt = (await Validate(run, "--open-lockbox")).Json;
        spoilt.GetProperty("gates").EnumerateArray().Last().GetProperty("pass").ValueKind.ShouldBe(JsonValueKind.Null);
        spoilt.GetProperty("reason").GetString()!.ShouldContain("lockbox has no answer (another strategy was traded there as well, so it was no last look");
        (await Validate(run)).Json.GetProperty("notTested").EnumerateArray().Select(static t => t.GetString()).ShouldContain("the lockbox, which was opened before");

        // Whoever begins to search before it, on whatever timeframe, hears of it.
        CommandLineCall next = await CommandLineCall.Of(room.Home, "evolve", "--symbol", "EURUSD", "--timeframe", "H2", "--evaluations", "100", "--search", "founders=100", "--json");
        next.Error.ShouldContain("is untouched no longer: 2 strategies were traded there");
        next.Json.GetProperty("remarks").EnumerateArray().Select(static r => r.GetString()).ShouldContain("2 strategies have been traded in the lockbox: what it says is no longer untouched");

        static int TradesOf(JsonElement gate) => int.Parse(System.Text.RegularExpressions.Regex.Match(gate.GetProperty("note").GetString()!, "([0-9]+) trades").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    [Trait("Category", "Determinism")]
    public async Task A_null_search_goes_on_where_it_was_and_threads_do_not_matter()
    {
        string run = await Run();
        string file = Path.Combine(room.Home, "runs", run, "null-search.jsonl");
        (await Validate(run)).Json.GetProperty("gates")[0].GetProperty("threshold").GetDouble().ShouldBe(0.05, "by themselves the days that judge decide");
        (await Validate(run, "--null-search", "2")).Code.ShouldBe(ExitCode.AnswerIsNo);
        JsonElement kept = (await Validate(run)).Json;
        kept.GetProperty("gates")[0].GetProperty("threshold").GetDouble().ShouldBe(0.05, "two copies weigh nothing");
        (double own, double[] copies) = (kept.GetProperty("record").GetDouble(), [.. kept.GetProperty("nullSearch").EnumerateArray().Select(static c => c.GetProperty("record").GetDouble())]);
        JsonElement last = kept.GetProperty("gates").EnumerateArray().Last();
        last.GetProperty("name").GetString().ShouldBe("null-search");
        last.GetProperty("statistic").GetDouble().ShouldBe((1.0 + copies.Count(c => c >= own)) / 3, 1e-12);
        string[] two = await File.ReadAllLinesAsync(file);
        two.Length.ShouldBe(2);
        JsonElement three = (await Validate(run, "--null-search", "3")).Json;
        string[] all = await File.ReadAllLinesAsync(file);
        all[..2].ShouldBe(two);
        all.Length.ShouldBe(3);
        three.GetProperty("verdict").GetString().ShouldBe("insufficient-data");

        // A line that was being written when the machine stopped is no line.
        await File.WriteAllTextAsync(file, all[0] + "\n" + all[0] + "\n" + all[1][..40]);
        await Validate(run, "--null-search", "3", "--threads", "2");
        (await File.ReadAllLinesAsync(file)).ShouldBe([all[0], .. all], "a line that stands there twice is one copy");
    }

    /// <summary>Copies whose first comes less far than the run, and of whose front somebody could have picked one that comes further: the run stands, the strategy does not.</summary>
    [Fact]
    public async Task A_strategy_that_somebody_picks_is_compared_with_the_furthest_of_each_copys_front()
    {
        JsonElement found = (await room.Evolve("--evaluations", "400")).Json;
        string run = found.GetProperty("run").GetString()!, id = found.GetProperty("front")[0].GetProperty("id").GetString()!, file = Path.Combine(room.Home, "runs", run, "null-search.jsonl");
        await Validate(run, "--null-search", "1", "--all");
        JsonNode one = JsonNode.Parse((await File.ReadAllLinesAsync(file))[0])!;
        (one["record"], one["furthest"]) = (-50, 50);
        await File.WriteAllLinesAsync(file, Enumerable.Range(0, 19).Select(i =>
        {
            one["copy"] = i;
            return one.ToJsonString();
        }));
        Rank(await Validate(run, "--all")).ShouldBe(0.05, 1e-12);
        Rank(await Validate(id, "--all")).ShouldBe(1, 1e-12);
        (await Validate(run)).Json.GetProperty("nullSearch").GetArrayLength().ShouldBe(19, "kept copies take part, whatever fails before");

        static double Rank(CommandLineCall call) => call.Json.GetProperty("gates").EnumerateArray().Single(static g => g.GetProperty("name").GetString() == "null-search").GetProperty("statistic").GetDouble();
    }

    /// <summary>Two divisions of two windows are three searches, for the first window of both is the same; a fourth and fifth come with a third window.</summary>
    [Fact]
    [Trait("Category", "Determinism")]
    public async Task A_walk_forward_repeats_the_search_in_windows_goes_on_where_it_was_and_never_reads_the_lockbox()
    {
        string run = await Run();
        string file = Path.Combine(room.Home, "runs", run, "walk-forward.jsonl");
        JsonElement json = (await Validate(run, "--walk-forward", "2", "--all")).Json;
        string[] lines = await File.ReadAllLinesAsync(file);
        lines.Length.ShouldBe(3);
        JsonElement[] cells = [.. json.GetProperty("walkForward").EnumerateArray()];
        cells.Select(static c => (c.GetProperty("windows").GetInt32(), c.GetProperty("anchored").GetBoolean())).ShouldBe([(2, false), (2, true)]);
        string lockbox;
        using (var library = StrategyLibrary.Open(room.Home))
        {
            lockbox = library.Run(run)!.Span!.Lockbox.ToString();
        }

        foreach (JsonElement[] steps in cells.Select(static c => c.GetProperty("steps").EnumerateArray().ToArray()))
        {
            steps.All(s => Before(s, "from", "trained") && Before(s, "trained", "tested") && Before(s, "tested", "to") && string.CompareOrdinal(s.GetProperty("to").GetString(), lockbox) <= 0).ShouldBeTrue();
            steps[0].GetProperty("to").GetString().ShouldBe(steps[1].GetProperty("tested").GetString(), "each day is tested once");
            steps.ShouldAllBe(static s => s.GetProperty("found").GetInt32() > 0 && s.GetProperty("trades").GetInt32() > 0);
        }

        JsonElement gate = json.GetProperty("gates").EnumerateArray().Single(static g => g.GetProperty("name").GetString() == "walk-forward");
        gate.GetProperty("statistic").GetDouble().ShouldBe(cells.Min(static c => c.GetProperty("annualReturn").GetDouble()));
        gate.GetProperty("pass").GetBoolean().ShouldBeTrue("the edge is there in every window");
        json.GetProperty("expected").GetProperty("sharpe").GetDouble().ShouldBeLessThanOrEqualTo(cells.Min(static c => c.GetProperty("sharpe").GetDouble()));
        json.GetProperty("notTested").GetRawText().ShouldNotContain("walk-forward");

        // What is kept is not searched again, whatever the threads, and is part of the next verdict unasked.
        await File.WriteAllLinesAsync(file, lines[1..]);
        JsonElement again = (await Validate(run, "--walk-forward", "2", "--all", "--threads", "2")).Json;
        again.GetProperty("walkForward").GetRawText().ShouldBe(json.GetProperty("walkForward").GetRawText());
        (await File.ReadAllLinesAsync(file)).ShouldBe([.. lines[1..], lines[0]]);
        (await Validate(run, "--all")).Json.GetProperty("walkForward").GetRawText().ShouldBe(json.GetProperty("walkForward").GetRawText());

        await File.WriteAllTextAsync(file, System.Text.RegularExpressions.Regex.Replace(lines[0], "\"inSample\":[-0-9.eE]+", "\"inSample\":1e308") + "\n");
        CommandLineCall absurd = await CommandLineCall.Of(room.Home, ["validate", run, "--all"]);
        absurd.Code.ShouldBe(Peregrine.App.CommandLine.ExitCode.Failed);
        absurd.Error.ShouldContain("returns that no account can have");

        static bool Before(JsonElement step, string a, string b) => string.CompareOrdinal(step.GetProperty(a).GetString(), step.GetProperty(b).GetString()) < 0;
    }

    [Fact]
    public async Task Windows_too_short_to_search_are_refused_before_anything_is_searched()
    {
        string run = await Run();
        CommandLineCall call = await Validate(run, "--walk-forward", "24", "--all");
        call.Code.ShouldBe(Peregrine.App.CommandLine.ExitCode.Failed);
        call.Error.ShouldContain("Cannot walk forward in so many windows: from ");
        File.Exists(Path.Combine(room.Home, "runs", run, "walk-forward.jsonl")).ShouldBeFalse();
    }

    /// <summary>Two more runs, one of them given up before its end, and a strategy traded by hand: what they tried is charged, and the judged one makes this the better of two.</summary>
    [Fact]
    public async Task What_else_was_tried_on_the_same_years_is_charged_to_the_verdict()
    {
        string run = await Run();
        JsonElement alone = (await Validate(run, "--all")).Json;
        await room.Evolve("--seed", "2");
        using (var library = StrategyLibrary.Open(room.Home))
        {
            RunRow own = library.Run(run)!;
            library.Begin(own with { Id = "abandoned0", Finished = null });
            library.Record("abandoned0", [new TrialRow(1, 0, new string('a', 64), "founder", 1) { IsDistinct = true, Rejection = 0, Score = 1, Sharpe = 1, Trades = 50, Complexity = 5 }]);
        }

        string file = room.File("mine.strategy");
        await File.WriteAllTextAsync(file, "strategy mine\nmarket EURUSD H1\nlong when close > open\nstop 2 atr(14)\nhold at most 24 bars\n");
        await room.Later("backtest", file);
        await room.Later("backtest", file, "--to", "2010-03-01");
        JsonElement charged = (await Validate(run, "--all")).Json, beside = charged.GetProperty("trials").GetProperty("beside");
        beside.GetProperty("judged").GetInt32().ShouldBe(1);
        beside.GetProperty("byHand").GetInt32().ShouldBe(1);
        long others = beside.GetProperty("distinct").GetInt64() + 1;
        others.ShouldBeInRange(200, 303);
        double p = Statistic(alone, "out-of-sample");
        Statistic(charged, "out-of-sample").ShouldBe(1 - ((1 - p) * (1 - p)), 1e-12);
        double share = 1 + (others / (double)charged.GetProperty("trials").GetProperty("distinct").GetInt64());
        charged.GetProperty("trials").GetProperty("effective").GetDouble().ShouldBe(alone.GetProperty("trials").GetProperty("effective").GetDouble() * share, 1e-9);
        Statistic(charged, "best-of-all").ShouldBeGreaterThanOrEqualTo(Statistic(alone, "best-of-all"));
        (await CommandLineCall.Of(room.Home, "validate", run)).Out.ShouldContain("charged with what else was tried on these years: 2 other runs, 1 of them judged here, ");
        JsonElement copied = (await Validate(run, "--all", "--null-search", "1")).Json;
        copied.GetProperty("gates").EnumerateArray().Single(static g => g.GetProperty("name").GetString() == "null-search").GetProperty("note").GetString()!.ShouldEndWith("the best of 3 runs over these years", Case.Sensitive, "the one that was given up may have been so because of what it showed");

        static double Statistic(JsonElement json, string gate) => json.GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("name").GetString() == gate).GetProperty("statistic").GetDouble();
    }

    /// <summary>A rule that no run found says yes only by a lockbox nobody else has seen; then, and only then, it can be promoted.</summary>
    [Fact]
    public async Task A_strategy_written_by_hand_is_judged_by_what_nobody_has_seen()
    {
        room.Store(new GeneratedMarket(new Rng(3), RandomMarket.EurUsd, Instant.FromUtc(2010, 1, 4), Peregrine.Tests.Lab.ResearchMarkets.Obvious).Hours(15_000));
        string file = room.File("mine.strategy");
        await File.WriteAllTextAsync(file, "strategy mine\nmarket EURUSD H1\nlong when close > highest(high, 40)[1]\nshort when close < lowest(low, 40)[1]\nstop 4 atr(14)\nhold at most 40 bars\n");
        JsonElement shut = (await Validate(file)).Json;
        shut.GetProperty("run").ValueKind.ShouldBe(JsonValueKind.Null);
        shut.GetProperty("gates").EnumerateArray().Select(static g => (g.GetProperty("name").GetString(), g.GetProperty("pass").ValueKind)).ShouldBe(
            [("costs", JsonValueKind.True), ("random-entry", JsonValueKind.True), ("jitter", JsonValueKind.True), ("noise", JsonValueKind.True), ("turned-bars", JsonValueKind.True), ("best-of-all", JsonValueKind.True), ("lockbox", JsonValueKind.Null)]);
        shut.GetProperty("verdict").GetString().ShouldBe("insufficient-data");
        shut.GetProperty("reason").GetString()!.ShouldContain("not asked: --open-lockbox");
        shut.GetProperty("expected").GetProperty("unknown").GetString()!.ShouldContain("no days judge it");
        (await CommandLineCall.Of(room.Home, "strategies", "promote", "mine")).Error.ShouldContain("no strategy 'mine'");
        await CommandLineCall.Of(room.Home, "strategies", "import", file);
        (await CommandLineCall.Of(room.Home, "strategies", "promote", "mine")).Error.ShouldContain("does not say edge");
        JsonElement opened = (await Validate("mine", "--open-lockbox")).Json, again = (await Validate("mine", "--open-lockbox")).Json;
        opened.GetProperty("verdict").GetString().ShouldBe("edge", opened.GetProperty("reason").GetString());
        again.GetProperty("dossier").GetString().ShouldBe(opened.GetProperty("dossier").GetString(), "the same look is the same verdict");
        (await File.ReadAllTextAsync(opened.GetProperty("page").GetString()!)).ShouldContain("No run of");
        string kept = opened.GetProperty("dossier").GetString()!, whole = await File.ReadAllTextAsync(kept);
        await File.WriteAllTextAsync(kept, "{}");
        (await CommandLineCall.Of(room.Home, "strategies", "promote", "mine")).Error.ShouldContain("does not say any more what it said");
        await File.WriteAllTextAsync(kept, whole);
        JsonElement promoted = (await CommandLineCall.Of(room.Home, "strategies", "promote", "mine", "--json")).Json;
        promoted.GetProperty("stage").GetString().ShouldBe("validated");
        (await CommandLineCall.Of(room.Home, "strategies", "show", "mine")).Out.ShouldContain("latest verdict: Edge: all 7 gates hold.");

        // The page of a verdict with a remark says it in words.
        (await Validate(file, "--from", "2010-02-01")).Json.GetProperty("remarks").GetArrayLength().ShouldBe(1);
        string noted = await File.ReadAllTextAsync((await Validate(file, "--from", "2010-02-01")).Json.GetProperty("page").GetString()!);
        noted.ShouldContain("<p class=\"attention\">");
        System.Text.RegularExpressions.Regex.IsMatch(noted, "<p class=\"attention\">[A-Z]").ShouldBeTrue();
        JsonElement free = (await Validate(file, "--costs", "zero", "--open-lockbox")).Json;
        free.GetProperty("verdict").GetString().ShouldBe("insufficient-data");
        (await CommandLineCall.Of(room.Home, "strategies", "list", "--json")).Json.GetProperty("strategies")[0].GetProperty("stage").GetString().ShouldBe("imported", "a later verdict took it back");
        (await Validate(file, "--to", "2012-01-01", "--open-lockbox")).Json.GetProperty("reason").GetString()!.ShouldContain("lockbox has no answer (the strategy was traded there before, over other days");

        JsonElement early = (await Validate(file, "--to", "2011-06-01", "--open-lockbox")).Json.GetProperty("gates").EnumerateArray().Last();
        early.GetProperty("note").GetString()!.ShouldContain("the best of 3 lockboxes of its symbol that were opened by hand");

        // Another rule, tried after it, is judged as the better of two, and finds the lockbox seen.
        string other = room.File("other.strategy");
        await File.WriteAllTextAsync(other, (await File.ReadAllTextAsync(file)).Replace("mine", "other", StringComparison.Ordinal).Replace("40)", "44)", StringComparison.Ordinal));
        JsonElement second = (await Validate(other, "--open-lockbox")).Json;
        second.GetProperty("trials").GetProperty("effective").GetDouble().ShouldBe(2);
        second.GetProperty("verdict").GetString().ShouldBe("insufficient-data");
        second.GetProperty("reason").GetString()!.ShouldContain("another strategy was traded there as well");
    }

    [Fact]
    public async Task A_strategy_that_a_run_found_is_judged_within_its_run()
    {
        JsonElement found = (await room.Evolve("--evaluations", "800")).Json;
        string run = found.GetProperty("run").GetString()!, second = found.GetProperty("front")[1].GetProperty("id").GetString()!;
        JsonElement first = (await Validate(run, "--all")).Json, own = (await Validate(second, "--all")).Json;
        own.GetProperty("run").GetString().ShouldBe(run);
        own.GetProperty("strategies")[0].GetProperty("id").GetString().ShouldBe(second);
        own.GetProperty("expected").GetProperty("inSample").GetDouble().ShouldBe(found.GetProperty("front")[1].GetProperty("inSample").GetProperty("sharpe").GetDouble());
        JsonElement Gate(JsonElement json, string name) => json.GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("name").GetString() == name);
        double alone = found.GetProperty("front")[1].GetProperty("outOfSample").GetProperty("p").GetDouble();
        Gate(own, "out-of-sample").GetProperty("statistic").GetDouble().ShouldBe(1 - Math.Pow(1 - alone, found.GetProperty("front").GetArrayLength()), 1e-9, "whoever picks one has seen them all");
        double leading = found.GetProperty("front")[0].GetProperty("outOfSample").GetProperty("p").GetDouble();
        JsonElement picked = (await Validate(found.GetProperty("front")[0].GetProperty("id").GetString()!, "--all")).Json;
        Gate(picked, "out-of-sample").GetProperty("statistic").GetDouble().ShouldBe(1 - Math.Pow(1 - leading, found.GetProperty("front").GetArrayLength()), 1e-9, "by itself the first is judged by what it did");
        Gate(picked, "costs").GetProperty("note").GetString()!.ShouldContain("the strategy out-of-sample");
        Gate(own, "jitter").GetProperty("statistic").GetDouble().ShouldNotBe(Gate(first, "jitter").GetProperty("statistic").GetDouble());
        CommandLineCall costs = await Validate(second, "--costs", "zero");
        costs.Code.ShouldBe(ExitCode.WrongUsage);
        costs.Error.ShouldContain($"Run {run} says on which data");
    }

    [Fact]
    public async Task Where_nothing_is_hidden_it_stops_at_the_first_gate_that_fails_unless_all_are_asked()
    {
        room.Store(EvolutionRoom.Bars(5, null));
        string run = await Run();
        JsonElement first = (await Validate(run)).Json, all = (await Validate(run, "--all")).Json;
        JsonElement[] asked = [.. first.GetProperty("gates").EnumerateArray()];
        asked[^1].GetProperty("pass").GetBoolean().ShouldBeFalse();
        asked[..^1].ShouldAllBe(static g => g.GetProperty("pass").ValueKind != JsonValueKind.False);
        all.GetProperty("gates").GetArrayLength().ShouldBeGreaterThan(asked.Length);
        first.GetProperty("verdict").GetString().ShouldNotBe("edge");
        CommandLineCall shut = await Validate(run, "--open-lockbox");
        shut.Error.ShouldContain("so the lockbox stays shut");
        (await Validate(run, "--open-lockbox", "--all")).Error.ShouldContain("so the lockbox stays shut");
        using var library = StrategyLibrary.Open(room.Home);
        library.Openings(run).ShouldBeEmpty();
        all.GetProperty("gates").EnumerateArray().Count(static g => g.GetProperty("pass").ValueKind == JsonValueKind.False).ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_run_that_is_unknown_and_copies_that_are_damaged_are_said_to_be()
    {
        CommandLineCall unknown = await Validate("0123456789");
        unknown.Code.ShouldBe(ExitCode.Failed);
        unknown.Error.ShouldContain("Cannot judge run '0123456789'");
        string run = await Run();
        await File.WriteAllTextAsync(Path.Combine(room.Home, "runs", run, "null-search.jsonl"), "nonsense\n");
        CommandLineCall damaged = await Validate(run);
        damaged.Code.ShouldBe(ExitCode.Failed);
        damaged.Error.ShouldContain("line 1 is not what is kept there");
        await File.WriteAllTextAsync(Path.Combine(room.Home, "runs", run, "null-search.jsonl"), "{}\n");
        (await Validate(run)).Error.ShouldContain("line 1 is not what is kept there");
        (await Validate("../runs/" + run)).Code.ShouldBe(ExitCode.Failed);
    }

    [Fact]
    public async Task A_strategy_that_nobody_searched_for_needs_fewer_bars_than_a_search()
    {
        async Task<CommandLineCall> Judge(string timeframe)
        {
            string file = room.File(timeframe + ".strategy");
            await File.WriteAllTextAsync(file, $"strategy slow\nmarket EURUSD {timeframe}\nlong when close crosses above highest(high, 12)[1]\nshort when close crosses below lowest(low, 12)[1]\nstop 2 atr(14)\nhold at most 12 bars\n");
            return await CommandLineCall.Of(room.Home, "validate", file, "--json");
        }

        CommandLineCall fours = await Judge("H4");
        fours.Code.ShouldBeOneOf(ExitCode.Done, ExitCode.AnswerIsNo);
        fours.Json.GetProperty("gates").GetArrayLength().ShouldBeGreaterThan(0);
        CommandLineCall days = await Judge("D1");
        days.Code.ShouldBe(ExitCode.Failed);
        days.Error.ShouldContain("250 before the lockbox are the least");
        (await CommandLineCall.Of(room.Home, "evolve", "--symbol", "EURUSD", "--timeframe", "H4")).Error.ShouldContain("2 000 before the lockbox are the least");
    }

    [Theory]
    [InlineData("from 2 to 24 windows; 1 is not", "0123456789", "--walk-forward", "1")]
    [InlineData("from 2 to 24 windows; x is not", "0123456789", "--walk-forward", "4", "x")]
    [InlineData("--costs says nothing beside --calibrate", "--calibrate", "--costs", "zero")]
    [InlineData("RUN, or --calibrate")]
    [InlineData("copies of its data", "0123456789", "--calibrate", "--volatility", "garch")]
    [InlineData("none is: add --hidden", "--calibrate", "--rule", "average")]
    [InlineData("average, breakout, calendar or mixed", "--calibrate", "--hidden", "2", "--rule", "luck")]
    [InlineData("one number of windows", "--calibrate", "--walk-forward", "2", "3")]
    [InlineData("--shard says nothing", "0123456789", "--shard", "1/2")]
    [InlineData("--all says nothing", "--calibrate", "--all")]
    [InlineData("--seed says nothing without --calibrate", "0123456789", "--seed", "5")]
    [InlineData("3/2", "--calibrate", "--shard", "3/2")]
    [InlineData("bursts, constant, garch or mixed", "--calibrate", "--volatility", "wild")]
    [InlineData("0.5 to 4", "--calibrate", "--hidden", "9")]
    [InlineData("--out is a file", "--calibrate", "--out", "")]
    public async Task What_makes_no_sense_is_refused_in_a_sentence(string words, params string[] arguments)
    {
        CommandLineCall call = await CommandLineCall.Of(room.Home, ["validate", .. arguments]);
        call.Code.ShouldBe(ExitCode.WrongUsage);
        call.Error.ShouldContain(words);
    }

    private async Task<string> Run() => (await room.Evolve()).Json.GetProperty("run").GetString()!;

    private Task<CommandLineCall> Validate(string run, params string[] more) =>
        CommandLineCall.Of(room.Home, ["validate", run, "--json", .. more.Contains("--threads") ? (string[])[] : ["--threads", "1"], .. more]);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Tests.Lab;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Evolution;

/// <summary>Ways to come to a better verdict that are no better strategy: each is refused, charged, or said.</summary>
public sealed class VerdictTrickTests : IDisposable
{
    private readonly EvolutionRoom room = new();

    public void Dispose() => room.Dispose();

    /// <summary>What the run was judged by and what its copies were would pay other costs, and the version says nothing of it.</summary>
    [Fact]
    public async Task A_cost_file_that_changed_after_the_search_is_refused_whatever_version_it_says()
    {
        string file = Costs(static row => row["slippagePips"] = 0.2);
        JsonElement found = (await room.Evolve("--costs", file)).Json;
        string run = found.GetProperty("run").GetString()!;
        foreach (Action<JsonNode> change in (Action<JsonNode>[])[static row => row["slippagePips"] = 0, static row => row["commissionPerMillion"] = 0, static row => row["swap"] = JsonNode.Parse("""{ "unit": "pips", "long": 25, "short": 25 }""")])
        {
            Costs(change);
            CommandLineCall cheaper = await Validate(run);
            cheaper.Code.ShouldBe(ExitCode.Failed);
            cheaper.Error.ShouldContain("its cost file or the facts of its symbols have changed");
        }

        Costs(static row => row["slippagePips"] = 0.2, note: "other words");
        string before = (await Validate(run)).Json.GetProperty("costs").GetProperty("hash").GetString()!;
        Costs(static row => row["slippagePips"] = 0);
        string mine = room.File("mine.strategy");
        await File.WriteAllTextAsync(mine, "strategy mine\nmarket EURUSD H1\nlong when close > open\nstop 2 atr(14)\nhold at most 24 bars\n");
        string cheap = (await Validate(mine, "--costs", file)).Json.GetProperty("costs").GetProperty("hash").GetString()!;
        cheap.ShouldNotBe(before);
        (await Validate(mine)).Json.GetProperty("costs").GetProperty("hash").GetString().ShouldNotBe(cheap);
    }

    /// <summary>On bars that never reach beyond their open and close a stop inside a bar fills better than any price there was: every rule with a trailing stop earns, and foretells nothing.</summary>
    [Fact]
    public async Task What_bars_without_wicks_give_to_every_rule_is_no_edge()
    {
        var market = new Rng(33);
        var bars = new List<Bar>();
        double price = 0.2;
        for (Instant at = Instant.FromUtc(2010, 1, 4); bars.Count < 12_000; at += Duration.FromHours(1))
        {
            if (TradingWeek.IsOpen(at))
            {
                Price open = Price.Parse(Math.Exp(price).ToString("0.00000", System.Globalization.CultureInfo.InvariantCulture));
                price += 0.0012 * (Enumerable.Range(0, 12).Sum(_ => market.NextUnit()) - 6);
                Price close = Price.Parse(Math.Exp(price).ToString("0.00000", System.Globalization.CultureInfo.InvariantCulture));
                bars.Add(new Bar(at, open, open > close ? open : close, open < close ? open : close, close, 1));
            }
        }

        room.Store(BarSeries.FromBars("EURUSD", Timeframe.H1, QuoteSide.Bid, bars));
        string[] days = ["monday", "wednesday", "friday"];
        int reached = 0;
        foreach ((string day, string side) in days.SelectMany(static d => ((string[])["long", "short"]).Select(s => (d, s))))
        {
            string rule = room.File($"{side}-{day}.strategy");
            await File.WriteAllTextAsync(rule, $"strategy {side}-{day}\nmarket EURUSD H1\n{side} when weekday({day})\nstop 1 atr(14)\ntrail 1.2 atr(14)\n");
            JsonElement judged = (await Validate(rule, "--open-lockbox", "--all")).Json;
            judged.GetProperty("verdict").GetString().ShouldNotBe("edge", judged.GetProperty("reason").GetString());
            JsonElement turned = judged.GetProperty("gates").EnumerateArray().Single(static g => g.GetProperty("name").GetString() == "turned-bars");
            reached += judged.GetProperty("gates").EnumerateArray().First(static g => g.GetProperty("name").GetString() == "costs").GetProperty("pass").ValueKind == JsonValueKind.True ? 1 : 0;
            turned.GetProperty("note").GetString()!.ShouldContain("copies of the data, whose bars go either way by chance");
        }

        reached.ShouldBeGreaterThan(4, "nearly every rule earns here, at all costs");
    }

    [Fact]
    public async Task Copies_that_were_taken_out_of_the_file_are_searched_again_before_anything_is_said()
    {
        string run = (await room.Evolve()).Json.GetProperty("run").GetString()!, file = Path.Combine(room.Home, "runs", run, "null-search.jsonl");
        await Validate(run, "--null-search", "4", "--all");
        string[] all = await File.ReadAllLinesAsync(file);
        await File.WriteAllLinesAsync(file, [all[1], all[3]]);
        CommandLineCall again = await Validate(run);
        again.Error.ShouldContain("2 copies are missing in null-search.jsonl, and searched again");
        again.Json.GetProperty("nullSearch").EnumerateArray().Select(static c => c.GetProperty("copy").GetInt32()).ShouldBe([0, 1, 2, 3]);
        (await File.ReadAllLinesAsync(file)).ShouldBe([all[1], all[3], all[0], all[2]]);
        await File.WriteAllLinesAsync(file, [all[0].Replace("\"copy\":0", "\"copy\":123456", StringComparison.Ordinal)]);
        (await Validate(run)).Error.ShouldContain("line 1 is not what is kept there");
    }

    /// <summary>A division of which a window is gone, or whose walk was stopped, is neither left out nor taken for one that earned.</summary>
    [Fact]
    public async Task A_walk_of_which_a_window_is_missing_has_no_answer()
    {
        string run = (await room.Evolve()).Json.GetProperty("run").GetString()!, file = Path.Combine(room.Home, "runs", run, "walk-forward.jsonl");
        await Validate(run, "--walk-forward", "2", "3", "--all");
        string[] all = await File.ReadAllLinesAsync(file);
        all.Length.ShouldBe(8);
        foreach (int gone in (int[])[0, 1, 2])
        {
            await File.WriteAllLinesAsync(file, all.Where((_, i) => i != gone));
            JsonElement json = (await Validate(run, "--all")).Json, gate = json.GetProperty("gates").EnumerateArray().Single(static g => g.GetProperty("name").GetString() == "walk-forward");
            gate.GetProperty("pass").ValueKind.ShouldBe(JsonValueKind.Null, $"window {gone} is gone");
            json.GetProperty("reason").GetString()!.ShouldContain("walk-forward has no answer (2 of the 3 searches of --walk-forward 2 are kept; it searches the others)");
        }

        await File.WriteAllLinesAsync(file, all[..1]);
        (await Validate(run, "--all")).Json.GetProperty("reason").GetString()!.ShouldContain("walk-forward has no answer (1 of the 3 searches of --walk-forward 2 are kept");
    }

    /// <summary>It is what trading costs that counts, not what the costs are called.</summary>
    [Fact]
    public async Task A_file_by_which_trading_costs_nothing_is_no_better_than_saying_zero()
    {
        string free = Costs(static row => (row["spreadPips"], row["slippagePips"], row["commissionPerMillion"], row["swap"]) = (0, 0, 0, JsonNode.Parse("""{ "unit": "pips", "long": 1, "short": 1 }""")));
        (await room.Evolve("--costs", free)).Json.GetProperty("verdict").GetProperty("reason").GetString()!.ShouldEndWith("but costs were taken to be nothing");
        string mine = room.File("mine.strategy");
        await File.WriteAllTextAsync(mine, "strategy mine\nmarket EURUSD H1\nlong when close > highest(high, 40)[1]\nshort when close < lowest(low, 40)[1]\nstop 4 atr(14)\nhold at most 40 bars\n");
        (await Validate(mine, "--costs", free)).Json.GetProperty("reason").GetString()!.ShouldEndWith("but costs were taken to be nothing");
        string commission = Costs(static row => (row["spreadPips"], row["slippagePips"]) = (0, 0));
        (await Validate(mine, "--costs", commission)).Json.GetProperty("reason").GetString()!.ShouldNotContain("costs were taken to be nothing");
    }

    /// <summary>What a rule decided on bars, beside their closes, is a look at them like a backtest.</summary>
    [Fact]
    public async Task What_a_strategy_decided_is_not_shown_in_the_lockbox()
    {
        JsonElement found = (await room.Evolve()).Json;
        string run = found.GetProperty("run").GetString()!, id = found.GetProperty("front")[0].GetProperty("id").GetString()!, other = room.File("other.strategy");
        await File.WriteAllTextAsync(other, "strategy other\nmarket EURUSD H2\nlong when close > open\nstop 2 atr(14)\nhold at most 24 bars\n");
        using var library = StrategyLibrary.Open(room.Home);
        string lockbox = library.Run(run)!.Span!.Lockbox.ToString();
        foreach (string what in (string[])[id, other])
        {
            CommandLineCall show = await CommandLineCall.Of(room.Home, "strategies", "show", what, "--last", "200", "--json");
            show.Error.ShouldContain($"the lockbox of run {run} from {lockbox} stays shut");
            string[] closes = [.. show.Json.GetProperty("last").EnumerateArray().Select(static b => b.GetProperty("close").GetString()!)];
            closes.Length.ShouldBe(200);
            closes.ShouldAllBe(c => string.CompareOrdinal(c, lockbox) <= 0);
        }
    }

    /// <summary>A search under one name has seen what the same prices hold under another.</summary>
    [Fact]
    public async Task The_same_prices_under_another_name_are_the_same_market()
    {
        BarSeries bars = new GeneratedMarket(new Rng(3), RandomMarket.EurUsd, Instant.FromUtc(2010, 1, 4), ResearchMarkets.Obvious).Hours(15_000);
        room.Store(bars);
        room.Store(BarSeries.FromBars("GBPUSD", Timeframe.H1, QuoteSide.Bid, [.. Enumerable.Range(0, bars.Count).Select(i => bars[i])]));
        string mine = room.File("mine.strategy");
        await File.WriteAllTextAsync(mine, "strategy mine\nmarket EURUSD H1\nlong when close > highest(high, 40)[1]\nshort when close < lowest(low, 40)[1]\nstop 4 atr(14)\nhold at most 40 bars\n");
        await CommandLineCall.Of(room.Home, "evolve", "--symbol", "GBPUSD", "--timeframe", "H1", "--evaluations", "300", "--threads", "1");
        JsonElement seen = (await Validate(mine, "--to", "2011-10-01", "--open-lockbox")).Json;
        seen.GetProperty("trials").GetProperty("beside").GetProperty("distinct").GetInt64().ShouldBeGreaterThan(200);
        seen.GetProperty("reason").GetString()!.ShouldContain("has searched or judged on part of it, so it was no first look");
        seen.GetProperty("remarks")[0].GetString().ShouldBe("the prices of EURUSD are stored as GBPUSD too: what was tried and seen there counts here");
        JsonElement next = (await room.Evolve("--to", "2011-10-01")).Json;
        next.GetProperty("remarks").EnumerateArray().Select(static r => r.GetString()).ShouldContain("the prices of EURUSD are stored as GBPUSD too: what was tried and seen there counts here");
        (await Validate(next.GetProperty("run").GetString()!, "--all")).Json.GetProperty("trials").GetProperty("beside").GetProperty("distinct").GetInt64().ShouldBeGreaterThan(200);
    }

    /// <summary>A rule with another digit in it is another strategy by its content and the same attempt.</summary>
    [Fact]
    public async Task Every_lockbox_of_the_symbol_that_was_opened_by_hand_is_charged_whatever_strategy_it_was_opened_for()
    {
        room.Store(new GeneratedMarket(new Rng(3), RandomMarket.EurUsd, Instant.FromUtc(2010, 1, 4), ResearchMarkets.Obvious).Hours(15_000));
        string one = room.File("one.strategy"), two = room.File("two.strategy"), text = "market EURUSD H1\nlong when close > highest(high, 40)[1]\nshort when close < lowest(low, 40)[1]\nstop 4 atr(14)\nhold at most 40 bars\n";
        await File.WriteAllTextAsync(one, "strategy one\n" + text);
        await File.WriteAllTextAsync(two, "strategy two\n" + text.Replace("hold at most 40", "hold at most 41", StringComparison.Ordinal));
        JsonElement Last(JsonElement json) => json.GetProperty("gates").EnumerateArray().Last();
        JsonElement first = Last((await Validate(one, "--to", "2011-06-01", "--open-lockbox")).Json);
        first.GetProperty("note").GetString()!.ShouldNotContain("the best of");
        JsonElement changed = (await Validate(two, "--open-lockbox")).Json;
        Last(changed).GetProperty("note").GetString()!.ShouldContain("; the best of 2 lockboxes of its symbol that were opened by hand");
        changed.GetProperty("verdict").GetString().ShouldBe("edge", "it is a look at days that nobody has seen, at its price");
    }

    /// <summary>Who takes the library away takes with it what was tried; the folders of the runs tell of it.</summary>
    [Fact]
    public async Task Run_folders_that_the_library_does_not_know_keep_every_verdict_from_being_an_edge()
    {
        string one = (await room.Evolve()).Json.GetProperty("run").GetString()!, two = (await room.Evolve("--seed", "2", "--to", "2010-10-01")).Json.GetProperty("run").GetString()!;
        foreach (string file in Directory.GetFiles(Path.Combine(room.Home, "library")))
        {
            File.Delete(file);
        }

        JsonElement verdict = (await room.Evolve("--seed", "3")).Json.GetProperty("verdict");
        verdict.GetProperty("verdict").GetString().ShouldBe("insufficient-data", verdict.GetProperty("reason").GetString());
        string[] both = [one, two];
        verdict.GetProperty("reason").GetString()!.ShouldEndWith($"but the library does not know run {both.Min(StringComparer.Ordinal)} and 1 other over these years, whose folders are there: what they tried cannot be charged");
        string mine = room.File("mine.strategy");
        await File.WriteAllTextAsync(mine, "strategy mine\nmarket EURUSD H1\nlong when close > highest(high, 40)[1]\nshort when close < lowest(low, 40)[1]\nstop 4 atr(14)\nhold at most 40 bars\n");
        (await Validate(mine)).Json.GetProperty("reason").GetString()!.ShouldContain("the library does not know run");

        // Told again, they are known and charged.
        JsonElement told = (await Validate(one)).Json;
        told.GetProperty("remarks").EnumerateArray().Select(static r => r.GetString()).ShouldContain($"the library does not know run {two} over these years, whose folder is there: what it tried cannot be charged");
        await Validate(two);
        JsonElement charged = (await Validate(one)).Json;
        charged.GetProperty("remarks").GetRawText().ShouldNotContain("does not know");
        charged.GetProperty("trials").GetProperty("beside").GetProperty("distinct").GetInt64().ShouldBeGreaterThan(400, "two others");
    }

    /// <summary>The built-in costs as a file, with one row changed.</summary>
    private string Costs(Action<JsonNode> change, string note = "")
    {
        using Stream stream = typeof(Peregrine.Adapters.Costs.CostFile).Assembly.GetManifestResourceStream("Peregrine.Adapters.Costs.default.json")!;
        JsonNode costs = JsonNode.Parse(stream)!;
        costs["note"] = note;
        change(costs["symbols"]!["EURUSD"]!);
        File.WriteAllText(room.File("costs.json"), costs.ToJsonString());
        return room.File("costs.json");
    }

    private Task<CommandLineCall> Validate(string what, params string[] more) => CommandLineCall.Of(room.Home, ["validate", what, "--json", "--threads", "1", .. more]);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.App.CommandLine;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Evolution;

/// <summary><c>validate --calibrate</c> in small: the same code that measures the gates on hundreds of markets.</summary>
public sealed class CalibrateTests : IDisposable
{
    private readonly EvolutionRoom room = new();

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task A_calibration_counts_what_every_gate_says_and_searches_no_market_twice()
    {
        string file = room.File("calibration.jsonl");
        Task<CommandLineCall> Calibrate(params string[] more) => CommandLineCall.Of(room.Home, ["validate", "--calibrate", "--volatility", "mixed", "--markets", "3", "--evaluations", "150", "--out", file, "--threads", "1", .. more]);
        (await Calibrate("--json", "--shard", "2/2")).Json.GetProperty("markets").GetInt32().ShouldBe(1);
        string[] first = await File.ReadAllLinesAsync(file);
        JsonElement both = (await Calibrate("--json")).Json;
        string[] lines = await File.ReadAllLinesAsync(file);
        lines[..1].ShouldBe(first);
        lines.Select(static l => JsonDocument.Parse(l).RootElement.GetProperty("seed").GetInt32()).ShouldBe([2, 1, 3]);
        both.GetProperty("markets").GetInt32().ShouldBe(3);
        foreach (JsonElement gate in both.GetProperty("gates").EnumerateArray().SkipLast(1))
        {
            string name = gate.GetProperty("name").GetString()!;
            int passed = lines.Count(l => JsonDocument.Parse(l).RootElement.GetProperty("gates").TryGetProperty(name, out JsonElement g) && g.GetProperty("pass").ValueKind == JsonValueKind.True);
            gate.GetProperty("pass").GetInt32().ShouldBe(passed, name);
        }

        both.GetProperty("gates").EnumerateArray().Last().GetProperty("pass").GetInt32().ShouldBe(0, "nothing is hidden there");
        both.GetProperty("could").ValueKind.ShouldBe(JsonValueKind.Null);
        JsonElement bands = both.GetProperty("bands")[0];
        bands.GetProperty("markets").GetInt32().ShouldBe(3);
        bands.GetProperty("covered").GetInt32().ShouldBe(lines.Select(static l => JsonDocument.Parse(l).RootElement.GetProperty("band")).Count(static b => b.GetProperty("truth").GetDouble() is var t && t >= b.GetProperty("low").GetDouble() && t <= b.GetProperty("high").GetDouble()));
        lines.Select(static l => JsonDocument.Parse(l).RootElement.GetProperty("band").GetProperty("truth").GetDouble()).ShouldAllBe(static t => t < 0.1, "whatever is found in noise earns nothing there and pays costs");
        KeepsItsLevel(both, [.. lines.Select(static l => JsonDocument.Parse(l).RootElement)]);
        CommandLineCall text = await Calibrate();
        foreach (string word in (string[])["p at most", "garch", "from what it really earns", "is at most 0.05 on 0 to 1 of 3", "10 years of hours each (mixed) in which nothing is hidden"])
        {
            text.Out.ShouldContain(word);
        }

        (await File.ReadAllLinesAsync(file)).ShouldBe(lines);
    }

    private static void KeepsItsLevel(JsonElement answer, JsonElement[] markets)
    {
        answer.GetProperty("volatility").GetString().ShouldBe("mixed");
        answer.GetProperty("kinds").EnumerateArray().Select(static k => (k.GetProperty("kind").GetString(), k.GetProperty("markets").GetInt32())).ShouldBe([("bursts", 1), ("constant", 1), ("garch", 1)]);
        foreach (JsonElement level in answer.GetProperty("levels").EnumerateArray())
        {
            string name = level.GetProperty("name").GetString()!;
            double[] p = [.. markets.Select(m => m.GetProperty("gates").TryGetProperty(name, out JsonElement gate) && gate.GetProperty("statistic").ValueKind == JsonValueKind.Number ? gate.GetProperty("statistic").GetDouble() : 2)];
            level.GetProperty("below").GetInt32().ShouldBe(p.Count(x => x <= level.GetProperty("level").GetDouble()), name);
        }

        answer.GetProperty("levels").EnumerateArray().Select(static l => l.GetProperty("name").GetString()).Distinct().ShouldBe(["out-of-sample", "best-of-all", "superior"]);
        double[] earned = [.. markets.Select(static m => m.GetProperty("band").GetProperty("earned").GetDouble() - m.GetProperty("band").GetProperty("truth").GetDouble())];
        answer.GetProperty("surprise").GetProperty("mean").GetDouble().ShouldBe(earned.Average(), 1e-12);
    }

    [Fact]
    public async Task A_calibration_with_copies_asks_the_null_search_and_lets_the_gates_stand_among_them()
    {
        string file = room.File("calibration.jsonl");
        Task<CommandLineCall> Calibrate(params string[] more) => CommandLineCall.Of(room.Home, ["validate", "--calibrate", "--markets", "1", "--evaluations", "150", "--out", file, "--threads", "1", .. more]);
        (await Calibrate("--json", "--volatility", "garch")).Json.GetProperty("gates").EnumerateArray().ShouldNotContain(static g => g.GetProperty("name").GetString() == "null-search");
        JsonElement answer = (await Calibrate("--json", "--null-search", "2")).Json;
        answer.GetProperty("copies").GetInt32().ShouldBe(2);
        answer.GetProperty("gates").EnumerateArray().Select(static g => g.GetProperty("name").GetString()).ShouldContain("null-search");
        string[] lines = await File.ReadAllLinesAsync(file);
        lines.Length.ShouldBe(2, "with copies, and of another kind, it is another market");
        JsonElement gate = JsonDocument.Parse(lines[1]).RootElement.GetProperty("gates").GetProperty("null-search");
        new[] { 1 / 3.0, 2 / 3.0, 1 }.ShouldContain(gate.GetProperty("statistic").GetDouble());
        gate.GetProperty("pass").ValueKind.ShouldBe(JsonValueKind.Null, "two copies say nothing");
        (await Calibrate("--null-search", "2")).Out.ShouldContain("candidates each and on each of 2 copies");
        (await File.ReadAllLinesAsync(file)).ShouldBe(lines);
    }

    /// <summary>A strong rule stands above nineteen noise markets of the usual record; raise two of them above it, and it does not.</summary>
    [Fact]
    public async Task What_is_found_is_ranked_among_the_noise_markets_of_an_earlier_calibration()
    {
        string file = room.File("hidden.jsonl"), noise = room.File("noise.jsonl");
        string[] words = ["validate", "--calibrate", "--evaluations", "150", "--years", "5", "--threads", "1", "--markets", "1", "--json"], hidden = [.. words, "--hidden", "4", "--rule", "average", "--out", file];
        await CommandLineCall.Of(room.Home, [.. words, "--out", noise]);
        (await CommandLineCall.Of(room.Home, [.. hidden, "--against", noise])).Error.ShouldContain("it holds 1 of this kind and budget in which nothing is hidden, and 19 are the fewest");
        (await CommandLineCall.Of(room.Home, [.. hidden, "--against", noise + "l"])).Error.ShouldContain("there is no such file");
        JsonNode one = JsonNode.Parse((await File.ReadAllLinesAsync(noise))[0])!;
        string Line(int seed, double record)
        {
            (one["seed"], one["record"]) = (seed, record);
            return one.ToJsonString() + "\n";
        }

        async Task<JsonElement> Ranked(int above)
        {
            await File.WriteAllTextAsync(noise, string.Concat(Enumerable.Range(1, 19).Select(i => Line(i, i <= above ? 99 : 1.5))));
            return (await CommandLineCall.Of(room.Home, [.. hidden, "--against", noise])).Json;
        }

        JsonElement Gate(JsonElement answer, string name) => answer.GetProperty("gates").EnumerateArray().Single(g => g.GetProperty("name").GetString() == name);
        JsonElement first = await Ranked(0), third = await Ranked(2);
        first.GetProperty("noise").GetInt32().ShouldBe(19);
        Gate(first, "null-search").GetProperty("pass").GetInt32().ShouldBe(1);
        Gate(third, "null-search").GetProperty("pass").GetInt32().ShouldBe(0);
        // Four years and a quarter of Sharpe 4, a little less at the costs of the search: eight standard errors.
        JsonDocument.Parse((await File.ReadAllLinesAsync(file))[0]).RootElement.GetProperty("rule").GetDouble().ShouldBeInRange(5, 9.5);
        first.GetProperty("couldAmongNoise").GetDouble().ShouldBe(1, "the rule itself stands there too");
        third.GetProperty("couldAmongNoise").GetDouble().ShouldBe(0);
        Gate(third, "all together").GetProperty("pass").GetInt32().ShouldBe(0);
        await Ranked(0);
        JsonElement own = (await CommandLineCall.Of(room.Home, ["validate", "--calibrate", "--evaluations", "150", "--years", "5", "--threads", "1", "--markets", "19", "--json", "--out", noise, "--against", noise])).Json;
        Gate(own, "null-search").GetProperty("asked").GetInt32().ShouldBe(0, "none is ranked among itself, and eighteen are too few");
        double p = JsonDocument.Parse((await File.ReadAllLinesAsync(file))[0]).RootElement.GetProperty("gates").GetProperty("out-of-sample").GetProperty("statistic").GetDouble();
        Gate(first, "out-of-sample").GetProperty("pass").GetInt32().ShouldBe(p <= 0.5 ? 1 : 0);
        (await CommandLineCall.Of(room.Home, [.. hidden.Where(static w => w != "--json"), "--against", noise])).Out.ShouldContain("ranked among 19 markets of noise");
        (await CommandLineCall.Of(room.Home, [.. hidden, "--against", noise, "--null-search", "2"])).Error.ShouldContain("one of them");
        (await CommandLineCall.Of(room.Home, [.. hidden, "--years", "6", "--against", noise])).Code.ShouldNotBe(ExitCode.Done);
    }

    [Fact]
    public async Task Hidden_rules_are_found_and_their_power_stands_beside_what_could_be()
    {
        string file = room.File("calibration.jsonl");
        string[] words = ["validate", "--calibrate", "--hidden", "4", "--rule", "average", "--markets", "2", "--evaluations", "400", "--years", "5", "--out", file, "--threads", "1"];
        JsonElement answer = (await CommandLineCall.Of(room.Home, [.. words, "--json"])).Json;
        answer.GetProperty("rule").GetString().ShouldBe("average");
        JsonElement[] lines = [.. (await File.ReadAllLinesAsync(file)).Select(static l => JsonDocument.Parse(l).RootElement)];
        foreach (JsonElement market in lines)
        {
            market.GetProperty("hidden").GetDouble().ShouldBe(4);
            market.GetProperty("fresh").GetDouble().ShouldBeInRange(1.5, 1.9, "two fifths of 85 % of five years");
            market.GetProperty("band").GetProperty("truth").GetDouble().ShouldBeInRange(2, 4.8, "most of what is hidden is found, and no more than there is");
        }

        // Φ(4 √1.7 − 1.645), and Φ(4 √4.25 − 2.9 and more).
        answer.GetProperty("could").GetDouble().ShouldBeInRange(0.99, 1);
        answer.GetProperty("couldInAll").GetDouble().ShouldBeInRange(0.99, 1);
        answer.GetProperty("gates").EnumerateArray().First().GetProperty("pass").GetInt32().ShouldBe(2, "out-of-sample");
        answer.GetProperty("kinds").GetArrayLength().ShouldBe(0, "one kind, one rule, one size");
        (await CommandLineCall.Of(room.Home, [.. words, "--shard", "9/9"])).Out.ShouldContain("No market was searched");
        (await CommandLineCall.Of(room.Home, [.. words, "--shard", "9/9", "--json"])).Json.GetProperty("markets").GetInt32().ShouldBe(0);
        (await CommandLineCall.Of(room.Home, ["validate", "--calibrate", "--hidden", "4", "--rule", "average", "--seed", "2", "--shard", "1/2", "--markets", "1", "--out", file, "--json"])).Json.GetProperty("markets").GetInt32().ShouldBe(0, "seed 2 is the other part's");
        CommandLineCall text = await CommandLineCall.Of(room.Home, words);
        text.Out.ShouldContain("2 markets, 5 years of hours each (bursts) in which a rule (average) of net Sharpe 4.0 is hidden");
        text.Out.ShouldContain("The hidden rule alone would pass out-of-sample in 100%");
    }

    [Fact]
    public async Task On_copies_of_a_runs_own_data_nothing_is_found_and_a_walk_forward_earns_nothing()
    {
        string run = (await room.Evolve("--evaluations", "200")).Json.GetProperty("run").GetString()!, file = room.File("copies.jsonl");
        string[] words = ["validate", run, "--calibrate", "--markets", "2", "--evaluations", "150", "--walk-forward", "2", "--out", file, "--threads", "1"];
        JsonElement answer = (await CommandLineCall.Of(room.Home, [.. words, "--json"])).Json;
        answer.GetProperty("run").GetString().ShouldBe(run);
        answer.GetProperty("volatility").ValueKind.ShouldBe(JsonValueKind.Null);
        answer.GetProperty("gates").EnumerateArray().Last().GetProperty("pass").GetInt32().ShouldBe(0, "the edge of the data is not in their copies");
        answer.GetProperty("gates").EnumerateArray().Select(static g => g.GetProperty("name").GetString()).ShouldContain("walk-forward");
        JsonElement[] lines = [.. (await File.ReadAllLinesAsync(file)).Select(static l => JsonDocument.Parse(l).RootElement)];
        double[] rolling = [.. lines.Select(static l => l.GetProperty("walks")[0].GetProperty("sharpe").GetDouble())];
        JsonElement walk = answer.GetProperty("walks")[0];
        walk.GetProperty("anchored").GetBoolean().ShouldBeFalse();
        walk.GetProperty("sharpe").GetDouble().ShouldBe(rolling.Average(), 1e-12);
        answer.GetProperty("truth").GetProperty("mean").GetDouble().ShouldBeInRange(-1.5, 0.3, "costs are all there is");
        string told = (await CommandLineCall.Of(room.Home, words)).Out;
        told.ShouldContain($"copies of the data of run {run} on which direction is chance");
        told.ShouldContain("Searched again in 2 rolling windows");
        (await CommandLineCall.Of(room.Home, ["validate", run, "--calibrate", "--markets", "3", "--evaluations", "150", "--walk-forward", "24", "--out", file, "--threads", "1"])).Error.ShouldContain("Cannot walk forward in so many windows");
        await File.WriteAllTextAsync(file, "\n" + (await File.ReadAllTextAsync(file)).Replace("\"costs\":{", "\"costs\":null,\"later\":{", StringComparison.Ordinal));
        CommandLineCall damaged = await CommandLineCall.Of(room.Home, words);
        (damaged.Code, damaged.Error.Contains("line 2 is not what is kept there", StringComparison.Ordinal)).ShouldBe((ExitCode.Failed, true), damaged.Error);
    }
}

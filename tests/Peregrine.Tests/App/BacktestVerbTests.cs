using System.Globalization;
using System.Text.Json;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Simulation;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

public sealed class BacktestVerbTests : IDisposable
{
    private const string Text = """
        strategy breakout
        market EURUSD H1
        long when close crosses above highest(high, 24)[1]
        short when close crosses below lowest(low, 24)[1]
        stop 2.5 atr(14)
        target 5 atr(14)
        trail 3 atr(14)
        hold at most 48 bars
        """;

    private readonly TemporaryFolder home = new();
    private readonly string strategy, bars;

    public BacktestVerbTests()
    {
        strategy = home.File("breakout.strategy");
        bars = home.File("bars.csv");
        File.WriteAllText(strategy, Text);
        BarSeries series = new GeneratedMarket(new Rng(5), RandomMarket.EurUsd, Instant.FromUtc(2019, 1, 7), new PlantedBreakout()).Hours(3_000);
        File.WriteAllLines(bars, Enumerable.Range(0, series.Count).Select(i => series[i]).Select(b => string.Create(CultureInfo.InvariantCulture, $"{b.Time},{b.Open},{b.High},{b.Low},{b.Close}")).Prepend("time,open,high,low,close"));
    }

    public void Dispose() => home.Dispose();

    private Task<CommandLineCall> Backtest(params string[] more) => CommandLineCall.Of(home.File("home"), ["backtest", strategy, .. more]);

    [Fact]
    public async Task Bars_from_a_file_and_the_same_bars_from_the_store_give_the_same_equity()
    {
        CommandLineCall fromFile = await Backtest("--bars", bars, "--json");
        fromFile.Code.ShouldBe(ExitCode.Done, fromFile.Error);
        (await CommandLineCall.Of(home.File("home"), "data", "import", bars, "--format", "csv", "--symbol", "EURUSD")).Code.ShouldBe(ExitCode.Done);
        CommandLineCall stored = await Backtest("--json");
        stored.Code.ShouldBe(ExitCode.Done, stored.Error);
        stored.Json.GetProperty("equityHash").GetString().ShouldBe(fromFile.Json.GetProperty("equityHash").GetString());
        stored.Json.GetProperty("dataHash").GetString().ShouldBe(fromFile.Json.GetProperty("dataHash").GetString());
    }

    [Fact]
    public async Task Json_has_the_shapes_that_scripts_rely_on()
    {
        JsonElement json = (await Backtest("--bars", bars, "--json", "--out", home.File("page.html"))).Json;
        json.GetProperty("metrics").EnumerateObject().Select(p => p.Name).ShouldBe([.. Metrics.All.Select(m => m.Name), "undefined"]);
        JsonElement[] trades = [.. json.GetProperty("trades").EnumerateArray()];
        trades.Length.ShouldBeGreaterThan(20);
        trades[0].EnumerateObject().Select(p => p.Name).ShouldBe(
        [
            "id", "strategy", "symbol", "side", "quantity", "entryTime", "entryPrice", "exitTime", "exitPrice", "exitReason", "profit", "commission", "swap", "slippage",
            "mae", "mfe", "r", "bars", "ambiguous",
        ]);
        trades[0].GetProperty("profit").GetString().ShouldEndWith(" USD");
        json.GetProperty("metrics").GetProperty("trades").GetDouble().ShouldBe(trades.Length);
        json.GetProperty("assumptions").GetProperty("costs").GetString().ShouldBe("default (version 2026-11)");
        json.GetProperty("notModelled").EnumerateArray().Select(n => n.GetString()!).ShouldContain(n => n.StartsWith("swap", StringComparison.Ordinal));
        (await File.ReadAllTextAsync(home.File("page.html"))).ShouldContain("The strategy in words");
    }

    [Fact]
    public async Task Limits_are_among_the_assumptions_and_a_file_changes_them()
    {
        JsonElement usual = (await Backtest("--bars", bars, "--json")).Json;
        usual.GetProperty("assumptions").GetProperty("limits").GetString().ShouldBe(
            "2 % of the balance at risk a trade; nothing is opened once 20 % of the deposit is lost, on a quote older than 15 min, or at a spread above 50 % of the stop distance");
        await File.WriteAllTextAsync(home.File("limits.json"), """{ "maxTotalLoss": 0.001, "maxRiskPerTrade": 0.6 }""");
        JsonElement tight = (await Backtest("--bars", bars, "--json", "--limits", home.File("limits.json"), "--risk", "50%")).Json;
        tight.GetProperty("assumptions").GetProperty("limits").GetString()!.ShouldStartWith("60 % of the balance");
        tight.GetProperty("refusals").EnumerateArray().ShouldContain(r => r.GetProperty("rule").GetString() == "total-loss");
        (await Backtest("--bars", bars, "--limits", home.File("limits.json"))).Out.ShouldContain("  limits       60 % of the balance");
    }

    [Fact]
    public async Task Prices_have_the_instruments_own_digits_and_commission_its_currency()
    {
        await File.WriteAllLinesAsync(home.File("yen.csv"), (await File.ReadAllLinesAsync(bars)).Select((line, i) => i == 0 ? line : string.Join(',', line.Split(',').Select((cell, j) => j == 0 ? cell : (decimal.Parse(cell, CultureInfo.InvariantCulture) * 100).ToString("0.000", CultureInfo.InvariantCulture)))));
        JsonElement json = (await Backtest("--bars", home.File("yen.csv"), "--symbol", "USDJPY", "--json")).Json;
        JsonElement[] trades = [.. json.GetProperty("trades").EnumerateArray()];
        trades.Length.ShouldBeGreaterThan(20);
        trades.ShouldAllBe(t => t.GetProperty("entryPrice").GetString()!.Split('.', StringSplitOptions.None)[1].Length == 3);
        json.GetProperty("assumptions").GetProperty("commission").GetString().ShouldBe("30 USD per million USD of value, on each side");
        json.GetProperty("assumptions").GetProperty("account").GetString()!.ShouldStartWith("10 000.00 USD, hedged");
    }

    [Fact]
    public async Task Costs_are_what_separates_zero_from_default()
    {
        JsonElement free = (await Backtest("--bars", bars, "--json", "--costs", "zero", "--units", "10000")).Json.GetProperty("metrics");
        JsonElement paid = (await Backtest("--bars", bars, "--json", "--units", "10000")).Json.GetProperty("metrics");
        free.GetProperty("commission").GetDouble().ShouldBe(0);
        paid.GetProperty("commission").GetDouble().ShouldBeGreaterThan(0);
        free.GetProperty("totalReturn").GetDouble().ShouldBeGreaterThan(paid.GetProperty("totalReturn").GetDouble());
    }

    [Theory]
    [InlineData(ExitCode.WrongUsage, "--risk", "5")]
    [InlineData(ExitCode.WrongUsage, "--risk", "0%")]
    [InlineData(ExitCode.WrongUsage, "--deposit", "many")]
    [InlineData(ExitCode.WrongUsage, "--deposit", "-5USD")]
    [InlineData(ExitCode.WrongUsage, "--units", "0")]
    [InlineData(ExitCode.WrongUsage, "--account", "mixed")]
    [InlineData(ExitCode.WrongUsage, "--kind", "mixed")]
    [InlineData(ExitCode.WrongUsage, "--kind", "netted", "--account", "hedged")]
    [InlineData(ExitCode.WrongUsage, "--risk", "50%")]
    [InlineData(ExitCode.WrongUsage, "--deposit", "10000XYZ")]
    [InlineData(ExitCode.WrongUsage, "--deposit", "10000JPY")]
    [InlineData(ExitCode.Failed, "--limits", "none.json")]
    [InlineData(ExitCode.WrongUsage, "--leverage", "0")]
    [InlineData(ExitCode.WrongUsage, "--from", "yesterday")]
    [InlineData(ExitCode.WrongUsage, "--timeframe", "M7")]
    [InlineData(ExitCode.Failed, "--costs", "none.json")]
    [InlineData(ExitCode.Failed, "--symbol", "ABCDEF")]
    [InlineData(ExitCode.Failed, "--bars", "none.csv")]
    [InlineData(ExitCode.Failed, "--ticks")]
    public async Task Bad_words_end_in_one_sentence(ExitCode expected, params string[] words)
    {
        CommandLineCall call = await Backtest(words);
        call.Code.ShouldBe(expected, call.Error);
        call.Error.Trim().Split('\n').Length.ShouldBe(1);
        call.Error.ShouldNotContain("bug");
    }

    [Fact]
    public async Task A_strategy_with_a_mistake_is_told_where_it_is()
    {
        await File.WriteAllTextAsync(strategy, Text.Replace("highest", "highst", StringComparison.Ordinal));
        CommandLineCall call = await Backtest("--bars", bars);
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain("highest");
    }
}

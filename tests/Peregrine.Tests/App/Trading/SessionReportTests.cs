using System.Text.Json;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary><c>report SESSION</c>: what the journal of a session tells, as figures and as a page.</summary>
public sealed class SessionReportTests : IDisposable
{
    private readonly TradeRoom room = TradeRoom.Furnished();

    public void Dispose() => room.Dispose();

    [Fact]
    public async Task Its_figures_are_those_of_the_backtest_over_the_same_ticks()
    {
        JsonElement backtest = (await CommandLineCall.Of(room.Home, "backtest", room.Cross, "--ticks", "--costs", "zero", "--json")).Json;
        string session = await Traded("--feed", "EURUSD", "--strategy", room.Cross, "--costs", "zero");
        string page = room.File("out/page.html");
        CommandLineCall call = await CommandLineCall.Of(room.Home, "report", session, "--out", page, "--json");
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        call.Json.GetProperty("metrics").ToString().ShouldBe(backtest.GetProperty("metrics").ToString());
        call.Json.GetProperty("trades").ToString().ShouldBe(backtest.GetProperty("trades").ToString());
        call.Json.GetProperty("refusals").ToString().ShouldBe(backtest.GetProperty("refusals").ToString());
        call.Json.GetProperty("ended").GetString().ShouldBe("the feed ended");
        call.Json.GetProperty("html").GetString().ShouldBe(page);

        string html = await File.ReadAllTextAsync(page);
        foreach (string part in (string[])["Paper session", "EURUSD M1, bid price and trades", "Best and worst trades", "The strategy in words", "50 ms from decision to the broker", "Not modelled", "no nightly interest for EURUSD"])
        {
            html.ShouldContain(part);
        }
    }

    [Fact]
    public async Task The_prices_on_its_charts_are_the_bars_of_its_own_quotes()
    {
        string session = await Traded("--feed", "EURUSD", "--strategy", room.Break, room.Cross, "--costs", "zero");
        SessionHistory history = SessionHistory.Read(room.Journal(session), CancellationToken.None);
        string csv = room.File("bars.csv");
        (await CommandLineCall.Of(room.Home, "data", "export", "EURUSD", "--timeframe", "M1", "--side", "bid", "--out", csv)).Code.ShouldBe(ExitCode.Done);
        string[] stored = [.. (await File.ReadAllLinesAsync(csv)).Skip(1).Select(l => string.Join(',', l.Split(',')[..5]))];
        Peregrine.Core.Market.BarSeries bars = history.Prices.ShouldHaveSingleItem().Bars;
        string[] seen = [.. Enumerable.Range(0, bars.Count).Select(i => bars[i]).Select(b => $"{b.Time},{b.Open},{b.High},{b.Low},{b.Close}")];
        seen.Length.ShouldBeGreaterThan(500);
        // The last minute is not over in the session's quotes.
        seen[..^1].ShouldBe(stored[..(seen.Length - 1)]);
    }

    [Fact]
    public async Task A_session_that_goes_on_says_so_and_tells_what_was_said_and_what_each_strategy_made()
    {
        using var stop = new CancellationTokenSource();
        using StringWriter output = new(), error = new();
        Task<ExitCode> running = Task.Run(() => Program.Run([.. room.Trade, "--speed", "10000"], room.Here(output, error), stop.Token));
        await room.Reached(0.2, () => running.IsCompleted);
        (await CommandLineCall.Of(room.Home, "halt", "--reason", "lunch")).Code.ShouldBe(ExitCode.Done);
        await stop.CancelAsync();
        (await running).ShouldBe(ExitCode.Stopped, error.ToString());
        string session = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("session").GetString()!;

        CommandLineCall call = await CommandLineCall.Of(room.Home, "report", session);
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        call.Out.ShouldContain($"The session has not ended: 'trade --session {session}' goes on with it");
        call.Out.ShouldContain("Halted at the end: lunch.");
        string html = await File.ReadAllTextAsync(Path.Combine(room.Home, "reports", $"session-{session}.html"));
        html.ShouldContain("<td>operator</td><td>halt: lunch</td>");
        html.ShouldContain("<h2>The strategies</h2>");
        html.ShouldContain("<td>break</td>");
        html.ShouldContain("cross in words");
    }

    [Fact]
    public async Task What_cannot_be_reported_on_is_one_sentence()
    {
        CommandLineCall none = await CommandLineCall.Of(room.Home, "report", "20260105-093000");
        none.Code.ShouldBe(ExitCode.Failed);
        none.Error.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldStartWith("There is nothing called '20260105-093000' to report on");

        string session = await Traded("--feed", "EURUSD", "--strategy", room.Cross, "--costs", "zero");
        room.Rewrite(session, "other", s => s with { Build = "another", Sizing = s.Sizing with { RiskFraction = s.Sizing.RiskFraction / 2 } });
        CommandLineCall other = await CommandLineCall.Of(room.Home, "report", "other");
        other.Code.ShouldBe(ExitCode.Failed);
        other.Error.TrimEnd().Split('\n').ShouldHaveSingleItem().ShouldContain("decides otherwise at entry");
        (await CommandLineCall.Of(room.Home, "report", session, "--returns", "f.csv")).Code.ShouldBe(ExitCode.WrongUsage);
    }

    private async Task<string> Traded(params string[] words)
    {
        CommandLineCall trade = await CommandLineCall.Of(room.Home, ["trade", .. words, "--json", "--quiet"]);
        trade.Code.ShouldBe(ExitCode.Done, trade.Error);
        return trade.Json.GetProperty("session").GetString()!;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

/// <summary>Of several stored series a run takes the one that covers what it asks for, and says so.</summary>
public sealed class SourceChoiceTests : IDisposable
{
    private const string Text = "strategy breakout\nmarket EURUSD H1\nlong when close crosses above highest(high, 24)[1]\nstop 2.5 atr(14)\n";
    private static readonly Instant January = Instant.FromUtc(2019, 1, 1), February = Instant.FromUtc(2019, 2, 1), March = Instant.FromUtc(2019, 3, 1);
    private readonly TemporaryFolder folder = new();

    public SourceChoiceTests() => File.WriteAllText(folder.File("h1.strategy"), Text);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_day_of_minutes_is_passed_over_for_two_months_of_hours_and_named()
    {
        Instant monday = Instant.FromUtc(2019, 2, 4);
        await Import(Timeframe.H1, January, March);
        await Import(Timeframe.M1, monday, monday + Duration.FromDays(1));
        JsonElement run = (await Backtest("--from", "2019-01-01", "--to", "2019-03-01")).Json;
        run.GetProperty("prices").GetProperty("series").GetString().ShouldBe("EURUSD H1 bid from csv");
        run.GetProperty("prices").GetProperty("coverage").GetDouble().ShouldBe(1);
        JsonElement passed = run.GetProperty("prices").GetProperty("passedOver").EnumerateArray().ShouldHaveSingleItem();
        passed.GetProperty("series").GetString().ShouldBe("EURUSD M1 bid from csv");
        passed.GetProperty("coverage").GetDouble().ShouldBeInRange(0.01, 0.05);
        run.GetProperty("assumptions").GetProperty("coverage").GetString()!.ShouldStartWith("100 % of the open market time from 2019-01-01T00:00:00Z to 2019-03-01T00:00:00Z; passed over: EURUSD M1 bid from csv (2.");
    }

    [Fact]
    public async Task Minutes_that_cover_as_much_as_the_hours_fill_the_orders()
    {
        await Import(Timeframe.H1, January, February);
        await Import(Timeframe.M1, January, February);
        (await Backtest()).Json.GetProperty("prices").GetProperty("series").GetString().ShouldBe("EURUSD M1 bid from csv");
    }

    [Fact]
    public async Task Data_with_large_holes_are_used_and_the_share_is_stated()
    {
        await Import(Timeframe.H1, January, January + Duration.FromDays(7));
        await Import(Timeframe.H1, February, February + Duration.FromDays(7));
        CommandLineCall run = await Backtest("--from", "2019-01-01", "--to", "2019-03-01");
        run.Json.GetProperty("prices").GetProperty("coverage").GetDouble().ShouldBeInRange(0.2, 0.25);
        run.Error.ShouldContain("EURUSD H1 bid from csv holds only 23");
    }

    [Fact]
    public async Task An_export_finds_the_series_that_has_the_range()
    {
        // The hours reach from end to end and hold nothing of January; the minutes hold it all.
        await Import(Timeframe.H1, Instant.FromUtc(2019, 1, 2), Instant.FromUtc(2019, 1, 3));
        await Import(Timeframe.H1, March, March + Duration.FromDays(1));
        await Import(Timeframe.M1, January, February);
        CommandLineCall export = await CommandLineCall.Of(folder.File("home"), "data", "export", "EURUSD", "--timeframe", "H1", "--from", "2019-01-07", "--to", "2019-01-12");
        export.Code.ShouldBe(ExitCode.Done, export.Error);
        export.Out.Split('\n').Length.ShouldBe(2 + (5 * 24) - 2);
        export.Error.ShouldContain("EURUSD M1 bid from csv: 100 %");
    }

    [Fact]
    public async Task A_source_that_is_asked_for_is_the_only_one_considered()
    {
        await Import(Timeframe.H1, January, February);
        (await Backtest("--source", "csv")).Json.GetProperty("prices").GetProperty("source").GetString().ShouldBe("csv");
        CommandLineCall none = await Backtest("--source", "histdata");
        none.Code.ShouldBe(ExitCode.Failed);
        none.Error.ShouldContain("from histdata");
        none.Error.ShouldContain("EURUSD H1 bid from csv (2019-01-01T00:00:00Z to ");
    }

    [Fact]
    public async Task A_search_names_its_series_and_takes_it_before_the_lockbox_too()
    {
        await Import(Timeframe.H1, January, Instant.FromUtc(2019, 9, 1));
        await Import(Timeframe.M1, January, January + Duration.FromDays(3));
        CommandLineCall search = await CommandLineCall.Of(folder.File("home"), "evolve", "--symbol", "EURUSD", "--timeframe", "H1", "--evaluations", "100", "--seed", "1", "--json");
        search.Json.GetProperty("prices").GetString()!.ShouldContain("H1 bars of EURUSD from csv");
        search.Json.GetProperty("prices").GetString()!.ShouldContain("passed over: EURUSD M1 bid from csv");
    }

    private Task<CommandLineCall> Backtest(params string[] more) => CommandLineCall.Of(folder.File("home"), ["backtest", folder.File("h1.strategy"), "--json", .. more]);

    /// <summary>A wavy series without a hole, the closed market left out.</summary>
    private async Task Import(Timeframe timeframe, Instant from, Instant to)
    {
        var table = new StringBuilder("time,open,high,low,close\n");
        for ((Instant at, long n) = (from, 0); at < to; at += timeframe.Length()!.Value, n++)
        {
            if (TradingWeek.IsOpen(at))
            {
                string price = new Price(114_000 + (at.UnixSeconds / 3600 * 37 % 500)).ToString();
                table.Append(CultureInfo.InvariantCulture, $"{at},{price},{price},{price},{price}\n");
            }
        }

        string file = folder.File($"{timeframe}.csv");
        await File.WriteAllTextAsync(file, table.ToString());
        CommandLineCall import = await CommandLineCall.Of(folder.File("home"), "data", "import", file, "--format", "csv", "--symbol", "EURUSD");
        import.Code.ShouldBe(ExitCode.Done, import.Error);
    }
}

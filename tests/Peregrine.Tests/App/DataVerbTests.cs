using System.Text.Json;
using Peregrine.App.CommandLine;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

/// <summary>The data verbs as a person and as a script meet them.</summary>
public sealed class DataVerbTests : IDisposable
{
    private const string Minutes = "time,open,high,low,close,volume\n2019-02-04T10:00:00Z,1.10000,1.30000,1.00001,1.20000,7.25\n2019-02-04T10:01:00Z,1.20000,1.20000,1.20000,1.20000,0\n2019-02-04T10:02:00Z,1.20000,1.25000,1.20000,1.20000,1E-07\n";
    private const string Ticks = "time,bid,ask,bidVolume,askVolume\n2019-02-04T10:00:00.000000001Z,1.10000,1.20000,0.1,2.06\n2019-02-04T10:00:01.500Z,1.10001,1.20000,1,1E-07\n";
    private readonly TemporaryFolder folder = new();

    private string Home => folder.File("home");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Minutes, "M1")]
    [InlineData(Ticks, "tick")]
    public async Task What_is_imported_exports_and_imports_to_the_same_content(string table, string timeframe)
    {
        JsonElement first = (await Import(Home, table)).Json.GetProperty("series")[0];
        CommandLineCall export = await CommandLineCall.Of(Home, "data", "export", "EURUSD", "--timeframe", timeframe);
        (export.Code, export.Out).ShouldBe((ExitCode.Done, table));
        JsonElement second = (await Import(folder.File("other"), export.Out)).Json.GetProperty("series")[0];
        second.GetProperty("hash").GetString().ShouldBe(first.GetProperty("hash").GetString());
        JsonElement again = (await Import(Home, table)).Json.GetProperty("series")[0];
        again.GetProperty("hash").GetString().ShouldBe(first.GetProperty("hash").GetString());
        (again.GetProperty("added").GetInt64(), again.GetProperty("duplicates").GetInt64()).ShouldBe((0, timeframe == "tick" ? 2 : 3));
    }

    [Fact]
    public async Task An_import_says_what_it_did_in_one_document()
    {
        CommandLineCall call = await Import(Home, Minutes.Replace("1.30000", "1.300001", StringComparison.Ordinal));
        call.Code.ShouldBe(ExitCode.AnswerIsNo);
        JsonElement series = call.Json.GetProperty("series")[0];
        series.GetProperty("symbol").GetString().ShouldBe("EURUSD");
        series.GetProperty("source").GetString().ShouldBe("csv");
        series.GetProperty("side").GetString().ShouldBe("bid");
        series.GetProperty("timeframe").GetString().ShouldBe("M1");
        series.GetProperty("bars").GetInt64().ShouldBe(2);
        series.TryGetProperty("ticks", out _).ShouldBeFalse();
        series.GetProperty("rejected").GetProperty("price finer than 0.00001").GetInt64().ShouldBe(1);
        series.GetProperty("from").GetString().ShouldBe("2019-02-04T10:01:00Z");
        series.GetProperty("gaps").GetArrayLength().ShouldBe(0);
        call.Json.GetProperty("files").GetProperty("read").GetInt64().ShouldBe(1);
    }

    [Fact]
    public async Task A_contradiction_keeps_what_is_stored_and_answers_no_until_replacement_is_asked_for()
    {
        await Import(Home, Minutes);
        string other = Minutes.Replace("7.25", "8", StringComparison.Ordinal);
        CommandLineCall kept = await Import(Home, other);
        kept.Code.ShouldBe(ExitCode.AnswerIsNo);
        kept.Json.GetProperty("series")[0].GetProperty("rejected").GetProperty("contradicts what is stored").GetInt64().ShouldBe(1);
        CommandLineCall replaced = await Import(Home, other, "--replace");
        replaced.Code.ShouldBe(ExitCode.Done);
        replaced.Json.GetProperty("series")[0].GetProperty("replaced").GetInt64().ShouldBe(1);
        (await CommandLineCall.Of(Home, "data", "export", "EURUSD")).Out.ShouldBe(other);
    }

    [Fact]
    public async Task A_refused_file_beside_a_good_one_answers_no_and_is_named()
    {
        File.WriteAllText(folder.File("good.csv"), Minutes);
        File.WriteAllText(folder.File("bad.csv"), "nothing\n");
        CommandLineCall call = await CommandLineCall.Of(Home, "data", "import", folder.File("good.csv"), folder.File("bad.csv"), "--format", "csv", "--symbol", "EURUSD", "--json");
        call.Code.ShouldBe(ExitCode.AnswerIsNo);
        call.Json.GetProperty("files").GetProperty("refused")[0].GetProperty("path").GetString().ShouldBe(folder.File("bad.csv"));
        CommandLineCall alone = await CommandLineCall.Of(Home, "data", "import", folder.File("bad.csv"), "--format", "csv", "--symbol", "EURUSD");
        alone.Code.ShouldBe(ExitCode.Failed);
        alone.Error.ShouldContain("first line");
    }

    [Fact]
    public async Task List_shows_what_is_stored_and_says_so_when_nothing_is()
    {
        (await CommandLineCall.Of(Home, "data", "list")).Out.ShouldContain("Nothing is stored yet");
        await Import(Home, Minutes);
        await Import(Home, Ticks);
        JsonElement series = (await CommandLineCall.Of(Home, "data", "list", "--json")).Json.GetProperty("series");
        series.EnumerateArray().Select(s => s.GetProperty("timeframe").GetString()).ShouldBe(["tick", "M1"]);
        series[0].GetProperty("side").GetString().ShouldBe("two-sided");
        (await CommandLineCall.Of(Home, "data", "list")).Out.ShouldContain("EURUSD M1 bid from csv");
    }

    [Fact]
    public async Task Check_maps_the_gaps_by_kind()
    {
        string table = "time,open,high,low,close\n" + string.Concat(
            ((string[])["2019-12-20T21:58:00Z", "2019-12-20T21:59:00Z", "2019-12-22T22:30:00Z", "2019-12-22T23:00:00Z", "2019-12-24T18:00:00Z", "2019-12-26T08:00:00Z", "2019-12-26T21:59:00Z", "2019-12-26T23:00:00Z"])
            .Select(t => t + ",1,1,1,1\n"));
        await Import(Home, table);
        CommandLineCall check = await CommandLineCall.Of(Home, "data", "check", "EURUSD", "--json");
        check.Code.ShouldBe(ExitCode.Done);
        JsonElement series = check.Json.GetProperty("series")[0];
        series.GetProperty("faults").GetArrayLength().ShouldBe(0);
        series.GetProperty("gaps").EnumerateArray().Select(g => $"{g.GetProperty("from")} {g.GetProperty("kind")}").ShouldBe(
        [
            "2019-12-22T22:00:00Z daily-break", "2019-12-22T22:31:00Z hole", "2019-12-22T23:01:00Z holiday", "2019-12-24T18:01:00Z holiday", "2019-12-26T08:01:00Z holiday", "2019-12-26T22:00:00Z daily-break",
        ]);
    }

    [Theory]
    [InlineData("T00:00:00Z", "2019-02-06T00:00:00Z hole, 2019-02-15T00:00:00Z hole")]
    [InlineData("T22:00:00Z", "2019-02-06T22:00:00Z hole, 2019-02-17T22:00:00Z holiday")]
    public async Task Days_that_are_missing_from_daily_bars_are_gaps_wherever_the_days_begin(string hour, string expected)
    {
        // From a Monday (or Sunday evening) on, with a Wednesday and a Friday left out, and no bars at weekends.
        IEnumerable<int> days = hour == "T00:00:00Z" ? [4, 5, 7, 8, 11, 12, 13, 14, 18, 19] : [3, 4, 5, 7, 10, 11, 12, 13, 14, 18];
        await Import(Home, "time,open,high,low,close\n" + string.Concat(days.Select(d => $"2019-02-{d:00}{hour},1.1,1.1,1.1,1.1\n")), "--timeframe", "D1");
        CommandLineCall check = await CommandLineCall.Of(Home, "data", "check", "EURUSD", "--json");
        string.Join(", ", check.Json.GetProperty("series")[0].GetProperty("gaps").EnumerateArray().Select(g => $"{g.GetProperty("from")} {g.GetProperty("kind")}")).ShouldBe(expected);
    }

    [Fact]
    public async Task Days_of_another_boundary_export_as_they_are_with_its_name_and_make_weeks_and_nothing_else()
    {
        await Import(Home, "time,open,high,low,close,volume\n" + string.Concat(((int[])[3, 4, 5, 6, 7, 8, 10, 11]).Select(d => $"2019-02-{d:00}T00:00:00Z,1.1,1.{20 + d},1.0{9 - (d % 2)},1.1,{d}\n")), "--timeframe", "D1");
        string file = folder.File("new/folder/days.csv");
        CommandLineCall days = await CommandLineCall.Of(Home, "data", "export", "EURUSD", "--timeframe", "D1", "--out", file, "--json");
        (days.Json.GetProperty("dayBoundary").GetString(), days.Json.GetProperty("rows").GetInt32(), File.Exists(file)).ShouldBe(("utc", 8, true));
        days.Error.ShouldContain("These days begin at 00:00 utc, not at 17:00 New York");
        (await CommandLineCall.Of(Home, "data", "export", "EURUSD", "--timeframe", "W1")).Out.ShouldBe("time,open,high,low,close,volume\n2019-02-03T22:00:00Z,1.10000,1.28000,1.08000,1.10000,33\n");
        CommandLineCall months = await CommandLineCall.Of(Home, "data", "export", "EURUSD", "--timeframe", "MN1");
        months.Code.ShouldBe(ExitCode.Failed);
        months.Error.ShouldContain("EURUSD D1 bid from csv (days from 00:00 utc)");
        string[] rows = (await CommandLineCall.Of(Home, "data", "list")).Out.TrimEnd().Split('\n');
        rows.ShouldHaveSingleItem().ShouldContain("(days from 00:00 utc)  8 bars");
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_home_that_may_only_be_read_can_be_read_and_says_who_may_not_write()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "rights are set as Linux does");
        await Import(Home, Minutes);
        string market = Path.Combine(Home, "market");
        foreach (string entry in Directory.GetFileSystemEntries(market, "*", SearchOption.AllDirectories).Append(market))
        {
            File.SetUnixFileMode(entry, UnixFileMode.UserRead | (Directory.Exists(entry) ? UnixFileMode.UserExecute : 0));
        }

        try
        {
            (await OwnProcess.Bound(Home, "data", "export", "EURUSD")).Out.ShouldBe(Minutes);
            (await OwnProcess.Bound(Home, "data", "check")).Code.ShouldBe((int)ExitCode.Done);
            string file = Path.Combine(Home, "again.csv");
            await File.WriteAllTextAsync(file, Minutes);
            (int code, _, string error) = await OwnProcess.Bound(Home, "data", "import", file, "--format", "csv", "--symbol", "EURUSD");
            code.ShouldBe((int)ExitCode.Failed);
            error.ShouldContain($"{Environment.UserName} may not write in ");
        }
        finally
        {
            foreach (string entry in Directory.GetDirectories(market, "*", SearchOption.AllDirectories).Append(market))
            {
                File.SetUnixFileMode(entry, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    [Fact]
    public async Task Check_finds_damage_and_puts_it_aside_when_asked()
    {
        await Import(Home, Minutes);
        await Import(Home, Ticks);
        string file = Directory.GetFiles(Home, "2019-*.columns", SearchOption.AllDirectories).First(f => f.Contains("M1-bid", StringComparison.Ordinal));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[200] ^= 1;
        File.WriteAllBytes(file, bytes);

        CommandLineCall check = await CommandLineCall.Of(Home, "data", "check", "--json");
        check.Code.ShouldBe(ExitCode.AnswerIsNo);
        check.Json.GetProperty("series").EnumerateArray().Count(s => s.GetProperty("faults").GetArrayLength() == 1).ShouldBe(1);
        (await CommandLineCall.Of(Home, "data", "export", "EURUSD", "--source", "csv", "--timeframe", "M1")).Code.ShouldBe(ExitCode.Failed);

        CommandLineCall repair = await CommandLineCall.Of(Home, "data", "check", "--repair");
        repair.Code.ShouldBe(ExitCode.Done);
        repair.Out.ShouldContain("put aside");
        (await CommandLineCall.Of(Home, "data", "check")).Code.ShouldBe(ExitCode.Done);
        (await Import(Home, Minutes)).Json.GetProperty("series")[0].GetProperty("added").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task Export_builds_larger_bars_and_ends_where_the_range_ends()
    {
        await Import(Home, Ticks.Replace("10:00:01.500Z", "10:06:00Z", StringComparison.Ordinal));
        (await CommandLineCall.Of(Home, "data", "export", "EURUSD", "--timeframe", "M5", "--side", "mid", "--to", "2019-02-04T10:05:00Z")).Out
            .ShouldBe("time,open,high,low,close,volume\n2019-02-04T10:00:00Z,1.15000,1.15000,1.15000,1.15000,2.159999944269657\n");
        CommandLineCall toFile = await CommandLineCall.Of(Home, "data", "export", "EURUSD", "--timeframe", "tick", "--out", folder.File("t.csv"), "--json");
        (toFile.Json.GetProperty("rows").GetInt64(), File.ReadAllLines(folder.File("t.csv")).Length).ShouldBe((2, 3));
    }

    [Theory]
    [InlineData(2, "data", "export", "EURUSD", "--json")]
    [InlineData(2, "data", "export", "EURUSD", "--timeframe", "M7")]
    [InlineData(2, "data", "export", "EURUSD", "--side", "left")]
    [InlineData(1, "data", "export", "EURUSD")]
    [InlineData(1, "data", "check")]
    [InlineData(1, "data", "list", "../..")]
    [InlineData(1, "data", "import", "/does/not/exist", "--format", "csv")]
    [InlineData(1, "data", "import", "/tmp", "--format", "excel")]
    [InlineData(2, "data", "import")]
    [InlineData(2, "data")]
    public async Task What_cannot_be_done_is_said_in_one_line(int code, params string[] words)
    {
        CommandLineCall call = await CommandLineCall.Of(Home, words);
        ((int)call.Code).ShouldBe(code);
        call.Error.Trim().ShouldNotContain("\n");
        call.Error.ShouldNotContain("bug");
    }

    private async Task<CommandLineCall> Import(string home, string table, params string[] more)
    {
        string file = folder.File("table.csv");
        await File.WriteAllTextAsync(file, table);
        return await CommandLineCall.Of(home, ["data", "import", file, "--format", "csv", "--symbol", "EURUSD", "--json", .. more]);
    }
}

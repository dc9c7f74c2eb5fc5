using System.Globalization;
using System.Text;
using System.Text.Json;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

/// <summary>A file that cannot be believed leaves no trace in good data, and what was stored wrongly can be taken out again.</summary>
public sealed class DataTrustTests : IDisposable
{
    private static readonly Instant Monday = Instant.FromUtc(2019, 2, 4);
    private readonly TemporaryFolder folder = new();

    private string Home => folder.File("home");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_read_by_the_wrong_clock_adds_nothing_to_good_data()
    {
        await Import(Minutes(Monday, 600));
        CommandLineCall wrong = await Import(Minutes(Monday, 600), "--zone", "utc-5");
        wrong.Code.ShouldBe(ExitCode.Failed);
        wrong.Error.Trim().Split('\n').Last().ShouldContain("300 of the 300 rows that it shares with the stored EURUSD M1 bid from csv contradict");
        wrong.Error.ShouldContain("--zone");
        wrong.Error.ShouldContain("data remove EURUSD --timeframe M1 --source csv");
        (await Series()).GetProperty("bars").GetInt64().ShouldBe(600);
    }

    [Fact]
    public async Task Of_two_files_of_one_import_the_second_may_not_contradict_the_first()
    {
        File.WriteAllText(folder.File("a.csv"), Minutes(Monday, 600));
        File.WriteAllText(folder.File("b.csv"), Minutes(Monday + Duration.FromHours(5), 600, Monday));
        CommandLineCall call = await CommandLineCall.Of(Home, "data", "import", folder.File("a.csv"), folder.File("b.csv"), "--format", "csv", "--symbol", "EURUSD");
        call.Code.ShouldBe(ExitCode.AnswerIsNo);
        call.Out.ShouldContain("refused");
        (await Series()).GetProperty("bars").GetInt64().ShouldBe(600);
    }

    [Fact]
    public async Task An_unfinished_last_bar_does_not_keep_the_next_file_out()
    {
        await Import(Minutes(Monday, 600));
        CommandLineCall next = await Import(Minutes(Monday + Duration.FromMinutes(599), 600).Replace("1.14000", "1.14001", StringComparison.Ordinal));
        next.Code.ShouldBe(ExitCode.AnswerIsNo, next.Error);
        (await Series()).GetProperty("bars").GetInt64().ShouldBe(1199);
    }

    [Fact]
    public async Task Replacement_leaves_nothing_of_what_was_stored_between_a_files_first_and_last_row()
    {
        await Import(Minutes(Monday, 600), "--zone", "utc-5");
        await Import("time,open,high,low,close\n" + string.Concat(Minutes(Monday, 901).Split('\n').Skip(1).Where((_, i) => i % 4 < 2).Select(l => l + "\n")), "--replace");
        string[] rows = (await CommandLineCall.Of(Home, "data", "export", "EURUSD", "--to", "2019-02-04T15:00:00Z")).Out.Trim().Split('\n')[1..];
        rows.Length.ShouldBe(450);
        rows.Select(r => r[14..16]).Distinct().Order().Take(4).ShouldBe(["00", "01", "04", "05"]);
    }

    [Fact]
    public async Task What_is_removed_is_gone_counted_and_noted_and_the_rest_stays()
    {
        await Import(Minutes(Monday, 600));
        CommandLineCall unsure = await CommandLineCall.Of(Home, "data", "remove", "EURUSD");
        unsure.Code.ShouldBe(ExitCode.Failed);
        unsure.Error.ShouldContain("--yes");
        CommandLineCall some = await CommandLineCall.Of(Home, "data", "remove", "EURUSD", "--timeframe", "M1", "--source", "csv", "--side", "bid", "--from", "2019-02-04T01:00:00Z", "--to", "2019-02-04T02:00:00Z", "--yes", "--json");
        some.Json.GetProperty("removed")[0].GetProperty("removed").GetInt64().ShouldBe(60);
        (await Series()).GetProperty("bars").GetInt64().ShouldBe(540);
        (await CommandLineCall.Of(Home, "data", "remove", "EURUSD", "--timeframe", "tick", "--yes")).Code.ShouldBe(ExitCode.Failed);
        using var typed = new StringReader("remove\n");
        using StringWriter output = new(), error = new();
        (await Program.Run(["data", "remove", "EURUSD"], new Surroundings(output, error, new Dictionary<string, string> { ["PEREGRINE_HOME"] = Home }, TimeProvider.System) { In = typed }, CancellationToken.None))
            .ShouldBe(ExitCode.Done);
        output.ToString().ShouldContain("540 bars removed, 0 left");
        JsonElement list = (await CommandLineCall.Of(Home, "data", "list", "--json")).Json;
        list.GetProperty("series").GetArrayLength().ShouldBe(0);
        list.GetProperty("removals").EnumerateArray().Select(r => r.GetProperty("removed").GetInt64()).ShouldBe([60, 540]);
        Directory.GetFiles(Home, "*.columns", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ticks_of_days_and_of_a_part_of_a_day_can_be_removed()
    {
        await Import("time,bid,ask\n2019-02-04T10:00:00Z,1.1,1.2\n2019-02-05T10:00:00Z,1.1,1.2\n2019-02-05T11:00:00Z,1.1,1.2\n");
        CommandLineCall call = await CommandLineCall.Of(Home, "data", "remove", "EURUSD", "--timeframe", "tick", "--to", "2019-02-05T10:30:00Z", "--yes");
        call.Out.ShouldContain("2 ticks removed, 1 left");
        (await CommandLineCall.Of(Home, "data", "export", "EURUSD", "--timeframe", "tick")).Out.Trim().Split('\n').Length.ShouldBe(2);
    }

    [Fact]
    public async Task Prices_that_were_multiplied_are_refused_with_the_likely_divisor_and_taken_with_it()
    {
        string table = "time,open,high,low,close\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"2019-02-04T{i:00}:00:00Z,158611.0,158611.0{(i % 3 == 0 ? "0000000001" : "")},158611.0,158611.0\n"));
        CommandLineCall wrong = await Import(table);
        wrong.Code.ShouldBe(ExitCode.Failed);
        wrong.Error.ShouldContain("--divisor 100000");
        (await Import(table, "--divisor", "100000")).Code.ShouldBe(ExitCode.Done);
        (await CommandLineCall.Of(Home, "data", "export", "EURUSD", "--timeframe", "H1")).Out.ShouldContain("2019-02-04T00:00:00Z,1.58611,1.58611,1.58611,1.58611,0");
        (await Import(table.Replace("158611.0,", "15.8611,", StringComparison.Ordinal).Replace("158611.00000000001,", "15.8611,", StringComparison.Ordinal).Replace("158611.0\n", "15.8611\n", StringComparison.Ordinal))).Error
            .ShouldContain("1.58611 is stored of EURUSD; they look multiplied by 10: give --divisor 10");
        (await Series()).GetProperty("bars").GetInt64().ShouldBe(20);
    }

    [Fact]
    public async Task A_file_of_prices_off_the_grid_is_refused_rather_than_riddled_with_holes()
    {
        string[] rows = Minutes(Monday, 100).Split('\n');
        string riddled = string.Join('\n', rows.Select((r, i) => i is > 0 and < 11 ? r + "1" : r));
        CommandLineCall call = await Import(riddled);
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain("10 of its 100 rows have prices finer than 0.00001");
        CommandLineCall few = await Import(string.Join('\n', rows.Select((r, i) => i is > 0 and < 3 ? r + "1" : r)));
        (few.Code, few.Json.GetProperty("series")[0].GetProperty("added").GetInt64()).ShouldBe((ExitCode.AnswerIsNo, 98));
    }

    [Theory]
    [InlineData("time,open,high,low,close\n", "a header and no rows")]
    [InlineData("time,bid,ask\n", "a header and no rows")]
    [InlineData("time,open,high,low,close\n2019-02-04T10:00:00Z,1.1,1.0,1.2,1.1\n2019-02-04T10:01:00Z,1.1,1.0,1.2,1.1\n", "high or low contradicts")]
    [InlineData("time,open,high,low,close\n2019-02-04T10:00:00Z,1.1000001,1.1000001,1.1000001,1.1000001\n", "none of its 1 rows")]
    public async Task An_import_that_takes_nothing_fails(string table, string why)
    {
        CommandLineCall call = await Import(table);
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain(why);
    }

    [Fact]
    public async Task A_list_of_an_unknown_symbol_names_those_that_are_stored()
    {
        await Import(Minutes(Monday, 10));
        CommandLineCall call = await CommandLineCall.Of(Home, "data", "list", "NOPE");
        call.Code.ShouldBe(ExitCode.Failed);
        call.Error.ShouldContain("the store holds EURUSD");
    }

    private async Task<JsonElement> Series() => (await CommandLineCall.Of(Home, "data", "list", "--json")).Json.GetProperty("series")[0];

    /// <summary>Minutes whose prices tell each from all others; the first counts from <paramref name="zero"/>.</summary>
    private static string Minutes(Instant from, int count, Instant? zero = null)
    {
        var table = new StringBuilder("time,open,high,low,close\n");
        for (int i = 0; i < count; i++)
        {
            Instant at = from + Duration.FromMinutes(i);
            string price = new Price(114_000 + (((at - (zero is null ? Monday : from)).Nanoseconds / 60_000_000_000) % 599)).ToString();
            table.Append(CultureInfo.InvariantCulture, $"{at},{price},{price},{price},{price}\n");
        }

        return table.ToString();
    }

    private async Task<CommandLineCall> Import(string table, params string[] more)
    {
        string file = folder.File("table.csv");
        await File.WriteAllTextAsync(file, table.Replace("Z,", more.Contains("--zone") ? "," : "Z,", StringComparison.Ordinal));
        return await CommandLineCall.Of(Home, ["data", "import", file, "--format", "csv", "--symbol", "EURUSD", "--json", .. more]);
    }
}

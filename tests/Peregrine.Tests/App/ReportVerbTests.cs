using System.Text.Json;
using Peregrine.App.CommandLine;
using Peregrine.Core.Performance;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App;

public sealed class ReportVerbTests : IDisposable
{
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task Json_holds_every_metric_and_the_place_of_the_page()
    {
        OracleCase oracle = OracleCase.Read("a_performance", "r24_full");
        DateOnly day = new(2024, 1, 1);
        string file = home.File("fund.csv"), page = home.File("out/fund.html");
        await File.WriteAllLinesAsync(file, oracle.Numbers("returns").Select((r, i) => FormattableString.Invariant($"{day.AddDays(i + (i / 5 * 2)):yyyy-MM-dd},{r}")).Prepend("date,return"));

        CommandLineCall call = await CommandLineCall.Of(home.File("home"), "report", "--returns", file, "--out", page, "--json");
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        JsonElement metrics = call.Json.GetProperty("metrics");
        metrics.EnumerateObject().Select(p => p.Name).ShouldBe([.. Metrics.All.Select(m => m.Name), "undefined"]);
        oracle.Check("sharpe", metrics.GetProperty("sharpe").GetDouble());
        oracle.Check("ulcer", metrics.GetProperty("ulcer").GetDouble());
        metrics.GetProperty("cagr").ValueKind.ShouldBe(JsonValueKind.Null);
        metrics.GetProperty("undefined").GetProperty("cagr").GetString().ShouldBe("less than one year: 24 returns of 252");
        call.Json.GetProperty("periodsPerYear").GetDouble().ShouldBe(252);
        call.Json.GetProperty("html").GetString().ShouldBe(page);
        (await File.ReadAllTextAsync(page)).ShouldStartWith("<!doctype html>");
        Directory.GetFiles(home.File("out")).ShouldBe([page]);
    }

    [Fact]
    public async Task Text_names_the_verdict_and_the_page_in_the_reports_folder()
    {
        await File.WriteAllTextAsync(home.File("f.csv"), "date,return\n2024-01-02,1%\n2024-01-03,-2%\n");
        CommandLineCall call = await CommandLineCall.Of(home.File("home"), "report", "--returns", home.File("f.csv"));
        call.Code.ShouldBe(ExitCode.Done, call.Error);
        call.Out.ShouldContain("too short to judge");
        call.Out.ShouldContain(home.File("home/reports/returns-f.html"));
        File.Exists(home.File("home/reports/returns-f.html")).ShouldBeTrue();
    }

    [Fact]
    public async Task Without_a_file_it_is_wrong_usage_and_with_a_bad_one_a_failure_in_one_sentence()
    {
        (await CommandLineCall.Of(home.Path, "report")).ShouldSatisfyAllConditions(c => c.Code.ShouldBe(ExitCode.WrongUsage), c => c.Error.ShouldContain("give --returns FILE.csv"));

        await File.WriteAllTextAsync(home.File("bad.csv"), "date,return\nyesterday,1%\n");
        CommandLineCall bad = await CommandLineCall.Of(home.File("home"), "report", "--returns", home.File("bad.csv"));
        bad.Code.ShouldBe(ExitCode.Failed);
        bad.Error.TrimEnd().ShouldBe("Cannot read bad.csv: line 2 has no date such as 2024-01-31: 'yesterday'; give one return a date, as a fraction or with a % sign.");

        await File.WriteAllTextAsync(home.File("good.csv"), "2024-01-02,1%\n");
        CommandLineCall blocked = await CommandLineCall.Of(home.File("home"), "report", "--returns", home.File("good.csv"), "--out", home.File("good.csv/x.html"));
        blocked.Code.ShouldBe(ExitCode.Failed);
        blocked.Error.ShouldStartWith("Cannot write the report ");
    }
}

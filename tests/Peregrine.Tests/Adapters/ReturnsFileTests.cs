using Peregrine.Adapters;
using Peregrine.Adapters.Sources;
using Peregrine.Core.Performance;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters;

public class ReturnsFileTests
{
    [Theory]
    [InlineData("date,return|2024-01-02,0.01|2024-01-03,-0.02")]
    [InlineData("2024-01-02,0.01|2024-01-03,-0.02")]
    [InlineData("\uFEFFDate;Returns||2024/01/02;0,01|# a remark|2024.01.03;-0,02|")]
    [InlineData("\"date\"\t\"price\"\t\"ret\"|20240102\t7\t1.00%|20240103\t8\t-2 %")]
    [InlineData(",my_fund|2024-01-01,NaN|2024-01-02,1e-2|2024-01-03T00:00:00Z,−0.02")]
    [InlineData("return,date|-0.02,2024-01-03|0.01,2024-01-02")]
    public void Many_ways_to_write_the_same(string text)
    {
        ReturnSeries returns = Read(text);
        returns.Dates.ShouldBe([new(2024, 1, 2), new(2024, 1, 3)]);
        returns.Values.ToArray().ShouldBe([0.01, -0.02], 1e-15);
    }

    [Theory]
    [InlineData("", "it holds no lines")]
    [InlineData("date,return", "it holds no returns")]
    [InlineData("hello", "its first line has no second column: 'hello'")]
    [InlineData("open,close|1,2", "neither a date and a return nor a header that names both: 'open,close'")]
    [InlineData("02/01/2024,0.1", "neither a date and a return nor a header")]
    [InlineData("date,return|02/01/2024,0.1", "line 2 has no date such as 2024-01-31: '02/01/2024'")]
    [InlineData("date,return|2024-01-02,0.1|2024-01-03,", "line 3 has no return such as 0.0123 or 1.23%: ''")]
    [InlineData("date,return|2024-01-02,0.1|2024-01-03,NaN", "line 3 has no return")]
    [InlineData("date,return|2024-01-02,∞", "line 2 has no return")]
    [InlineData("date,return|2024-01-02", "line 2 has 1 columns")]
    [InlineData("date,return|2024-01-02,0.1|2024-01-02,0.2", "lines 2 and 3 have the same date 2024-01-02")]
    [InlineData("date,return|2024-01-02,0.1|2024-01-05,0.2|2024-01-04,0|2024-01-08,0", "line 4 is out of order (2024-01-04 beside 2024-01-05)")]
    [InlineData("date,return|2024-01-02,-1.7", "line 2 loses more than everything (-1.7): if these are percentages, write -1.7%")]
    [InlineData("d,r|a,1|b,1|c,1|d,1|e,1|f,1|g,1", "its first line")]
    [InlineData("date,r|a,1|b,1|c,1|d,1|e,1|f,1|g,1", "and 2 more")]
    public void What_makes_no_sense_is_refused_by_line(string text, string expected) =>
        Should.Throw<KnownFailure>(() => Read(text)).Message.ShouldContain(expected);

    [Theory]
    [InlineData("2024-01-02 2024-01-03 2024-01-04 2024-01-05 2024-01-08", 252)]
    [InlineData("2024-01-05 2024-01-06 2024-01-07 2024-01-08", 365)]
    [InlineData("2024-01-05 2024-01-12 2024-01-19", 52)]
    [InlineData("2024-01-31 2024-02-29 2024-03-31 2024-04-30", 12)]
    [InlineData("2023-12-31 2024-03-31 2024-06-30", 4)]
    [InlineData("2022-12-31 2023-12-31 2024-12-31", 1)]
    [InlineData("2024-01-01 2024-01-15 2024-01-29", 26.09)]
    [InlineData("2024-01-02", 252)]
    public void The_gap_between_dates_says_how_many_make_a_year(string dates, double periods) =>
        Read(string.Join('|', dates.Split(' ').Select(d => d + ",0.01"))).PeriodsPerYear.ShouldBe(periods);

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Should.Throw<KnownFailure>(() => ReturnsFile.Read("no-such.csv")).Message.ShouldStartWith("Cannot read no-such.csv: ");

    private static ReturnSeries Read(string text) => ReturnsFile.Parse("r.csv", text.Split('|'));
}

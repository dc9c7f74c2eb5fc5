using System.Globalization;
using System.Security.Cryptography;
using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Market;

/// <summary>The FX week against the operating system's time-zone data (an independent source) and against a pinned file of every week 2003 to 2035.</summary>
public sealed class TradingWeekTests
{
    private const string GoldenName = "trading-weeks-2003-2035.csv";
    private const string GoldenSha256 = "bc7b5b6697f67094a7df8740a88ccaec954905aa4270163c4757c95461dced45";
    private static readonly string GoldenPath = Path.Combine(AppContext.BaseDirectory, "Golden", GoldenName);

    [Fact]
    public void Every_week_of_the_golden_file_opens_and_closes_there()
    {
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(GoldenPath))).ShouldBe(GoldenSha256);
        string[] lines = File.ReadAllLines(GoldenPath);
        lines.Length.ShouldBe(1722);
        foreach (string line in lines)
        {
            Instant open = Instant.Parse(line.AsSpan(0, 17)), close = Instant.Parse(line.AsSpan(18, 17));
            var instantBefore = new Duration(-1);
            TradingWeek.NextOpen(open + instantBefore).ShouldBe(open, line);
            TradingWeek.WeekStart(open).ShouldBe(open, line);
            TradingWeek.NextClose(open).ShouldBe(close, line);
            TradingWeek.IsOpen(open).ShouldBeTrue(line);
            TradingWeek.IsOpen(open + instantBefore).ShouldBeFalse(line);
            TradingWeek.IsOpen(close + instantBefore).ShouldBeTrue(line);
            TradingWeek.IsOpen(close).ShouldBeFalse(line);
            TradingWeek.HourOfWeek(open).ShouldBe(0, line);
            TradingWeek.HourOfWeek(close + instantBefore).ShouldBe(119, line);
        }
    }

    [Fact]
    public void The_golden_file_is_what_the_time_zone_database_says()
    {
        TimeZoneInfo newYork = TimeZoneInfo.FindSystemTimeZoneById("America/New_York");
        var lines = new List<string>();
        for (var sunday = new DateTime(2003, 1, 5, 17, 0, 0, DateTimeKind.Unspecified); sunday.Year <= 2035; sunday = sunday.AddDays(7))
        {
            DateTime open = TimeZoneInfo.ConvertTimeToUtc(sunday, newYork), close = TimeZoneInfo.ConvertTimeToUtc(sunday.AddDays(5), newYork);
            lines.Add(open.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture) + "," + close.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture));
        }

        File.ReadAllLines(GoldenPath).ShouldBe(lines);
    }

    public static TheoryData<string, string, int> Clocks => new()
    {
        { "New York", "America/New_York", 1987 },
        { "London", "Europe/London", 1996 },
        { "Tokyo", "Asia/Tokyo", 1971 },
        { "Sydney", "Australia/Sydney", 2001 },
    };

    [Theory]
    [MemberData(nameof(Clocks))]
    public void Wall_clocks_agree_with_the_time_zone_database_hour_by_hour(string name, string zoneId, int firstYear)
    {
        WallClock clock = Clock(name);
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(zoneId);
        var end = new DateTime(2036, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var utc = new DateTime(firstYear, 7, 1, 0, 0, 0, DateTimeKind.Utc); utc < end; utc = utc.AddHours(1))
        {
            Instant instant = Instant.FromDateTime(utc);
            TimeSpan offset = zone.GetUtcOffset(utc);
            if (clock.OffsetAt(instant).TotalSeconds != offset.TotalSeconds)
            {
                Assert.Fail($"{name} {instant}: {clock.OffsetAt(instant)} instead of {offset}");
            }

            DateTime local = clock.ToLocal(instant);
            bool twice = zone.IsAmbiguousTime(local);
            if (clock.OccursTwice(local) != twice || (clock.ToInstant(local) != instant && clock.ToInstant(local, later: true) != instant))
            {
                Assert.Fail($"{name} {instant}: {local:s} is not converted back");
            }
        }
    }

    [Fact]
    public void A_local_time_that_occurs_twice_is_the_first_unless_the_later_is_asked_for()
    {
        var local = new DateTime(2019, 11, 3, 1, 30, 0, DateTimeKind.Unspecified);
        WallClock.NewYork.ToInstant(local).ShouldBe(Instant.FromUtc(2019, 11, 3, 5, 30));
        WallClock.NewYork.ToInstant(local, later: true).ShouldBe(Instant.FromUtc(2019, 11, 3, 6, 30));
        WallClock.NewYork.OccursTwice(local).ShouldBeTrue();
    }

    [Fact]
    public void A_skipped_local_time_reads_as_that_much_after_the_change() =>
        WallClock.NewYork.ToInstant(new DateTime(2019, 3, 10, 2, 30, 0, DateTimeKind.Unspecified)).ShouldBe(Instant.FromUtc(2019, 3, 10, 7, 30));

    [Theory]
    [InlineData("2019-02-04T21:59:59Z", "2019-02-04", "2019-02-03T22:00Z", "2019-02-04T22:00Z")]
    [InlineData("2019-02-04T22:00:00Z", "2019-02-05", "2019-02-04T22:00Z", "2019-02-05T22:00Z")]
    [InlineData("2019-03-10T12:00:00Z", "2019-03-10", "2019-03-09T22:00Z", "2019-03-10T21:00Z")] // 23 hours
    [InlineData("2019-11-03T12:00:00Z", "2019-11-03", "2019-11-02T21:00Z", "2019-11-03T22:00Z")] // 25 hours
    [InlineData("1969-12-31T23:00:00Z", "1970-01-01", "1969-12-31T22:00Z", "1970-01-01T22:00Z")]
    public void An_FX_day_runs_from_17_to_17_New_York(string at, string date, string start, string end)
    {
        Instant instant = Instant.Parse(at);
        DateOnly day = DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        TradingWeek.FxDay(instant).ShouldBe(day);
        TradingWeek.FxDayStart(instant).ShouldBe(Instant.Parse(start));
        TradingWeek.FxDayStart(day).ShouldBe(Instant.Parse(start));
        TradingWeek.FxDayEnd(instant).ShouldBe(Instant.Parse(end));
    }

    [Fact]
    public void Hours_of_the_week_are_New_Yorks_wall_clock()
    {
        TradingWeek.HourOfWeek(Instant.FromUtc(2019, 2, 4, 13, 30)).ShouldBe(15); // Monday 08:30 New York in winter
        TradingWeek.HourOfWeek(Instant.FromUtc(2019, 7, 1, 12, 30)).ShouldBe(15); // and in summer
        TradingWeek.HourOfWeek(Instant.FromUtc(2019, 2, 3, 21, 59)).ShouldBe(167);
        TradingWeek.HourOfWeek(default).ShouldBe(74); // the epoch was Wednesday 19:00
    }

    [Fact]
    public void The_extremes_of_the_calendar_are_answered()
    {
        Instant late = Instant.FromUtc(2262, 4, 1), early = Instant.FromUtc(1678, 1, 1);
        TradingWeek.NextOpen(late).ShouldBeGreaterThan(late);
        TradingWeek.WeekStart(early).ShouldBeLessThan(early);
        Should.Throw<OverflowException>(() => TradingWeek.NextOpen(Instant.MaxValue));
    }

    [Theory]
    [InlineData(TradingSession.London, "2019-03-29T08:00Z", true)] // GMT
    [InlineData(TradingSession.London, "2019-03-29T07:59Z", false)]
    [InlineData(TradingSession.London, "2019-04-01T07:00Z", true)] // BST
    [InlineData(TradingSession.London, "2019-04-01T16:00Z", false)]
    [InlineData(TradingSession.NewYork, "2019-03-11T12:00Z", true)] // already EDT while London is still GMT
    [InlineData(TradingSession.NewYork, "2019-03-08T12:00Z", false)]
    [InlineData(TradingSession.Tokyo, "2019-02-04T00:00Z", true)]
    [InlineData(TradingSession.Tokyo, "2019-02-04T09:00Z", false)]
    [InlineData(TradingSession.Sydney, "2019-02-03T22:00Z", true)] // Monday 09:00 in Sydney
    [InlineData(TradingSession.Sydney, "2019-02-03T21:30Z", false)] // Monday 08:30 in Sydney, but the week has not opened
    [InlineData(TradingSession.Sydney, "2019-07-07T22:00Z", true)]
    [InlineData(TradingSession.Sydney, "2019-02-08T21:30Z", false)] // Saturday in Sydney
    public void Sessions_keep_local_business_hours(TradingSession session, string at, bool expected) =>
        session.IsIn(Instant.Parse(at)).ShouldBe(expected);

    [Fact]
    public void Session_hours_of_a_date_follow_the_citys_own_daylight_saving()
    {
        TradingSession.London.Hours(new DateOnly(2019, 7, 1)).ShouldBe((Instant.FromUtc(2019, 7, 1, 7), Instant.FromUtc(2019, 7, 1, 16)));
        TradingSession.Sydney.Hours(new DateOnly(2019, 2, 4)).ShouldBe((Instant.FromUtc(2019, 2, 3, 21), Instant.FromUtc(2019, 2, 4, 6)));
    }

    private static WallClock Clock(string name) => name switch
    {
        "New York" => WallClock.NewYork,
        "London" => WallClock.London,
        "Tokyo" => WallClock.Tokyo,
        _ => WallClock.Sydney,
    };

    [Fact]
    public void Open_time_counts_the_hours_of_the_week_and_no_others()
    {
        Instant friday = Instant.FromUtc(2019, 2, 1, 21), sunday = Instant.FromUtc(2019, 2, 3, 22);
        TradingWeek.OpenTime(friday, sunday + Duration.FromHours(3)).ShouldBe(Duration.FromHours(4));
        TradingWeek.OpenTime(sunday, sunday + Duration.FromDays(28)).ShouldBe(Duration.FromDays(20));
        TradingWeek.OpenTime(friday + Duration.FromHours(2), sunday).ShouldBe(Duration.Zero);
        TradingWeek.OpenTime(sunday, friday).ShouldBe(Duration.Zero);
    }
}

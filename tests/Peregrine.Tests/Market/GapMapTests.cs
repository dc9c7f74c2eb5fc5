using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Market;

/// <summary>What counts as a gap, where it begins and ends, and what explains it.</summary>
public sealed class GapMapTests
{
    [Theory]
    [InlineData("2019-02-04T10:00Z", "2019-02-04T10:10Z", "")] // nine silent minutes
    [InlineData("2019-02-04T10:00Z", "2019-02-04T10:11Z", "2019-02-04T10:01Z 2019-02-04T10:11Z Hole")]
    [InlineData("2019-02-08T21:59Z", "2019-02-10T22:00Z", "")] // a weekend
    [InlineData("2019-02-08T20:59Z", "2019-02-10T23:00Z", "2019-02-08T21:00Z 2019-02-08T22:00Z Hole, 2019-02-10T22:00Z 2019-02-10T23:00Z DailyBreak")]
    [InlineData("2019-02-05T21:59Z", "2019-02-05T23:00Z", "2019-02-05T22:00Z 2019-02-05T23:00Z DailyBreak")]
    [InlineData("2019-02-05T21:59Z", "2019-02-06T01:00Z", "2019-02-05T22:00Z 2019-02-06T01:00Z Hole")]
    [InlineData("2018-12-24T21:59Z", "2018-12-25T23:00Z", "2018-12-24T22:00Z 2018-12-25T23:00Z Holiday")]
    [InlineData("2019-04-18T20:59Z", "2019-04-21T21:00Z", "2019-04-18T21:00Z 2019-04-19T21:00Z Holiday")] // Good Friday
    [InlineData("2019-05-26T20:59Z", "2019-05-27T03:00Z", "2019-05-26T21:00Z 2019-05-27T03:00Z Holiday")] // Memorial Day
    [InlineData("2019-11-28T17:59Z", "2019-11-28T23:00Z", "2019-11-28T18:00Z 2019-11-28T23:00Z Holiday")] // Thanksgiving
    [InlineData("2019-02-04T10:00Z", "2019-03-04T10:00Z", "2019-02-04T10:01Z 2019-03-04T10:00Z Hole")] // weeks are one gap
    public void A_silence_is_explained_by_the_calendar_or_is_a_hole(string before, string after, string expected) =>
        Words(GapMap.Find([Instant.Parse(before).Nanoseconds, Instant.Parse(after).Nanoseconds], Timeframe.M1)).ShouldBe(expected);

    [Fact]
    public void Longer_bars_miss_one_bar_and_ticks_ten_minutes()
    {
        Instant at = Instant.FromUtc(2019, 2, 4, 10);
        long[] hours = [.. new[] { 0, 1, 3 }.Select(h => (at + Duration.FromHours(h)).Nanoseconds)];
        Words(GapMap.Find(hours, Timeframe.H1)).ShouldBe("2019-02-04T12:00Z 2019-02-04T13:00Z Hole");
        long[] ticks = [at.Nanoseconds, (at + Duration.FromMinutes(9)).Nanoseconds, (at + Duration.FromMinutes(19)).Nanoseconds];
        Words(GapMap.Find(ticks, null)).ShouldBe("2019-02-04T10:09Z 2019-02-04T10:19Z Hole");
        long[] days = [.. new[] { 4, 5, 7, 11, 12 }.Select(d => TradingWeek.FxDayStart(new DateOnly(2019, 2, d)).Nanoseconds)];
        Words(GapMap.Find(days, Timeframe.D1)).ShouldBe("2019-02-05T22:00Z 2019-02-06T22:00Z Hole, 2019-02-07T22:00Z 2019-02-08T22:00Z Hole");
    }

    private static string Words(IEnumerable<Gap> gaps) => string.Join(", ", gaps.Select(g => $"{Minute(g.From)} {Minute(g.To)} {g.Kind}"));

    private static string Minute(Instant instant) => instant.ToString().Replace(":00Z", "Z", StringComparison.Ordinal);
}

using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Market;

/// <summary>Where bars begin and end, in and out of daylight saving.</summary>
public sealed class BarClockTests
{
    [Theory]
    [InlineData(Timeframe.M15, "2019-02-04T13:44:59.999Z", "2019-02-04T13:30Z", "2019-02-04T13:45Z")]
    [InlineData(Timeframe.H1, "2019-02-04T13:00Z", "2019-02-04T13:00Z", "2019-02-04T14:00Z")]
    [InlineData(Timeframe.H4, "2019-02-04T22:00Z", "2019-02-04T22:00Z", "2019-02-05T02:00Z")] // 17:00 New York in winter
    [InlineData(Timeframe.H4, "2019-07-01T20:59Z", "2019-07-01T17:00Z", "2019-07-01T21:00Z")] // and in summer
    [InlineData(Timeframe.H8, "2019-03-10T20:30Z", "2019-03-10T14:00Z", "2019-03-10T21:00Z")] // the day of 23 hours ends early
    [InlineData(Timeframe.H8, "2019-11-03T21:30Z", "2019-11-03T21:00Z", "2019-11-03T22:00Z")] // the day of 25 hours has an hour more
    [InlineData(Timeframe.D1, "2019-02-04T22:00Z", "2019-02-04T22:00Z", "2019-02-05T22:00Z")]
    [InlineData(Timeframe.W1, "2019-03-08T21:59Z", "2019-03-03T22:00Z", "2019-03-10T21:00Z")]
    [InlineData(Timeframe.MN1, "2019-03-31T20:59Z", "2019-02-28T22:00Z", "2019-03-31T21:00Z")]
    [InlineData(Timeframe.MN1, "2019-03-31T21:00Z", "2019-03-31T21:00Z", "2019-04-30T21:00Z")]
    public void Bars_stand_where_the_law_puts_them(Timeframe timeframe, string at, string start, string end) =>
        BarClock.Containing(timeframe, Instant.Parse(at)).ShouldBe(new BarInterval(Instant.Parse(start), Instant.Parse(end)));

    [Fact]
    public void Bars_of_every_timeframe_tile_two_years_without_a_gap()
    {
        foreach (Timeframe timeframe in Timeframes.All.ToArray().Where(t => t >= Timeframe.M30))
        {
            BarInterval bar = BarClock.Containing(timeframe, Instant.FromUtc(2018, 12, 30, 3, 17));
            while (bar.End < Instant.FromUtc(2020, 12, 31))
            {
                BarInterval next = BarClock.Containing(timeframe, bar.End);
                next.Start.ShouldBe(bar.End, timeframe.ToString());
                next.End.ShouldBeGreaterThan(next.Start);
                BarClock.Containing(timeframe, next.End - new Duration(1)).ShouldBe(next);
                bar = next;
            }
        }
    }

    [Fact]
    public void A_timeframe_that_divides_another_never_straddles_its_bars()
    {
        foreach (Timeframe small in Timeframes.All.ToArray().Where(t => t >= Timeframe.H1))
        {
            foreach (Timeframe large in Timeframes.All.ToArray().Where(t => small.Divides(t)))
            {
                for (Instant at = Instant.FromUtc(2019, 3, 1); at < Instant.FromUtc(2019, 11, 10); at = BarClock.End(small, at))
                {
                    BarInterval inner = BarClock.Containing(small, at), outer = BarClock.Containing(large, at);
                    (inner.Start >= outer.Start && inner.End <= outer.End).ShouldBeTrue($"{small} in {large} at {at}");
                }
            }
        }
    }

    [Fact]
    public void Timeframes_know_which_tile_which()
    {
        Timeframe.M15.Divides(Timeframe.H1).ShouldBeTrue();
        Timeframe.M1.Divides(Timeframe.MN1).ShouldBeTrue();
        Timeframe.D1.Divides(Timeframe.W1).ShouldBeTrue();
        Timeframe.H8.Divides(Timeframe.H12).ShouldBeFalse();
        Timeframe.W1.Divides(Timeframe.MN1).ShouldBeFalse();
        Timeframe.H1.Divides(Timeframe.M1).ShouldBeFalse();
    }

    [Fact]
    public void Timeframe_names_are_read_back()
    {
        foreach (Timeframe timeframe in Timeframes.All)
        {
            Timeframes.Parse(timeframe.ToString()).ShouldBe(timeframe);
        }

        Timeframes.Parse("m15").ShouldBe(Timeframe.M15);
        Timeframes.TryParse("M7", out _).ShouldBeFalse();
        Timeframes.TryParse("1", out _).ShouldBeFalse();
    }
}

using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Performance;

public class EquityTests
{
    [Theory] // 17:00 New York is 22:00 UTC in winter and 21:00 in summer; the clocks changed on 2024-03-10.
    [InlineData("2024-03-08T21:59:00Z", "2024-03-08")]
    [InlineData("2024-03-08T22:00:00Z", "2024-03-08")]
    [InlineData("2024-03-08T22:00:01Z", "2024-03-11")]
    [InlineData("2024-03-09T12:00:00Z", "2024-03-11")]
    [InlineData("2024-03-10T23:00:00Z", "2024-03-11")]
    [InlineData("2024-03-11T21:00:00Z", "2024-03-11")]
    [InlineData("2024-03-11T21:00:01Z", "2024-03-12")]
    [InlineData("2024-11-04T21:30:00Z", "2024-11-04")]
    [InlineData("2024-11-01T21:30:00Z", "2024-11-04")]
    public void A_mark_belongs_to_the_day_that_ends_at_seventeen_New_York(string mark, string day)
    {
        var curve = new EquityCurve(Currency.Usd, [new(Instant.Parse("2024-01-02"), 100), new(Instant.Parse(mark), 110)]);
        ReturnSeries returns = ReturnSeries.Daily(curve);
        returns.Dates.ShouldBe([DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)]);
        returns.Values.ToArray().ShouldBe([0.1], 1e-15);
    }

    [Fact]
    public void Hours_over_a_change_of_clocks_make_five_days_a_week_and_keep_the_total()
    {
        // Every hour from Monday 4 March to Friday 15 March 2024, closed from Friday to Sunday 17:00 New York.
        var points = new List<EquityPoint> { new(Instant.Parse("2024-03-03T22:00:00Z"), 1000) };
        for (Instant t = Instant.Parse("2024-03-03T23:00:00Z"); t <= Instant.Parse("2024-03-15T21:00:00Z"); t += Duration.FromHours(1))
        {
            if (TradingWeek.IsOpen(t - new Duration(1)))
            {
                points.Add(new(t, points[^1].Equity * 1.001m));
            }
        }

        ReturnSeries returns = ReturnSeries.Daily(new EquityCurve(Currency.Usd, points));
        returns.Dates.Select(d => d.Day).ShouldBe([4, 5, 6, 7, 8, 11, 12, 13, 14, 15]);
        foreach (double r in returns.Values)
        {
            r.ShouldBe(Math.Pow(1.001, 24) - 1, 1e-12);
        }

        Growth.TotalReturn(TrackRecord.Of(new EquityCurve(Currency.Usd, points), [])).Value!.Value
            .ShouldBe((double)(points[^1].Equity / 1000) - 1, 1e-12);
    }

    [Fact]
    public void A_holiday_has_no_return_and_the_next_day_carries_the_change()
    {
        EquityPoint At(string time, decimal equity) => new(Instant.Parse(time), equity);
        ReturnSeries returns = ReturnSeries.Daily(new EquityCurve(Currency.Usd,
            [At("2024-12-23T23:00:00Z", 100), At("2024-12-24T20:00:00Z", 101), At("2024-12-26T20:00:00Z", 99.99m)]));
        returns.Dates.Select(d => d.Day).ShouldBe([24, 26]);
        returns.Values.ToArray().ShouldBe([0.01, -0.01], 1e-15);
    }

    [Fact]
    public void Nothing_follows_ruin()
    {
        EquityPoint Day(int day, decimal equity) => new(Instant.FromUtc(2024, 1, day, 12), equity);
        ReturnSeries returns = ReturnSeries.Daily(new EquityCurve(Currency.Usd, [Day(1, 100), Day(2, 50), Day(3, -10), Day(4, 200)]));
        returns.Values.ToArray().ShouldBe([-0.5, -1.2], 1e-15);
    }

    [Fact]
    public void A_curve_starts_positive_and_goes_forward()
    {
        Should.Throw<ArgumentException>(() => new EquityCurve(Currency.Usd, []));
        Should.Throw<ArgumentException>(() => Records.Hourly(0, 1));
        Should.Throw<ArgumentException>(() => new EquityCurve(Currency.Usd, [new(new Instant(5), 1), new(new Instant(4), 1)]));
        Should.Throw<ArgumentException>(() => new ReturnSeries([default, default], [0.1, 0.2]));
        Should.Throw<ArgumentException>(() => new ReturnSeries([default], [double.NaN]));
    }

    [Fact]
    public void Drawdown_counts_the_start_and_every_mark_inside_a_day()
    {
        // Falls 20 % within the day and is back by its end: daily returns would not see it.
        MetricSet metrics = Metrics.Measure(TrackRecord.Of(Records.Hourly(100, 80, 101), []));
        metrics["maxDrawdown"].Value!.Value.ShouldBe(0.2, 1e-12);
        metrics["maxDrawdownDays"].Value!.Value.ShouldBe(2 / 24.0, 1e-12);
        metrics["ulcer"].Value.ShouldBe(0);
    }

    [Theory]
    [InlineData(new double[] { 100, 90, 95, 100, 99, 101 }, 3, 0.1)] // recovered: from the high to the return to it
    [InlineData(new double[] { 100, 110, 105, 104, 103, 102 }, 4, 8 / 110.0)] // still open at the end
    [InlineData(new double[] { 100, 90, 100, 100, 90, 100 }, 2, 0.1)] // two spells do not add up
    [InlineData(new double[] { 100, 101, 102 }, 0, 0)]
    [InlineData(new double[] { 100, 100, 100 }, 0, 0)]
    public void Longest_spell_under_water(double[] wealth, int hours, double deepest)
    {
        Instant[] times = [.. wealth.Select((_, i) => Records.Start + Duration.FromHours(i))];
        Drawdown drawdown = Drawdown.Of(times, wealth);
        drawdown.Longest.ShouldBe(Duration.FromHours(hours));
        drawdown.Deepest.ShouldBe(deepest, 1e-12);
    }

    [Fact]
    public void Monthly_returns_are_measured_from_one_period_before_the_first()
    {
        DateOnly[] dates = [new(2024, 1, 31), new(2024, 2, 29), new(2024, 3, 31)];
        TrackRecord record = TrackRecord.Of(new ReturnSeries(dates, [-0.1, 0.05, 0.02], 12));
        record.Times[0].ShouldBe(Instant.Parse("2023-12-31"));
        Falls.LongestDays(record).Value.ShouldBe(91);
        Growth.TotalReturn(record).Value!.Value.ShouldBe((0.9 * 1.05 * 1.02) - 1, 1e-15);
    }
}

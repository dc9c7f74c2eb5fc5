using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Performance;

public class ReportModelTests
{
    [Fact]
    public void Years_compound_their_months_and_leave_gaps_empty()
    {
        DateOnly[] dates = [new(2023, 11, 30), new(2023, 12, 1), new(2023, 12, 29), new(2024, 2, 1)];
        IReadOnlyList<YearOfReturns> years = YearOfReturns.Table(new ReturnSeries(dates, [0.1, 0.1, -0.1, 0.05]));
        years.Select(y => y.Year).ShouldBe([2023, 2024]);
        years[0].Months[10]!.Value.ShouldBe(0.1, 1e-12);
        years[0].Months[11]!.Value.ShouldBe(-0.01, 1e-12);
        years[0].Total.ShouldBe(0.089, 1e-12);
        years[1].Months[0].ShouldBeNull();
        years[1].Total.ShouldBe(0.05, 1e-12);
    }

    [Fact]
    public void A_histogram_counts_everything_once_in_round_bins()
    {
        Histogram histogram = Histogram.Of([-1, -1, -0.95, 0, 0.05, 0.31, 2])!;
        (histogram.Low, histogram.Width).ShouldBe((-1, 0.2));
        histogram.Counts.ToArray().ShouldBe([3, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
        (histogram.OpenLow, histogram.OpenHigh).ShouldBe((false, false));
        Histogram.Of([]).ShouldBeNull();
        Histogram.Of([3, 3, 3])!.Counts.ShouldBe([3]);

        double[] withOutlier = [.. Enumerable.Range(0, 200).Select(i => i / 100.0), 1000, 1000, 1000];
        Histogram clipped = Histogram.Of(withOutlier)!;
        clipped.Counts.Sum().ShouldBe(203);
        clipped.OpenHigh.ShouldBeFalse();
        Histogram.Of([.. Enumerable.Range(0, 200).Select(i => i / 100.0), 1000])!.OpenHigh.ShouldBeTrue();
    }

    [Theory]
    [InlineData(0.93, 1)]
    [InlineData(1, 1)]
    [InlineData(1.1, 2)]
    [InlineData(23, 50)]
    [InlineData(0.0007, 0.001)]
    [InlineData(6000, 10000)]
    public void Round_numbers(double value, double round) => Histogram.RoundUp(value).ShouldBe(round, round * 1e-12);

    [Fact]
    public void Attribution_adds_up_to_what_the_account_gained()
    {
        Trade won = Records.Trade(100, commission: 7) with { Swap = new Money(-2, Currency.Usd), Spread = new Money(3, Currency.Usd) };
        Trade lost = Records.Trade(-40, commission: 7) with { Spread = new Money(4, Currency.Usd) };
        Attribution attribution = Attribution.Of([won, lost])!;
        attribution.Steps.Select(s => (s.Label, s.Amount)).ShouldBe([("Signal", 69), ("Spread", -7), ("Slippage", -2), ("Commission", -14), ("Swap", 2)]);
        attribution.Net.ShouldBe(48);
        attribution.Steps.Sum(s => s.Amount).ShouldBe(attribution.Net);
        attribution.Net.ShouldBe(won.Net.Amount + lost.Net.Amount);

        Attribution unmeasured = Attribution.Of([won, lost with { Spread = null }])!;
        unmeasured.Steps.Select(s => s.Label).ShouldBe(["Signal and spread", "Slippage", "Commission", "Swap"]);
        unmeasured.Steps.Sum(s => s.Amount).ShouldBe(unmeasured.Net);
        Attribution.Of([]).ShouldBeNull();
    }

    [Fact]
    public void Best_are_winners_and_worst_are_losers_by_R()
    {
        Trade[] trades = [.. Enumerable.Range(-12, 25).Select(i => Records.Trade(i * 10, 1, 2) with { Id = $"t{i}" })];
        ReportModel model = ReportModel.Of(Source(TrackRecord.Of(Records.Hourly(1000, 1001), trades)));
        model.Best.Select(t => t.Id).ShouldBe(["t12", "t11", "t10", "t9", "t8", "t7", "t6", "t5", "t4", "t3"]);
        model.Worst.Select(t => t.Id).ShouldBe(["t-12", "t-11", "t-10", "t-9", "t-8", "t-7", "t-6", "t-5", "t-4", "t-3"]);
        model.OutcomesAreR.ShouldBeTrue();
        ReportModel.Of(Source(TrackRecord.Of(Records.Hourly(1000, 1001), [trades[0] with { InitialRisk = null }]))).OutcomesAreR.ShouldBeFalse();
    }

    [Fact]
    public void A_split_divides_marks_returns_and_trades_and_loses_nothing()
    {
        EquityPoint[] points = [.. Enumerable.Range(0, 480).Select(i => new EquityPoint(Records.Start + Duration.FromHours(i), 1000 + i))];
        var curve = new EquityCurve(Currency.Usd, points);
        Trade[] trades = [Records.Trade(10, 5, 9), Records.Trade(20, 240, 300), Records.Trade(30, 241, 300)];
        TrackRecord record = TrackRecord.Of(curve, trades);
        (TrackRecord before, TrackRecord after) = record.SplitAt(Records.Start + Duration.FromHours(240))!.Value;

        before.Trades!.Count.ShouldBe(2);
        after.Trades!.Count.ShouldBe(1);
        ((1 + Growth.TotalReturn(before).Value!.Value) * (1 + Growth.TotalReturn(after).Value!.Value)).ShouldBe(1479 / 1000.0, 1e-12);
        record.SplitAt(Records.Start - Duration.FromHours(1)).ShouldBeNull();
        record.SplitAt(points[^1].Time).ShouldBeNull();

        TrackRecord returns = TrackRecord.Of(Records.Daily(0.01, 0.02, 0.03));
        (TrackRecord first, TrackRecord rest) = returns.SplitAt(Instant.Parse("2024-01-03T12:00:00Z"))!.Value;
        (first.Returns.Count, rest.Returns.Count).ShouldBe((2, 1));
    }

    [Fact]
    public void What_counts_is_the_part_out_of_sample()
    {
        double[] returns = [.. Enumerable.Range(0, 400).Select(i => i < 300 ? 0.002 + (0.001 * (i % 2)) : -0.002 - (0.001 * (i % 2)))];
        ReturnSeries series = Records.Daily(returns);
        DateOnly boundary = series.Dates[299];
        ReportModel model = ReportModel.Of(Source(TrackRecord.Of(series)) with { Split = Instant.FromUtc(boundary.Year, boundary.Month, boundary.Day) });
        model.InSample!["sharpe"].Value!.Value.ShouldBeGreaterThan(30);
        model.OutOfSample!["sharpe"].Value!.Value.ShouldBeLessThan(-30);
        model.KeyFigures.Single(f => f.Metric.Name == "sharpe").Figure.ShouldBe(model.OutOfSample["sharpe"]);
        model.Verdict.Tone.ShouldBe(VerdictTone.Bad);
        model.Verdict.Sentence.ShouldStartWith("Out of sample: lost ");
    }

    [Fact]
    public void The_verdict_says_what_the_record_can_say()
    {
        Verdict Of(params double[] returns) => ReportModel.Of(Source(TrackRecord.Of(Records.Daily(returns)))).Verdict;
        double[] Wave(double mean, int count = 756) => [.. Enumerable.Range(0, count).Select(i => mean + (0.01 * ((i * 7 % 13) - 6) / 6.0))];

        Of(Wave(0.0012)).ShouldSatisfyAllConditions(v => v.Tone.ShouldBe(VerdictTone.Good), v => v.Sentence.ShouldContain("more than luck, if this was the only strategy tried"));
        Of(Wave(0.0002)).ShouldSatisfyAllConditions(v => v.Tone.ShouldBe(VerdictTone.Open), v => v.Sentence.ShouldEndWith("could be luck."), v => v.Remark.ShouldContain("this is 3.0 years"));
        Of(Wave(-0.0005)).ShouldSatisfyAllConditions(v => v.Tone.ShouldBe(VerdictTone.Bad), v => v.Sentence.ShouldEndWith("no sign of an edge."));
        Of(Wave(0.02, 20)).ShouldSatisfyAllConditions(v => v.Tone.ShouldBe(VerdictTone.Open), v => v.Sentence.ShouldEndWith("too short to judge."));
        Of(0.01).Sentence.ShouldBe("Too little to judge: fewer than two returns.");
        Of().Tone.ShouldBe(VerdictTone.Open);
        ReportModel.Of(Source(TrackRecord.Of(Records.Hourly(1000, 1000), []))).Verdict.Sentence.ShouldStartWith("No trades in ");

        var given = new Verdict(VerdictTone.Good, "Edge.", "");
        ReportModel.Of(Source(TrackRecord.Of(Records.Daily(0.01))) with { Verdict = given }).Verdict.ShouldBe(given);
    }

    [Fact]
    public void A_record_over_nothing_but_the_data_it_was_made_from_says_nothing_and_one_after_them_is_out_of_sample()
    {
        double[] good = [.. Enumerable.Range(0, 400).Select(i => 0.002 + (0.001 * (i % 2)))];
        ReportSource source = Source(TrackRecord.Of(Records.Daily(good))) with { Origin = new Origin("r1", 1_943, 10, new Verdict(VerdictTone.Bad, "No edge: p 0.48.", "")) };
        ReportModel made = ReportModel.Of(source with { Split = Instant.MaxValue }), after = ReportModel.Of(source with { Split = Instant.MinValue });
        made.Verdict.Sentence.ShouldEndWith("measured on the data it was made from: says nothing.");
        made.Verdict.Tone.ShouldBe(VerdictTone.Open);
        made.Verdict.Remark.ShouldContain("out of 1 943 distinct strategies. Of all 10 side by side it said out of sample: No edge: p 0.48.");
        made.KeyFigures.ShouldAllBe(f => f.Interval == null);
        (made.InSample, made.OutOfSample).ShouldBe((made.Whole, null));

        // What the search said of all of them weighs more than how one of them did.
        after.Verdict.Sentence.ShouldStartWith("Out of sample: gained ");
        after.Verdict.Sentence.ShouldEndWith("more than luck, if it was not picked for this result.");
        after.Verdict.Tone.ShouldBe(VerdictTone.Open);
        (after.InSample, after.OutOfSample).ShouldBe((null, after.Whole));
        ReportModel.Of(source with { Split = Instant.MinValue, Origin = source.Origin! with { Said = new Verdict(VerdictTone.Good, "Edge.", "") } }).Verdict.Tone.ShouldBe(VerdictTone.Good);
    }

    [Fact]
    public void Luck_is_ruled_out_exactly_where_the_interval_lies_above_zero()
    {
        // From a Sharpe ratio well below to one well above what three years can tell from zero; on the way one-sided 95 % comes before two-sided.
        var seen = new HashSet<bool>();
        for (double mean = 0.0002; mean < 0.0012; mean += 0.00002)
        {
            double[] returns = [.. Enumerable.Range(0, 756).Select(i => mean + (0.01 * ((i * 7 % 13) - 6) / 6.0))];
            ReportModel model = ReportModel.Of(Source(TrackRecord.Of(Records.Daily(returns))));
            bool above = model.KeyFigures.Single(f => f.Metric.Name == "sharpe").Interval!.Value.Low > 0;
            model.Verdict.Sentence.Contains("more than luck", StringComparison.Ordinal).ShouldBe(above, model.Verdict.Sentence);
            seen.Add(above);
        }

        seen.Count.ShouldBe(2);
    }

    [Fact]
    public void Below_thirty_values_there_is_no_interval_and_the_verdict_says_so()
    {
        ReportModel Of(int count) => ReportModel.Of(Source(TrackRecord.Of(Records.Daily([.. Enumerable.Range(0, count).Select(i => 0.001 * ((i % 5) - 1))]))));
        Of(29).KeyFigures.ShouldAllBe(f => f.Interval == null);
        Of(29).Verdict.Sentence.ShouldMatch("^Gained [0-9.]+ % in 1 month; Sharpe [0-9.]+: too short to judge.$");
        Of(30).KeyFigures.Count(f => f.Interval != null).ShouldBe(2);
        Of(30).Verdict.Sentence.ShouldNotContain("too short");

        ReportModel few = ReportModel.Of(Source(TrackRecord.Of(Records.Hourly(1000, 1001), [Records.Trade(10), Records.Trade(-5), Records.Trade(7)])));
        few.KeyFigures.Where(f => f.Interval != null).Select(f => f.Metric.Name).ShouldBe(["winRate"]);
    }

    [Fact]
    public void Intervals_agree_with_worked_examples()
    {
        // Wilson for 45 of 100; the mean of 1 to 5 is 3 with a standard error of √(2.5/5); a normal deviation has a relative error of 1/√(2n).
        Interval.Share(0.45, 100)!.Value.ShouldSatisfyAllConditions(i => i.Low.ShouldBe(0.3561, 1e-4), i => i.High.ShouldBe(0.5476, 1e-4));
        Interval.Mean([1, 2, 3, 4, 5])!.Value.High.ShouldBe(3 + (1.959964 * Math.Sqrt(0.5)), 1e-6);
        Interval.Deviation(2, 3, 200)!.Value.High.ShouldBe(2 * (1 + (1.959964 / 20)), 1e-6);
        Interval.Mean([1]).ShouldBeNull();
        Interval.Share(0, 0).ShouldBeNull();
        Interval.ProfitFactor([Records.Trade(10), Records.Trade(20)]).ShouldBeNull();
    }

    [Fact]
    public void The_interval_of_the_profit_factor_covers_as_often_as_it_says()
    {
        var rng = new Rng(5);
        int covered = 0;
        for (int run = 0; run < 400; run++)
        {
            // Wins of 100 to 300 half the time, losses of 50 to 150: the true factor is 2.
            Trade[] trades = [.. Enumerable.Range(0, 120).Select(_ => Records.Trade(rng.NextBool() ? 100 + rng.NextInt(201) : -50 - rng.NextInt(101)))];
            Interval interval = Interval.ProfitFactor(trades)!.Value;
            covered += interval.Low <= 2 && interval.High >= 2 ? 1 : 0;
        }

        (covered / 400.0).ShouldBeInRange(0.92, 0.98);
    }

    [Fact]
    public void Exits_are_grouped_by_reason()
    {
        Trade[] trades = [Records.Trade(100), Records.Trade(-100) with { ExitReason = ExitReason.Stop }, Records.Trade(-50) with { ExitReason = ExitReason.Stop }];
        IReadOnlyList<TradeGroup<ExitReason>> groups = TradeGroup.ByExit(trades);
        groups[0].ShouldBe(new TradeGroup<ExitReason>(ExitReason.Stop, 2, 0, -150, -0.75));
        groups[1].ShouldBe(new TradeGroup<ExitReason>(ExitReason.Signal, 1, 1, 100, 1));
    }

    private static ReportSource Source(TrackRecord record) => new() { Kind = "Test", Title = "t", Record = record };
}

using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class OutOfSampleTests
{
    private const int Days = 800;
    private static readonly IReadOnlyList<Trade> ManyTrades = new Appraiser([ResearchMarkets.Of(1, 3_000, null)], new FitnessRules())
        .Trade(Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when close > open\nstop 2 atr(14)\nhold at most 5 bars"), ..).Trades;

    [Fact]
    public void Noise_passes_as_often_as_the_level_says()
    {
        int passed = 0;
        for (ulong seed = 0; seed < 2_000; seed++)
        {
            Finalist[] front = [.. Enumerable.Range(0, 4).Select(i => Random(new Rng(seed).Fork((ulong)i), 0))];
            passed += OutOfSample.Judge(front, Days).Finding == Finding.Edge ? 1 : 0;
        }

        // 5 % of 2000 is 100; three standard deviations are 29.
        passed.ShouldBeInRange(71, 129);
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(4, 8)]
    [InlineData(15, 2)]
    [InlineData(29, 2)]
    public void A_front_of_one_behaviour_cannot_pass_by_being_counted_often(int tradesEach, int members)
    {
        var rng = new Rng(7);
        for (int k = 0; k < 200; k++)
        {
            var returns = new double[Days];
            for (int t = 0; t < tradesEach; t++)
            {
                returns[(int)((t + 0.5) * Days / tradesEach)] = rng.NextBool() ? 0.005 : -0.005;
            }

            Finalist[] front = [.. Enumerable.Range(0, members).Select(m => new Finalist($"{m}", new Outcome(returns, [.. ManyTrades.Take(tradesEach)], 0)))];
            OutOfSample.Judge(front, Days).Finding.ShouldBe(Finding.InsufficientData);
        }
    }

    [Fact]
    public void Returns_that_depend_on_those_before_widen_the_error()
    {
        int passed = 0;
        for (ulong seed = 0; seed < 1_000; seed++)
        {
            var rng = new Rng(seed);
            double[] calm = Random(rng, 0).Outcome.Returns;
            double last = 0;
            double[] sluggish = [.. calm.Select(r => last = (0.6 * last) + r)];
            passed += OutOfSample.Judge([new Finalist("s", new Outcome(sluggish, ManyTrades, 0))], Days).Finding == Finding.Edge ? 1 : 0;
        }

        // Without the widening one in five would pass.
        passed.ShouldBeLessThan(100);
    }

    [Fact]
    public void An_edge_of_Sharpe_2_is_found_in_nearly_every_sample_of_this_length()
    {
        int passed = Enumerable.Range(0, 200).Count(seed => OutOfSample.Judge([Random(new Rng((ulong)seed), 2)], Days).Finding == Finding.Edge);
        passed.ShouldBeGreaterThan(180);
    }

    [Fact]
    public void The_front_is_judged_as_one_so_luck_of_its_members_cancels()
    {
        Finalist good = Random(new Rng(1), 2), bad = new("bad", good.Outcome with { Returns = [.. good.Outcome.Returns.Select(r => -2 * r)] });
        OutOfSampleVerdict verdict = OutOfSample.Judge([good, bad], Days);
        verdict.Finding.ShouldBe(Finding.NoEdge);
        verdict.Finalists[0].P.ShouldNotBeNull().ShouldBeLessThan(0.05);
        verdict.Finalists[1].P.ShouldNotBeNull().ShouldBeGreaterThan(0.95);
        verdict.Front.Figures.Sharpe.ShouldBeLessThan(0);
    }

    [Fact]
    public void Too_short_a_test_is_insufficient_data_and_says_what_is_needed()
    {
        OutOfSample.DaysNeeded(0.05).ShouldBe(390);
        OutOfSampleVerdict verdict = OutOfSample.Judge([Random(new Rng(3), 0, 100)], 100);
        verdict.Finding.ShouldBe(Finding.InsufficientData);
        verdict.Reason.ShouldContain("390");
        OutOfSample.Judge([new Finalist("idle", new Outcome(new double[Days], [], 0))], Days).Finding.ShouldBe(Finding.InsufficientData);
        OutOfSample.Judge([], Days).Finding.ShouldBe(Finding.NoEdge);
        OutOfSample.Judge([], 100).Finding.ShouldBe(Finding.InsufficientData);
    }

    /// <summary>Trades that overlap, or that all end on few days, are many and say as little as few.</summary>
    [Fact]
    public void Whether_trades_or_days_with_a_result_are_too_few_is_said_as_it_is()
    {
        Outcome Made(int trades, int active) => new([.. Enumerable.Range(0, Days).Select(d => d < active ? (d % 2 == 0 ? 0.004 : -0.003) : 0)], [.. ManyTrades.Take(trades)], 0);
        var trials = new TrialCount(1, 1, 1, 1, 1);
        void Says(Outcome outcome, string why)
        {
            SampleTest front = OutOfSample.Judge([new Finalist("one", outcome)], Days).Front;
            OutOfSample.Judge([new Finalist("one", outcome)], Days).Reason.ShouldBe($"the front {string.Format(System.Globalization.CultureInfo.InvariantCulture, why, "out-of-sample")}");
            LuckGates.OutOfSample(front, trials).Statistic.Reason.ShouldBe($"the front {string.Format(System.Globalization.CultureInfo.InvariantCulture, why, "there")}");
            LuckGates.Earned(front, "the strategy").Statistic.Reason.ShouldBe($"the strategy {string.Format(System.Globalization.CultureInfo.InvariantCulture, why, "there")}");
            LuckGates.Picked(front, 3, trials).Statistic.Reason.ShouldBe($"it {string.Format(System.Globalization.CultureInfo.InvariantCulture, why, "there")}");
            LuckGates.Unseen(outcome, 1, null).Statistic.Reason.ShouldBe($"it {string.Format(System.Globalization.CultureInfo.InvariantCulture, why, "there")}");
            WholeRecord.Of([0.1, 0.2, 0.1], front, Days).Reason.ShouldBe($"it {string.Format(System.Globalization.CultureInfo.InvariantCulture, why, "on the days that judge")}");
        }

        Says(Made(29, 29), "made 29 trades {0}, and 30 are needed");
        Says(Made(40, 29), "made 40 trades {0}, but gained or lost on 29 days only, and 30 such days are needed");
        LuckGates.Unseen(Made(40, 30), 1, null).Statistic.Value.ShouldNotBeNull();
    }

    [Fact]
    public void The_parts_do_not_touch_and_the_lockbox_is_the_last_part_of_the_time()
    {
        DataSplit split = DataSplit.Of(10_000);
        split.InSample.ShouldBe(0..6_000);
        split.OutOfSample.ShouldBe(6_100..10_000);
        Should.Throw<ArgumentOutOfRangeException>(() => DataSplit.Of(DataSplit.LeastBars - 1));
        BarSeries bars = ResearchMarkets.Of(1, 10_000, null).Bars;
        Instant shut = DataSplit.LockboxStart(bars);
        ((double)(bars.Time[^1] - shut.Nanoseconds) / (bars.Time[^1] - bars.Time[0])).ShouldBeInRange(0.15, 0.16);
        TradingWeek.FxDayStart(shut).ShouldBe(shut);
    }

    private static Finalist Random(Rng rng, double annualSharpe, int days = Days)
    {
        var returns = new double[days];
        for (int i = 0; i < days; i++)
        {
            double noise = -6;
            for (int k = 0; k < 12; k++)
            {
                noise += rng.NextUnit();
            }

            returns[i] = 0.005 * (noise + (annualSharpe / Math.Sqrt(ReturnSeries.DaysPerYear)));
        }

        return new Finalist("random", new Outcome(returns, ManyTrades, 0));
    }
}

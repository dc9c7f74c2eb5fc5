using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Fitness;

public sealed class CrossValidationTests
{
    private static readonly ResearchMarket Market = ResearchMarkets.Of(3, 12_000, ResearchMarkets.Obvious);

    [Fact]
    public void Folds_share_neither_days_nor_trades_and_keep_their_distance()
    {
        var folds = new PurgedFolds(500, 5, 8);
        folds.GapDays.ShouldBe(8);
        folds.DaysOf(0).ShouldBe(Enumerable.Range(0, 100));
        folds.DaysOf(1).ShouldBe(Enumerable.Range(108, 92));
        folds.Purge(95, 120);
        folds.Purge(130, 140);
        folds.Purge(199, 200);
        folds.DaysOf(0).ShouldBe(Enumerable.Range(0, 95), "a trade over the boundary belongs to neither side");
        folds.DaysOf(1).ShouldBe(Enumerable.Range(121, 78), "one inside a fold stays");
        folds.DaysOf(2).First().ShouldBe(208);
        new PurgedFolds(5_000, 5, 8).GapDays.ShouldBe(50, "a hundredth of the time");
    }

    [Fact]
    public void The_middle_fold_is_the_figure_and_each_has_its_own_spread()
    {
        double[] returns = [.. Enumerable.Range(0, 500).Select(static i => (i % 2 == 0 ? 0.02 : -0.01) * (1 + (i / 100)))];
        CrossValidation found = new PurgedFolds(500, 5, 2).Of(returns);
        found.Folds.Count.ShouldBe(5);
        double expected = 0.005 / (0.015 * Math.Sqrt(100.0 / 99)) * Math.Sqrt(252);
        found.Folds[0]!.Value.ShouldBe(expected, 1e-9);
        found.Median!.Value.ShouldBe(found.Folds.Order().ElementAt(2)!.Value);
        found.Folds.ShouldAllBe(f => Math.Abs(f!.Value - expected) < 0.3);
    }

    [Fact]
    public void A_fold_without_days_says_nothing_and_then_there_is_no_median()
    {
        var folds = new PurgedFolds(500, 5, 85);
        CrossValidation found = folds.Of(new double[500]);
        found.Folds[0].ShouldBe(0, "nothing was traded");
        found.Folds[1].ShouldBeNull();
        found.Median.ShouldBeNull();
    }

    [Fact]
    public void A_longer_look_back_widens_the_gap_and_costs_are_as_they_are()
    {
        Strategy near = Of("close crosses above highest(high, 48)[1]"), far = Of("close crosses above highest(high, 48)[1] and close > sma(close, 500)");
        var appraiser = new Appraiser([Market], new FitnessRules());
        CrossValidation a = appraiser.CrossValidate(near), b = appraiser.CrossValidate(far);
        a.GapDays.ShouldBe(6, "a hundredth of 501 days is more than 49 bars");
        b.GapDays.ShouldBe(21, "500 bars of 24 a day");
        a.Median!.Value.ShouldBeGreaterThan(2);
        new Appraiser([Market], new FitnessRules { CostFactor = 4 }).CrossValidate(near).ShouldSatisfyAllConditions(c => c.Median.ShouldBe(a.Median));
    }

    private static Strategy Of(string rule) => Strategy.Parse($"strategy t\nmarket EURUSD H1\nlong when {rule}\nstop 2.5 atr(14)\nhold at most 24 bars");
}

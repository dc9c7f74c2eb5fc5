using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Fitness;

/// <summary>What fitness lets pass is worth something where there is something, and nothing where there is nothing.</summary>
public sealed class TruthTests
{
    private static readonly Strategy Planted = Strategy.Parse(
        "strategy t\nmarket EURUSD H1\nlong when close > highest(high, 48)[1]\nshort when close < lowest(low, 48)[1]\nstop 8 atr(48)\nhold at most 24 bars");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_planted_edge_stands_up_to_every_adversary(ulong seed)
    {
        ResearchMarket market = ResearchMarkets.Of(seed, 12_000, new Core.Simulation.PlantedBreakout { Drift = 0.1 });
        var appraiser = new Appraiser([market], new FitnessRules());
        Appraisal appraisal = appraiser.Appraise(Planted, static _ => null);
        appraisal.Rejection.ShouldBe(Rejection.None);
        appraisal.UnderAttack.Length.ShouldBe(Peregrine.Lab.Fitness.Adversaries.AdversaryTable.All.Count);
        appraisal.UnderAttack.ShouldAllBe(static s => s > 0.5);
        appraisal.Score.ShouldBeLessThanOrEqualTo(appraisal.Plain);
        appraisal.Shaken!.Value.ShouldBeGreaterThan(0.7 * appraisal.Plain, "an edge is there with the numbers a little off too");
        appraiser.Confirm(Planted).ShouldBe(Rejection.None);
        appraiser.CrossValidate(Planted).Median!.Value.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void What_passes_on_noise_earns_nothing_afterwards()
    {
        ResearchMarket noise = ResearchMarkets.Of(21, 8_000, null), after = ResearchMarkets.Of(22, 40_000, null);
        var search = ResearchMarkets.Search(3);
        ResearchMarkets.Run(search, noise, threads: 2);
        var judge = new Appraiser([after], new FitnessRules());
        double[] earned = [.. search.Population.Select(m => ResearchFigures.Of(judge.Trade(m.Candidate.Genome.Strategy, ..)).AnnualReturn)];
        earned.Length.ShouldBeGreaterThan(10);
        earned.Average().ShouldBeLessThan(0.01);
    }

    [Fact]
    public void A_candidate_that_meets_adversaries_has_no_less_than_one_that_need_not()
    {
        ResearchMarket market = ResearchMarkets.Of(3, 6_000, ResearchMarkets.Obvious);
        var rules = new FitnessRules { Jitters = 0, MoreJitters = 0 };
        double plain = new Appraiser([market], rules with { AdversariesAbove = double.PositiveInfinity }).Appraise(Planted, static _ => null).Score;
        foreach (double above in (double[])[plain - 0.01, plain - 1, plain + 0.01])
        {
            Appraisal appraisal = new Appraiser([market], rules with { AdversariesAbove = above, AdversaryQuantile = 0 }).Appraise(Planted, static _ => null);
            appraisal.Score.ShouldBeInRange(Math.Min(above, plain), plain);
            appraisal.UnderAttack.Length.ShouldBe(above < plain ? 8 : 0);
        }
    }

    [Fact]
    public void Costs_are_raised_while_searching_and_as_they_are_for_people()
    {
        ResearchMarket market = ResearchMarkets.Of(3, 6_000, ResearchMarkets.Obvious);
        Appraisal raised = new Appraiser([market], new FitnessRules { CostFactor = 3 }).Appraise(Planted, static _ => null), asIs = new Appraiser([market], new FitnessRules { CostFactor = 1 }).Appraise(Planted, static _ => null);
        raised.Behaviour.ShouldBe(asIs.Behaviour);
        raised.Figures.AnnualReturn.ShouldBeLessThan(asIs.Figures.AnnualReturn);
        ResearchFigures.Of(new Appraiser([market], new FitnessRules { CostFactor = 3 }).Trade(Planted, ..)).ShouldBe(asIs.Figures);

        ResearchMarket dear = market.AtCosts(3);
        Enumerable.Range(0, market.Fills.Count).Count(i => dear.Fills.Ask.Open[i] - dear.Fills.Bid.Open[i] != 3 * (market.Fills.Ask.Open[i] - market.Fills.Bid.Open[i])).ShouldBe(0);
        (dear.Costs.CommissionPerMillion, dear.Costs.Slippage.Grains).ShouldBe((3 * market.Costs.CommissionPerMillion, 3 * market.Costs.Slippage.Grains));
        dear.Columns.ShouldBeSameAs(market.Columns);
    }
}

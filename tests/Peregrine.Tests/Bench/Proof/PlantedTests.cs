using Peregrine.App.Validation;
using Peregrine.Bench.Proof.Planted;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Populations;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Bench.Proof;

/// <summary>Rules hidden in noise: they earn what they are said to earn, nothing without drift, and the search finds one.</summary>
public sealed class PlantedTests
{
    private static (Instrument, SymbolCosts) Market => Peregrine.Bench.Suites.Market.Both;

    [Theory]
    [InlineData("average")]
    [InlineData("breakout")]
    [InlineData("calendar")]
    public void A_hidden_rule_has_a_net_Sharpe_ratio_near_two_and_none_without_drift(string name)
    {
        HiddenRule rule = HiddenRule.Find(name);
        (double sharpe, double error) = rule.NetSharpe(new Rng(3), 4, Market);
        sharpe.ShouldBeInRange(2 - (4 * error) - 0.1, 2 + (4 * error) + 0.1);
        error.ShouldBeLessThan(0.4);
        (rule with { Drift = 0 }).NetSharpe(new Rng(3), 4, Market).Sharpe.ShouldBeLessThan(0.7);
    }

    [Fact]
    public void A_search_finds_a_rule_that_is_hidden_less_well()
    {
        HiddenRule rule = HiddenRule.Find("average");
        PlantedResult result = PlantedRun.Run(rule with { Drift = 0.12 }, new SearchSettings { Seed = 1, Evaluations = 1_200 }, 10_000, 2);
        result.Found.ShouldBeTrue($"{result}");
        result.Correlation.ShouldBeGreaterThan(0.5);
        result.RuleSharpe.ShouldBeGreaterThan(5);
    }
}

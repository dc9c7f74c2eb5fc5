using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class CapacityTests
{
    private static readonly Money Deposit = new(10_000, Currency.Usd);

    [Fact]
    public void Nothing_is_left_when_costs_take_what_is_earned_before_them()
    {
        Capacity.Of(0.002, 0.001, Deposit, 1).BreakEvenCosts.Value!.Value.ShouldBe(3, 1e-9, "it earns 3 before costs and pays 1");
        Capacity.Of(-0.001, -0.002, Deposit, 1).BreakEvenCosts.Value!.Value.ShouldBe(0, "it never did");
        Capacity.Of(0.001, 0.001, Deposit, 1).BreakEvenCosts.Reason.ShouldContain("costs took nothing");
    }

    [Theory]
    [InlineData(28.7, 280_000)]
    [InlineData(1, 10_000)]
    [InlineData(0.00123, 12)]
    public void The_deposit_it_carries_is_rounded_down_to_two_digits(double room, int deposit) =>
        Capacity.Of(0.002, 0.001, Deposit, (decimal)room).Deposit.Amount.ShouldBe(deposit);

    [Fact]
    public void Traded_at_its_break_even_costs_a_strategy_earns_next_to_nothing()
    {
        ResearchMarket market = ResearchMarkets.Of(3, 6_000, ResearchMarkets.Obvious);
        var strategy = Strategy.Parse("strategy mine\nmarket EURUSD H1\nlong when close > highest(high, 40)[1]\nshort when close < lowest(low, 40)[1]\nstop 4 atr(14)\nhold at most 40 bars\n");
        double Mean(decimal factor) => Moments.Mean(new Appraiser([market.AtCosts(factor)], new FitnessRules()).Trade(strategy, ..).Returns);
        double times = Capacity.Of(Mean(1), Mean(2), Deposit, 1).BreakEvenCosts.Value!.Value;
        times.ShouldBeGreaterThan(3);
        Math.Abs(Mean((decimal)times)).ShouldBeLessThan(0.25 * Mean(1));
    }
}

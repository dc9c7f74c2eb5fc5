using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Portfolio;
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

    /// <summary>A day moves by 1 %; 10 000 of value earn 40 a trade. Two orders of a share f cost 200 √f: half of 40 at f = .01. Half as much expected is half gone at a quarter of it.</summary>
    [Fact]
    public void Impact_takes_half_of_what_is_earned_at_a_share_of_a_days_volume()
    {
        var day = new Dictionary<string, double> { ["EURUSD"] = 0.01 };
        Trade[] equal = [.. Enumerable.Repeat(Made(10_000, 40), 5)];
        SquareRootImpact.HalfAt(equal, day).Value!.Value.ShouldBe(0.01, 1e-12);
        Capacity carries = Capacity.Of(0.002, 0.001, Deposit, 1) with { HalfAt = SquareRootImpact.HalfAt(equal, day) };
        carries.HalfOf(0.5).Value!.Value.ShouldBe(0.0025, 1e-12);
        carries.HalfOf(-1).Reason.ShouldContain("nothing is expected");

        // One of 4 and one of 1 times the value: 2 σ (4 √1.6 + 1 √.4) ÷ 5 of the mean of 2.5.
        double taken = 2 * 0.01 * ((40_000 * Math.Sqrt(1.6)) + (10_000 * Math.Sqrt(0.4)));
        SquareRootImpact.HalfAt([Made(40_000, 40), Made(10_000, 40)], day).Value!.Value.ShouldBe(Math.Pow(40 / taken, 2), 1e-12);
        SquareRootImpact.HalfAt([Made(10_000, 40_000)], day).Value.ShouldBe(1);
        SquareRootImpact.HalfAt([Made(10_000, -40)], day).Reason.ShouldContain("earned nothing");
        SquareRootImpact.HalfAt([Made(null, 40)], day).Reason.ShouldContain("not known");
        SquareRootImpact.HalfAt(equal, new Dictionary<string, double> { ["EURUSD"] = 0 }).Reason.ShouldContain("do not move");
    }

    private static Trade Made(int? value, int earned) => new()
    {
        Id = "1", Strategy = "s", Symbol = "EURUSD", Side = Side.Buy, Quantity = Quantity.Zero, EntryTime = default, EntryPrice = 1, ExitTime = default, ExitPrice = 1, ExitReason = ExitReason.End,
        Profit = new Money(earned + 3, Currency.Usd), Commission = new Money(2, Currency.Usd), Swap = new Money(1, Currency.Usd), Slippage = new Money(0, Currency.Usd), Bars = 1, Mae = default, Mfe = default, Notional = value is { } v ? new Money(v, Currency.Usd) : null,
    };

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

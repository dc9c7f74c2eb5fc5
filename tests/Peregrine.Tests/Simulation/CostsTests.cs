using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Simulation;

/// <summary>The arithmetic of costs, by hand.</summary>
public sealed class CostsTests
{
    private static readonly SwapTerms Percent = new(SwapUnit.PercentPerYear, -3.6m, 1.8m);

    [Theory]
    [InlineData(Side.Buy, DayOfWeek.Monday, "-1.10")]
    [InlineData(Side.Buy, DayOfWeek.Wednesday, "-3.30")]
    [InlineData(Side.Sell, DayOfWeek.Monday, "0.55")]
    public void Interest_in_percent_is_of_the_value_over_a_year_of_360_days(Side side, DayOfWeek day, string amount)
    {
        // 10 000 at 1.10 are worth 11 000 USD; 3.6 % of it are 396 a year and 1.10 a night. 365 days would make it 1.08.
        var night = new SwapNight(side, Quantity.FromUnits(10_000), Price.Parse("1.10000"), day, 1m, Currency.Usd);
        Costs.Swap(Percent, RandomMarket.EurUsd, night).ToString().ShouldBe(amount + " USD");
    }

    [Fact]
    public void Interest_in_percent_of_a_yen_value_is_booked_in_account_money()
    {
        // 10 000 at 110.00 are worth 1 100 000 JPY: 110 JPY a night, 1.00 USD at 110.
        var night = new SwapNight(Side.Buy, Quantity.FromUnits(10_000), Price.Parse("110.000"), DayOfWeek.Monday, 1m / 110m, Currency.Usd);
        Costs.Swap(Percent, RandomMarket.UsdJpy, night).ShouldBe(new Money(-1m, Currency.Usd));
    }

    [Fact]
    public void Costs_times_a_factor_are_never_rounded_in_our_favour()
    {
        SymbolCosts costs = SymbolCosts.Zero with { SpreadByHour = [.. Enumerable.Repeat(new Move(7), 168)], CommissionPerMillion = 30m, Slippage = new Move(3) };
        SymbolCosts dearer = costs.Times(1.1m);
        dearer.SpreadByHour.ShouldAllBe(m => m == new Move(8), "7.7 grains");
        dearer.Slippage.ShouldBe(new Move(4), "3.3 grains");
        dearer.CommissionPerMillion.ShouldBe(33m);
        costs.Times(2m).Slippage.ShouldBe(new Move(6), "what is exact is not rounded");
    }
}

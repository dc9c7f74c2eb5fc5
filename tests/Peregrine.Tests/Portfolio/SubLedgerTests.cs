using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Portfolio;

/// <summary>A strategy's own holding, bought and sold in parts.</summary>
public sealed class SubLedgerTests
{
    private readonly SubLedger ledger = new("s", RandomMarket.EurUsd, Currency.Usd);

    private static Deal Deal(Side side, Quantity quantity, string price) => new()
    {
        Id = 1,
        PositionId = 7,
        Symbol = "EURUSD",
        Side = side,
        Quantity = quantity,
        Price = Price.Parse(price),
        Time = default,
        Commission = Money.Zero(Currency.Usd),
    };

    private void Open(Side side, Quantity quantity, string price) => ledger.Open(Deal(side, quantity, price), Price.Parse("1.00000"), null, 1m);

    private void ClosePart(Side side, Quantity quantity, string price, decimal gross) =>
        ledger.Close(Deal(side, quantity, price) with { Closed = new ClosedPart(new Money(gross, Currency.Usd), ExitReason.Signal) }, ExitReason.Signal, 0, 1m).ShouldBeNull();

    [Theory]
    [InlineData(Side.Buy, 40)]
    [InlineData(Side.Sell, -60)]
    public void What_is_left_after_a_part_was_closed_carries_its_share_of_the_cost(Side side, int left)
    {
        // 10 000 at 1.10000 and 20 000 at 1.10300 cost 33 060, 1.10200 on average; two thirds of it, 22 040, are left.
        Open(side, Quantity.FromUnits(10_000), "1.10000");
        Open(side, Quantity.FromUnits(20_000), "1.10300");
        ledger.ProfitOf(Quantity.FromUnits(10_000), Price.Parse("1.10500")).ToDecimal().ShouldBe(30m * side.Sign());
        ClosePart(side.Opposite(), Quantity.FromUnits(10_000), "1.10500", 30m * side.Sign());

        // 20 000 are worth 22 080 at the bid and cost 22 100 to buy back at the ask.
        ledger.Unrealised(Price.Parse("1.10400"), Price.Parse("1.10500")).ToDecimal().ShouldBe(left);
    }

    [Fact]
    public void A_share_of_the_cost_that_ends_in_half_a_grain_is_the_even_one()
    {
        // One hundredth of a unit each at 1.10000 and 1.10001 cost 220 001 grains; half of it is 110 000.5.
        var one = new Quantity(1);
        Open(Side.Buy, one, "1.10000");
        Open(Side.Buy, one, "1.10001");
        ledger.ProfitOf(one, Price.Parse("1.10001")).ShouldBe(new QuoteValue(1), "110 001 less 110 000");
        ClosePart(Side.Sell, one, "1.10001", 0m);
        ledger.Unrealised(Price.Parse("1.10001"), Price.Parse("1.10001")).ShouldBe(QuoteValue.Zero, "110 001 less the 110 001 that are left");
    }
}

using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Peregrine.Core.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Simulation;

/// <content>What the broker refuses, when it closes by itself, and how it divides the cost of a position.</content>
public sealed partial class SimulatedBrokerTests
{
    private static OrderRequest Request(string id, Side side, Quantity quantity) => new()
    {
        ClientOrderId = id,
        Label = "s",
        Symbol = "EURUSD",
        Side = side,
        Quantity = quantity,
        StopDistance = new Move(50_000),
    };

    private void Fill(SimulatedBroker broker, OrderRequest order, double seconds, string price)
    {
        broker.Receive(order, At(seconds));
        broker.OnQuote(0, Q(seconds + 0.5, price, price), events);
    }

    public static TheoryData<string, OrderRequest> Objectionable()
    {
        OrderRequest order = Request("x", Side.Buy, Quantity.FromUnits(10_000));
        return new TheoryData<string, OrderRequest>
        {
            { "SYMBOL_NOT_FOUND", order with { Symbol = "XAUUSD" } },
            { "TRADING_BAD_VOLUME", order with { Quantity = Quantity.FromUnits(0) } },
            { "TRADING_BAD_VOLUME", order with { Quantity = Quantity.FromUnits(10_500) } },
            { "TRADING_BAD_VOLUME", order with { Quantity = Quantity.FromUnits(11_000_000) } },
            { "TRADING_BAD_PRICES", order with { Type = OrderType.Limit } },
            { "TRADING_BAD_PRICES", order with { Type = OrderType.StopLimit, Limit = Price.Parse("1.10000") } },
            { "TRADING_BAD_STOPS", order with { StopDistance = Move.Zero } },
            { "TRADING_BAD_STOPS", order with { TargetDistance = Move.Zero } },
            { "TRADING_BAD_EXPIRATION_DATE", order with { Type = OrderType.Limit, Limit = Price.Parse("1.00000"), TimeInForce = TimeInForce.GoodTillDate } },
        };
    }

    [Theory]
    [MemberData(nameof(Objectionable))]
    public void An_order_that_no_broker_would_take_is_rejected_with_the_broker_s_word(string word, OrderRequest order)
    {
        SimulatedBroker broker = Broker();
        Fill(broker, order, 0, "1.10000");
        Single<OrderRejected>().Reason.ShouldBe(word);
        broker.Positions.ShouldBeEmpty();
    }

    [Fact]
    public void Margin_in_use_is_not_there_for_another_order()
    {
        // 20 000 at 1.10 and leverage 30 use 733.33 of 1 000: 266.67 are free, and 8 000 need 293.33, 7 000 need 256.67.
        SimulatedBroker broker = Broker(leverage: 30, deposit: 1_000m);
        Fill(broker, Request("a", Side.Buy, Quantity.FromUnits(20_000)), 0, "1.10000");
        events.Clear();
        Fill(broker, Request("b", Side.Buy, Quantity.FromUnits(8_000)), 1, "1.10000");
        events.OfType<OrderRejected>().ShouldHaveSingleItem().Reason.ShouldBe("NOT_ENOUGH_MONEY");
        Fill(broker, Request("c", Side.Buy, Quantity.FromUnits(7_000)), 2, "1.10000");
        broker.Positions.Select(p => p.ClientOrderId).ShouldBe(["a", "c"]);
    }

    [Fact]
    public void An_account_is_stopped_out_below_half_of_its_margin_and_not_at_it()
    {
        // 20 000 from 1.20 to 1.10 lose 2 000 of 2 110. The margin is then 220: 110 are half of it.
        SimulatedBroker broker = Broker(leverage: 100, deposit: 2_110m);
        Fill(broker, Request("a", Side.Buy, Quantity.FromUnits(20_000)) with { StopDistance = new Move(110_000) }, 0, "1.20000");
        broker.OnQuote(0, Q(2, "1.10000", "1.10000"), events);
        broker.Equity.ShouldBe(new Money(110m, Currency.Usd));
        broker.Positions.ShouldHaveSingleItem();
        broker.OnQuote(0, Q(3, "1.09999", "1.09999"), events);
        broker.Positions.ShouldBeEmpty("109.80 are less than 110.00");
        broker.Deals[^1].Closed!.Reason.ShouldBe(ExitReason.StopOut);
    }

    [Fact]
    public void A_stop_out_closes_what_loses_most_and_no_more_than_it_must()
    {
        // At 1.15 one has gained 500 and the other lost 500; 114 of equity are less than half of 230. Without the loser they are more than half of 115.
        SimulatedBroker broker = Broker(leverage: 100, deposit: 114m);
        Fill(broker, Request("gains", Side.Buy, Quantity.FromUnits(10_000)) with { StopDistance = new Move(100_000) }, 0, "1.10000");
        Fill(broker, Request("loses", Side.Buy, Quantity.FromUnits(10_000)) with { StopDistance = new Move(100_000) }, 1, "1.20000");
        broker.Positions.Count.ShouldBe(2);
        broker.OnQuote(0, Q(3, "1.15000", "1.15000"), events);
        broker.Positions.ShouldHaveSingleItem().ClientOrderId.ShouldBe("gains");
        broker.Deals[^1].Closed.ShouldBe(new ClosedPart(new Money(-500m, Currency.Usd), ExitReason.StopOut));
    }

    [Fact]
    public void A_part_whose_share_of_the_cost_ends_in_half_a_grain_takes_the_even_one()
    {
        // One hundredth of a unit each at 1.10000 and 1.10001 cost 220 001 grains; half of it is 110 000.5.
        var one = new Quantity(1);
        Instrument fine = RandomMarket.EurUsd with { MinQuantity = one, StepQuantity = one };
        var broker = new SimulatedBroker(new AccountTerms { Deposit = new Money(100m, Currency.Usd), Kind = AccountKind.Netted }, [fine], CostModel.Zero);
        Fill(broker, Request("a", Side.Buy, one), 0, "1.10000");
        Fill(broker, Request("b", Side.Buy, one), 1, "1.10001");
        broker.Positions.ShouldHaveSingleItem().Cost.ShouldBe(new QuoteValue(220_001));
        broker.Receive(new ClosePosition(broker.Positions[0].Id, one, ExitReason.Operator), At(2));
        broker.OnQuote(0, Q(3, "1.10001", "1.10001"), events);
        broker.Positions.ShouldHaveSingleItem().Cost.ShouldBe(new QuoteValue(110_001), "110 000 went with the part");
    }
}

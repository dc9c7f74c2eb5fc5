using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Simulation;

/// <summary>Order life, netting, interest and margin of the simulated broker on hand-made quotes.</summary>
public sealed partial class SimulatedBrokerTests
{
    private static readonly Instant Start = Instant.Parse("2019-02-04T10:00:00Z");
    private readonly List<BrokerEvent> events = [];
    private int sequence;

    private static SimulatedBroker Broker(SymbolCosts? costs = null, AccountKind kind = AccountKind.Hedged, int? leverage = null, decimal deposit = 10_000m) => new(
        new AccountTerms { Deposit = new Money(deposit, Currency.Usd), Kind = kind, Leverage = leverage, Latency = Duration.FromMilliseconds(100) },
        [RandomMarket.EurUsd],
        new CostModel("test", new Dictionary<string, SymbolCosts> { ["EURUSD"] = costs ?? SymbolCosts.Zero }));

    private static Quote Q(double seconds, string bid, string ask) => new(Start + new Duration((long)(seconds * 1e9)), Price.Parse(bid), Price.Parse(ask));

    private static Instant At(double seconds) => Q(seconds, "1", "1").Time;

    private T Single<T>()
        where T : BrokerEvent
    {
        T found = events.OfType<T>().ShouldHaveSingleItem();
        events.Clear();
        return found;
    }

    private SubmitOrder Order(Proposal proposal, long units = 10_000)
    {
        var gate = new RiskGate(new SizingRule { Fixed = Quantity.FromUnits(units) }, new Limits { MaxRiskPerTrade = 100m, MaxSpreadOfStop = 100m });
        var money = new Money(1_000_000m, Currency.Usd);
        gate.Judge(Start, proposal, new AccountView(true, money, money, money, Money.Zero(Currency.Usd), null), new MarketView(true, Start, Price.Parse("1.1"), Price.Parse("1.1001")), out ApprovedOrder? approved).ShouldBeNull();
        return new SubmitOrder($"t-{++sequence}", approved!);
    }

    private static Proposal Entry(Side side = Side.Buy, OrderType type = OrderType.Market) => new()
    {
        Strategy = "s",
        Instrument = RandomMarket.EurUsd,
        Side = side,
        Type = type,
        StopDistance = new Move(1_000),
    };

    [Fact]
    public void A_market_order_fills_at_the_first_quote_after_its_arrival_with_its_protection()
    {
        SimulatedBroker broker = Broker();
        broker.Receive(Order(Entry() with { TargetDistance = new Move(500) }), At(0));
        broker.OnQuote(0, Q(0.05, "1.10000", "1.10010"), events);
        events.ShouldBeEmpty("the order is still on its way");
        broker.OnQuote(0, Q(0.1, "1.20000", "1.20010"), events);
        events[0].ShouldBe(new OrderAccepted(At(0.1), "t-1"));
        OrderFilled fill = Single<OrderFilled>();
        fill.Deal.Price.ShouldBe(Price.Parse("1.20010"));
        fill.Position!.Stop.ShouldBe(Price.Parse("1.19010"));
        fill.Position.Target.ShouldBe(Price.Parse("1.20510"));
    }

    [Fact]
    public void A_resting_limit_waits_for_the_market_to_trade_through_and_fills_at_its_price()
    {
        SimulatedBroker broker = Broker();
        broker.Receive(Order(Entry(type: OrderType.Limit) with { Limit = Price.Parse("1.09000") }), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10010"), events);
        broker.OnQuote(0, Q(2, "1.08990", "1.09000"), events);
        events.OfType<OrderFilled>().ShouldBeEmpty("a touch is no fill");
        broker.OnQuote(0, Q(3, "1.08980", "1.08990"), events);
        Single<OrderFilled>().Deal.Price.ShouldBe(Price.Parse("1.09000"));
    }

    [Fact]
    public void A_limit_that_is_marketable_on_arrival_fills_at_the_market()
    {
        SimulatedBroker broker = Broker();
        broker.Receive(Order(Entry(type: OrderType.Limit) with { Limit = Price.Parse("1.20000") }), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10010"), events);
        Single<OrderFilled>().Deal.Price.ShouldBe(Price.Parse("1.10010"));
    }

    [Fact]
    public void A_stop_order_fills_at_the_market_beyond_its_trigger()
    {
        SimulatedBroker broker = Broker(SymbolCosts.Zero with { Slippage = new Move(3) });
        broker.Receive(Order(Entry(Side.Sell, OrderType.Stop) with { Trigger = Price.Parse("1.09000") }), At(0));
        broker.OnQuote(0, Q(1, "1.09001", "1.09010"), events);
        events.OfType<OrderFilled>().ShouldBeEmpty();
        broker.OnQuote(0, Q(2, "1.08950", "1.08960"), events);
        Single<OrderFilled>().Deal.Price.ShouldBe(Price.Parse("1.08947"));
    }

    [Fact]
    public void A_stop_limit_triggers_first_and_then_does_not_pay_more_than_its_limit()
    {
        SimulatedBroker broker = Broker();
        broker.Receive(Order(Entry(type: OrderType.StopLimit) with { Trigger = Price.Parse("1.11000"), Limit = Price.Parse("1.11020") }), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10010"), events);
        broker.OnQuote(0, Q(2, "1.11090", "1.11100"), events);
        events.OfType<OrderFilled>().ShouldBeEmpty("triggered, but above the limit");
        broker.OnQuote(0, Q(3, "1.11000", "1.11010"), events);
        Single<OrderFilled>().Deal.Price.ShouldBe(Price.Parse("1.11020"), "it rests now, and a resting limit fills at its price");
    }

    [Theory]
    [InlineData(TimeInForce.ImmediateOrCancel)]
    [InlineData(TimeInForce.FillOrKill)]
    public void Now_or_never_is_never_when_the_first_quote_does_not_fill_it(TimeInForce timeInForce)
    {
        SimulatedBroker broker = Broker();
        broker.Receive(Order(Entry(type: OrderType.Limit) with { Limit = Price.Parse("1.00000"), TimeInForce = timeInForce }), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10010"), events);
        Single<OrderCancelled>().ClientOrderId.ShouldBe("t-1");
        broker.OnQuote(0, Q(2, "0.90000", "0.90010"), events);
        events.ShouldBeEmpty();
    }

    [Fact]
    public void A_dated_order_expires_at_its_date()
    {
        SimulatedBroker broker = Broker();
        broker.Receive(Order(Entry(type: OrderType.Limit) with { Limit = Price.Parse("1.00000"), TimeInForce = TimeInForce.GoodTillDate, Expiry = At(60) }), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10010"), events);
        broker.NextDue.ShouldBe(At(60));
        broker.OnQuote(0, Q(61, "0.90000", "0.90010"), events);
        Single<OrderCancelled>().Time.ShouldBe(At(60));
    }

    [Fact]
    public void An_order_told_twice_under_one_client_id_is_rejected_the_second_time()
    {
        SimulatedBroker broker = Broker();
        SubmitOrder order = Order(Entry());
        broker.Receive(order, At(0));
        broker.Receive(order, At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10010"), events);
        events.OfType<OrderRejected>().ShouldHaveSingleItem().Reason.ShouldBe("DUPLICATE_CLIENT_ORDER_ID");
        broker.Positions.Count.ShouldBe(1);
    }

    [Fact]
    public void Wednesday_pays_three_nights_and_the_weekend_none()
    {
        SymbolCosts costs = SymbolCosts.Zero with { Swap = new SwapTerms(SwapUnit.Pips, -0.5m, 0.2m) };
        SimulatedBroker broker = Broker(costs);
        broker.Receive(Order(Entry() with { StopDistance = new Move(100_000) }), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10010"), events);
        broker.OnQuote(0, new Quote(Instant.Parse("2019-02-11T12:00:00Z"), Price.Parse("1.10000"), Price.Parse("1.10010")), events);

        // Half a pip of 10 000 units is 0.50 USD a night.
        events.OfType<SwapCharged>().Select(s => (s.Time.ToString(), s.Amount.Amount)).ShouldBe(
        [
            ("2019-02-04T22:00:00Z", -0.50m),
            ("2019-02-05T22:00:00Z", -0.50m),
            ("2019-02-06T22:00:00Z", -1.50m),
            ("2019-02-07T22:00:00Z", -0.50m),
            ("2019-02-08T22:00:00Z", -0.50m),
        ]);
        broker.Balance.ShouldBe(new Money(9_996.50m, Currency.Usd));
    }

    [Fact]
    public void A_netted_account_adds_reduces_and_turns_one_position()
    {
        SimulatedBroker broker = Broker(kind: AccountKind.Netted);
        broker.Receive(Order(Entry(), 10_000), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10000"), events);
        broker.Receive(Order(Entry(), 10_000), At(1));
        broker.OnQuote(0, Q(2, "1.10100", "1.10100"), events);
        Position two = broker.Positions.ShouldHaveSingleItem();
        two.AverageEntry.ShouldBe(1.1005m);
        two.Stop.ShouldBe(Price.Parse("1.09000"), "the furthest of the two stops covers the whole volume");

        events.Clear();
        broker.Receive(Order(Entry(Side.Sell), 30_000), At(2));
        broker.OnQuote(0, Q(3, "1.10200", "1.10200"), events);
        Position turned = broker.Positions.ShouldHaveSingleItem();
        turned.Side.ShouldBe(Side.Sell);
        turned.Quantity.ShouldBe(Quantity.FromUnits(10_000));
        broker.Balance.ShouldBe(new Money(10_030m, Currency.Usd), "20 000 units gained 15 pips");
    }

    [Fact]
    public void Part_of_a_position_closes_at_its_share_of_the_cost()
    {
        SimulatedBroker broker = Broker();
        broker.Receive(Order(Entry(), 30_000), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10001"), events);
        broker.Receive(new ClosePosition(broker.Positions[0].Id, Quantity.FromUnits(10_000), ExitReason.Operator), At(1));
        broker.OnQuote(0, Q(2, "1.10101", "1.10102"), events);
        events.OfType<OrderFilled>().Last().Deal.Closed!.Gross.ShouldBe(new Money(10m, Currency.Usd));
        broker.Positions.ShouldHaveSingleItem().Quantity.ShouldBe(Quantity.FromUnits(20_000));
    }

    [Fact]
    public void Without_margin_an_order_is_rejected_and_a_losing_account_is_stopped_out()
    {
        SimulatedBroker broker = Broker(leverage: 30, deposit: 1_000m);
        broker.Receive(Order(Entry(), 100_000), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10000"), events);
        events.OfType<OrderRejected>().ShouldHaveSingleItem().Reason.ShouldBe("NOT_ENOUGH_MONEY");
        events.Clear();

        broker.Receive(Order(Entry() with { StopDistance = new Move(50_000) }, 20_000), At(1));
        broker.OnQuote(0, Q(2, "1.10000", "1.10000"), events);
        broker.OnQuote(0, Q(3, "1.07000", "1.07000"), events);
        broker.Positions.ShouldHaveSingleItem("equity 400 is still more than half of the margin 713");
        broker.OnQuote(0, Q(4, "1.06500", "1.06500"), events);
        events.OfType<OrderFilled>().Last().Deal.Closed!.Reason.ShouldBe(ExitReason.StopOut);
        broker.Balance.ShouldBe(new Money(300m, Currency.Usd));
    }

    [Fact]
    public void A_stop_on_the_wrong_side_is_rejected_and_the_old_one_stands()
    {
        SimulatedBroker broker = Broker();
        broker.Receive(Order(Entry()), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10010"), events);
        broker.Receive(new AmendProtection(broker.Positions[0].Id, Price.Parse("1.10000"), null), At(1));
        broker.OnQuote(0, Q(2, "1.10000", "1.10010"), events);
        events.OfType<CommandRejected>().ShouldHaveSingleItem().Reason.ShouldBe("TRADING_BAD_STOPS");
        broker.Positions[0].Stop.ShouldBe(Price.Parse("1.09010"));
    }

    [Fact]
    public void Interest_is_charged_at_the_instrument_s_own_time()
    {
        // Midnight in Frankfurt is 18:00 New York: 23:00 UTC in winter. Wednesday's night is the triple one.
        SymbolCosts costs = SymbolCosts.Zero with { Swap = new SwapTerms(SwapUnit.Pips, -0.5m, 0.2m) { Time = new TimeOnly(18, 0) } };
        SimulatedBroker broker = Broker(costs);
        broker.Receive(Order(Entry()), At(0));
        broker.OnQuote(0, Q(1, "1.10000", "1.10010"), events);
        events.Clear();
        broker.Advance(Instant.Parse("2019-02-08T12:00:00Z"), events);
        events.OfType<SwapCharged>().Select(s => (s.Time.ToString(), s.Amount.Amount)).ShouldBe(
            [("2019-02-04T23:00:00Z", -0.5m), ("2019-02-05T23:00:00Z", -0.5m), ("2019-02-06T23:00:00Z", -1.5m), ("2019-02-07T23:00:00Z", -0.5m)]);
    }
}

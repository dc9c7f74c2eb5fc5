using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Trading;

/// <summary>The order life as the engine sees it, with a broker that answers late, twice, wrongly or not at all.</summary>
public sealed partial class EngineTests
{
    private static readonly Instant Start = Instant.Parse("2019-02-04T10:00:00Z");
    private static readonly Decision Buy = new(true, true, false, false, false, 1_000, 0, 0);
    private static readonly Decision Wait = new(true, false, false, false, false, 1_000, 0, 0);
    private static readonly Decision Leave = new(true, false, false, true, true, 1_000, 0, 0);

    private readonly Queue<Decision> script = new();
    private readonly EngineOutput output = new();
    private readonly Engine engine;
    private Instant now = Start;

    public EngineTests() => engine = new Engine(new EngineSetup
    {
        SessionId = "t",
        Deposit = new Money(10_000m, Currency.Usd),
        Instruments = [RandomMarket.EurUsd],
        Strategies = [new TradedStrategy { Id = "s", Symbol = "EURUSD", Timeframe = Timeframe.M1, Decide = (in Bar _) => script.Count > 0 ? script.Dequeue() : Wait }],
        Limits = new Limits { MaxSpreadOfStop = 10m },
    });

    /// <summary>One minute with a quote in it, then the strategy's decision at its end.</summary>
    private void Minute(Decision decision)
    {
        script.Enqueue(decision);
        engine.Step(Event.OfQuote(0, new Quote(now, Price.Parse("1.10000"), Price.Parse("1.10010"))), output);
        now += Duration.FromMinutes(1);
        engine.Step(Event.OfClock(now), output);
    }

    private void Clock(double seconds) => engine.Step(Event.OfClock(now + new Duration((long)(seconds * 1e9))), output);

    private void Say(BrokerEvent e) => engine.Step(Event.OfBroker(e), output);

    private T Sent<T>()
        where T : Command
    {
        T command = output.Commands.OfType<T>().ShouldHaveSingleItem();
        output.Clear();
        return command;
    }

    private void SentNothing()
    {
        output.Commands.ShouldBeEmpty();
        output.Clear();
    }

    private static Position PositionOf(OrderRequest order, string? stop = "1.09010") => new()
    {
        Id = 7,
        Symbol = "EURUSD",
        Side = order.Side,
        Quantity = order.Quantity,
        Cost = order.Quantity * Price.Parse("1.10010"),
        OpenedAt = Start,
        Stop = stop is null ? null : Price.Parse(stop),
        Label = order.Label,
        ClientOrderId = order.ClientOrderId,
    };

    private static Deal Opening(OrderRequest order, long id = 1) => new()
    {
        Id = id,
        PositionId = 7,
        ClientOrderId = order.ClientOrderId,
        Label = order.Label,
        Symbol = "EURUSD",
        Side = order.Side,
        Quantity = order.Quantity,
        Price = Price.Parse("1.10010"),
        Time = Start,
        Commission = new Money(1m, Currency.Usd),
    };

    private static Deal Closing(OrderRequest order, ExitReason reason, long id = 2) => Opening(order, id) with
    {
        ClientOrderId = "",
        Side = order.Side.Opposite(),
        Price = Price.Parse("1.10110"),
        Closed = new ClosedPart(new Money(order.Quantity.ToUnits() / 1000, Currency.Usd), reason),
    };

    private OrderRequest Opened()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Say(new OrderAccepted(now, order.ClientOrderId));
        Say(new OrderFilled(now, Opening(order), PositionOf(order)));
        output.Clear();
        return order;
    }

    private Reconciled Statement(IReadOnlyList<Position> positions, IReadOnlyList<OrderRequest> orders, IReadOnlyList<Deal> deals) =>
        new(now, engine.Balance, positions, orders, deals);

    [Fact]
    public void An_entry_carries_its_protection_and_a_size_that_risks_half_a_percent()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        order.StopDistance.ShouldBe(new Move(1_000));
        order.Quantity.ShouldBe(Quantity.FromUnits(5_000), "5 000 units lose 50 USD over 100 pips");
        order.ClientOrderId.ShouldBe("t-1");
        Minute(Buy);
        output.Commands.OfType<SubmitOrder>().ShouldBeEmpty("one entry at a time");
    }

    [Fact]
    public void A_close_that_the_broker_still_has_in_hand_is_not_sent_twice_and_one_it_does_not_know_is()
    {
        OrderRequest order = Opened();
        Minute(Leave);
        Sent<ClosePosition>();
        Say(Statement([PositionOf(order)], [], [Opening(order)]) with { Closing = [7] });
        output.Clear();
        Minute(Leave);
        SentNothing();
        Say(Statement([PositionOf(order)], [], [Opening(order)]));
        Sent<ClosePosition>().PositionId.ShouldBe(7);
    }

    [Fact]
    public void Interest_whose_report_was_lost_is_taken_up_from_the_position()
    {
        OrderRequest order = Opened();
        Say(Statement([PositionOf(order) with { Swap = new Money(-1.25m, Currency.Usd) }], [], [Opening(order)]));
        Say(new OrderFilled(now, Closing(order, ExitReason.Stop), null));
        output.Trades.ShouldHaveSingleItem().Swap.ShouldBe(new Money(1.25m, Currency.Usd));
    }

    [Fact]
    public void An_operator_sees_what_is_held_what_it_is_worth_and_what_it_may_lose()
    {
        engine.Holdings.ShouldBeEmpty();
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Holding opening = engine.Holdings.ShouldHaveSingleItem();
        (opening.Phase, opening.PositionId, opening.EntryPrice, opening.Quantity).ShouldBe((SlotPhase.Opening, 0, null, order.Quantity));
        Say(new OrderFilled(now, Opening(order), PositionOf(order)));
        Say(Statement([PositionOf(order), PositionOf(order) with { Id = 9, Label = "", Side = Side.Sell, Stop = null }], [], [Opening(order)]));
        engine.Holdings.Count.ShouldBe(2);
        Holding ours = engine.Holdings[0], foreign = engine.Holdings[1];
        (ours.Strategy, ours.PositionId, ours.EntryPrice, ours.Stop).ShouldBe(("s", 7, 1.10010m, Price.Parse("1.09010")));
        ours.Unrealised.ShouldBe(new Money(-0.5m, Currency.Usd));
        ours.RiskAtStop.ShouldBe(new Money(50m, Currency.Usd));
        (foreign.Strategy, foreign.PositionId, foreign.RiskAtStop).ShouldBe(("", 9, null));
    }

    [Fact]
    public void An_order_without_an_answer_is_unknown_and_never_sent_again()
    {
        Minute(Buy);
        Sent<SubmitOrder>();
        engine.NextDue.ShouldBe(now + Duration.FromSeconds(10));
        Clock(10);
        Sent<RequestReconcile>();
        engine.InStep.ShouldBeFalse();
        Minute(Buy);
        output.Commands.OfType<SubmitOrder>().ShouldBeEmpty();
    }

    [Fact]
    public void An_unknown_order_that_the_broker_filled_is_taken_up_with_its_deal()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Clock(10);
        Say(Statement([PositionOf(order)], [], [Opening(order)]));
        output.Clear();
        engine.InStep.ShouldBeTrue();
        Minute(Leave);
        Sent<ClosePosition>().PositionId.ShouldBe(7);
    }

    [Fact]
    public void An_order_that_the_broker_does_not_know_twice_ten_seconds_apart_never_arrived()
    {
        Minute(Buy);
        Sent<SubmitOrder>();
        Clock(10);
        now += Duration.FromSeconds(10);
        Say(Statement([], [], []));
        output.Clear();
        Clock(10);
        Sent<RequestReconcile>();
        now += Duration.FromSeconds(10);
        Say(Statement([], [], []));
        output.Alerts.ShouldContain(a => a.Contains("never arrived", StringComparison.Ordinal));
        output.Clear();
        Minute(Buy);
        Sent<SubmitOrder>().Order.ClientOrderId.ShouldBe("t-2", "a new decision is a new order");
    }

    [Fact]
    public void An_order_that_shows_up_between_the_two_looks_is_not_given_up()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Clock(10);
        now += Duration.FromSeconds(10);
        Say(Statement([], [], []));
        output.Clear();
        Say(new OrderFilled(now, Opening(order), PositionOf(order)));
        now += Duration.FromSeconds(10);
        Clock(0);
        Say(Statement([PositionOf(order)], [], [Opening(order)]));
        output.Clear();
        Minute(Leave);
        Sent<ClosePosition>();
    }

    [Fact]
    public void A_deal_told_twice_counts_once()
    {
        OrderRequest order = Opened();
        engine.Balance.ShouldBe(new Money(9_999m, Currency.Usd));
        Say(new OrderFilled(now, Opening(order), PositionOf(order)));
        engine.Balance.ShouldBe(new Money(9_999m, Currency.Usd));
        Say(new OrderFilled(now, Closing(order, ExitReason.Stop), null));
        Say(new OrderFilled(now, Closing(order, ExitReason.Stop), null));
        output.Trades.ShouldHaveSingleItem().Net.ShouldBe(new Money(3m, Currency.Usd));
        engine.Balance.ShouldBe(new Money(10_003m, Currency.Usd));
    }

    [Fact]
    public void A_position_that_filled_without_its_stop_is_protected_at_once_and_closed_when_that_is_refused()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Say(new OrderFilled(now, Opening(order), PositionOf(order, stop: null)));
        Sent<AmendProtection>().Stop.ShouldBe(Price.Parse("1.09010"));
        Say(new CommandRejected(now, 7, PositionCommand.Amend, "TRADING_BAD_STOPS"));
        Sent<ClosePosition>().Reason.ShouldBe(ExitReason.Risk);
    }

    [Fact]
    public void A_rejected_order_leaves_the_strategy_free()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Say(new OrderRejected(now, order.ClientOrderId, "MARKET_CLOSED"));
        output.Alerts.ShouldNotBeEmpty();
        output.Clear();
        Minute(Buy);
        Sent<SubmitOrder>().Order.ClientOrderId.ShouldBe("t-2");
    }

    [Fact]
    public void Halt_opens_nothing_and_still_closes()
    {
        Opened();
        engine.Step(Event.OfOperator(now, new Halt("lunch")), output);
        Minute(Leave);
        Sent<ClosePosition>();
    }

    [Fact]
    public void A_halted_engine_refuses_to_open_until_it_is_told_to_resume()
    {
        engine.Step(Event.OfOperator(now, new Halt("lunch")), output);
        Minute(Buy);
        SentNothing();
        engine.Step(Event.OfOperator(now, new Resume()), output);
        Minute(Buy);
        Sent<SubmitOrder>();
    }

    [Fact]
    public void Flatten_closes_ours_and_leaves_strangers_unless_it_says_all()
    {
        OrderRequest order = Opened();
        Position stranger = PositionOf(order) with { Id = 99, Label = "", ClientOrderId = "" };
        Say(Statement([PositionOf(order), stranger], [], [Opening(order)]));
        output.Clear();
        engine.Step(Event.OfOperator(now, new Flatten(false)), output);
        Sent<ClosePosition>().PositionId.ShouldBe(7);
        engine.Step(Event.OfOperator(now, new Flatten(true)), output);
        Sent<ClosePosition>().PositionId.ShouldBe(99);
    }

    [Fact]
    public void Flatten_catches_an_entry_that_is_still_on_its_way()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        engine.Step(Event.OfOperator(now, new Flatten(false)), output);
        SentNothing();
        Say(new OrderFilled(now, Opening(order), PositionOf(order)));
        Sent<ClosePosition>().Reason.ShouldBe(ExitReason.Operator);
    }

    [Fact]
    public void A_close_that_the_broker_refuses_is_tried_again_at_the_next_bar()
    {
        OrderRequest order = Opened();
        Minute(Leave);
        Sent<ClosePosition>();
        Say(new CommandRejected(now, 7, PositionCommand.Close, "MARKET_CLOSED"));
        Say(Statement([PositionOf(order)], [], [Opening(order)]));
        output.Clear();
        Minute(Leave);
        Sent<ClosePosition>();
    }

    [Fact]
    public void After_a_lost_connection_nothing_is_opened_before_the_broker_has_stated_what_it_holds()
    {
        Say(new ConnectionChanged(now, false));
        Minute(Buy);
        SentNothing();
        Say(new ConnectionChanged(now, true));
        Sent<RequestReconcile>();
        Minute(Buy);
        output.Commands.OfType<SubmitOrder>().ShouldBeEmpty();
        Say(Statement([], [], []));
        output.Clear();
        Minute(Buy);
        Sent<SubmitOrder>();
    }

    [Fact]
    public void A_position_that_vanished_without_a_deal_halts_the_session()
    {
        Opened();
        Say(Statement([], [], []));
        engine.Halted.ShouldNotBeNull();
        output.Alerts.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_balance_that_differs_from_ours_gives_way_and_is_told()
    {
        Say(Statement([], [], []) with { Balance = new Money(9_000m, Currency.Usd) });
        engine.Balance.ShouldBe(new Money(9_000m, Currency.Usd));
        output.Alerts.ShouldHaveSingleItem().ShouldContain("9000.00 USD");
    }
}

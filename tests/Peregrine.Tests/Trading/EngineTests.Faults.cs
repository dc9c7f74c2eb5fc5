using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Trading;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Trading;

/// <content>Fills in parts, answers that are lost, late, repeated or out of order, and accounts with positions that are not ours.</content>
public sealed partial class EngineTests
{
    [Fact]
    public void An_order_filled_in_parts_is_one_position_of_ours()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Quantity part = Quantity.FromUnits(2_000), rest = order.Quantity - part;
        Say(new OrderFilled(now, Opening(order) with { Quantity = part }, PositionOf(order) with { Quantity = part }));
        engine.Holdings.ShouldHaveSingleItem().Quantity.ShouldBe(part);
        Say(new OrderFilled(now, Opening(order, 2) with { Quantity = rest }, PositionOf(order)));
        Holding held = engine.Holdings.ShouldHaveSingleItem();
        (held.Strategy, held.Quantity).ShouldBe(("s", order.Quantity));
    }

    [Fact]
    public void A_close_filled_in_parts_ends_one_trade_and_the_broker_is_asked_for_a_rest_that_does_not_come()
    {
        OrderRequest order = Opened();
        Minute(Leave);
        Sent<ClosePosition>();
        Quantity part = Quantity.FromUnits(2_000), rest = order.Quantity - part;
        Say(new CloseAccepted(now, 7));
        Say(new OrderFilled(now, Closing(order, ExitReason.Signal) with { Quantity = part }, PositionOf(order) with { Quantity = rest }));
        output.Trades.ShouldBeEmpty();
        Clock(11);
        Sent<RequestReconcile>();
        Say(new OrderFilled(now, Closing(order, ExitReason.Signal, 3) with { Quantity = rest }, null));
        output.Trades.ShouldHaveSingleItem().Quantity.ShouldBe(order.Quantity);
    }

    [Fact]
    public void What_the_operator_ordered_closed_is_closed_although_the_broker_refused_once()
    {
        OrderRequest order = Opened();
        engine.Step(Event.OfOperator(now, new Flatten(false)), output);
        Sent<ClosePosition>();
        Say(new CommandRejected(now, 7, PositionCommand.Close, "MARKET_CLOSED"));
        Say(Statement([PositionOf(order)], [], [Opening(order)]));
        output.Clear();
        Minute(Wait);
        Sent<ClosePosition>().Reason.ShouldBe(ExitReason.Operator);
    }

    [Fact]
    public void A_close_that_is_refused_because_another_is_on_its_way_is_waited_for()
    {
        OrderRequest order = Opened();
        Minute(Leave);
        Sent<ClosePosition>();
        Say(new CommandRejected(now, 7, PositionCommand.Close, "POSITION_LOCKED"));
        output.Clear();
        Say(Statement([PositionOf(order)], [], [Opening(order)]) with { Closing = [7] });
        Minute(Wait);
        SentNothing();
        engine.Holdings.ShouldHaveSingleItem().Phase.ShouldBe(SlotPhase.Closing);
        Say(new OrderFilled(now, Closing(order, ExitReason.Signal), null));
        output.Trades.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_refused_amend_is_not_taken_for_the_close_that_is_on_its_way()
    {
        Opened();
        Minute(Leave);
        Sent<ClosePosition>();
        Say(new CommandRejected(now, 7, PositionCommand.Amend, "TRADING_BAD_STOPS"));
        SentNothing();
        engine.Holdings.ShouldHaveSingleItem().Phase.ShouldBe(SlotPhase.Closing);
    }

    [Fact]
    public void A_position_larger_at_the_broker_than_ours_halts_the_session()
    {
        OrderRequest order = Opened();
        Say(Statement([PositionOf(order) with { Quantity = order.Quantity + order.Quantity }], [], [Opening(order)]));
        engine.Halted.ShouldNotBeNull();
    }

    [Fact]
    public void On_a_netted_account_nothing_joins_a_foreign_position()
    {
        var netted = new Engine(new EngineSetup
        {
            SessionId = "t",
            Deposit = new Money(10_000m, Currency.Usd),
            Kind = AccountKind.Netted,
            Instruments = [RandomMarket.EurUsd],
            Strategies = [new TradedStrategy { Id = "s", Symbol = "EURUSD", Timeframe = Timeframe.M1, Decide = (in Bar _) => Buy }],
        });
        var foreign = new Position { Id = 9, Symbol = "EURUSD", Side = Side.Buy, Quantity = Quantity.FromUnits(1_000), Cost = QuoteValue.Zero, OpenedAt = Start };
        netted.Step(Event.OfBroker(new Reconciled(now, netted.Balance, [foreign], [], [])), output);
        netted.Step(Event.OfQuote(0, new Quote(now, Price.Parse("1.10000"), Price.Parse("1.10001"))), output);
        netted.Step(Event.OfClock(now + Duration.FromMinutes(1)), output);
        output.Commands.ShouldBeEmpty();
        output.Refusals.ShouldHaveSingleItem().Rule.ShouldBe("netting");
    }

    [Fact]
    public void A_close_that_was_lost_is_sent_again_when_the_broker_holds_the_position_and_knows_of_none()
    {
        OrderRequest order = Opened();
        engine.Step(Event.OfOperator(now, new Flatten(false)), output);
        Sent<ClosePosition>();
        Say(new ConnectionChanged(now, true));
        output.Clear();
        Say(Statement([PositionOf(order)], [], [Opening(order)]));
        Sent<ClosePosition>().Reason.ShouldBe(ExitReason.Operator);
        Say(Statement([PositionOf(order)], [], [Opening(order)]) with { Closing = [7] });
        SentNothing();
    }

    [Fact]
    public void A_stop_that_is_not_confirmed_is_asked_for_and_then_the_position_is_closed()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Say(new OrderFilled(now, Opening(order), PositionOf(order, stop: null)));
        Sent<AmendProtection>();
        engine.Holdings.ShouldHaveSingleItem().Stop.ShouldBeNull("it has none at the broker");
        Clock(11);
        Sent<RequestReconcile>();
        Say(Statement([PositionOf(order, stop: null)], [], [Opening(order)]));
        Sent<ClosePosition>().Reason.ShouldBe(ExitReason.Risk);
    }

    [Fact]
    public void A_stop_that_is_confirmed_ends_the_wait_for_it()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Say(new OrderFilled(now, Opening(order), PositionOf(order, stop: null)));
        output.Clear();
        Say(new PositionChanged(now, PositionOf(order)));
        Clock(11);
        SentNothing();
        engine.Holdings.ShouldHaveSingleItem().Stop.ShouldBe(Price.Parse("1.09010"));
    }

    /// <summary>An entry that the broker did not know twice.</summary>
    private OrderRequest GivenUp()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Clock(11);
        Say(Statement([], [], []));
        now += Duration.FromSeconds(30);
        Say(Statement([], [], []));
        return order;
    }

    [Fact]
    public void An_order_that_fills_after_it_was_given_up_is_ours_and_is_closed()
    {
        OrderRequest order = GivenUp();
        engine.Holdings.ShouldBeEmpty();
        output.Clear();
        Say(new OrderFilled(now, Opening(order), PositionOf(order)));
        output.Alerts.ShouldHaveSingleItem().ShouldContain("given up");
        Sent<ClosePosition>().PositionId.ShouldBe(7);
        Minute(Buy);
        OrderRequest second = Sent<SubmitOrder>().Order;
        second.ClientOrderId.ShouldNotBe(order.ClientOrderId);
        Say(new OrderFilled(now, Closing(order, ExitReason.Signal), null));
        output.Trades.ShouldHaveSingleItem().ExitReason.ShouldBe(ExitReason.Risk);
        engine.Holdings.ShouldHaveSingleItem().Phase.ShouldBe(SlotPhase.Opening);
    }

    [Fact]
    public void A_deal_that_closes_what_is_not_known_waits_for_the_broker_s_statement()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Say(new OrderFilled(now, Closing(order, ExitReason.Stop), null));
        Sent<RequestReconcile>();
        Say(new OrderFilled(now, Opening(order), null));
        Say(new Reconciled(now, new Money(10_003m, Currency.Usd), [], [], [Opening(order), Closing(order, ExitReason.Stop)]));
        output.Trades.ShouldHaveSingleItem();
        engine.Halted.ShouldBeNull();
        engine.Holdings.ShouldBeEmpty();
        engine.Balance.ShouldBe(new Money(10_003m, Currency.Usd));
    }

    [Fact]
    public void Nightly_interest_told_twice_is_paid_once()
    {
        Opened();
        Money before = engine.Balance;
        var swap = new SwapCharged(now, 7, new Money(-5m, Currency.Usd));
        Say(swap);
        Say(swap);
        engine.Balance.ShouldBe(before - new Money(5m, Currency.Usd));
        Say(swap with { Time = now + Duration.FromHours(24) });
        engine.Balance.ShouldBe(before - new Money(10m, Currency.Usd));
    }

    [Fact]
    public void A_market_order_that_was_accepted_and_does_not_fill_although_prices_come_is_asked_about()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Say(new OrderAccepted(now, order.ClientOrderId));
        for (int i = 1; i <= 5; i++)
        {
            Clock(60 * i);
        }

        SentNothing();
        now += Duration.FromMinutes(6);
        Minute(Wait);
        Sent<RequestReconcile>();
        Say(Statement([PositionOf(order)], [], [Opening(order)]));
        engine.Holdings.ShouldHaveSingleItem().Phase.ShouldBe(SlotPhase.Open);
    }

    [Fact]
    public void A_statement_older_than_a_deal_is_not_believed()
    {
        OrderRequest order = Opened();
        Reconciled stale = Statement([PositionOf(order)], [], [Opening(order)]);
        Say(new OrderFilled(now, Closing(order, ExitReason.Stop) with { Time = now + Duration.FromSeconds(1) }, null));
        Money good = engine.Balance;
        output.Clear();
        Say(stale);
        SentNothing();
        engine.InStep.ShouldBeFalse();
        Clock(11);
        Sent<RequestReconcile>();
        engine.Balance.ShouldBe(good);
        engine.Holdings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("EURUSD", false)]
    [InlineData("XAUUSD", true)]
    public void Foreign_positions_use_margin_and_one_that_cannot_be_valued_stops_entries(string symbol, bool unknown)
    {
        var levered = new Engine(new EngineSetup
        {
            SessionId = "t",
            Deposit = new Money(10_000m, Currency.Usd),
            Leverage = 30,
            Instruments = [RandomMarket.EurUsd],
            Strategies = [new TradedStrategy { Id = "s", Symbol = "EURUSD", Timeframe = Timeframe.M1, Decide = (in Bar _) => Buy }],
            Limits = new Limits { MaxSpreadOfStop = 10m },
        });
        void At(Instant time, BrokerEvent? told = null)
        {
            levered.Step(told is null ? Event.OfQuote(0, new Quote(time, Price.Parse("1.10000"), Price.Parse("1.10001"))) : Event.OfBroker(told), output);
            levered.Step(Event.OfClock(time + Duration.FromMinutes(1)), output);
        }

        var foreign = new Position { Id = 99, Symbol = symbol, Side = Side.Buy, Quantity = Quantity.FromUnits(272_000), Cost = Quantity.FromUnits(272_000) * Price.Parse("1.10000"), OpenedAt = Start };
        levered.Step(Event.OfBroker(new Reconciled(now, levered.Balance, [foreign], [], [])), output);
        At(now);
        output.Commands.ShouldBeEmpty();
        output.Refusals.ShouldHaveSingleItem().Rule.ShouldBe(unknown ? "account-known" : "free-margin");
    }

    [Fact]
    public void Orders_on_their_way_use_margin()
    {
        TradedStrategy Named(string id) => new() { Id = id, Symbol = "EURUSD", Timeframe = Timeframe.M1, Decide = (in Bar _) => Buy };
        var levered = new Engine(new EngineSetup
        {
            SessionId = "t",
            Deposit = new Money(10_000m, Currency.Usd),
            Leverage = 30,
            Instruments = [RandomMarket.EurUsd],
            Strategies = [Named("a"), Named("b")],
            Sizing = new SizingRule { Fixed = Quantity.FromUnits(150_000) },
            Limits = new Limits { MaxSpreadOfStop = 10m, MaxRiskPerTrade = 1 },
        });
        levered.Step(Event.OfQuote(0, new Quote(now, Price.Parse("1.10000"), Price.Parse("1.10001"))), output);
        levered.Step(Event.OfClock(now + Duration.FromMinutes(1)), output);
        output.Commands.OfType<SubmitOrder>().ShouldHaveSingleItem().Order.Label.ShouldBe("a", "150 000 units need 5 500 of 10 000");
        output.Refusals.ShouldHaveSingleItem().Strategy.ShouldBe("b");
    }

    [Fact]
    public void A_broker_that_refuses_everything_is_asked_once_a_bar_and_not_in_a_circle()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Position bare = PositionOf(order, stop: null);
        Say(new OrderFilled(now, Opening(order), bare));
        int sent = 0;
        for (int i = 0; i < 50; i++)
        {
            Command[] commands = [.. output.Commands];
            output.Clear();
            sent += commands.Length;
            foreach (Command command in commands)
            {
                Say(command switch
                {
                    AmendProtection => new CommandRejected(now, 7, PositionCommand.Amend, "MARKET_CLOSED"),
                    ClosePosition => new CommandRejected(now, 7, PositionCommand.Close, "MARKET_CLOSED"),
                    _ => Statement([bare], [], [Opening(order)]),
                });
            }
        }

        // The stop, the close, and the question after its refusal.
        sent.ShouldBe(3);
        Minute(Wait);
        output.Commands.OfType<ClosePosition>().ShouldHaveSingleItem();
    }

    [Fact]
    public void The_rest_of_an_entry_that_fills_after_its_first_part_was_stopped_out_is_closed()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Quantity part = Quantity.FromUnits(2_000), rest = order.Quantity - part;
        Say(new OrderFilled(now, Opening(order) with { Quantity = part }, PositionOf(order) with { Quantity = part }));
        Say(new OrderFilled(now, Closing(order, ExitReason.Stop) with { Quantity = part }, null));
        output.Trades.ShouldHaveSingleItem().Quantity.ShouldBe(part);
        output.Clear();
        Say(new OrderFilled(now, Opening(order, 3) with { Quantity = rest, PositionId = 8 }, PositionOf(order) with { Id = 8, Quantity = rest }));
        ClosePosition close = Sent<ClosePosition>();
        (close.PositionId, close.Quantity).ShouldBe((8, rest));
    }

    [Fact]
    public void A_deal_that_closes_more_than_is_known_waits_for_the_broker_s_statement()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Quantity part = Quantity.FromUnits(2_000), rest = order.Quantity - part;
        Deal first = Opening(order) with { Quantity = part }, second = Opening(order, 2) with { Quantity = rest }, closing = Closing(order, ExitReason.Stop, 3);
        Say(new OrderFilled(now, first, PositionOf(order) with { Quantity = part }));
        Say(new OrderFilled(now, closing, null));
        Sent<RequestReconcile>();
        output.Trades.ShouldBeEmpty();
        Say(Statement([], [], [first, second, closing]));
        output.Trades.ShouldHaveSingleItem().Quantity.ShouldBe(order.Quantity);
        engine.Holdings.ShouldBeEmpty();
    }

    [Fact]
    public void A_change_told_after_the_position_has_gone_makes_no_stranger_of_it()
    {
        OrderRequest order = Opened();
        Say(new OrderFilled(now, Closing(order, ExitReason.Stop), null));
        Say(new PositionChanged(now, PositionOf(order)));
        engine.Holdings.ShouldBeEmpty();
        engine.Equity.ShouldBe(engine.Balance);
    }

    [Fact]
    public void An_order_given_up_that_fills_is_closed_although_the_first_close_is_refused()
    {
        OrderRequest order = GivenUp();
        Say(new OrderFilled(now, Opening(order), PositionOf(order)));
        output.Clear();
        Say(new CommandRejected(now, 7, PositionCommand.Close, "MARKET_CLOSED"));
        Say(Statement([PositionOf(order)], [], [Opening(order)]));
        output.Clear();
        Minute(Wait);
        Minute(Wait);
        Sent<ClosePosition>().PositionId.ShouldBe(7);
    }

    [Fact]
    public void A_stranger_that_adds_to_our_position_is_not_counted_twice()
    {
        OrderRequest order = Opened();
        Quantity more = order.Quantity + order.Quantity;
        Say(new OrderFilled(now, Opening(order, 2) with { ClientOrderId = "", Label = "" }, PositionOf(order) with { Quantity = more }));
        Sent<RequestReconcile>();
        engine.Holdings.ShouldHaveSingleItem().Quantity.ShouldBe(order.Quantity);
        Say(Statement([PositionOf(order) with { Quantity = more }], [], [Opening(order), Opening(order, 2)]));
        engine.Halted.ShouldNotBeNull();
    }

    [Fact]
    public void Interest_that_a_statement_told_is_not_paid_again_when_its_report_comes_late()
    {
        OrderRequest order = Opened();
        Money before = engine.Balance, cost = new(5m, Currency.Usd);
        Instant night = now;
        now += Duration.FromMinutes(1);
        Say(new Reconciled(now, before - cost, [PositionOf(order) with { Swap = -cost }], [], [Opening(order)]));
        Say(new SwapCharged(night, 7, -cost));
        engine.Balance.ShouldBe(before - cost);
    }
}

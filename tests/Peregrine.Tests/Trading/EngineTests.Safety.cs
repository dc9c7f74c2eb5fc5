using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Trading;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Trading;

/// <content>Stops that are not where they were thought to be, flattening with answers outstanding, and what strangers do to the account.</content>
public sealed partial class EngineTests
{
    [Fact]
    public void The_stop_and_target_that_the_broker_set_count_and_not_the_ones_that_were_meant()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Say(new OrderFilled(now, Opening(order), PositionOf(order, stop: "1.09000") with { Target = Price.Parse("1.12000") }));
        SentNothing();
        Holding held = engine.Holdings.ShouldHaveSingleItem();
        (held.Stop, held.Target).ShouldBe((Price.Parse("1.09000"), Price.Parse("1.12000")), "meant were 1.09010 and none");
        held.RiskAtStop.ShouldBe(new Money(50.5m, Currency.Usd), "5 000 units from 1.10010 to 1.09000");
        Say(new PositionChanged(now, PositionOf(order, stop: "1.09000")));
        Say(new OrderFilled(now, Closing(order, ExitReason.Stop), null));
        Trade trade = output.Trades.ShouldHaveSingleItem();
        (trade.Stop, trade.InitialRisk, trade.ExitReason).ShouldBe((Price.Parse("1.09000"), new Money(50.5m, Currency.Usd), ExitReason.Stop), "nobody trailed it");
    }

    [Fact]
    public void A_stop_that_somebody_removed_is_put_back()
    {
        OrderRequest order = Opened();
        Say(new PositionChanged(now, PositionOf(order, stop: null)));
        engine.Holdings.ShouldHaveSingleItem().Stop.ShouldBeNull("the broker holds none");
        Sent<AmendProtection>().ShouldBe(new AmendProtection(7, Price.Parse("1.09010"), null));
        Say(new CommandRejected(now, 7, PositionCommand.Amend, "TRADING_BAD_STOPS"));
        Sent<ClosePosition>().Reason.ShouldBe(ExitReason.Risk);
    }

    [Fact]
    public void A_stop_that_was_lost_while_we_were_away_is_put_back_at_the_reconcile()
    {
        OrderRequest order = Opened();
        Say(new ConnectionChanged(now, false));
        Say(Statement([PositionOf(order, stop: null)], [], [Opening(order)]));
        output.Alerts.ShouldHaveSingleItem().ShouldContain("no stop at the broker");
        Sent<AmendProtection>().ShouldBe(new AmendProtection(7, Price.Parse("1.09010"), null));
    }

    [Fact]
    public void After_a_refused_close_the_broker_is_asked_what_it_holds_and_nothing_is_opened_before_it_has_said()
    {
        Opened();
        Minute(Leave);
        Sent<ClosePosition>();
        Say(new CommandRejected(now, 7, PositionCommand.Close, "POSITION_NOT_FOUND"));
        Sent<RequestReconcile>();
        engine.InStep.ShouldBeFalse();
    }

    [Fact]
    public void Flatten_halts_and_nothing_is_opened_until_it_is_told_to_resume()
    {
        engine.Step(Event.OfOperator(now, new Flatten(false)), output);
        engine.Halted.ShouldNotBeNull();
        Minute(Buy);
        SentNothing();
        engine.Step(Event.OfOperator(now, new Resume()), output);
        Minute(Buy);
        Sent<SubmitOrder>();
    }

    [Fact]
    public void Flatten_catches_an_entry_whose_outcome_is_unknown()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Clock(10);
        Sent<RequestReconcile>();
        engine.Holdings.ShouldHaveSingleItem().Phase.ShouldBe(SlotPhase.Unknown);
        engine.Step(Event.OfOperator(now, new Flatten(false)), output);
        SentNothing();
        Say(new OrderFilled(now, Opening(order), PositionOf(order)));
        Sent<ClosePosition>().ShouldBe(new ClosePosition(7, order.Quantity, ExitReason.Operator));
    }

    [Fact]
    public void An_entry_and_its_stop_that_were_both_missed_are_one_trade_in_whatever_order_the_broker_lists_them()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Say(new ConnectionChanged(now, false));
        Say(Statement([], [], [Closing(order, ExitReason.Stop), Opening(order)]) with { Balance = new Money(10_003m, Currency.Usd) });
        output.Trades.ShouldHaveSingleItem().Net.ShouldBe(new Money(3m, Currency.Usd), "5 gained, less 1 of commission a side");
        engine.Halted.ShouldBeNull();
        engine.Holdings.ShouldBeEmpty();
        output.Alerts.ShouldBeEmpty();
    }

    [Fact]
    public void Nine_seconds_without_trace_of_an_order_do_not_mean_that_it_never_arrived()
    {
        Minute(Buy);
        OrderRequest order = Sent<SubmitOrder>().Order;
        Clock(10);
        now += Duration.FromSeconds(10);
        Say(Statement([], [], []));
        engine.NextDue.ShouldBe(now + Duration.FromSeconds(10));
        output.Clear();
        Clock(9);
        SentNothing();
        now += Duration.FromSeconds(9);
        Say(Statement([], [], []));
        engine.Holdings.ShouldHaveSingleItem().Phase.ShouldBe(SlotPhase.Unknown);
        Clock(0.999);
        SentNothing();
        Say(new OrderFilled(now, Opening(order), PositionOf(order)));
        SentNothing();
        engine.Holdings.ShouldHaveSingleItem().Phase.ShouldBe(SlotPhase.Open);
    }

    [Fact]
    public void A_stranger_s_result_is_part_of_the_equity_until_the_broker_no_longer_holds_the_position()
    {
        Minute(Wait);
        var stranger = new Position { Id = 99, Symbol = "EURUSD", Side = Side.Buy, Quantity = Quantity.FromUnits(10_000), Cost = Quantity.FromUnits(10_000) * Price.Parse("1.11000"), OpenedAt = Start };
        Say(Statement([stranger], [], []));
        engine.Equity.ShouldBe(new Money(9_900m, Currency.Usd), "10 000 units bought at 1.11 lose 100 at the bid of 1.10");
        engine.Holdings.ShouldHaveSingleItem().PositionId.ShouldBe(99);
        Say(Statement([], [], []));
        engine.Holdings.ShouldBeEmpty();
        engine.Equity.ShouldBe(new Money(10_000m, Currency.Usd));
    }

    [Fact]
    public void What_a_position_of_ours_uses_of_the_margin_is_not_there_for_the_next()
    {
        bool first = true;
        var levered = new Engine(new EngineSetup
        {
            SessionId = "t",
            Deposit = new Money(10_000m, Currency.Usd),
            Leverage = 30,
            Instruments = [RandomMarket.EurUsd],
            Strategies =
            [
                new TradedStrategy { Id = "a", Symbol = "EURUSD", Timeframe = Timeframe.M1, Decide = (in Bar _) => first ? Buy : Wait },
                new TradedStrategy { Id = "b", Symbol = "EURUSD", Timeframe = Timeframe.M1, Decide = (in Bar _) => first ? Wait : Buy },
            ],
            Sizing = new SizingRule { Fixed = Quantity.FromUnits(150_000) },
            Limits = new Limits { MaxSpreadOfStop = 10m, MaxRiskPerTrade = 1 },
        });
        void Pass()
        {
            levered.Step(Event.OfQuote(0, new Quote(now, Price.Parse("1.10000"), Price.Parse("1.10010"))), output);
            now += Duration.FromMinutes(1);
            levered.Step(Event.OfClock(now), output);
        }

        Pass();
        OrderRequest order = Sent<SubmitOrder>().Order;
        levered.Step(Event.OfBroker(new OrderFilled(now, Opening(order), PositionOf(order))), output);
        first = false;
        Pass();
        output.Commands.ShouldBeEmpty("150 000 units at the bid of 1.10 use 5 500 of 9 984; another 5 500.50 are not free");
        Refusal refusal = output.Refusals.ShouldHaveSingleItem();
        (refusal.Strategy, refusal.Rule).ShouldBe(("b", "free-margin"));
    }

    [Fact]
    public void The_lost_stop_of_a_shared_position_is_put_back_at_the_furthest_and_where_that_is_refused_all_on_its_side_leave()
    {
        bool first = true;
        TradedStrategy Named(string id, double stop) => new() { Id = id, Symbol = "EURUSD", Timeframe = Timeframe.M1, Decide = (in Bar _) => (first ? Buy : Wait) with { Stop = stop } };
        var netted = new Engine(new EngineSetup
        {
            SessionId = "t",
            Deposit = new Money(10_000m, Currency.Usd),
            Kind = AccountKind.Netted,
            Instruments = [RandomMarket.EurUsd],
            Strategies = [Named("near", 500), Named("far", 1_000)],
            Limits = new Limits { MaxSpreadOfStop = 10m },
        });
        netted.Step(Event.OfQuote(0, new Quote(now, Price.Parse("1.10000"), Price.Parse("1.10010"))), output);
        now += Duration.FromMinutes(1);
        netted.Step(Event.OfClock(now), output);
        first = false;
        OrderRequest[] orders = [.. output.Commands.OfType<SubmitOrder>().Select(c => c.Order)];
        Position both = PositionOf(orders[0]) with { Quantity = orders[0].Quantity + orders[1].Quantity };
        netted.Step(Event.OfBroker(new OrderFilled(now, Opening(orders[0]), PositionOf(orders[0], stop: "1.09510"))), output);
        netted.Step(Event.OfBroker(new OrderFilled(now, Opening(orders[1], 2), both)), output);
        output.Clear();

        netted.Step(Event.OfBroker(new Reconciled(now, netted.Balance, [both with { Stop = null }], [], [Opening(orders[0]), Opening(orders[1], 2)])), output);
        Sent<AmendProtection>().ShouldBe(new AmendProtection(7, Price.Parse("1.09010"), null));
        netted.Step(Event.OfBroker(new CommandRejected(now, 7, PositionCommand.Amend, "TRADING_BAD_STOPS")), output);
        Sent<ClosePosition>().ShouldBe(new ClosePosition(7, orders[0].Quantity, ExitReason.Signal));
        netted.Holdings.ShouldAllBe(h => h.Phase == SlotPhase.Closing);

        // The deal that ended the position was not told: a close that is refused because of it has the broker asked.
        output.Clear();
        netted.Step(Event.OfBroker(new CommandRejected(now, 7, PositionCommand.Close, "POSITION_NOT_FOUND")), output);
        Sent<RequestReconcile>();
        Deal whole = Closing(orders[0], ExitReason.Stop, 3) with { Quantity = both.Quantity };
        netted.Step(Event.OfBroker(new Reconciled(now, netted.Balance, [], [], [Opening(orders[0]), Opening(orders[1], 2), whole])), output);
        netted.Holdings.ShouldBeEmpty();
        output.Trades.Count.ShouldBe(2);
    }
}

using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Contracts;

/// <summary>The contract of <see cref="BrokerContractTests"/>, its side of orders: what is accepted, filled, refused and withdrawn.</summary>
public sealed class BrokerContractOrderTests
{
    public static TheoryData<Where, bool> Everywhere => Rows.Everywhere;

    public static TheoryData<Where, bool> Simulated => Rows.Simulated;

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_market_order_is_accepted_and_then_filled_with_stop_and_target_in_place(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        foreach (Side side in (Side[])[Side.Buy, Side.Sell])
        {
            SubmitOrder order = desk.Order(side, p => p with { StopDistance = desk.Pips(50), TargetDistance = desk.Pips(70) });
            string id = order.Order.ClientOrderId;
            await desk.Send(order);
            await desk.Until<OrderAccepted>(a => a.ClientOrderId == id);
            OrderFilled filled = await desk.Until<OrderFilled>(f => f.Deal.ClientOrderId == id);

            Position position = filled.Position!;
            (Move stop, Move target) = (desk.Pips(50) * -side.Sign(), desk.Pips(70) * side.Sign());
            (position.Stop, position.Target).ShouldBe((filled.Deal.Price + stop, filled.Deal.Price + target));
            (position.Symbol, position.Side, position.Quantity, position.Cost).ShouldBe((desk.Instrument.Symbol, side, desk.Least, desk.Least * filled.Deal.Price));
            (position.ClientOrderId, position.Id, filled.Time).ShouldBe((id, filled.Deal.PositionId, filled.Deal.Time));
            (filled.Deal.Side, filled.Deal.Quantity, filled.Deal.Closed).ShouldBe((side, desk.Least, null));
            filled.Deal.Commission.Amount.ShouldBeGreaterThanOrEqualTo(0);
            if (room.IsSimulated)
            {
                filled.Deal.Time.ShouldBe(desk.Market.Time, "it is filled at the first price after it has arrived");
                filled.Deal.Price.ShouldBe(side == Side.Buy ? desk.Market.Ask + new Move(1) : desk.Market.Bid - new Move(1));
                (filled.Deal.Spread, filled.Deal.Slippage, filled.Deal.Commission).ShouldBe((desk.Market.Ask - desk.Market.Bid, new Move(1), new Money(0.03m, Currency.Usd)));
            }

            await desk.State();
            await desk.Close(position.Id, position.Quantity);
        }

        await desk.Leave();
    }

    /// <summary>A command is carried out once: one deal, one position, told once, and stated so.</summary>
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task What_is_sent_once_is_done_once(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        SubmitOrder order = desk.Order(Side.Sell);
        string id = order.Order.ClientOrderId;
        await desk.Send(order, new RequestReconcile());
        OrderFilled filled = await desk.Until<OrderFilled>(f => f.Deal.ClientOrderId == id);
        await desk.Send(new RequestReconcile());
        for (int i = 0; i < 10; i++)
        {
            await desk.Price();
        }

        Reconciled stated = await desk.State();
        stated.Deals.Where(d => d.ClientOrderId == id).ShouldHaveSingleItem().Id.ShouldBe(filled.Deal.Id);
        stated.Positions.Where(p => room.IsOurs(p.ClientOrderId)).ShouldHaveSingleItem().Quantity.ShouldBe(desk.Least);
        desk.Told.Count(e => e.Body is OrderAccepted a && a.ClientOrderId == id).ShouldBe(1);
        desk.Deals.Count(d => d.ClientOrderId == id).ShouldBe(1);
        await desk.Leave();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_volume_below_the_least_or_off_the_step_is_refused(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        foreach (Quantity volume in (Quantity[])[new Quantity(desk.Least.Cents / 2), desk.Least + new Quantity(desk.Instrument.StepQuantity.Cents / 2)])
        {
            SubmitOrder order = desk.Order(Side.Buy, null, volume);
            await desk.Send(order);
            OrderRejected refused = await desk.Until<OrderRejected>();
            (refused.ClientOrderId, refused.Reason).ShouldBe((order.Order.ClientOrderId, "TRADING_BAD_VOLUME"));
        }

        await NothingWasDone(desk);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_target_on_the_wrong_side_is_refused(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        SubmitOrder order = desk.Order(Side.Buy, p => p with { TargetDistance = desk.Pips(-20) });
        await desk.Send(order);
        (await desk.Until<OrderRejected>()).ClientOrderId.ShouldBe(order.Order.ClientOrderId);
        await NothingWasDone(desk);
    }

    [Theory]
    [MemberData(nameof(Simulated))]
    public async Task An_order_that_the_account_has_no_funds_for_is_refused(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        SubmitOrder order = desk.Order(Side.Buy, null, desk.Instrument.MaxQuantity);
        await desk.Send(order);
        OrderRejected refused = await desk.Until<OrderRejected>();
        (refused.ClientOrderId, refused.Reason).ShouldBe((order.Order.ClientOrderId, "NOT_ENOUGH_MONEY"));
        await NothingWasDone(desk);
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_order_that_waits_is_stated_and_can_be_withdrawn(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        SubmitOrder[] orders =
        [
            desk.Order(Side.Buy, p => p with { Type = OrderType.Limit, Limit = desk.Market.Bid - desk.Pips(200) }),
            desk.Order(Side.Sell, p => p with { Type = OrderType.Stop, Trigger = desk.Market.Bid - desk.Pips(200), TargetDistance = desk.Pips(40) }),
            desk.Order(Side.Buy, p => p with { Type = OrderType.StopLimit, Trigger = desk.Market.Ask + desk.Pips(200), Limit = desk.Market.Ask + desk.Pips(201) }),
        ];
        foreach (SubmitOrder order in orders)
        {
            await desk.Send(order);
            await desk.Until<OrderAccepted>(a => a.ClientOrderId == order.Order.ClientOrderId);
        }

        OrderRequest[] stated = [.. (await desk.State()).Orders.Where(o => room.IsOurs(o.ClientOrderId)).OrderBy(static o => o.ClientOrderId, StringComparer.Ordinal)];
        stated.Select(static o => (o.Symbol, o.Type, o.Trigger, o.TargetDistance)).ShouldBe(orders.Select(static o => (o.Order.Symbol, o.Order.Type, o.Order.Trigger, o.Order.TargetDistance)));
        stated.Where(static o => o.Type == OrderType.Limit).ShouldAllBe(o => o.Limit == orders[0].Order.Limit);
        foreach (SubmitOrder order in orders)
        {
            await desk.Send(new CancelOrder(order.Order.ClientOrderId));
            (await desk.Until<OrderCancelled>()).ClientOrderId.ShouldBe(order.Order.ClientOrderId);
        }

        await NothingWasDone(desk);
    }

    /// <summary>Who withdraws what was sent a moment ago means it, also where the server has not said yet that it has it.</summary>
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_order_that_was_only_just_sent_can_be_withdrawn(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        SubmitOrder order = desk.Order(Side.Sell, p => p with { Type = OrderType.Limit, Limit = desk.Market.Ask + desk.Pips(200) });
        await desk.Send(order, new CancelOrder(order.Order.ClientOrderId));
        (await desk.Until<OrderCancelled>()).ClientOrderId.ShouldBe(order.Order.ClientOrderId);
        await NothingWasDone(desk);
    }

    /// <summary>Withdrawn twice, after it was filled, or never sent: the answer is that it does not stand, or what there is.</summary>
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Withdrawing_what_does_not_stand_is_answered_and_changes_nothing(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        SubmitOrder order = desk.Order(Side.Buy, p => p with { Type = OrderType.Limit, Limit = desk.Market.Bid - desk.Pips(200) });
        await desk.Send(order);
        await desk.Until<OrderAccepted>();
        await desk.Send(new CancelOrder(order.Order.ClientOrderId));
        await desk.Until<OrderCancelled>();
        OrderFilled filled = await desk.Open(Side.Buy);
        foreach (string id in (string[])[order.Order.ClientOrderId, filled.Deal.ClientOrderId, room.NextOrderId()])
        {
            int before = desk.Told.Count;
            await desk.Send(new CancelOrder(id));
            BrokerEvent answer = await desk.Until<BrokerEvent>();
            (answer is Reconciled || (answer is OrderRejected no && no.ClientOrderId == id)).ShouldBeTrue(desk.Tail());
            desk.Told.Count.ShouldBeGreaterThan(before);
        }

        await desk.Price();
        (await desk.State()).Positions.ShouldContain(filled.Position!);
        await desk.Leave();
        desk.Told.Count(static e => e.Body is OrderCancelled).ShouldBe(1);
    }

    /// <summary>A resting order waits for its price: a limit is filled at it or better and without slippage, a stop order at the market once it is reached.</summary>
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_order_that_waits_is_filled_when_its_price_comes(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        foreach (OrderType type in (OrderType[])[OrderType.Limit, OrderType.Stop, OrderType.StopLimit])
        {
            Price below = desk.Market.Ask - desk.Pips(0.6m), above = desk.Market.Ask + desk.Pips(0.6m);
            SubmitOrder order = desk.Order(Side.Buy, p => p with
            {
                Type = type, Limit = type switch { OrderType.Limit => below, OrderType.StopLimit => above + desk.Pips(1), _ => null }, Trigger = type == OrderType.Limit ? null : above,
            });
            string id = order.Order.ClientOrderId;
            await desk.Send(order);
            await desk.Until<OrderAccepted>(a => a.ClientOrderId == id);
            OrderFilled filled = await desk.Until<OrderFilled>(f => f.Deal.ClientOrderId == id);
            filled.Position!.Stop.ShouldBe(filled.Deal.Price - desk.Pips(100));
            if (type != OrderType.Stop)
            {
                filled.Deal.Price.ShouldBeLessThanOrEqualTo(order.Order.Limit!.Value);
            }

            if (room.IsSimulated)
            {
                filled.Deal.Slippage.ShouldBe(type == OrderType.Stop ? new Move(1) : Move.Zero, $"{type}");
                filled.Deal.Spread.ShouldBe(desk.Market.Ask - desk.Market.Bid);
            }

            await desk.State();
            await desk.Close(filled.Deal.PositionId, filled.Position.Quantity);
        }

        await desk.Leave();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_order_of_a_date_ends_with_it_and_one_of_now_or_never_with_the_next_price(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        Price far = desk.Market.Bid - desk.Pips(200);
        var expiry = Core.Instant.FromUnixMilliseconds((desk.Market.Time + Core.Duration.FromMilliseconds(room.IsSimulated ? 5_500 : 2_000)).UnixMilliseconds);
        SubmitOrder dated = desk.Order(Side.Buy, p => p with { Type = OrderType.Limit, Limit = far, TimeInForce = TimeInForce.GoodTillDate, Expiry = expiry });
        await desk.Send(dated);
        OrderCancelled ended = await desk.Until<OrderCancelled>();
        (ended.ClientOrderId, ended.Reason).ShouldBe((dated.Order.ClientOrderId, "expired"));
        if (room.IsSimulated)
        {
            ended.Time.ShouldBe(expiry);
        }

        SubmitOrder atOnce = desk.Order(Side.Buy, p => p with { Type = OrderType.Limit, Limit = far, TimeInForce = TimeInForce.ImmediateOrCancel });
        await desk.Send(atOnce);
        (await desk.Until<OrderCancelled>()).ClientOrderId.ShouldBe(atOnce.Order.ClientOrderId);
        await NothingWasDone(desk);
    }

    private static async Task NothingWasDone(Desk desk)
    {
        await desk.Price();
        await desk.Price();
        await desk.State();
        desk.Deals.ShouldBeEmpty();
        await desk.Leave();
    }
}

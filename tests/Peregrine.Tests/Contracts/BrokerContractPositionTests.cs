using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Contracts;

/// <summary>The contract of <see cref="BrokerContractTests"/>, its side of positions: what closes them, what protects them, and what it comes to.</summary>
public sealed class BrokerContractPositionTests
{
    public static TheoryData<Where, bool> Everywhere => Rows.Everywhere;

    public static TheoryData<Where, bool> Hedged => Rows.Hedged;

    public static TheoryData<Where, bool> Netted => Rows.Netted;

    /// <summary>To the cent: what a deal earned is in the balance, and is what its prices come to where the account is in the currency they are in.</summary>
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_position_is_closed_in_parts_and_the_cash_is_exact(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        Money before = desk.Balance;
        Quantity part = desk.Least, all = new(part.Cents * 3);
        OrderFilled opened = await desk.Open(Side.Buy, p => p with { TargetDistance = desk.Pips(100) }, all);
        OrderFilled first = await desk.Close(opened.Deal.PositionId, part);
        (first.Position!.Quantity, first.Position.Stop, first.Position.Target).ShouldBe((all - part, opened.Position!.Stop, opened.Position.Target), "what is left is protected as it was");
        await desk.State();
        OrderFilled second = await desk.Close(opened.Deal.PositionId, all - part);
        second.Position.ShouldBeNull();
        desk.Told.Count(static e => e.Body is CloseAccepted).ShouldBe(2);

        foreach (OrderFilled closed in (OrderFilled[])[first, second])
        {
            Deal deal = closed.Deal;
            deal.Closed!.Reason.ShouldBeOneOf(ExitReason.Operator, ExitReason.Signal);
            (deal.Side, deal.ClientOrderId, deal.Symbol, closed.Time).ShouldBe((Side.Sell, "", desk.Instrument.Symbol, deal.Time));
            if (room.Currency == desk.Instrument.Quote)
            {
                deal.Closed.Gross.ShouldBe(new Money(((deal.Price - opened.Deal.Price) * deal.Quantity).ToDecimal(), room.Currency).Rounded());
            }
        }

        (first.Deal.Quantity, second.Deal.Quantity).ShouldBe((part, all - part));
        Money swaps = desk.Told.Select(static e => e.Body).OfType<SwapCharged>().Aggregate(Money.Zero(room.Currency), static (sum, s) => sum + s.Amount);
        Money costs = opened.Deal.Commission + first.Deal.Commission + second.Deal.Commission;
        (await desk.State()).Balance.ShouldBe(before + first.Deal.Closed!.Gross + second.Deal.Closed!.Gross - costs + swaps);
        await desk.Leave();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Protection_is_amended_as_a_whole_and_never_to_the_wrong_side(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        OrderFilled opened = await desk.Open(Side.Buy, p => p with { TargetDistance = desk.Pips(90) });
        long id = opened.Deal.PositionId;

        await desk.Send(new AmendProtection(id, opened.Position!.Stop!.Value + desk.Pips(10), null));
        PositionChanged moved = await desk.Until<PositionChanged>();
        (moved.Position.Id, moved.Position.Stop, moved.Position.Target).ShouldBe((id, opened.Position.Stop + desk.Pips(10), null), "what is not said is taken away");

        foreach (AmendProtection wrong in (AmendProtection[])
            [new(id, desk.Market.Bid + desk.Pips(30), null), new(id, opened.Position.Stop.Value, desk.Market.Bid - desk.Pips(30))])
        {
            await desk.Send(wrong);
            CommandRejected refused = await desk.Until<CommandRejected>();
            (refused.PositionId, refused.Command).ShouldBe((id, PositionCommand.Amend));
        }

        (await desk.State()).Positions.Single(p => p.Id == id).Stop.ShouldBe(moved.Position.Stop, "a bad level changes neither");
        await desk.Send(new AmendProtection(id, moved.Position.Stop!.Value, desk.Market.Ask + desk.Pips(80)));
        (await desk.Until<PositionChanged>()).Position.Target.ShouldNotBeNull();
        await desk.State();
        await desk.Leave();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Stop_and_target_close_when_their_price_comes(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        foreach ((Side side, ExitReason reason) in ((Side, ExitReason)[])[(Side.Buy, ExitReason.Stop), (Side.Sell, ExitReason.Stop), (Side.Buy, ExitReason.Target), (Side.Sell, ExitReason.Target)])
        {
            await CloseByProtection(room, desk, side, reason);
        }

        await desk.Leave();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task What_is_asked_of_a_position_that_is_not_there_is_refused(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        const long Unknown = 999_999_999_999;
        OrderFilled opened = await desk.Open(Side.Sell);
        await desk.Close(opened.Deal.PositionId, desk.Least);
        foreach (long id in (long[])[opened.Deal.PositionId, Unknown])
        {
            await desk.Send(new ClosePosition(id, desk.Least, ExitReason.Signal));
            CommandRejected close = await desk.Until<CommandRejected>();
            (close.PositionId, close.Command).ShouldBe((id, PositionCommand.Close));
            await desk.Send(new AmendProtection(id, desk.Market.Ask + desk.Pips(50), null));
            CommandRejected amend = await desk.Until<CommandRejected>();
            (amend.PositionId, amend.Command).ShouldBe((id, PositionCommand.Amend));
        }

        (await desk.State()).Deals.Count(d => d.PositionId == opened.Deal.PositionId).ShouldBe(2);
        await desk.Leave();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task More_than_there_is_cannot_be_closed(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        OrderFilled opened = await desk.Open(Side.Buy);
        await desk.Send(new ClosePosition(opened.Deal.PositionId, desk.Least + desk.Instrument.StepQuantity, ExitReason.Signal));
        CommandRejected refused = await desk.Until<CommandRejected>();
        (refused.PositionId, refused.Command).ShouldBe((opened.Deal.PositionId, PositionCommand.Close));
        (await desk.State()).Positions.ShouldContain(p => p.Id == opened.Deal.PositionId && p.Quantity == desk.Least);
        await desk.Leave();
    }

    [Theory]
    [MemberData(nameof(Hedged))]
    public async Task A_hedged_account_keeps_one_position_for_each_order(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        if (desk.IsNetted)
        {
            // The account of a demonstration is of one kind.
            return;
        }

        OrderFilled first = await desk.Open(Side.Buy), second = await desk.Open(Side.Sell), third = await desk.Open(Side.Buy);
        long[] ids = [first.Deal.PositionId, second.Deal.PositionId, third.Deal.PositionId];
        ids.ShouldBeUnique();
        Reconciled stated = await desk.State();
        stated.Positions.Where(p => ids.Contains(p.Id)).Select(static p => p.Side).ShouldBe([Side.Buy, Side.Sell, Side.Buy]);
        await desk.Close(ids[1], desk.Least);
        (await desk.State()).Positions.Select(static p => p.Id).Where(ids.Contains).ShouldBe([ids[0], ids[2]]);
        await desk.Leave();
    }

    [Theory]
    [MemberData(nameof(Netted))]
    public async Task A_netted_account_adds_to_its_position_reduces_it_and_turns_it(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        Quantity one = desk.Least, two = new(one.Cents * 2), three = new(one.Cents * 3);
        OrderFilled first = await desk.Open(Side.Buy, null, two);
        OrderFilled more = await desk.Open(Side.Buy, p => p with { StopDistance = desk.Pips(150) }, one);
        (more.Deal.PositionId, more.Position!.Quantity, more.Position.Cost).ShouldBe((first.Deal.PositionId, three, (two * first.Deal.Price) + (one * more.Deal.Price)));
        more.Position.Stop.ShouldBe(more.Deal.Price - desk.Pips(150), "the further of the two stops holds");

        OrderFilled less = await desk.Open(Side.Sell, null, one);
        (less.Deal.PositionId, less.Position!.Quantity, less.Position.Side, less.Position.Stop).ShouldBe((first.Deal.PositionId, two, Side.Buy, more.Position.Stop));
        less.Deal.Closed.ShouldNotBeNull();
        await desk.State();

        SubmitOrder turn = desk.Order(Side.Sell, null, three);
        await desk.Send(turn);
        OrderFilled closed = await desk.Until<OrderFilled>(), turned = await desk.Until<OrderFilled>();
        (closed.Deal.ClientOrderId, closed.Deal.PositionId, closed.Deal.Quantity, closed.Position).ShouldBe((turn.Order.ClientOrderId, first.Deal.PositionId, two, null));
        (turned.Deal.ClientOrderId, turned.Deal.Quantity, turned.Position!.Side, turned.Position.Quantity).ShouldBe((turn.Order.ClientOrderId, one, Side.Sell, one));
        turned.Position.Stop.ShouldBe(turned.Deal.Price + desk.Pips(100));
        (await desk.State()).Positions.ShouldHaveSingleItem();
        await desk.Leave();
    }

    private static async Task CloseByProtection(BrokerRoom room, Desk desk, Side side, ExitReason reason)
    {
        OrderFilled opened = await desk.Open(side, p => p with { TargetDistance = desk.Pips(100) });
        long id = opened.Deal.PositionId;
        Price level = await Bring(desk, opened.Position!, reason);
        OrderFilled closed = await desk.Until<OrderFilled>(f => f.Deal.PositionId == id);
        (closed.Position, closed.Deal.Side, closed.Deal.Quantity, closed.Deal.Closed!.Reason, closed.Deal.ClientOrderId).ShouldBe((null, side.Opposite(), desk.Least, reason, ""));
        if (room.IsSimulated)
        {
            Price leaves = side == Side.Buy ? desk.Market.Bid : desk.Market.Ask;
            Move slip = new Move(1) * side.Sign();
            (closed.Deal.Price, closed.Deal.Slippage).ShouldBe(reason == ExitReason.Target ? (level, Move.Zero) : (leaves - slip, (leaves - slip - level).Abs()));
        }

        await desk.State();
    }

    /// <summary>Moves stop or target to one pip from the market, as often as the market has been there before.</summary>
    private static async Task<Price> Bring(Desk desk, Position position, ExitReason reason)
    {
        int sign = position.Side.Sign();
        while (true)
        {
            Price leaves = position.Side == Side.Buy ? desk.Market.Bid : desk.Market.Ask;
            Price level = reason == ExitReason.Stop ? leaves - (desk.Pips(1) * sign) : leaves + (desk.Pips(1) * sign);
            await desk.Send(reason == ExitReason.Stop ? new AmendProtection(position.Id, level, position.Target) : new AmendProtection(position.Id, position.Stop!.Value, level));
            BrokerEvent answer = await desk.Until<BrokerEvent>(static e => e is PositionChanged or CommandRejected);
            if (answer is PositionChanged)
            {
                return level;
            }
        }
    }
}

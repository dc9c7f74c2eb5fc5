using Peregrine.Adapters.Ports;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Contracts;

/// <summary>
/// What the trading loop relies on in every broker (docs/venue.md): the same cases against the paper broker, against client and venue over each wire, against a venue that follows the clock on the wall, and, where
/// PEREGRINE_DEMO_ACCOUNT names one, against a demo account. The session's side of it.
/// </summary>
public sealed class BrokerContractTests
{
    public static TheoryData<Where, bool> Everywhere => Rows.Everywhere;

    public static TheoryData<Where, bool> Simulated => Rows.Simulated;

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task The_connection_is_told_of_first_then_prices_in_order_and_the_account_is_stated(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        for (int i = 0; i < 20; i++)
        {
            await desk.Price();
        }

        Reconciled stated = await desk.State();
        stated.Balance.Currency.ShouldBe(room.Currency);
        await desk.Leave();
    }

    [Theory]
    [MemberData(nameof(Simulated))]
    public async Task Prices_are_those_of_the_feed(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        while (desk.Told.Count(static e => e.Kind == EventKind.Quote) < 100)
        {
            await desk.Next();
        }

        (Instant, Price, Price)[] expected = [.. TradedAccount.Contract(netted).Quotes[0].Take(100).Select(static q => (q.Time, q.Bid, q.Ask))];
        desk.Told.Where(static e => e.Kind == EventKind.Quote).Select(static e => (e.Quote.Time, e.Quote.Bid, e.Quote.Ask)).ShouldBe(expected);
    }

    /// <summary>The clock comes when it is due, before what happens at that moment, and once it has passed at once.</summary>
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task The_clock_comes_when_it_is_due(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        Instant between = desk.Market.Time + Duration.FromMilliseconds(room.IsSimulated ? 3_500 : 400);
        Event e = await desk.Next(between);
        while (e.Kind != EventKind.Clock)
        {
            e.Time.ShouldBeLessThan(between, "what comes before the clock is of before");
            e = await desk.Next(between);
        }

        e.Time.ShouldBe(between);
        (await desk.Next(between)).ShouldBe(Event.OfClock(between), "a moment that has passed is told at once");
        if (room.IsSimulated)
        {
            Instant with = (await desk.Price()).Time + Duration.FromSeconds(1);
            (await desk.Next(with)).ShouldBe(Event.OfClock(with), "the clock comes before a price of the same moment");
            (await desk.Next()).Time.ShouldBe(with);
        }

        desk.Told.Count(static x => x.Kind == EventKind.Clock).ShouldBe(room.IsSimulated ? 3 : 2, "and only when it is asked for");
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task An_interrupted_wait_takes_nothing(Where where, bool netted)
    {
        await using BrokerRoom room = where == Where.Paper ? new PaperRoom(TradedAccount.Contract(netted), speed: 200) : BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        SubmitOrder order = desk.Order(Side.Buy);
        await desk.Send(order);
        int interrupted = 0;
        for (int i = 0; i < 40; i++)
        {
            using var now = new CancellationTokenSource();
            if (i % 2 == 0)
            {
                await now.CancelAsync();
            }

            Task<Event?> waiting = desk.Next(null, now.Token);
            await now.CancelAsync();
            try
            {
                await waiting;
            }
            catch (OperationCanceledException)
            {
                interrupted++;
                await desk.Next();
            }
        }

        interrupted.ShouldBeGreaterThan(0);
        if (!desk.Deals.Any())
        {
            await desk.Until<OrderFilled>();
        }

        desk.Deals.ShouldHaveSingleItem().ClientOrderId.ShouldBe(order.Order.ClientOrderId);
        if (room.IsSimulated)
        {
            Quote[] quotes = [.. desk.Told.Where(static e => e.Kind == EventKind.Quote).Select(static e => e.Quote)];
            quotes.Select(static q => q.Time).ShouldBe(TradedAccount.Contract(netted).Quotes[0].Take(quotes.Length).Select(static q => q.Time));
        }

        await desk.Leave();
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Disposing_ends_it_cleanly_whatever_is_under_way(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using (IBroker unused = await room.Open())
        {
        }

        Desk desk = await room.Enter();
        await desk.Send(desk.Order(Side.Buy, p => p with { Type = OrderType.Limit, Limit = desk.Market.Bid - desk.Pips(200) }));
        await desk.Next();
        await desk.DisposeAsync();
        await desk.DisposeAsync();

        await using Desk again = await room.Enter();
        await again.Leave();
    }

    [Theory]
    [MemberData(nameof(Simulated))]
    public async Task At_the_end_of_the_feed_what_is_open_is_closed_and_nothing_comes_any_more(Where where, bool netted)
    {
        TradedAccount trading = TradedAccount.Contract(netted);
        trading = trading with { Quotes = [trading.Quotes[0].Take(30)] };
        await using BrokerRoom room = where == Where.Paper ? new PaperRoom(trading) : new SteppedRoom(trading, where);
        await using Desk desk = await room.Enter();
        OrderFilled opened = await desk.Open(Side.Sell);
        var rest = new List<Event>();
        while (await desk.TryNext() is { } e)
        {
            rest.Add(e);
        }

        OrderFilled closed = rest.Select(static e => e.Body).OfType<OrderFilled>().ShouldHaveSingleItem();
        (closed.Deal.PositionId, closed.Deal.Closed!.Reason, closed.Position).ShouldBe((opened.Deal.PositionId, ExitReason.End, null));
        rest[^1].Body.ShouldBeOfType<MarketEnded>();
        (await desk.TryNext()).ShouldBeNull();
    }

    /// <summary>What another session left is stated to the next, with its stop; so is what somebody else holds.</summary>
    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task A_position_that_this_session_did_not_open_is_in_the_statement_with_its_stop(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        Position before;
        await using (Desk first = await room.Enter())
        {
            OrderFilled filled = await first.Open(Side.Buy, p => p with { TargetDistance = first.Pips(100) });
            await first.State();
            before = filled.Position!;
        }

        await using Desk second = await room.Enter();
        Reconciled stated = second.Told.Select(static e => e.Body).OfType<Reconciled>().ShouldHaveSingleItem();
        Position there = stated.Positions.Single(p => p.Id == before.Id);
        there.ShouldBe(before with { Swap = there.Swap });
        (there.Stop, there.Target).ShouldSatisfyAllConditions(static x => x.Stop.ShouldNotBeNull(), static x => x.Target.ShouldNotBeNull());
        OrderFilled closed = await second.Close(there.Id, there.Quantity);
        closed.Position.ShouldBeNull();
        await second.Leave();
    }

    [Theory]
    [MemberData(nameof(Simulated))]
    public async Task Interest_is_told_once_a_night_and_is_in_the_statement(Where where, bool netted)
    {
        await using BrokerRoom room = BrokerRoom.At(where, netted);
        await using Desk desk = await room.Enter();
        OrderFilled opened = await desk.Open(Side.Buy);
        SwapCharged charged = await desk.Until<SwapCharged>();
        (charged.Time, charged.PositionId, charged.Amount).ShouldBe((Instant.FromUtc(2019, 2, 5, 22), opened.Deal.PositionId, new Money(-0.07m, Currency.Usd)));
        (await desk.State()).Positions.ShouldHaveSingleItem().Swap.ShouldBe(charged.Amount);
        for (int i = 0; i < 30; i++)
        {
            await desk.Price();
        }

        desk.Told.Count(static e => e.Body is SwapCharged).ShouldBe(1);
        await desk.Leave();
    }
}

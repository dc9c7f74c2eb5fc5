using Peregrine.Adapters.Ports;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Trading;
using Shouldly;

namespace Peregrine.Tests.Contracts;

/// <summary>Somebody who trades at a broker and keeps books from what it tells. What holds of every event is looked at with every event: the first, the order of times, the clock, the quotes.</summary>
internal sealed class Desk(IBroker broker, BrokerRoom room) : IAsyncDisposable
{
    private const string Label = "contract";

    /// <summary>Within so many prices the market has been everywhere it goes.</summary>
    private const int MostQuotes = 300;

    private readonly SortedDictionary<long, Position> positions = [];
    private readonly SortedDictionary<string, OrderRequest> pending = new(StringComparer.Ordinal);
    private readonly HashSet<long> ours = [];
    private readonly List<Event> told = [];
    private Instant latest = Instant.MinValue;
    private bool isStated;

    public IBroker Broker => broker;

    public Instrument Instrument => room.Instruments[0];

    /// <summary>All that was told, in order.</summary>
    public IReadOnlyList<Event> Told => told;

    /// <summary>Deals that were told, in order.</summary>
    public IEnumerable<Deal> Deals => told.Select(static e => e.Body).OfType<OrderFilled>().Select(static f => f.Deal);

    public Money Balance { get; private set; }

    /// <summary>Positions as they were told, with what is not ours.</summary>
    public IReadOnlyCollection<Position> Positions => positions.Values;

    /// <summary>The last price of the symbol that is traded.</summary>
    public Quote Market { get; private set; }

    public Quantity Least => Instrument.MinQuantity;

    public bool IsNetted => room.IsNetted;

    /// <summary>A distance in pips.</summary>
    public Move Pips(decimal pips) => new((long)(pips * Instrument.Pip.Grains));

    /// <summary>The connection is told of before anything else, and the account is stated when it is asked for.</summary>
    public async Task Begin()
    {
        (await Next()).Body.ShouldBeOfType<ConnectionChanged>().Connected.ShouldBeTrue();
        Reconciled stated = await State();
        if (room is DemoRoom)
        {
            stated.Positions.ShouldNotContain(p => p.Symbol == Instrument.Symbol && !room.IsOurs(p.ClientOrderId), "the account must hold nothing else in the symbol");
        }

        await Price();
    }

    /// <summary>The next event; it is an error that there is none.</summary>
    public async Task<Event> Next(Instant? due = null) => await TryNext(due) ?? throw new InvalidOperationException("The feed has ended after " + Tail());

    /// <summary>The next event; null when the feed has ended.</summary>
    public async Task<Event?> TryNext(Instant? due = null)
    {
        try
        {
            room.Patience.ThrowIfCancellationRequested();
            return await Next(due, room.Patience);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("Nothing more was told after " + Tail());
        }
    }

    public async Task<Event?> Next(Instant? due, CancellationToken interrupt)
    {
        if (await broker.Next(due, interrupt) is not { } e)
        {
            return null;
        }

        Take(e);
        return e;
    }

    public async Task Send(params Command[] commands)
    {
        foreach (Command command in commands)
        {
            if (command is SubmitOrder submit)
            {
                pending.Add(submit.Order.ClientOrderId, submit.Order);
            }

            await broker.Send(command, room.Patience);
        }
    }

    /// <summary>The next word of a kind, quotes and other words passed over.</summary>
    public async Task<T> Until<T>(Func<T, bool>? isMeant = null)
        where T : BrokerEvent
    {
        int quotes = 0;
        while (!room.IsSimulated || quotes < MostQuotes)
        {
            Event e = await Next();
            if (e.Body is T word && isMeant?.Invoke(word) != false)
            {
                return word;
            }

            quotes += e.Kind == EventKind.Quote ? 1 : 0;
        }

        throw new TimeoutException($"No {typeof(T).Name} came before {MostQuotes} prices; what was told:\n{Tail()}");
    }

    /// <summary>The next price of the symbol that is traded.</summary>
    public async Task<Quote> Price()
    {
        while (true)
        {
            if (await Next() is { Kind: EventKind.Quote, Symbol: 0 } e)
            {
                return e.Quote;
            }
        }
    }

    /// <summary>What the broker says that the account is, which has to be what it told before.</summary>
    public async Task<Reconciled> State()
    {
        await Send(new RequestReconcile());
        return await Until<Reconciled>();
    }

    /// <summary>An order of the least volume at the market, with a stop far away; everything may be otherwise.</summary>
    public SubmitOrder Order(Side side, Func<Proposal, Proposal>? change = null, Quantity? quantity = null)
    {
        // The gate is not what is tried here: it is given an instrument without bounds and an account without end.
        Instrument boundless = Instrument with { MinQuantity = new Quantity(1), StepQuantity = new Quantity(1), MaxQuantity = new Quantity(long.MaxValue / 1_000_000_000) };
        var proposal = new Proposal { Strategy = Label, Instrument = boundless, Side = side, StopDistance = Pips(100) };
        var rich = new Money(1e15m, Instrument.Quote);
        new RiskGate(new SizingRule { Fixed = quantity ?? Least }, new Limits())
            .Judge(Market.Time, change?.Invoke(proposal) ?? proposal, new AccountView(true, rich, rich, rich, Money.Zero(rich.Currency), null), new MarketView(true, Market.Time, Market.Bid, Market.Ask), out ApprovedOrder? approved)
            .ShouldBeNull();
        return new SubmitOrder(room.NextOrderId(), approved!);
    }

    /// <summary>Opens a position at the market and returns how it was filled.</summary>
    public async Task<OrderFilled> Open(Side side, Func<Proposal, Proposal>? change = null, Quantity? quantity = null)
    {
        SubmitOrder order = Order(side, change, quantity);
        await Send(order);
        return await Until<OrderFilled>(f => f.Deal.ClientOrderId == order.Order.ClientOrderId);
    }

    public async Task<OrderFilled> Close(long position, Quantity quantity)
    {
        await Send(new ClosePosition(position, quantity, ExitReason.Operator));
        return await Until<OrderFilled>(f => f.Deal.PositionId == position && f.Deal.Closed is not null);
    }

    /// <summary>Withdraws and closes what is left of ours, and looks at the account once more.</summary>
    public async Task Leave()
    {
        foreach (string order in pending.Keys.ToArray())
        {
            await Send(new CancelOrder(order));
        }

        await State();
        foreach (Position p in positions.Values.Where(p => ours.Contains(p.Id)).ToArray())
        {
            await Close(p.Id, p.Quantity);
        }

        Reconciled last = await State();
        last.Orders.ShouldNotContain(o => room.IsOurs(o.ClientOrderId));
        last.Positions.ShouldNotContain(p => ours.Contains(p.Id));
    }

    public ValueTask DisposeAsync() => broker.DisposeAsync();

    public string Tail() => string.Join('\n', told.Where(static e => e.Kind != EventKind.Quote).TakeLast(12).Concat(told.TakeLast(3)).Select(static e => e.Body is null ? $"{e.Kind} {e.Time} {e.Quote.Bid}/{e.Quote.Ask}" : $"{e.Body}"));

    private void Take(in Event e)
    {
        told.Add(e);
        room.Saw(e);
        broker.Now.ShouldBeGreaterThanOrEqualTo(e.Time, "the broker's clock is never behind what it tells");
        if (room.IsSimulated)
        {
            e.Time.ShouldBeGreaterThanOrEqualTo(latest, $"it was {latest} already: {e.Body}");
        }

        latest = e.Time > latest ? e.Time : latest;
        if (e is { Kind: EventKind.Quote, Symbol: 0 })
        {
            e.Quote.Time.ShouldBeGreaterThanOrEqualTo(Market.Time);
            e.Quote.Ask.ShouldBeGreaterThanOrEqualTo(e.Quote.Bid);
            Market = e.Quote;
        }

        Book(e.Body as BrokerEvent);
    }

    private void Book(BrokerEvent? e)
    {
        switch (e)
        {
            case OrderFilled filled:
                Book(filled);
                break;
            case PositionChanged changed:
                positions[changed.Position.Id] = changed.Position;
                break;
            case SwapCharged swap:
                Balance += swap.Amount;
                positions[swap.PositionId] = positions[swap.PositionId] with { Swap = positions[swap.PositionId].Swap + swap.Amount };
                break;
            case OrderRejected rejected:
                pending.Remove(rejected.ClientOrderId);
                break;
            case OrderCancelled cancelled:
                pending.Remove(cancelled.ClientOrderId);
                break;
            case Reconciled stated:
                Compare(stated);
                break;
            default:
                break;
        }
    }

    private void Book(OrderFilled filled)
    {
        Deal deal = filled.Deal;
        Balance += (deal.Closed?.Gross ?? Money.Zero(room.Currency)) - deal.Commission;
        if (filled.Position is { } after)
        {
            positions[deal.PositionId] = after;
        }
        else
        {
            positions.Remove(deal.PositionId);
        }

        if (room.IsOurs(deal.ClientOrderId))
        {
            ours.Add(deal.PositionId);
            Quantity done = new(Deals.Where(d => d.ClientOrderId == deal.ClientOrderId).Sum(static d => d.Quantity.Cents));
            if (pending.TryGetValue(deal.ClientOrderId, out OrderRequest? order) && done >= order.Quantity)
            {
                pending.Remove(deal.ClientOrderId);
            }
        }
    }

    /// <summary>The first statement is where the books begin; every other says what they say.</summary>
    private void Compare(Reconciled stated)
    {
        if (!isStated)
        {
            isStated = true;
            Balance = stated.Balance;
            foreach (Position p in stated.Positions)
            {
                positions[p.Id] = p;
            }

            foreach (OrderRequest order in stated.Orders)
            {
                pending[order.ClientOrderId] = order;
            }
        }

        stated.Balance.ShouldBe(Balance, "after " + Tail());
        stated.Positions.OrderBy(static p => p.Id).ToArray().ShouldBe(positions.Values.ToArray(), "after " + Tail());
        stated.Orders.Select(Seen).OrderBy(static o => o.Id, StringComparer.Ordinal).ToArray().ShouldBe([.. pending.Values.Select(Seen)], "after " + Tail());
        Deal[] known = [.. Deals];
        stated.Deals.Where(d => known.Any(k => k.Id == d.Id)).Select(Seen).ShouldBe(known.Select(Seen), "after " + Tail());
    }

    private static (string Id, Side Side, Quantity Quantity, OrderType Type, Move Stop) Seen(OrderRequest o) => (o.ClientOrderId, o.Side, o.Quantity, o.Type, o.StopDistance);

    /// <summary>How far a fill was from its quote a statement does not tell, nor on whose wish a position was closed.</summary>
    private static Deal Seen(Deal d) => d with { Spread = Move.Zero, Slippage = Move.Zero, Closed = d.Closed is { } closed ? closed with { Reason = default } : null };
}

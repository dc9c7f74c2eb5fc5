using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Core.Simulation;

/// <summary>The terms of a simulated account.</summary>
public sealed record AccountTerms
{
    public required Money Deposit { get; init; }

    public AccountKind Kind { get; init; }

    /// <summary>Account leverage; null is an account without margin.</summary>
    public int? Leverage { get; init; }

    /// <summary>Equity ÷ used margin below which the broker closes positions.</summary>
    public decimal StopOutLevel { get; init; } = 0.5m;

    /// <summary>From the engine's decision to the broker's book.</summary>
    public Duration Latency { get; init; }
}

/// <summary>
/// A broker made of the rules in <see cref="Fills"/>: commands and prices in, broker events out. Deterministic; time is what the prices say.
/// Events of one call come in time order.
/// </summary>
public sealed partial class SimulatedBroker
{
    /// <summary>True where others trade than the engine: an order whose stop distance is zero has no stop, and an amendment to the price zero takes it away.</summary>
    public bool StopIsOptional { get; init; }

    private readonly AccountTerms terms;
    private readonly Instrument[] instruments;
    private readonly SymbolCosts[] costs;
    private readonly Dictionary<string, int> symbols = new(StringComparer.Ordinal);
    private readonly (Price Bid, Price Ask)[] market;
    private readonly List<Arrival> inFlight = [];
    private readonly List<WorkingOrder> working = [];
    private readonly List<Position> positions = [];
    private readonly List<Deal> deals = [];
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);
    private long nextId = 1;
    private readonly Instant[] nextRollover;

    /// <exception cref="ArgumentException">The model lacks the costs of an instrument.</exception>
    public SimulatedBroker(AccountTerms terms, IReadOnlyList<Instrument> instruments, CostModel model)
    {
        this.terms = terms;
        this.instruments = [.. instruments];
        costs = [.. instruments.Select(i => model.For(i.Symbol) ?? throw new ArgumentException($"The cost model {model.Version} has no costs for {i.Symbol}.", nameof(model)))];
        market = new (Price, Price)[this.instruments.Length];
        nextRollover = new Instant[this.instruments.Length];
        for (int i = 0; i < this.instruments.Length; i++)
        {
            symbols.Add(this.instruments[i].Symbol, i);
        }

        Balance = terms.Deposit;
    }

    public Money Balance { get; private set; }

    public IReadOnlyList<Position> Positions => positions;

    /// <summary>Every deal so far, in order.</summary>
    public IReadOnlyList<Deal> Deals => deals;

    /// <summary>When the broker next has something to say without a new price: an arrival, an expiry or a rollover.</summary>
    public Instant? NextDue
    {
        get
        {
            Instant due = Rollover;
            if (inFlight.Count > 0 && inFlight[0].At < due)
            {
                due = inFlight[0].At;
            }

            foreach (WorkingOrder order in working)
            {
                due = order.Request?.Expiry is { } expiry && expiry < due ? expiry : due;
            }

            return due == Instant.MaxValue ? null : due;
        }
    }

    /// <summary>A command leaves the engine at <paramref name="now"/> and arrives one latency later.</summary>
    public void Receive(Command command, Instant now) => inFlight.Add(new Arrival(now + terms.Latency, command, (command as SubmitOrder)?.Order));

    /// <summary>An order as it came over a wire or out of a log, where the permission it was sent under is no longer to be seen.</summary>
    public void Receive(OrderRequest order, Instant now) => inFlight.Add(new Arrival(now + terms.Latency, null, order));

    /// <summary>All that the broker has in hand, what is still on its way to its book included.</summary>
    public Reconciled Statement(Instant now) =>
        new(now, Balance, [.. positions], [.. working.Select(w => w.Request).Concat(inFlight.Select(a => a.Order)).OfType<OrderRequest>()], [.. deals])
        {
            Closing = [.. working.Where(w => w.Request is null).Select(w => w.ClosesPosition).Concat(inFlight.Select(a => a.Command).OfType<ClosePosition>().Select(c => c.PositionId))],
        };

    /// <summary>Lets time pass: arrivals, expiries and rollovers up to and including <paramref name="now"/>, in time order.</summary>
    public void Advance(Instant now, List<BrokerEvent> events)
    {
        if (inFlight.Count == 0 && positions.Count == 0 && working.Count == 0)
        {
            return;
        }

        while (NextDue is { } due && due <= now)
        {
            if (Rollover == due)
            {
                ChargeSwaps(due, events);
            }
            else if (inFlight.Count > 0 && inFlight[0].At == due)
            {
                Arrival arrived = inFlight[0];
                inFlight.RemoveAt(0);
                Arrive(arrived, due, events);
            }
            else
            {
                Expire(due, events);
            }
        }
    }

    /// <summary>A new two-sided price.</summary>
    public void OnQuote(int symbol, in Quote quote, List<BrokerEvent> events)
    {
        Advance(quote.Time, events);
        market[symbol] = (quote.Bid, quote.Ask);
        if (working.Count > 0)
        {
            WorkAtQuote(symbol, quote.Time, events);
        }

        if (positions.Count > 0)
        {
            ExitAtQuote(symbol, quote.Time, events);
            StopOut(quote.Time, events);
        }
    }

    /// <summary>A bar of both sides: its open first, then its range; what happens inside is reported at the bar's end.</summary>
    public void OnBar(int symbol, MarketBars bars, int index, List<BrokerEvent> events)
    {
        Instant start = bars.Start(index), end = bars.End(index);
        Advance(start, events);
        if (working.Count == 0 && positions.Count == 0)
        {
            market[symbol] = (new Price(bars.Bid.Close[index]), new Price(bars.Ask.Close[index]));
            return;
        }

        var bar = new TwoSidedBar(bars.Bid[index], bars.Ask[index]);
        market[symbol] = (bar.Bid.Open, bar.Ask.Open);
        WorkAtQuote(symbol, start, events);
        ExitInBar(symbol, bar, end, events);
        WorkInBar(symbol, bar, end, events);
        market[symbol] = (bar.Bid.Close, bar.Ask.Close);
        StopOut(end, events);
    }

    /// <summary>The data ends: every position is valued at its last quote and closed there, with commission and without slippage.</summary>
    public void EndOfData(Instant now, List<BrokerEvent> events)
    {
        foreach (Position p in positions.ToArray())
        {
            (Price bid, Price ask) = market[symbols[p.Symbol]];
            ClosePart(p, p.Quantity, new Execution(now, Fills.ExitSide(p.Side, bid, ask), Move.Zero, ExitReason.End), events);
        }

        working.Clear();
        inFlight.Clear();
        events.Add(new MarketEnded(now));
    }

    /// <summary>The next rollover of a symbol that is held.</summary>
    private Instant Rollover
    {
        get
        {
            Instant next = Instant.MaxValue;
            foreach (Position p in positions)
            {
                Instant due = nextRollover[symbols[p.Symbol]];
                next = due < next ? due : next;
            }

            return next;
        }
    }

    private void ChargeSwaps(Instant at, List<BrokerEvent> events)
    {
        for (int i = 0; i < positions.Count; i++)
        {
            Position p = positions[i];
            int symbol = symbols[p.Symbol];
            if (nextRollover[symbol] == at && costs[symbol].Swap is { } swap && Costs.SwapDay(swap, at) is { } day)
            {
                Price price = Fills.ExitSide(p.Side, market[symbol].Bid, market[symbol].Ask);
                Money amount = Costs.Swap(swap, instruments[symbol], new SwapNight(p.Side, p.Quantity, price, day, RateOf(symbol, price), Balance.Currency));
                Balance += amount;
                positions[i] = p with { Swap = p.Swap + amount };
                events.Add(new SwapCharged(at, p.Id, amount));
            }
        }

        for (int symbol = 0; symbol < nextRollover.Length; symbol++)
        {
            nextRollover[symbol] = nextRollover[symbol] == at ? Costs.NextRollover(costs[symbol].Swap, at) : nextRollover[symbol];
        }
    }

    private decimal RateOf(int symbol, Price price) =>
        Conversion.Rate(instruments[symbol], Balance.Currency, price)
        ?? throw new InvalidOperationException($"No rate from {instruments[symbol].Quote} to {Balance.Currency}: the order should have been rejected.");

    /// <summary>A command on its way; <see cref="Order"/> is set when it is a new order, and then the command may not be known.</summary>
    private readonly record struct Arrival(Instant At, Command? Command, OrderRequest? Order);

    private readonly record struct Execution(Instant Time, Price Price, Move Slippage, ExitReason Reason, bool Ambiguous = false);
}

using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Strategies;

namespace Peregrine.Core.Trading;

/// <summary>
/// The one engine, for backtest, paper and live: state and an event give a new state and commands. Synchronous, deterministic, without a clock or I/O.
/// Strategies decide on closed bid bars; nothing leaves without the risk gate's approval; every position carries a broker-side stop.
/// </summary>
public sealed partial class Engine
{
    private readonly EngineSetup setup;
    private readonly RiskGate gate;
    private readonly List<Slot> slots;
    private readonly BarFeed[] feeds;
    private readonly MarketView[] market;
    private readonly Net?[] nets;
    private readonly Dictionary<string, Slot> byOrder = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Slot> byPosition = [];
    private readonly SortedDictionary<long, Position> foreign = [];
    private readonly HashSet<long> deals = [];
    private readonly Dictionary<string, Slot> givenUp = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Instant> charged = [];
    private Instant lastDeal = Instant.MinValue;
    private int sequence;
    private int openCount;
    private Instant? reconcileAt;
    private bool marketEnded, refused;
    private readonly HashSet<long> gone = [];

    /// <exception cref="ArgumentException">A strategy trades a symbol that is not among the instruments, or two share an id.</exception>
    public Engine(EngineSetup setup)
    {
        this.setup = setup;
        gate = new RiskGate(setup.Sizing, setup.Limits);
        market = new MarketView[setup.Instruments.Count];
        Balance = setup.Deposit;
        var bySymbol = setup.Instruments.Select((x, i) => (x.Symbol, i)).ToDictionary(x => x.Symbol, x => x.i, StringComparer.Ordinal);
        if (setup.Strategies.Select(s => s.Id).Distinct(StringComparer.Ordinal).Count() != setup.Strategies.Count)
        {
            throw new ArgumentException("Two strategies have the same id.", nameof(setup));
        }

        slots = [.. setup.Strategies.Select(s => bySymbol.TryGetValue(s.Symbol, out int i)
            ? new Slot(s, i, new SubLedger(s.Id, setup.Instruments[i], setup.Deposit.Currency))
            : throw new ArgumentException($"Strategy {s.Id} trades {s.Symbol}, which is not among the instruments.", nameof(setup)))];
        nets = Shared(setup, slots);
        feeds = [.. slots.GroupBy(s => (s.Symbol, s.Strategy.Timeframe)).OrderBy(g => g.Key.Symbol).ThenBy(g => g.Key.Timeframe).Select(g =>
        {
            var feed = new BarFeed(g.Key.Symbol, g.Key.Timeframe);
            feed.Slots.AddRange(g);
            return feed;
        })];
    }

    /// <summary>By symbol, the positions that several strategies share; null elsewhere.</summary>
    private static Net?[] Shared(EngineSetup setup, List<Slot> slots)
    {
        var nets = new Net?[setup.Instruments.Count];
        foreach (IGrouping<int, Slot> g in slots.GroupBy(s => s.Symbol).Where(g => setup.Kind == AccountKind.Netted && g.Count() > 1))
        {
            var net = new Net(g.Key, Money.Zero(setup.Deposit.Currency));
            nets[g.Key] = net;
            foreach (Slot slot in g)
            {
                net.Slots.Add(slot);
                slot.Net = net;
            }
        }

        return nets;
    }

    /// <summary>True when strategies share a position: their nearer stops are executed quote by quote, so bars do not do.</summary>
    public bool SharesPositions => Array.Exists(nets, n => n is not null);

    /// <summary>The time of the last event.</summary>
    public Instant Now { get; private set; }

    public Money Balance { get; private set; }

    /// <summary>Deals counted so far, opening and closing ones, each once however often it was told.</summary>
    public int Fills => deals.Count;

    /// <summary>True while nothing new is opened, and why.</summary>
    public string? Halted { get; private set; }

    /// <summary>False while the broker's state is not established: after a start from the journal or a lost connection.</summary>
    public bool InStep { get; private set; } = true;

    /// <summary>When the engine next needs a clock event: a bar's end, or the deadline of an answer.</summary>
    public Instant? NextDue
    {
        get
        {
            Instant due = reconcileAt ?? Instant.MaxValue;
            foreach (BarFeed feed in isCut ? [] : feeds)
            {
                due = feed.Builder.FormingEnd is { } end && end < due ? end : due;
            }

            if (openCount > 0 || byOrder.Count > 0)
            {
                foreach (Slot slot in slots)
                {
                    due = slot.Deadline is { } deadline && deadline < due ? deadline : due;
                    due = slot.Net?.Exit?.Deadline is { } exit && exit < due ? exit : due;
                    due = slot.Net?.Deadline is { } guard && guard < due ? guard : due;
                }
            }

            return due == Instant.MaxValue ? null : due;
        }
    }

    /// <summary>Takes one event; <paramref name="output"/> is added to, never cleared.</summary>
    public void Step(in Event e, EngineOutput output)
    {
        Now = e.Time > Now ? e.Time : Now;
        switch (e.Kind)
        {
            case EventKind.Clock:
                OnClock(output);
                break;
            case EventKind.Quote:
                OnQuote(e.Symbol, e.Quote, output);
                break;
            case EventKind.Bar:
                OnBar(e.Symbol, (MarketBars)e.Body!, e.BarIndex, output);
                break;
            case EventKind.Broker:
                OnBroker((BrokerEvent)e.Body!, output);
                break;
            case EventKind.Operator:
                OnOperator((OperatorWord)e.Body!, output);
                break;
            default:
                throw new InvalidOperationException("unknown event");
        }
    }

    private void OnClock(EngineOutput output)
    {
        foreach (BarFeed feed in isCut ? [] : feeds)
        {
            if (feed.Builder.Advance(Now, out Bar closed))
            {
                OnBarClosed(feed, closed, output);
            }
        }

        CheckDeadlines(output);
    }

    private void OnQuote(int symbol, in Quote quote, EngineOutput output)
    {
        foreach (BarFeed feed in feeds)
        {
            // A price that comes after its bar was closed belongs to none: it does not begin the same one again.
            bool isLate = feed.Builder.FormingEnd is null && quote.Time < feed.Builder.Reached;
            if (feed.Symbol == symbol && !isLate && feed.Builder.Add(quote, out Bar closed))
            {
                OnBarClosed(feed, closed, output);
            }
        }

        market[symbol] = new MarketView(true, quote.Time, quote.Bid, quote.Ask);
        if (refused)
        {
            TryAgain(symbol, output);
        }

        if (openCount > 0)
        {
            if (nets[symbol] is { } net)
            {
                WatchNet(net, output);
            }

            See(symbol, new TwoSidedBar(new Bar(quote.Time, quote.Bid, quote.Bid, quote.Bid, quote.Bid), new Bar(quote.Time, quote.Ask, quote.Ask, quote.Ask, quote.Ask)));
        }
    }

    private void OnBar(int symbol, MarketBars bars, int index, EngineOutput output)
    {
        Bar bid = bars.Bid[index];
        foreach (BarFeed feed in feeds)
        {
            if (feed.Symbol == symbol && feed.Builder.Add(bid, out Bar closed))
            {
                OnBarClosed(feed, closed, output);
            }
        }

        market[symbol] = new MarketView(true, bars.End(index), bid.Close, new Price(bars.Ask.Close[index]));
        if (refused)
        {
            TryAgain(symbol, output);
        }

        if (openCount > 0)
        {
            See(symbol, new TwoSidedBar(bid, bars.Ask[index]));
        }
    }

    private void See(int symbol, in TwoSidedBar bar)
    {
        foreach (Slot slot in slots)
        {
            if (slot.Symbol == symbol && slot.Ledger.IsOpen)
            {
                Bar side = slot.Ledger.Side == Side.Buy ? bar.Bid : bar.Ask;
                slot.Ledger.See(side.High, side.Low);
            }
        }
    }

    private void OnBarClosed(BarFeed feed, in Bar bar, EngineOutput output)
    {
        output.BarClosed = true;
        foreach (Slot slot in feed.Slots)
        {
            Decision decision = slot.Strategy.Decide(bar);
            slot.Last = decision;
            slot.BarsHeld += slot.Ledger.IsOpen ? 1 : 0;
            AskStopAgain(slot.Net, output);
            switch (slot.Phase)
            {
                case SlotPhase.Flat:
                    Enter(slot, decision, output);
                    break;
                case SlotPhase.Open:
                    Manage(slot, decision, bar.Close, output);
                    break;
                case SlotPhase.Closing when slot is { RefusedAt: not null, Net: { } net }:
                    slot.RefusedAt = null;
                    Settle(net, output);
                    break;
                case SlotPhase.Opening or SlotPhase.Closing or SlotPhase.Unknown:
                    break;
                default:
                    throw new InvalidOperationException("unknown phase");
            }
        }
    }

    private void Enter(Slot slot, in Decision decision, EngineOutput output)
    {
        if (!decision.Ready || decision.Long == decision.Short || Halted is not null)
        {
            return;
        }

        Instrument instrument = setup.Instruments[slot.Symbol];
        if (NettingObjection(slot) is { } objection)
        {
            output.Refusals.Add(new Refusal(Now, slot.Strategy.Id, instrument.Symbol, "netting", objection));
            return;
        }

        Move? target = decision.Target > 0 ? Sizing.Distance(decision.Target, instrument) : null;
        slot.TargetDistance = target;
        var proposal = new Proposal
        {
            Strategy = slot.Strategy.Id,
            Instrument = instrument,
            Side = decision.Long ? Side.Buy : Side.Sell,
            StopDistance = Sizing.Distance(decision.Stop, instrument) ?? Move.Zero,
            TargetDistance = slot.Net is null ? target : null,
        };
        var account = new AccountView(InStep && foreign.Values.All(IsValued), setup.Deposit, Balance, Equity, UsedMargin, setup.Leverage);
        if (gate.Judge(Now, proposal, account, market[slot.Symbol], out ApprovedOrder? approved) is { } refusal)
        {
            output.Refusals.Add(refusal);
            return;
        }

        var submit = new SubmitOrder($"{setup.SessionId}-{++sequence}", approved!);
        slot.Phase = SlotPhase.Opening;
        slot.Entry = submit.Order;
        slot.Deadline = Now + setup.AnswerDeadline;
        byOrder.Add(submit.Order.ClientOrderId, slot);
        output.Commands.Add(submit);
    }

    private void Manage(Slot slot, in Decision decision, Price close, EngineOutput output)
    {
        if (slot.Owed is { } owed)
        {
            Close(slot, owed, output);
            return;
        }

        bool exit = decision.Ready && (slot.Ledger.Side == Side.Buy ? decision.ExitLong : decision.ExitShort);
        if (exit || slot.BarsHeld >= slot.Strategy.HoldBars)
        {
            Close(slot, exit ? ExitReason.Signal : ExitReason.Time, output);
            return;
        }

        if (decision.Ready && Trailing.Next(slot.Ledger.Side, slot.Stop, close, Sizing.Distance(decision.Trail, setup.Instruments[slot.Symbol])) is { } stop)
        {
            if (slot.Net is { } net)
            {
                (slot.Stop, slot.Trailed) = (stop, true);
                Settle(net, output);
                return;
            }

            output.Commands.Add(new AmendProtection(slot.PositionId, stop, slot.Target));
        }
    }

    private void Close(Slot slot, ExitReason reason, EngineOutput output)
    {
        if (slot.Net is not null)
        {
            Leave(slot, reason, output);
            return;
        }

        (slot.Phase, slot.CloseReason, slot.Owed) = (SlotPhase.Closing, reason, reason);
        (slot.RefusedAt, slot.Deadline, slot.AcceptedAt) = (null, Now + setup.AnswerDeadline, null);
        output.Commands.Add(new ClosePosition(slot.PositionId, slot.Ledger.Quantity, reason));
    }

    private int IndexOf(string symbol)
    {
        for (int i = 0; i < setup.Instruments.Count; i++)
        {
            if (string.Equals(setup.Instruments[i].Symbol, symbol, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}

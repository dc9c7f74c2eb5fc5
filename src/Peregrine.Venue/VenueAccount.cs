using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Peregrine.Core.Trading;

namespace Peregrine.Venue;

/// <summary>A message about an account, for all who are authorised for it; the asker gets it under the id of its request.</summary>
internal readonly record struct Told(IMessage Message, Asker? Asker);

/// <summary>
/// An account at the venue: the matching engine of backtests, and around it what the protocol knows beyond it: numbers of orders, who asked, what of the charges is realised. Interest and the commission of opening are charged to a
/// position while it is open and reach the balance when it is closed, as at the real server; the engine books them at once. The difference is kept here.
/// </summary>
internal sealed partial class VenueAccount
{
    private readonly Facts facts;
    private readonly SimulatedBroker broker;
    private readonly SortedDictionary<long, VenueOrder> orders = [];
    private readonly Dictionary<long, Holding> holdings = [];
    private readonly Dictionary<(long Position, PositionCommand Command), Queue<(Asker Asker, long Volume)>> asked = [];
    private readonly Dictionary<long, Asker> cancels = [];
    private readonly List<Done> deals = [];
    private readonly Dictionary<long, VenueOrder> orphans = [];
    private readonly List<BrokerEvent> events = [];
    private readonly List<Told> told = [];
    private long nextOrder = 1, balanceVersion = 1;

    public VenueAccount(OfferedAccount offered, VenueSetup setup, Facts facts)
    {
        (Offered, this.facts) = (offered, facts);
        broker = new SimulatedBroker(offered.Terms, setup.Instruments, setup.Costs) { StopIsOptional = true };
        Balance = offered.Terms.Deposit;
    }

    public OfferedAccount Offered { get; }

    public Instant? NextDue => broker.NextDue;

    public IReadOnlyList<Position> Positions => broker.Positions;

    public Currency Currency => broker.Balance.Currency;

    /// <summary>What the deposit and all that was realised come to: charges of open positions are not in it yet.</summary>
    public Money Balance { get; private set; }

    /// <summary>The matching engine's balance, in which all charges are: what the realised one and those of open positions come to.</summary>
    public (Money Engine, Money Here) Books => (broker.Balance, holdings.Values.Aggregate(Balance, static (sum, h) => sum + h.Pending));

    public IEnumerable<VenueOrder> Orders => orders.Values;

    /// <summary>What was to be told since it was last taken, in order.</summary>
    public IReadOnlyList<Told> TakeTold()
    {
        if (told.Count == 0)
        {
            return [];
        }

        Told[] taken = [.. told];
        told.Clear();
        return taken;
    }

    public void Advance(Instant to)
    {
        broker.Advance(to, events);
        Tell();
    }

    public void OnQuote(int symbol, in Quote quote)
    {
        broker.OnQuote(symbol, quote, events);
        Tell();
    }

    /// <summary>Closes what is open at the last prices.</summary>
    public void End(Instant now)
    {
        broker.EndOfData(now, events);
        Tell();
    }

    /// <summary>Takes an order; null, or why it is refused before it reaches the book.</summary>
    /// <param name="request">The order.</param>
    /// <param name="asker">Who is told.</param>
    /// <param name="now">The time.</param>
    /// <param name="part">How much of it can be filled, the rest is cancelled then; null where all of it can.</param>
    public string? Place(ProtoOANewOrderReq request, Asker asker, Instant now, long? part = null)
    {
        (OrderRequest? order, string? objection) = Incoming.Order(request, facts, VenueOrder.KeyOf(nextOrder));
        if (order is null)
        {
            return objection;
        }

        var kept = new VenueOrder
        {
            Id = nextOrder++,
            SymbolId = request.SymbolId,
            Side = order.Side,
            Volume = request.Volume,
            Fillable = part ?? request.Volume,
            Type = request.OrderType,
            TimeInForce = request.TimeInForce,
            Label = request.Label,
            Comment = request.Comment,
            ClientOrderId = request.ClientOrderId,
            Asker = asker,
            Request = order,
            CreatedAt = now,
            ChangedAt = now,
        };
        orders.Add(kept.Id, kept);
        broker.Receive(part is { } only ? order with { Quantity = new Quantity(only) } : order, now);
        return null;
    }

    public string? Close(ProtoOAClosePositionReq request, Asker asker, Instant now)
    {
        if (!holdings.ContainsKey(request.PositionId))
        {
            return "POSITION_NOT_FOUND";
        }

        Ask(request.PositionId, PositionCommand.Close, asker, request.Volume);
        broker.Receive(new ClosePosition(request.PositionId, new Quantity(request.Volume), ExitReason.Signal), now);
        return null;
    }

    /// <summary>Protection is overwritten: what is not said is taken away.</summary>
    public string? Amend(ProtoOAAmendPositionSLTPReq request, Asker asker, Instant now)
    {
        if (broker.Positions.FirstOrDefault(p => p.Id == request.PositionId) is not { } position)
        {
            return "POSITION_NOT_FOUND";
        }

        Instrument instrument = facts.At(facts.IndexOf(facts.IdOf(position.Symbol))!.Value);
        Price? stop = request.HasStopLoss ? Facts.PriceOf(request.StopLoss, instrument) : null, target = request.HasTakeProfit ? Facts.PriceOf(request.TakeProfit, instrument) : null;
        if ((request.HasStopLoss && stop is null) || (request.HasTakeProfit && target is null))
        {
            return "TRADING_BAD_STOPS";
        }

        Ask(position.Id, PositionCommand.Amend, asker);
        broker.Receive(new AmendProtection(position.Id, stop ?? default, target), now);
        return null;
    }

    public string? Cancel(long orderId, Asker asker, Instant now)
    {
        if (!orders.TryGetValue(orderId, out VenueOrder? order) || order is not { Request: not null, Status: ProtoOAOrderStatus.OrderStatusAccepted })
        {
            return "ORDER_NOT_FOUND";
        }

        cancels[order.Id] = asker;
        broker.Receive(new CancelOrder(order.Key), now);
        return null;
    }

    private void Ask(long position, PositionCommand command, Asker asker, long volume = 0)
    {
        if (!asked.TryGetValue((position, command), out Queue<(Asker, long)>? waiting))
        {
            asked.Add((position, command), waiting = new Queue<(Asker, long)>());
        }

        waiting.Enqueue((asker, volume));
    }

    /// <summary>Who asked for what is now answered, and how much of the position it was about; requests about one position are answered in their order.</summary>
    private (Asker? Asker, long Volume) Asked(long position, PositionCommand command) =>
        asked.TryGetValue((position, command), out Queue<(Asker Asker, long Volume)>? waiting) && waiting.TryDequeue(out (Asker Asker, long Volume) first) ? first : (null, 0);

    private void Tell()
    {
        foreach (BrokerEvent e in events)
        {
            Tell(e);
        }

        events.Clear();
    }

    /// <summary>A deal, the order behind it, and what of the charges of its position was realised with it.</summary>
    private sealed record Done(Deal Deal, VenueOrder Order, Money Commission, Money Swap)
    {
        public required Money BalanceAfter { get; init; }

        public required long BalanceVersion { get; init; }

        /// <summary>What the position had cost in the mean before the deal; nothing of one that opens.</summary>
        public required decimal EntryPrice { get; init; }
    }

    /// <summary>What a position's record holds beyond the engine's: what it has been charged and not realised yet, and the order that carries out its protection.</summary>
    private sealed class Holding
    {
        /// <summary>The position as it was last told.</summary>
        public required Position Last { get; set; }

        public required VenueOrder Opened { get; init; }

        public required VenueOrder Protection { get; init; }

        /// <summary>The close on its way; null when there is none.</summary>
        public VenueOrder? Closing { get; set; }

        /// <summary>Commission of opening, negative, and interest: charged by the engine, not realised.</summary>
        public required Money Commission { get; set; }

        public required Money Swap { get; set; }

        public Money Pending => Commission + Swap;

        public required long Volume { get; set; }

        public Instant ChangedAt { get; set; }
    }
}

using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Venue;

internal sealed partial class VenueAccount
{
    private void Tell(BrokerEvent e)
    {
        switch (e)
        {
            case OrderAccepted accepted:
                VenueOrder stands = OrderOf(accepted.ClientOrderId);
                Execution(ProtoOAExecutionType.OrderAccepted, stands, stands.Asker);
                break;
            case OrderRejected rejected:
                OnRejected(OrderOf(rejected.ClientOrderId), rejected);
                break;
            case OrderCancelled cancelled:
                OnCancelled(OrderOf(cancelled.ClientOrderId), cancelled);
                break;
            case CloseAccepted accepted:
                OnCloseAccepted(accepted);
                break;
            case OrderFilled filled:
                OnFilled(filled.Deal, filled.Position);
                break;
            case PositionChanged changed:
                OnChanged(changed.Position, changed.Time);
                break;
            case CommandRejected rejected:
                OnCommandRejected(rejected);
                break;
            case SwapCharged swap:
                OnSwap(swap);
                break;
            case MarketEnded:
                break;
            default:
                throw new InvalidOperationException($"The venue does not know {e.GetType().Name}.");
        }
    }

    private VenueOrder OrderOf(string key) => orders[long.Parse(key.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture)];

    private void OnRejected(VenueOrder order, OrderRejected rejected)
    {
        // A cancel that came too late is refused by the order that is gone.
        if (cancels.Remove(order.Id, out Asker late))
        {
            told.Add(new Told(new ProtoOAOrderErrorEvent { CtidTraderAccountId = Offered.Id, ErrorCode = rejected.Reason, OrderId = order.Id, Description = rejected.Reason }, late));
            return;
        }

        bool stood = order.Status == ProtoOAOrderStatus.OrderStatusAccepted && order.Told;
        (order.Status, order.ChangedAt) = (ProtoOAOrderStatus.OrderStatusRejected, rejected.Time);
        if (stood)
        {
            ProtoOAExecutionEvent e = Event(ProtoOAExecutionType.OrderRejected, order);
            e.ErrorCode = rejected.Reason;
            told.Add(new Told(e, order.Asker));
            return;
        }

        told.Add(new Told(new ProtoOAOrderErrorEvent { CtidTraderAccountId = Offered.Id, ErrorCode = rejected.Reason, OrderId = order.Id, Description = rejected.Reason }, order.Asker));
    }

    private void OnCancelled(VenueOrder order, OrderCancelled cancelled)
    {
        bool expired = order.Request?.Expiry is { } expiry && expiry <= cancelled.Time && !cancels.ContainsKey(order.Id);
        (order.Status, order.ChangedAt) = (expired ? ProtoOAOrderStatus.OrderStatusExpired : ProtoOAOrderStatus.OrderStatusCancelled, cancelled.Time);
        Asker? asker = cancels.Remove(order.Id, out Asker who) ? who : expired ? null : order.Asker;
        Execution(expired ? ProtoOAExecutionType.OrderExpired : ProtoOAExecutionType.OrderCancelled, order, asker);
    }

    private void OnCommandRejected(CommandRejected rejected)
    {
        if (rejected.Command == PositionCommand.Close && orphans.Remove(rejected.PositionId, out VenueOrder? late))
        {
            // Accepted while the position was there, and its price came after another's.
            (late.Status, late.ChangedAt) = (ProtoOAOrderStatus.OrderStatusRejected, rejected.Time);
            ProtoOAExecutionEvent e = Event(ProtoOAExecutionType.OrderRejected, late);
            e.ErrorCode = rejected.Reason;
            told.Add(new Told(e, late.Asker));
            return;
        }

        var error = new ProtoOAOrderErrorEvent { CtidTraderAccountId = Offered.Id, ErrorCode = rejected.Reason, PositionId = rejected.PositionId, Description = rejected.Reason };
        told.Add(new Told(error, Asked(rejected.PositionId, rejected.Command).Asker));
    }

    private void OnCloseAccepted(CloseAccepted accepted)
    {
        Holding holding = holdings[accepted.PositionId];
        (Asker? asker, long volume) = Asked(accepted.PositionId, PositionCommand.Close);
        holding.Closing = Own(new Placing(holding.Last, accepted.Time) { Quantity = new Quantity(volume), Asker = asker }, ProtoOAOrderType.Market);
        Execution(ProtoOAExecutionType.OrderAccepted, holding.Closing, holding.Closing.Asker);
    }

    private void OnFilled(Deal deal, Position? after)
    {
        VenueOrder order = deal.ClientOrderId.Length > 0 ? OrderOf(deal.ClientOrderId) : Closer(deal);
        order.Executed += deal.Quantity.Cents;
        (order.Status, order.ExecutedAt, order.PositionId, order.ChangedAt) = (ProtoOAOrderStatus.OrderStatusFilled, deal.Price, deal.PositionId, deal.Time);
        decimal entry = holdings.TryGetValue(deal.PositionId, out Holding? before) ? before.Last.AverageEntry : 0;
        (Money commission, Money swap) = deal.Closed is null ? Opened(deal, order, after!) : Reduced(deal, after);
        deals.Add(new Done(deal, order, commission, swap) { BalanceAfter = Balance, BalanceVersion = ++balanceVersion, EntryPrice = entry });
        ProtoOAExecutionEvent e = Event(order.Executed < order.Volume ? ProtoOAExecutionType.OrderPartialFill : ProtoOAExecutionType.OrderFilled, order);
        e.Deal = Wire(deals[^1]);
        if (after is not null)
        {
            e.Position = Wire(after);
        }

        told.Add(new Told(e, order.Asker));
        CancelRest(order, after);
        Holding? closed = null;
        if (after is null && holdings.Remove(deal.PositionId, out closed) && order != closed.Protection)
        {
            // What protected it goes with it, and everyone is told of an order that nobody placed.
            (closed.Protection.Status, closed.Protection.ChangedAt) = (ProtoOAOrderStatus.OrderStatusCancelled, deal.Time);
            Execution(ProtoOAExecutionType.OrderCancelled, closed.Protection, null);
        }

        if (closed?.Closing is { } late)
        {
            orphans.Add(deal.PositionId, late);
        }
    }

    /// <summary>Of an order of which only a part could be filled the rest is cancelled, and what is there of the position told with it.</summary>
    private void CancelRest(VenueOrder order, Position? after)
    {
        if (order.Fillable == order.Volume || order.Executed < order.Fillable)
        {
            return;
        }

        order.Status = ProtoOAOrderStatus.OrderStatusCancelled;
        ProtoOAExecutionEvent e = Event(ProtoOAExecutionType.OrderCancelled, order);
        if (after is not null)
        {
            e.Position = Wire(after);
        }

        told.Add(new Told(e, order.Asker));
    }

    /// <summary>The order that carried out the close of a position: the one on its way, its protection, or one of the venue's own.</summary>
    private VenueOrder Closer(Deal deal)
    {
        Holding holding = holdings[deal.PositionId];
        switch (deal.Closed!.Reason)
        {
            case ExitReason.Stop or ExitReason.Target:
                return holding.Protection;
            case ExitReason.StopOut:
                return Own(new Placing(deal, deal.Time), ProtoOAOrderType.Market, isStopOut: true);
            case ExitReason.End:
                return Own(new Placing(deal, deal.Time), ProtoOAOrderType.Market);
            default:
                VenueOrder closing = holding.Closing!;
                holding.Closing = null;
                return closing;
        }
    }

    private (Money Commission, Money Swap) Opened(Deal deal, VenueOrder order, Position after)
    {
        if (!holdings.TryGetValue(deal.PositionId, out Holding? holding))
        {
            holdings.Add(deal.PositionId, holding = new Holding
            {
                Last = after,
                Opened = order,
                Protection = Own(new Placing(deal, deal.Time), ProtoOAOrderType.StopLossTakeProfit),
                Commission = Money.Zero(Currency),
                Swap = Money.Zero(Currency),
                Volume = 0,
            });
        }

        holding.Volume += deal.Quantity.Cents;
        holding.Commission -= deal.Commission;
        (holding.Last, holding.ChangedAt) = (after, deal.Time);
        (holding.Protection.Protects, holding.Protection.ChangedAt) = ((after.Stop, after.Target), deal.Time);
        return (Money.Zero(Currency), Money.Zero(Currency));
    }

    /// <summary>The share of a part in what was charged for opening is realised with it, interest with the last part. Returns the share and the interest.</summary>
    private (Money Commission, Money Swap) Reduced(Deal deal, Position? after)
    {
        Holding holding = holdings[deal.PositionId];
        Money share = after is null ? holding.Commission : new Money(holding.Commission.Amount * deal.Quantity.Cents / holding.Volume, Currency).Rounded();
        Money swap = after is null ? holding.Swap : Money.Zero(Currency);
        holding.Commission -= share;
        holding.Swap -= swap;
        holding.Volume -= deal.Quantity.Cents;
        Balance += deal.Closed!.Gross + share + swap - deal.Commission;
        (holding.Last, holding.ChangedAt) = (after ?? holding.Last, deal.Time);
        return (share, swap);
    }

    private void OnChanged(Position position, Instant time)
    {
        Holding holding = holdings[position.Id];
        (holding.Last, holding.ChangedAt) = (position, time);
        (holding.Protection.Protects, holding.Protection.ChangedAt) = ((position.Stop, position.Target), time);
        ProtoOAExecutionEvent e = Event(ProtoOAExecutionType.OrderReplaced, holding.Protection);
        e.Position = Wire(position);
        told.Add(new Told(e, Asked(position.Id, PositionCommand.Amend).Asker));
    }

    private void OnSwap(SwapCharged swap)
    {
        Holding holding = holdings[swap.PositionId];
        holding.Swap += swap.Amount;
        (holding.Last, holding.ChangedAt) = (holding.Last with { Swap = holding.Last.Swap + swap.Amount }, swap.Time);
        ProtoOAExecutionEvent e = Event(ProtoOAExecutionType.Swap, null);
        e.Position = Wire(holding.Last);
        e.IsServerEvent = true;
        told.Add(new Told(e, null));
    }

    /// <summary>An order that no client placed as one: a close, a protection, a stop-out.</summary>
    private VenueOrder Own(in Placing placing, ProtoOAOrderType type, bool isStopOut = false)
    {
        var order = new VenueOrder
        {
            Id = nextOrder++,
            SymbolId = facts.IdOf(placing.Symbol),
            Side = placing.Side,
            Volume = placing.Quantity.Cents,
            Fillable = placing.Quantity.Cents,
            Type = type,
            Asker = placing.Asker,
            Label = placing.Label,
            IsClosing = true,
            IsStopOut = isStopOut,
            CreatedAt = placing.Time,
            ChangedAt = placing.Time,
            PositionId = placing.PositionId,
        };
        orders.Add(order.Id, order);
        return order;
    }

    private ProtoOAExecutionEvent Event(ProtoOAExecutionType type, VenueOrder? order)
    {
        var e = new ProtoOAExecutionEvent { CtidTraderAccountId = Offered.Id, ExecutionType = type, IsServerEvent = order is { Asker: null } };
        if (order is not null)
        {
            e.Order = order.ToWire();
        }

        return e;
    }

    private void Execution(ProtoOAExecutionType type, VenueOrder order, Asker? asker)
    {
        order.Told = true;
        told.Add(new Told(Event(type, order), asker));
    }

    /// <summary>What an order of the venue's own is about.</summary>
    private readonly record struct Placing(string Symbol, Side Side, Quantity Quantity, long PositionId, Instant Time)
    {
        public Placing(Position position, Instant time)
            : this(position.Symbol, position.Side.Opposite(), position.Quantity, position.Id, time) => Label = position.Label;

        /// <summary>After a deal: the other side of one that opened, the side of one that closed.</summary>
        public Placing(Deal deal, Instant time)
            : this(deal.Symbol, deal.Closed is null ? deal.Side.Opposite() : deal.Side, deal.Quantity, deal.PositionId, time) => Label = deal.Label;

        public Asker? Asker { get; init; }

        public string Label { get; init; } = "";
    }
}

using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Core.Simulation;

public sealed partial class SimulatedBroker
{
    private void Arrive(in Arrival arrived, Instant now, List<BrokerEvent> events)
    {
        if (arrived.Order is { } order)
        {
            Accept(order, now, events);
            return;
        }

        switch (arrived.Command)
        {
            case AmendProtection amend:
                Amend(amend, now, events);
                break;
            case ClosePosition close:
                AcceptClose(close, now, events);
                break;
            case CancelOrder cancel:
                Cancel(cancel, now, events);
                break;
            case RequestReconcile:
                events.Add(Statement(now));
                break;
            default:
                throw new InvalidOperationException($"The simulated broker does not know {arrived.Command?.GetType().Name}.");
        }
    }

    private void Accept(OrderRequest order, Instant now, List<BrokerEvent> events)
    {
        if (Objection(order) is { } reason)
        {
            events.Add(new OrderRejected(now, order.ClientOrderId, reason));
            return;
        }

        seen.Add(order.ClientOrderId);
        working.Add(new WorkingOrder { Request = order, Symbol = symbols[order.Symbol] });
        events.Add(new OrderAccepted(now, order.ClientOrderId));
    }

    /// <summary>Why the broker refuses an order, in the words of the Open API; null when it stands.</summary>
    private string? Objection(OrderRequest order)
    {
        if (!symbols.TryGetValue(order.Symbol, out int symbol))
        {
            return "SYMBOL_NOT_FOUND";
        }

        Instrument instrument = instruments[symbol];
        bool badVolume = order.Quantity < instrument.MinQuantity || order.Quantity > instrument.MaxQuantity || order.Quantity.Cents % instrument.StepQuantity.Cents != 0;
        bool badPrices = order.Type switch
        {
            OrderType.Market => false,
            OrderType.Limit => order.Limit is null,
            OrderType.Stop => order.Trigger is null,
            OrderType.StopLimit => order.Limit is null || order.Trigger is null,
            _ => throw new InvalidOperationException("unknown order type"),
        };
        return badVolume ? "TRADING_BAD_VOLUME"
            : badPrices ? "TRADING_BAD_PRICES"
            : order.StopDistance.Grains < (StopIsOptional ? 0 : 1) || order.TargetDistance is { Grains: <= 0 } ? "TRADING_BAD_STOPS"
            : order.TimeInForce == TimeInForce.GoodTillDate && order.Expiry is null ? "TRADING_BAD_EXPIRATION_DATE"
            : Conversion.Of(instrument, Balance.Currency) == ConversionKind.Cross ? "NO_CONVERSION_RATE"
            : seen.Contains(order.ClientOrderId) ? "DUPLICATE_CLIENT_ORDER_ID"
            : null;
    }

    private void Amend(AmendProtection amend, Instant now, List<BrokerEvent> events)
    {
        int i = positions.FindIndex(p => p.Id == amend.PositionId);
        if (i < 0)
        {
            events.Add(new CommandRejected(now, amend.PositionId, PositionCommand.Amend, "POSITION_NOT_FOUND"));
            return;
        }

        Position p = positions[i];
        (Price bid, Price ask) = market[symbols[p.Symbol]];
        Price? stop = StopIsOptional && amend.Stop.Grains == 0 ? null : amend.Stop;
        if ((stop is { } level && Fills.StopHit(p.Side, level, bid, ask)) || (amend.Target is { } t && Fills.TargetHit(p.Side, t, bid, ask)))
        {
            events.Add(new CommandRejected(now, p.Id, PositionCommand.Amend, "TRADING_BAD_STOPS"));
            return;
        }

        positions[i] = p with { Stop = stop, Target = amend.Target };
        events.Add(new PositionChanged(now, positions[i]));
    }

    private void AcceptClose(ClosePosition close, Instant now, List<BrokerEvent> events)
    {
        Position? p = positions.Find(x => x.Id == close.PositionId);
        string? objection = p is null ? "POSITION_NOT_FOUND"
            : close.Quantity > p.Quantity || close.Quantity.Cents <= 0 ? "TRADING_BAD_VOLUME"
            : working.Exists(w => w.ClosesPosition == close.PositionId) ? "POSITION_LOCKED"
            : null;
        if (objection is not null)
        {
            events.Add(new CommandRejected(now, close.PositionId, PositionCommand.Close, objection));
            return;
        }

        working.Add(new WorkingOrder { Symbol = symbols[p!.Symbol], ClosesPosition = p.Id, CloseQuantity = close.Quantity, Reason = close.Reason });
        events.Add(new CloseAccepted(now, p.Id));
    }

    private void Cancel(CancelOrder cancel, Instant now, List<BrokerEvent> events)
    {
        int removed = working.RemoveAll(w => string.Equals(w.Request?.ClientOrderId, cancel.ClientOrderId, StringComparison.Ordinal));
        events.Add(removed > 0
            ? new OrderCancelled(now, cancel.ClientOrderId, "cancelled")
            : new OrderRejected(now, cancel.ClientOrderId, "ORDER_NOT_FOUND"));
    }

    private void Expire(Instant now, List<BrokerEvent> events)
    {
        foreach (WorkingOrder order in working.ToArray())
        {
            if (order.Request is { Expiry: { } expiry } request && expiry <= now)
            {
                working.Remove(order);
                events.Add(new OrderCancelled(now, request.ClientOrderId, "expired"));
            }
        }
    }

    /// <summary>Every working order of the symbol meets the current quote, in order of arrival.</summary>
    private void WorkAtQuote(int symbol, Instant now, List<BrokerEvent> events)
    {
        (Price bid, Price ask) = market[symbol];
        for (int i = 0; i < working.Count; i++)
        {
            WorkingOrder order = working[i];
            if (order.Symbol != symbol)
            {
                continue;
            }

            bool done = order.Request is not { } request || FillOrDrop(order, request, new Quote(now, bid, ask), events);
            if (order.Request is null)
            {
                CloseAtMarket(order, now, events);
            }

            if (done)
            {
                working.RemoveAt(i--);
            }

            order.Rested = true;
        }
    }

    /// <summary>True when the order is done: filled, or dropped because it would not wait.</summary>
    private bool FillOrDrop(WorkingOrder order, OrderRequest request, Quote quote, List<BrokerEvent> events)
    {
        if (FillAtQuote(order, request, quote.Bid, quote.Ask) is { } price)
        {
            Enter(request, new Execution(quote.Time, price, SlippageOf(request, order.Symbol), ExitReason.Signal), events);
            return true;
        }

        if (request.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill)
        {
            events.Add(new OrderCancelled(quote.Time, request.ClientOrderId, "not filled at once"));
            return true;
        }

        return false;
    }

    private Move SlippageOf(OrderRequest r, int symbol) => r.Type is OrderType.Market or OrderType.Stop ? costs[symbol].Slippage : Move.Zero;

    /// <summary>The price at which an order fills on a quote, slippage included; null when it does not.</summary>
    private Price? FillAtQuote(WorkingOrder order, OrderRequest r, Price bid, Price ask)
    {
        Move slippage = SlippageOf(r, order.Symbol);
        switch (r.Type)
        {
            case OrderType.Market:
                return Fills.AtMarket(r.Side, bid, ask, slippage);
            case OrderType.Stop:
                return Fills.Triggers(r.Side, r.Trigger!.Value, bid, ask) ? Fills.AtMarket(r.Side, bid, ask, slippage) : null;
            case OrderType.Limit:
                return LimitAtQuote(order, r, bid, ask);
            case OrderType.StopLimit:
                if (!order.Triggered && Fills.Triggers(r.Side, r.Trigger!.Value, bid, ask))
                {
                    order.Triggered = true;
                    order.Rested = false;
                }

                return order.Triggered ? LimitAtQuote(order, r, bid, ask) : null;
            default:
                throw new InvalidOperationException("unknown order type");
        }
    }

    private static Price? LimitAtQuote(WorkingOrder order, OrderRequest r, Price bid, Price ask)
    {
        Price limit = r.Limit!.Value;
        if (!order.Rested && Fills.IsMarketable(r.Side, limit, bid, ask))
        {
            return Fills.AtMarket(r.Side, bid, ask, Move.Zero);
        }

        return Fills.TradesThrough(r.Side, limit, bid, ask) ? limit : null;
    }

    /// <summary>Resting entries that the bar's range reaches after its open.</summary>
    private void WorkInBar(int symbol, in TwoSidedBar bar, Instant end, List<BrokerEvent> events)
    {
        for (int i = 0; i < working.Count; i++)
        {
            WorkingOrder order = working[i];
            if (order.Symbol == symbol && order.Request is { } r && FillInBar(order, r, r.Side == Side.Buy ? bar.Ask : bar.Bid) is { } price)
            {
                working.RemoveAt(i--);
                long before = nextId;
                Enter(r, new Execution(end, price, SlippageOf(r, symbol), ExitReason.Signal), events);
                ExitInEntryBar(before, bar, end, events);
            }
        }
    }

    private Price? FillInBar(WorkingOrder order, OrderRequest r, in Bar side)
    {
        (Price up, Price down) = r.Side == Side.Buy ? (side.High, side.Low) : (side.Low, side.High);
        switch (r.Type)
        {
            case OrderType.Stop when Fills.Triggers(r.Side, r.Trigger!.Value, up, up):
                return Fills.AtMarket(r.Side, r.Trigger.Value, r.Trigger.Value, SlippageOf(r, order.Symbol));
            case OrderType.StopLimit when !order.Triggered:
                // Trigger and limit inside one bar: only the trigger is certain; the limit waits for the next price.
                order.Triggered = Fills.Triggers(r.Side, r.Trigger!.Value, up, up);
                return null;
            case OrderType.Limit or OrderType.StopLimit:
                return Fills.TradesThrough(r.Side, r.Limit!.Value, down, down) ? r.Limit : null;
            default:
                return null;
        }
    }

    /// <summary>An order at the broker that has not filled: a new order, or the close of a position (then without a request).</summary>
    private sealed class WorkingOrder
    {
        public OrderRequest? Request { get; init; }

        public required int Symbol { get; init; }

        public long ClosesPosition { get; init; }

        public Quantity CloseQuantity { get; init; }

        public ExitReason Reason { get; init; }

        /// <summary>A stop-limit whose trigger was reached.</summary>
        public bool Triggered { get; set; }

        /// <summary>False until the first price after arrival: then a limit may still fill at the market.</summary>
        public bool Rested { get; set; }
    }
}

using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>
/// What the server tells of an account, in the engine's words. Events come late, twice, reordered, and of what others do on the account: the engine counts deals once, and here is kept only what the wire leaves out, such as which
/// order a deal belongs to. Where an event does not tell enough, <see cref="MustAsk"/> is set: the server is then asked what there is.
/// </summary>
internal sealed class Inward(SymbolTable symbols, Currency currency, bool isReplay)
{
    private readonly Dictionary<long, (string ClientOrderId, ProtoOAOrderType Type, bool IsStopOut, string Label)> orders = [];
    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<long, (Position Position, long ChangedMs)> positions = [];
    private readonly Dictionary<long, long> executed = [];
    private readonly HashSet<long> deals = [];

    /// <summary>The last price of each symbol that is traded; null of a side that is not known. What a fill is measured against.</summary>
    public required (Price? Bid, Price? Ask)[] Market { get; init; }

    /// <summary>Something happened that only the server can tell in full.</summary>
    public bool MustAsk { get; set; }

    /// <summary>The server's number of an order of ours; null while it was not told.</summary>
    public long? NumberOf(string clientOrderId) => numbers.TryGetValue(clientOrderId, out long number) ? number : null;

    public bool KnowsOrder(long orderId) => orders.ContainsKey(orderId);

    /// <summary>Remembers an order, whoever placed it.</summary>
    public void Know(ProtoOAOrder order)
    {
        orders[order.OrderId] = (order.ClientOrderId, order.OrderType, order.IsStopOut, order.TradeData.Label);
        if (order.ClientOrderId.Length > 0)
        {
            numbers[order.ClientOrderId] = order.OrderId;
        }
    }

    /// <summary>What an execution means to the engine: nothing, where it is about orders that the server made by itself.</summary>
    /// <param name="e">What was told.</param>
    /// <param name="at">When it was heard, for what does not say when it happened.</param>
    /// <exception cref="WireFault">It lacks what such an event must have.</exception>
    public BrokerEvent? Take(ProtoOAExecutionEvent e, Instant at)
    {
        if (e.Order is { } told)
        {
            Know(told);
        }

        if (e.HasErrorCode)
        {
            return Rejected(e.Order, e.ErrorCode, at);
        }

        switch (e.ExecutionType)
        {
            case ProtoOAExecutionType.OrderAccepted:
                return Accepted(e.Order, at);
            case ProtoOAExecutionType.OrderFilled or ProtoOAExecutionType.OrderPartialFill:
                return Filled(e);
            case ProtoOAExecutionType.OrderReplaced:
                return e.Position is { PositionStatus: ProtoOAPositionStatus.PositionStatusOpen } changed ? new PositionChanged(at, Keep(changed)) : null;
            case ProtoOAExecutionType.OrderCancelled or ProtoOAExecutionType.OrderExpired:
                return Cancelled(e, at);
            case ProtoOAExecutionType.OrderRejected:
                return Rejected(e.Order, "rejected", at);
            case ProtoOAExecutionType.Swap:
                return Charged(e.Position, at);
            case ProtoOAExecutionType.OrderCancelRejected or ProtoOAExecutionType.DepositWithdraw or ProtoOAExecutionType.BonusDepositWithdraw:
                MustAsk = true;
                return null;
            default:
                MustAsk = true;
                return null;
        }
    }

    /// <summary>A trailing stop that the server moved; null of a position that is not known.</summary>
    public BrokerEvent? Take(ProtoOATrailingSLChangedEvent e, Instant at)
    {
        if (!positions.TryGetValue(e.PositionId, out (Position Position, long ChangedMs) known))
        {
            return null;
        }

        Position moved = known.Position with { Stop = Units.PriceOf(e.StopPrice) };
        positions[e.PositionId] = (moved, e.UtcLastUpdateTimestamp);
        return new PositionChanged(at, moved);
    }

    /// <exception cref="WireFault">It cannot be read.</exception>
    public Position PositionOf(ProtoOAPosition p)
    {
        Quantity volume = Units.Volume(p.TradeData.Volume);
        return new Position
        {
            Id = p.PositionId,
            Symbol = symbols.NameOf(p.TradeData.SymbolId),
            Side = Units.SideOf(p.TradeData.TradeSide),
            Quantity = volume,
            Cost = Units.Cost(p.Price, volume),
            OpenedAt = Units.Time(p.TradeData.OpenTimestamp),
            Stop = p.HasStopLoss ? Units.PriceOf(p.StopLoss) : null,
            Target = p.HasTakeProfit ? Units.PriceOf(p.TakeProfit) : null,
            Swap = Money(p.Swap, p.HasMoneyDigits ? p.MoneyDigits : null),
            Label = p.TradeData.Label,
            ClientOrderId = p.TradeData.Label.Length > 0 ? p.TradeData.Comment : "",
        };
    }

    /// <summary>What was charged to a position and is not in the balance yet: interest, and the commission of opening.</summary>
    public Money Pending(ProtoOAPosition p) => Money(p.Swap, p.HasMoneyDigits ? p.MoneyDigits : null) + Money(p.Commission, p.HasMoneyDigits ? p.MoneyDigits : null);

    public Money BalanceOf(ProtoOATrader trader) => Money(trader.Balance, trader.HasMoneyDigits ? trader.MoneyDigits : null);

    /// <summary>An order that stands, as far as it is told. It is known again by its id; its terms are those it was sent with.</summary>
    /// <exception cref="WireFault">It cannot be read.</exception>
    public static OrderRequest RequestOf(ProtoOAOrder o, SymbolTable symbols) => new()
    {
        ClientOrderId = o.ClientOrderId,
        Label = o.TradeData.Label,
        Symbol = symbols.NameOf(o.TradeData.SymbolId),
        Side = Units.SideOf(o.TradeData.TradeSide),
        Quantity = Units.Volume(o.TradeData.Volume),
        Type = o.OrderType switch
        {
            ProtoOAOrderType.Limit => OrderType.Limit,
            ProtoOAOrderType.Stop => OrderType.Stop,
            ProtoOAOrderType.StopLimit => OrderType.StopLimit,
            _ => OrderType.Market,
        },
        Limit = o.HasLimitPrice ? Units.PriceOf(o.LimitPrice) : null,
        Trigger = o.HasStopPrice ? Units.PriceOf(o.StopPrice) : null,
        StopDistance = new Move(o.RelativeStopLoss),
        TargetDistance = o.HasRelativeTakeProfit ? new Move(o.RelativeTakeProfit) : null,
        Expiry = o.HasExpirationTimestamp ? Units.Time(o.ExpirationTimestamp) : null,
    };

    /// <summary>Positions as a statement tells them, instead of all that were known.</summary>
    public void Restate(IEnumerable<ProtoOAPosition> stated)
    {
        positions.Clear();
        foreach (ProtoOAPosition p in stated)
        {
            positions[p.PositionId] = (PositionOf(p), p.UtcLastUpdateTimestamp);
        }
    }

    /// <summary>A deal; its order must be known. Null of one in which nothing was done.</summary>
    /// <exception cref="WireFault">It cannot be read.</exception>
    public Deal? DealOf(ProtoOADeal d)
    {
        if (d.DealStatus is not (ProtoOADealStatus.Filled or ProtoOADealStatus.PartiallyFilled) || d.FilledVolume == 0)
        {
            return null;
        }

        (string clientOrderId, ProtoOAOrderType type, bool isStopOut, string label) = orders[d.OrderId];
        uint? digits = d.HasMoneyDigits ? d.MoneyDigits : null;
        Price price = Units.PriceOf(d.ExecutionPrice);
        Money charged = Money(d.Commission, digits);
        return new Deal
        {
            Id = d.DealId,
            PositionId = d.PositionId,
            ClientOrderId = clientOrderId,
            Label = label,
            Symbol = symbols.NameOf(d.SymbolId),
            Side = Units.SideOf(d.TradeSide),
            Quantity = Units.Volume(d.FilledVolume),
            Price = price,
            Time = Units.Time(d.ExecutionTimestamp),
            Commission = charged.Amount > 0 ? charged : -charged,
            Closed = d.ClosePositionDetail is { } detail ? new ClosedPart(Money(detail.GrossProfit, detail.HasMoneyDigits ? detail.MoneyDigits : digits), ReasonOf(d, (type, isStopOut), price)) : null,
        };
    }

    private Money Money(long units, uint? digits) => Units.Money(units, digits, currency);

    /// <summary>Stop or target is told from the level that was reached, where the position is known, and from the result otherwise.</summary>
    private ExitReason ReasonOf(ProtoOADeal d, (ProtoOAOrderType Type, bool IsStopOut) order, Price price)
    {
        if (order.IsStopOut)
        {
            return ExitReason.StopOut;
        }

        if (order.Type != ProtoOAOrderType.StopLossTakeProfit)
        {
            return ExitReason.Signal;
        }

        int sign = d.TradeSide == ProtoOATradeSide.Sell ? 1 : -1;
        if (positions.TryGetValue(d.PositionId, out (Position Position, long ChangedMs) known) && known.Position is { Target: { } target })
        {
            return (price - target).Grains * sign >= 0 ? ExitReason.Target : ExitReason.Stop;
        }

        return known.Position is { Stop: not null } || d.ClosePositionDetail.GrossProfit < 0 ? ExitReason.Stop : ExitReason.Target;
    }

    private static BrokerEvent? Accepted(ProtoOAOrder? order, Instant at) => order switch
    {
        null or { OrderType: ProtoOAOrderType.StopLossTakeProfit } => null,
        { ClosingOrder: true } => new CloseAccepted(at, order.PositionId),
        { ClientOrderId.Length: > 0 } => new OrderAccepted(at, order.ClientOrderId),
        _ => null,
    };

    private BrokerEvent? Filled(ProtoOAExecutionEvent e)
    {
        if (e.Deal is not { } told || !orders.TryGetValue(told.OrderId, out (string ClientOrderId, ProtoOAOrderType Type, bool IsStopOut, string Label) order))
        {
            MustAsk = true;
            return null;
        }

        if (DealOf(told) is not { } plain)
        {
            return null;
        }

        Deal deal = Measured(plain, order.Type);

        if (deals.Add(deal.Id))
        {
            executed[told.OrderId] = executed.GetValueOrDefault(told.OrderId) + told.FilledVolume;
        }

        Position? after = e.Position switch
        {
            { PositionStatus: ProtoOAPositionStatus.PositionStatusOpen } open => Keep(open),
            null => Left(deal),
            _ => null,
        };
        if (after is null)
        {
            // Interest that was charged and not told: with the close it is in the balance, and nothing else would say so.
            MustAsk |= positions.Remove(deal.PositionId, out (Position Position, long ChangedMs) last) && told.ClosePositionDetail is { } detail
                && Money(detail.Swap, detail.HasMoneyDigits ? detail.MoneyDigits : null) != last.Position.Swap;
        }

        // Of a server that replays, which closes by itself what is open at the end; elsewhere it is the server's stop-out, and said to be.
        bool isEnd = isReplay && e.IsServerEvent && deal.Closed is { Reason: ExitReason.Signal };
        return new OrderFilled(deal.Time, isEnd ? deal with { Closed = deal.Closed! with { Reason = ExitReason.End } } : deal, after);
    }

    /// <summary>A deal against the price that was last heard before it, which filled it: how wide it was, and how much worse the fill. A stop is measured from its level; a limit and a target fill at theirs.</summary>
    private Deal Measured(Deal deal, ProtoOAOrderType type)
    {
        if (symbols.Traded(deal.Symbol) is not { } index || Market[index] is not { Bid: { } bid, Ask: { } ask })
        {
            return deal;
        }

        Move worse = deal.Side == Side.Buy ? deal.Price - ask : bid - deal.Price;
        Move slippage = deal.Closed?.Reason switch
        {
            ExitReason.Target => Move.Zero,
            ExitReason.Stop => positions.TryGetValue(deal.PositionId, out (Position Position, long ChangedMs) held) && held.Position.Stop is { } level ? (deal.Price - level).Abs() : Move.Zero,
            _ => type is ProtoOAOrderType.Limit or ProtoOAOrderType.StopLimit ? Move.Zero : worse,
        };
        return deal with { Spread = ask - bid, Slippage = slippage };
    }

    /// <summary>What is left of a position after a deal that does not say: the server is asked, where that is not nothing.</summary>
    private Position? Left(Deal deal)
    {
        if (!positions.TryGetValue(deal.PositionId, out (Position Position, long ChangedMs) known) || deal.Closed is null || known.Position.Quantity <= deal.Quantity)
        {
            MustAsk |= deal.Closed is null;
            return null;
        }

        MustAsk = true;
        Quantity rest = known.Position.Quantity - deal.Quantity;
        return known.Position with { Quantity = rest, Cost = new QuoteValue((long)Math.Round((decimal)known.Position.Cost.Grains * rest.Cents / known.Position.Quantity.Cents, MidpointRounding.ToEven)) };
    }

    /// <summary>Cancelled does not mean that nothing happened: what was executed before may not have been told.</summary>
    private BrokerEvent? Cancelled(ProtoOAExecutionEvent e, Instant at)
    {
        if (e.Order is not { } order || order.OrderType == ProtoOAOrderType.StopLossTakeProfit)
        {
            return null;
        }

        if (order.ExecutedVolume > executed.GetValueOrDefault(order.OrderId))
        {
            // A part that was filled and not told: the statement tells it, and an order with a deal has not ended without one.
            MustAsk = true;
            return null;
        }

        string why = e.ExecutionType == ProtoOAExecutionType.OrderExpired ? "expired" : "cancelled";
        return order.ClosingOrder ? new CommandRejected(at, order.PositionId, PositionCommand.Close, why) : order.ClientOrderId.Length > 0 ? new OrderCancelled(at, order.ClientOrderId, why) : null;
    }

    private BrokerEvent? Rejected(ProtoOAOrder? order, string code, Instant at)
    {
        MustAsk |= order is null;
        return order switch
        {
            null or { OrderType: ProtoOAOrderType.StopLossTakeProfit } => null,
            { ClosingOrder: true } => new CommandRejected(at, order.PositionId, PositionCommand.Close, code),
            { ClientOrderId.Length: > 0 } => new OrderRejected(at, order.ClientOrderId, code),
            _ => null,
        };
    }

    /// <summary>Interest is told as the sum of all so far: what is new is the difference.</summary>
    private BrokerEvent? Charged(ProtoOAPosition? p, Instant at)
    {
        if (p is null || !positions.TryGetValue(p.PositionId, out (Position Position, long ChangedMs) before))
        {
            MustAsk = true;
            return null;
        }

        Money amount = Keep(p).Swap - before.Position.Swap;
        return amount.Amount == 0 ? null : new SwapCharged(p.HasUtcLastUpdateTimestamp ? Units.Time(p.UtcLastUpdateTimestamp) : at, p.PositionId, amount);
    }

    /// <summary>A position as it was told, kept unless a later one was told before.</summary>
    private Position Keep(ProtoOAPosition p)
    {
        Position told = PositionOf(p);
        if (!positions.TryGetValue(p.PositionId, out (Position Position, long ChangedMs) known) || p.UtcLastUpdateTimestamp >= known.ChangedMs)
        {
            positions[p.PositionId] = (told, p.UtcLastUpdateTimestamp);
        }

        return told;
    }
}

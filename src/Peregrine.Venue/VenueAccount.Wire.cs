using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Venue;

internal sealed partial class VenueAccount
{
    /// <summary>The most rows of one answer; more are told by <c>hasMore</c>.</summary>
    private const int MostRows = 1_000;

    public ProtoOATrader Trader() => new()
    {
        CtidTraderAccountId = Offered.Id,
        Balance = Facts.Minor(Balance),
        BalanceVersion = balanceVersion,
        AccessRights = ProtoOAAccessRights.FullAccess,
        DepositAssetId = facts.AssetOf(Currency),
        SwapFree = false,
        LeverageInCents = (uint)((Offered.Terms.Leverage ?? 1_000) * 100),
        TotalMarginCalculationType = ProtoOATotalMarginCalculationType.Sum,
        MaxLeverage = (uint)((Offered.Terms.Leverage ?? 1_000) * 100),
        TraderLogin = Offered.Login,
        AccountType = Offered.Terms.Kind == AccountKind.Netted ? ProtoOAAccountType.Netted : ProtoOAAccountType.Hedged,
        BrokerName = "peregrine",
        RegistrationTimestamp = 0,
        MoneyDigits = (uint)Currency.MoneyDigits,
        FairStopOut = true,
    };

    public ProtoOAReconcileRes Reconcile(bool withProtection)
    {
        var answer = new ProtoOAReconcileRes { CtidTraderAccountId = Offered.Id };
        answer.Position.AddRange(holdings.Values.OrderBy(static h => h.Last.Id).Select(h => Wire(h.Last)));
        IEnumerable<VenueOrder> standing = orders.Values.Where(static o => o.Status == ProtoOAOrderStatus.OrderStatusAccepted && o.Type != ProtoOAOrderType.StopLossTakeProfit);
        answer.Order.AddRange(standing.Select(static o => o.ToWire()));
        if (withProtection)
        {
            answer.Order.AddRange(holdings.Values.OrderBy(static h => h.Last.Id).Select(static h => h.Protection.ToWire()));
        }

        return answer;
    }

    /// <summary>What each position would earn at the last price: before, and after what it has been charged.</summary>
    public ProtoOAGetPositionUnrealizedPnLRes Unrealised()
    {
        var answer = new ProtoOAGetPositionUnrealizedPnLRes { CtidTraderAccountId = Offered.Id, MoneyDigits = (uint)Currency.MoneyDigits };
        foreach (Holding holding in holdings.Values.OrderBy(static h => h.Last.Id))
        {
            Money gross = broker.UnrealisedOf(holding.Last).Rounded();
            answer.PositionUnrealizedPnL.Add(new ProtoOAPositionUnrealizedPnL { PositionId = holding.Last.Id, GrossUnrealizedPnL = Facts.Minor(gross), NetUnrealizedPnL = Facts.Minor(gross + holding.Pending) });
        }

        return answer;
    }

    /// <summary>What entries of these sizes would take; null of a symbol that is not known or has no price.</summary>
    public ProtoOAExpectedMarginRes? ExpectedMargin(ProtoOAExpectedMarginReq ask)
    {
        var answer = new ProtoOAExpectedMarginRes { CtidTraderAccountId = Offered.Id, MoneyDigits = (uint)Currency.MoneyDigits };
        foreach (long volume in ask.Volume.Take(MostRows))
        {
            if (facts.IndexOf(ask.SymbolId) is not { } symbol || volume is <= 0 or > 1_000_000_000_000
                || broker.ExpectedMargin(symbol, Side.Buy, new Quantity(volume)) is not { } buy || broker.ExpectedMargin(symbol, Side.Sell, new Quantity(volume)) is not { } sell)
            {
                return null;
            }

            answer.Margin.Add(new ProtoOAExpectedMargin { Volume = volume, BuyMargin = Facts.Minor(buy), SellMargin = Facts.Minor(sell) });
        }

        return answer;
    }

    /// <summary>Deals of a time, the oldest first.</summary>
    public ProtoOADealListRes Deals(long fromMs, long toMs, int most)
    {
        Done[] found = [.. deals.Where(d => Facts.Milliseconds(d.Deal.Time) is var at && at >= fromMs && at <= toMs)];
        int rows = Math.Clamp(most, 1, MostRows);
        var answer = new ProtoOADealListRes { CtidTraderAccountId = Offered.Id, HasMore = found.Length > rows };
        answer.Deal.AddRange(found.Take(rows).Select(Wire));
        return answer;
    }

    public ProtoOADealListByPositionIdRes DealsOf(long position, long fromMs, long toMs)
    {
        Done[] found = [.. deals.Where(d => d.Deal.PositionId == position && Facts.Milliseconds(d.Deal.Time) is var at && at >= fromMs && at <= toMs)];
        var answer = new ProtoOADealListByPositionIdRes { CtidTraderAccountId = Offered.Id, HasMore = found.Length > MostRows };
        answer.Deal.AddRange(found.Take(MostRows).Select(Wire));
        return answer;
    }

    public ProtoOAOrderListRes OrdersChanged(long fromMs, long toMs)
    {
        VenueOrder[] found = [.. orders.Values.Where(o => Facts.Milliseconds(o.ChangedAt) is var at && at >= fromMs && at <= toMs)];
        var answer = new ProtoOAOrderListRes { CtidTraderAccountId = Offered.Id, HasMore = found.Length > MostRows };
        answer.Order.AddRange(found.Take(MostRows).Select(static o => o.ToWire()));
        return answer;
    }

    /// <summary>The orders of a position, the newest first.</summary>
    public ProtoOAOrderListByPositionIdRes OrdersOf(long position, long fromMs, long toMs)
    {
        VenueOrder[] found = [.. orders.Values.Where(o => o.PositionId == position && Facts.Milliseconds(o.ChangedAt) is var at && at >= fromMs && at <= toMs).Reverse()];
        var answer = new ProtoOAOrderListByPositionIdRes { CtidTraderAccountId = Offered.Id, HasMore = found.Length > MostRows };
        answer.Order.AddRange(found.Take(MostRows).Select(static o => o.ToWire()));
        return answer;
    }

    public ProtoOAOrderDetailsRes? Details(long orderId)
    {
        if (!orders.TryGetValue(orderId, out VenueOrder? order))
        {
            return null;
        }

        var answer = new ProtoOAOrderDetailsRes { CtidTraderAccountId = Offered.Id, Order = order.ToWire() };
        answer.Deal.AddRange(deals.Where(d => d.Order == order).Select(Wire));
        return answer;
    }

    private ProtoOAPosition Wire(Position p)
    {
        Holding holding = holdings[p.Id];
        var position = new ProtoOAPosition
        {
            PositionId = p.Id,
            TradeData = new ProtoOATradeData
            {
                SymbolId = facts.IdOf(p.Symbol),
                Volume = p.Quantity.Cents,
                TradeSide = Facts.WireSide(p.Side),
                OpenTimestamp = Facts.Milliseconds(p.OpenedAt),
                Label = holding.Opened.Label,
                Comment = holding.Opened.Comment,
                GuaranteedStopLoss = false,
            },
            PositionStatus = ProtoOAPositionStatus.PositionStatusOpen,
            Swap = Facts.Minor(holding.Swap),
            Commission = Facts.Minor(holding.Commission),
            Price = (double)p.AverageEntry,
            UtcLastUpdateTimestamp = Facts.Milliseconds(holding.ChangedAt),
            MoneyDigits = (uint)Currency.MoneyDigits,
            GuaranteedStopLoss = false,
            TrailingStopLoss = false,
        };
        if (broker.MarginOf(p) is { } margin)
        {
            position.UsedMargin = (ulong)Facts.Minor(margin);
        }

        if (p.Stop is { } stop)
        {
            position.StopLoss = Facts.Plain(stop);
        }

        if (p.Target is { } target)
        {
            position.TakeProfit = Facts.Plain(target);
        }

        return position;
    }

    private ProtoOADeal Wire(Done done)
    {
        Deal d = done.Deal;
        var deal = new ProtoOADeal
        {
            DealId = d.Id,
            OrderId = done.Order.Id,
            PositionId = d.PositionId,
            Volume = done.Order.Volume,
            FilledVolume = d.Quantity.Cents,
            SymbolId = facts.IdOf(d.Symbol),
            CreateTimestamp = Facts.Milliseconds(done.Order.CreatedAt),
            ExecutionTimestamp = Facts.Milliseconds(d.Time),
            UtcLastUpdateTimestamp = Facts.Milliseconds(d.Time),
            ExecutionPrice = Facts.Plain(d.Price),
            TradeSide = Facts.WireSide(d.Side),
            DealStatus = ProtoOADealStatus.Filled,
            Commission = -Facts.Minor(d.Commission),
            MoneyDigits = (uint)Currency.MoneyDigits,
        };
        if (d.Closed is { } closed)
        {
            deal.ClosePositionDetail = new ProtoOAClosePositionDetail
            {
                EntryPrice = (double)done.EntryPrice,
                GrossProfit = Facts.Minor(closed.Gross),
                Swap = Facts.Minor(done.Swap),
                Commission = Facts.Minor(done.Commission) - Facts.Minor(d.Commission),
                Balance = Facts.Minor(done.BalanceAfter),
                BalanceVersion = done.BalanceVersion,
                ClosedVolume = d.Quantity.Cents,
                MoneyDigits = (uint)Currency.MoneyDigits,
            };
        }

        return deal;
    }
}

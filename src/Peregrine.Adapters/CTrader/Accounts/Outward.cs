using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>Commands of the engine as requests of the protocol.</summary>
internal static class Outward
{
    /// <summary>
    /// An order, with its protection in it as distances, because levels are refused of what is filled at once. Its id goes along twice: as the order's own, and as the comment, which the position keeps.
    /// </summary>
    /// <exception cref="ArgumentException">A distance or a level is not on the grid of the symbol's digits: the server would refuse it.</exception>
    public static ProtoOANewOrderReq Order(OrderRequest order, long account, SymbolTable symbols)
    {
        long symbol = symbols.IdOf(order.Symbol);
        Instrument instrument = symbols.At(symbols.IndexOf(symbol)!.Value);
        var request = new ProtoOANewOrderReq
        {
            CtidTraderAccountId = account,
            SymbolId = symbol,
            OrderType = TypeOf(order.Type),
            TradeSide = Units.WireSide(order.Side),
            Volume = order.Quantity.Cents,
            TimeInForce = InForce(order),
            RelativeStopLoss = OnGrid(order.StopDistance.Grains, instrument),
            Label = order.Label,
            Comment = order.ClientOrderId,
            ClientOrderId = order.ClientOrderId,
        };
        if (order.TargetDistance is { } target)
        {
            request.RelativeTakeProfit = OnGrid(target.Grains, instrument);
        }

        if (order.Expiry is { } expiry)
        {
            request.ExpirationTimestamp = expiry.UnixMilliseconds;
        }

        if (order.Trigger is { } trigger)
        {
            request.StopPrice = Units.Plain(new Price(OnGrid(trigger.Grains, instrument)));
        }

        if (order.Limit is { } limit)
        {
            Limit(request, order, limit, instrument);
        }

        return request;
    }

    public static ProtoOAAmendPositionSLTPReq Amend(AmendProtection amend, long account)
    {
        var request = new ProtoOAAmendPositionSLTPReq { CtidTraderAccountId = account, PositionId = amend.PositionId, StopLoss = Units.Plain(amend.Stop) };
        if (amend.Target is { } target)
        {
            request.TakeProfit = Units.Plain(target);
        }

        return request;
    }

    public static IMessage Close(ClosePosition close, long account) => new ProtoOAClosePositionReq { CtidTraderAccountId = account, PositionId = close.PositionId, Volume = close.Quantity.Cents };

    public static IMessage Cancel(long orderId, long account) => new ProtoOACancelOrderReq { CtidTraderAccountId = account, OrderId = orderId };

    /// <summary>A limit's own price; of a stop-limit, how many points it lies beyond the trigger.</summary>
    private static void Limit(ProtoOANewOrderReq request, OrderRequest order, Price limit, Instrument instrument)
    {
        if (order.Type == OrderType.Limit)
        {
            request.LimitPrice = Units.Plain(new Price(OnGrid(limit.Grains, instrument)));
        }
        else if (order.Type == OrderType.StopLimit)
        {
            long room = (limit - order.Trigger!.Value).Grains * order.Side.Sign();
            request.SlippageInPoints = room >= 0 ? checked((int)(OnGrid(room, instrument) / instrument.Point.Grains)) : throw new ArgumentException($"The limit {limit} of a stop order lies before its trigger {order.Trigger}.", nameof(limit));
        }
    }

    private static long OnGrid(long grains, Instrument instrument) =>
        grains % instrument.Point.Grains == 0 ? grains : throw new ArgumentException($"{grains} hundred thousandths are not on the grid of {instrument.Symbol}, whose last digit is {instrument.Point.Grains} of them.", nameof(grains));

    private static ProtoOAOrderType TypeOf(OrderType type) => type switch
    {
        OrderType.Market => ProtoOAOrderType.Market,
        OrderType.Limit => ProtoOAOrderType.Limit,
        OrderType.Stop => ProtoOAOrderType.Stop,
        OrderType.StopLimit => ProtoOAOrderType.StopLimit,
        _ => throw new InvalidOperationException("unknown order type"),
    };

    private static ProtoOATimeInForce InForce(OrderRequest order) => order.TimeInForce switch
    {
        TimeInForce.GoodTillCancel => order.Type == OrderType.Market ? ProtoOATimeInForce.ImmediateOrCancel : ProtoOATimeInForce.GoodTillCancel,
        TimeInForce.GoodTillDate => ProtoOATimeInForce.GoodTillDate,
        TimeInForce.ImmediateOrCancel => ProtoOATimeInForce.ImmediateOrCancel,
        TimeInForce.FillOrKill => ProtoOATimeInForce.FillOrKill,
        _ => throw new InvalidOperationException("unknown time in force"),
    };
}

using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Venue;

/// <summary>Orders as they come in: what the server refuses before they reach the book, and what of the rest the matching engine is given.</summary>
internal static class Incoming
{
    private const int LongestLabel = 100, LongestComment = 512, LongestId = 50;

    /// <summary>The order for the matching engine under a key, or why it is refused.</summary>
    public static (OrderRequest? Order, string? Objection) Order(ProtoOANewOrderReq request, Facts facts, string key)
    {
        if (facts.IndexOf(request.SymbolId) is not { } index)
        {
            return (null, "SYMBOL_NOT_FOUND");
        }

        if (request.Label.Length > LongestLabel || request.Comment.Length > LongestComment || request.ClientOrderId.Length > LongestId || request.Volume <= 0)
        {
            return (null, request.Volume <= 0 ? "TRADING_BAD_VOLUME" : "INVALID_REQUEST");
        }

        Instrument instrument = facts.At(index);
        if (Terms(request, instrument) is not { } terms)
        {
            return (null, request.OrderType is ProtoOAOrderType.StopLossTakeProfit ? "INVALID_REQUEST" : "TRADING_BAD_PRICES");
        }

        (Move? stop, Move? target) = Distances(request, terms.Reference, instrument);
        if ((stop is null && (request.HasStopLoss || request.HasRelativeStopLoss)) || (target is null && (request.HasTakeProfit || request.HasRelativeTakeProfit)))
        {
            return (null, "TRADING_BAD_STOPS");
        }

        return (new OrderRequest
        {
            ClientOrderId = key,
            Label = request.Label,
            Symbol = instrument.Symbol,
            Side = Facts.SideOf(request.TradeSide),
            Quantity = new Quantity(request.Volume),
            Type = terms.Type,
            Limit = terms.Limit,
            Trigger = terms.Trigger,
            StopDistance = stop ?? Move.Zero,
            TargetDistance = target,
            TimeInForce = request.OrderType == ProtoOAOrderType.MarketRange ? TimeInForce.ImmediateOrCancel : InForce(request.TimeInForce),
            Expiry = request.HasExpirationTimestamp ? Instant.FromUnixMilliseconds(Math.Clamp(request.ExpirationTimestamp, 0, 4_102_444_800_000)) : null,
        }, null);
    }

    private static (OrderType Type, Price? Limit, Price? Trigger, Price? Reference)? Terms(ProtoOANewOrderReq request, Instrument instrument)
    {
        Price? limit = request.HasLimitPrice ? Facts.PriceOf(request.LimitPrice, instrument) : null, trigger = request.HasStopPrice ? Facts.PriceOf(request.StopPrice, instrument) : null;
        return request.OrderType switch
        {
            ProtoOAOrderType.Market => (OrderType.Market, null, null, null),

            // At the market, no further than so from a price, and what cannot be filled so at once is cancelled.
            ProtoOAOrderType.MarketRange when request.SlippageInPoints >= 0 && Facts.PriceOf(request.BaseSlippagePrice, instrument) is { } from =>
                (OrderType.Limit, from + (instrument.Point * (request.SlippageInPoints * (long)Facts.SideOf(request.TradeSide).Sign())), null, null),
            ProtoOAOrderType.Limit when limit is { } at => (OrderType.Limit, limit, null, at),
            ProtoOAOrderType.Stop when trigger is { } at => (OrderType.Stop, null, trigger, at),
            ProtoOAOrderType.StopLimit when trigger is { } at && request.SlippageInPoints >= 0 =>
                (OrderType.StopLimit, at + (instrument.Point * (request.SlippageInPoints * (long)Facts.SideOf(request.TradeSide).Sign())), trigger, at),
            _ => null,
        };
    }

    /// <summary>Distances of stop and target. Levels are taken of orders that wait only: of others it is not known what they would be measured from.</summary>
    private static (Move? Stop, Move? Target) Distances(ProtoOANewOrderReq request, Price? reference, Instrument instrument)
    {
        int sign = Facts.SideOf(request.TradeSide).Sign();
        Move? stop = request.HasRelativeStopLoss ? OnGrid(request.RelativeStopLoss, instrument)
            : reference is { } from && request.HasStopLoss && Facts.PriceOf(request.StopLoss, instrument) is { } level ? (from - level) * sign : null;
        Move? target = request.HasRelativeTakeProfit ? OnGrid(request.RelativeTakeProfit, instrument)
            : reference is { } start && request.HasTakeProfit && Facts.PriceOf(request.TakeProfit, instrument) is { } aim ? (aim - start) * sign : null;
        return (stop is { Grains: > 0 } ? stop : null, target is { Grains: > 0 } ? target : null);
    }

    private static Move? OnGrid(long grains, Instrument instrument) => grains > 0 && grains < 1_000_000_000_000 && grains % instrument.Point.Grains == 0 ? new Move(grains) : null;

    private static TimeInForce InForce(ProtoOATimeInForce wire) => wire switch
    {
        ProtoOATimeInForce.GoodTillDate => TimeInForce.GoodTillDate,
        ProtoOATimeInForce.ImmediateOrCancel => TimeInForce.ImmediateOrCancel,
        ProtoOATimeInForce.FillOrKill => TimeInForce.FillOrKill,
        _ => TimeInForce.GoodTillCancel,
    };
}

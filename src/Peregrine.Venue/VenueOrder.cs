using System.Globalization;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Venue;

/// <summary>Who asked for something: the connection, and the id that it gave the request.</summary>
internal readonly record struct Asker(long Line, string? ClientMsgId);

/// <summary>An order as the venue keeps it. The matching engine knows it by <see cref="Key"/>, because clients may use an id of theirs twice.</summary>
internal sealed class VenueOrder
{
    public required long Id { get; init; }

    public required long SymbolId { get; init; }

    public required Side Side { get; init; }

    public required long Volume { get; init; }

    public required ProtoOAOrderType Type { get; init; }

    public required Instant CreatedAt { get; init; }

    /// <summary>How much of it can be filled: all of it, but where faults leave less.</summary>
    public required long Fillable { get; init; }

    /// <summary>Who is told under an id of its own; nobody for what the venue does by itself.</summary>
    public Asker? Asker { get; init; }

    public OrderRequest? Request { get; init; }

    public ProtoOATimeInForce TimeInForce { get; init; } = ProtoOATimeInForce.ImmediateOrCancel;

    public string Label { get; init; } = "";

    public string Comment { get; init; } = "";

    public string ClientOrderId { get; init; } = "";

    public bool IsClosing { get; init; }

    public bool IsStopOut { get; init; }

    public ProtoOAOrderStatus Status { get; set; } = ProtoOAOrderStatus.OrderStatusAccepted;

    public long PositionId { get; set; }

    public long Executed { get; set; }

    public Price? ExecutedAt { get; set; }

    public Instant ChangedAt { get; set; }

    /// <summary>It was said to stand.</summary>
    public bool Told { get; set; }

    /// <summary>Levels of the protection of a position, for the order that carries them out.</summary>
    public (Price? Stop, Price? Target) Protects { get; set; }

    public string Key => KeyOf(Id);

    public static string KeyOf(long id) => "v" + id.ToString(CultureInfo.InvariantCulture);

    public ProtoOAOrder ToWire()
    {
        var order = new ProtoOAOrder
        {
            OrderId = Id,
            TradeData = new ProtoOATradeData { SymbolId = SymbolId, Volume = Volume, TradeSide = Facts.WireSide(Side), OpenTimestamp = Facts.Milliseconds(CreatedAt), Label = Label, Comment = Comment },
            OrderType = Type,
            OrderStatus = Status,
            ExecutedVolume = Executed,
            UtcLastUpdateTimestamp = Facts.Milliseconds(ChangedAt),
            ClosingOrder = IsClosing,
            TimeInForce = TimeInForce,
            IsStopOut = IsStopOut,
        };
        if (ClientOrderId.Length > 0)
        {
            order.ClientOrderId = ClientOrderId;
        }

        if (PositionId != 0)
        {
            order.PositionId = PositionId;
        }

        if (ExecutedAt is { } price)
        {
            order.ExecutionPrice = Facts.Plain(price);
        }

        if (Request is { } asked)
        {
            Levels(order, asked);
        }
        else if (Type == ProtoOAOrderType.StopLossTakeProfit)
        {
            // Of a protection the levels stand where a pending order has its own.
            Set(Protects.Stop, v => order.StopPrice = v);
            Set(Protects.Target, v => order.LimitPrice = v);
        }

        return order;
    }

    private static void Levels(ProtoOAOrder order, OrderRequest asked)
    {
        Set(asked.Type == OrderType.StopLimit ? null : asked.Limit, v => order.LimitPrice = v);
        Set(asked.Trigger, v => order.StopPrice = v);
        if (asked.StopDistance.Grains > 0)
        {
            order.RelativeStopLoss = asked.StopDistance.Grains;
        }

        if (asked.TargetDistance is { } target)
        {
            order.RelativeTakeProfit = target.Grains;
        }

        if (asked.Expiry is { } expiry)
        {
            order.ExpirationTimestamp = Facts.Milliseconds(expiry);
        }
    }

    private static void Set(Price? price, Action<double> to)
    {
        if (price is { } level)
        {
            to(Facts.Plain(level));
        }
    }
}

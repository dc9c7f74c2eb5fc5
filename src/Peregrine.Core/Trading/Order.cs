using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;

namespace Peregrine.Core.Trading;

/// <summary>
/// Everything the broker must know of an order. <see cref="ClientOrderId"/> is session and sequence (≤ 50 characters) and is how a lost answer is resolved.
/// Stop and target distances are anchored to the fill, so a position is protected from the moment it exists.
/// </summary>
public sealed record OrderRequest
{
    public required string ClientOrderId { get; init; }

    /// <summary>The strategy's id.</summary>
    public required string Label { get; init; }

    public required string Symbol { get; init; }

    public required Side Side { get; init; }

    public required Quantity Quantity { get; init; }

    public OrderType Type { get; init; }

    /// <summary>Worst acceptable price of a limit or stop-limit order.</summary>
    public Price? Limit { get; init; }

    /// <summary>Trigger price of a stop or stop-limit order.</summary>
    public Price? Trigger { get; init; }

    public required Move StopDistance { get; init; }

    public Move? TargetDistance { get; init; }

    public TimeInForce TimeInForce { get; init; }

    public Instant? Expiry { get; init; }

    /// <summary>The order that carries out an approved proposal under a client order id.</summary>
    public static OrderRequest From(string clientOrderId, ApprovedOrder approved)
    {
        Proposal p = approved.Proposal;
        return new OrderRequest
        {
            ClientOrderId = clientOrderId,
            Label = p.Strategy,
            Symbol = p.Instrument.Symbol,
            Side = p.Side,
            Quantity = approved.Quantity,
            Type = p.Type,
            Limit = p.Limit,
            Trigger = p.Trigger,
            StopDistance = p.StopDistance,
            TargetDistance = p.TargetDistance,
            TimeInForce = p.TimeInForce,
            Expiry = p.Expiry,
        };
    }
}

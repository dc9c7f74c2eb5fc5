using Peregrine.Core.Market;

namespace Peregrine.Core.Portfolio;

/// <summary>An open position as the broker states it: exact cost, protection and charges so far.</summary>
public sealed record Position
{
    public required long Id { get; init; }

    public required string Symbol { get; init; }

    public required Side Side { get; init; }

    public required Quantity Quantity { get; init; }

    /// <summary>Price × quantity summed over the fills that opened it; the average entry is cost ÷ quantity and is never stored as a price.</summary>
    public required QuoteValue Cost { get; init; }

    public required Instant OpenedAt { get; init; }

    public Price? Stop { get; init; }

    public Price? Target { get; init; }

    /// <summary>Nightly interest booked while it was open; negative is a cost.</summary>
    public Money Swap { get; init; }

    /// <summary>The strategy's id, as sent in the order; empty for a position that is not ours.</summary>
    public string Label { get; init; } = "";

    /// <summary>Client order id of the order that opened it; empty when the position is not ours.</summary>
    public string ClientOrderId { get; init; } = "";

    /// <summary>Average entry price in quote units: the exact quotient.</summary>
    public decimal AverageEntry => Quantity.Cents == 0 ? 0m : Cost.Grains / (decimal)Quantity.Cents / Price.GrainsPerUnit;

    /// <summary>Exact profit if closed at these prices: a long at the bid, a short at the ask.</summary>
    public QuoteValue Unrealised(Price bid, Price ask) =>
        Side == Side.Buy ? (Quantity * bid) - Cost : Cost - (Quantity * ask);
}

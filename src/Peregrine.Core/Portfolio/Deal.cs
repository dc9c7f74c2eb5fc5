using Peregrine.Core.Market;

namespace Peregrine.Core.Portfolio;

/// <summary>One execution, as the broker reports it.</summary>
public sealed record Deal
{
    /// <summary>Unique at the broker and rising.</summary>
    public required long Id { get; init; }

    public required long PositionId { get; init; }

    /// <summary>Client order id of the order behind it; empty for closes and protection.</summary>
    public string ClientOrderId { get; init; } = "";

    public string Label { get; init; } = "";

    public required string Symbol { get; init; }

    public required Side Side { get; init; }

    public required Quantity Quantity { get; init; }

    public required Price Price { get; init; }

    public required Instant Time { get; init; }

    /// <summary>Charged for this deal; never negative.</summary>
    public required Money Commission { get; init; }

    /// <summary>How much worse than the reference price it filled: the quote for market orders, the level for stops (a gap included).</summary>
    public Move Slippage { get; init; }

    /// <summary>Ask − bid at the fill.</summary>
    public Move Spread { get; init; }

    /// <summary>The result, when this deal closed all or part of a position.</summary>
    public ClosedPart? Closed { get; init; }
}

/// <summary>What a closing deal realised: gross profit before costs, why, and whether stop and target lay in the same bar.</summary>
public sealed record ClosedPart(Money Gross, ExitReason Reason, bool Ambiguous = false);

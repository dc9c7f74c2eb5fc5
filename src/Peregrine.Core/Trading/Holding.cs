using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Trading;

/// <summary>A position as an operator sees it: whose it is, how it is protected and what it is worth now, at its exit side, in account money.</summary>
public sealed record Holding
{
    /// <summary>The broker's id; 0 while the entry has not filled.</summary>
    public required long PositionId { get; init; }

    /// <summary>The strategy's id; empty for a position that is not ours.</summary>
    public required string Strategy { get; init; }

    public required string Symbol { get; init; }

    public required Side Side { get; init; }

    public required Quantity Quantity { get; init; }

    public required SlotPhase Phase { get; init; }

    public Instant? OpenedAt { get; init; }

    /// <summary>Average price of the fills that opened it, in quote units; null before a fill.</summary>
    public decimal? EntryPrice { get; init; }

    public Price? Stop { get; init; }

    public Price? Target { get; init; }

    public Money Unrealised { get; init; }

    /// <summary>What it loses, unrounded, when its stop is hit at its price; null without a stop.</summary>
    public Money? RiskAtStop { get; init; }
}

using Peregrine.Core.Market;

namespace Peregrine.Core.Portfolio;

/// <summary>
/// What a strategy wants: an entry with its protection, before anybody has said how large it may be or whether it may be at all.
/// Distances are anchored to the fill, so a position is protected from the moment it exists.
/// </summary>
public sealed record Proposal
{
    /// <summary>Id of the strategy, carried to the broker as the position's label.</summary>
    public required string Strategy { get; init; }

    public required Instrument Instrument { get; init; }

    public required Side Side { get; init; }

    /// <summary>Distance of the protective stop from the fill. Zero or negative means "none", and is refused.</summary>
    public required Move StopDistance { get; init; }

    /// <summary>Distance of the profit target from the fill, when there is one.</summary>
    public Move? TargetDistance { get; init; }

    public OrderType Type { get; init; }

    /// <summary>Worst acceptable price of a limit or stop-limit order.</summary>
    public Price? Limit { get; init; }

    /// <summary>Trigger price of a stop or stop-limit order.</summary>
    public Price? Trigger { get; init; }

    public TimeInForce TimeInForce { get; init; }

    public Instant? Expiry { get; init; }
}

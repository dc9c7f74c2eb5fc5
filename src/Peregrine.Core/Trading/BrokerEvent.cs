using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Trading;

/// <summary>What the broker says. Events may come late, twice or reordered; deals are told apart by <see cref="Deal.Id"/>.</summary>
public abstract record BrokerEvent(Instant Time);

/// <summary>The order reached the broker and stands.</summary>
public sealed record OrderAccepted(Instant Time, string ClientOrderId) : BrokerEvent(Time);

/// <summary>The close of a position reached the broker; its fill follows.</summary>
public sealed record CloseAccepted(Instant Time, long PositionId) : BrokerEvent(Time);

/// <summary>The order was refused by the broker and does not stand.</summary>
public sealed record OrderRejected(Instant Time, string ClientOrderId, string Reason) : BrokerEvent(Time);

/// <summary>The order no longer stands: withdrawn, expired, or its rest not filled at once.</summary>
public sealed record OrderCancelled(Instant Time, string ClientOrderId, string Reason) : BrokerEvent(Time);

/// <summary>A fill, with the position as it is after it (null once flat).</summary>
public sealed record OrderFilled(Instant Time, Deal Deal, Position? Position) : BrokerEvent(Time);

/// <summary>A position's protection changed.</summary>
public sealed record PositionChanged(Instant Time, Position Position) : BrokerEvent(Time);

/// <summary>An amend or close the broker refused: the position is gone, the level is on the wrong side, the market is closed.</summary>
public sealed record CommandRejected(Instant Time, long PositionId, PositionCommand Command, string Reason) : BrokerEvent(Time);

/// <summary>What was asked of a position. Numeric values are stored: never renumber.</summary>
public enum PositionCommand : byte
{
    Amend = 0,
    Close = 1,
}

/// <summary>Nightly interest booked on a position; negative is a cost.</summary>
public sealed record SwapCharged(Instant Time, long PositionId, Money Amount) : BrokerEvent(Time);

/// <summary>
/// The broker's answer to <see cref="RequestReconcile"/>: all it holds, and the deals since the session began.
/// <see cref="Closing"/> names the positions whose close has reached it and waits for a price.
/// </summary>
public sealed record Reconciled(Instant Time, Money Balance, IReadOnlyList<Position> Positions, IReadOnlyList<OrderRequest> Orders, IReadOnlyList<Deal> Deals) : BrokerEvent(Time)
{
    public IReadOnlyList<long> Closing { get; init; } = [];
}

/// <summary>The connection to the broker was lost or restored; commands whose answers are outstanding become unknown.</summary>
public sealed record ConnectionChanged(Instant Time, bool Connected) : BrokerEvent(Time);

/// <summary>
/// Bars of the bid that closed while nobody listened, all that began from <paramref name="From"/> on, oldest first; the last may still be forming. All that ended by <see cref="BrokerEvent.Time"/> are whole. Said before <see cref="ConnectionChanged"/> says that prices come again.
/// </summary>
public sealed record HistoryTold(Instant Time, string Symbol, Timeframe Timeframe, Instant From, IReadOnlyList<Bar> Bars) : BrokerEvent(Time);

/// <summary>No more prices will come; every position has been valued at its last quote and closed. Said at the end of recorded data, never by a live broker.</summary>
public sealed record MarketEnded(Instant Time) : BrokerEvent(Time);

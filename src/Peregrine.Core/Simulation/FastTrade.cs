using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Simulation;

/// <summary>
/// A trade of the fast loop in whole numbers: what cannot be worked out again from the bars. Money is in minor units of the account's currency (cents), as booked.
/// </summary>
public readonly record struct FastTrade
{
    /// <summary>Fill bar at whose open it was opened.</summary>
    public required int EntryBar { get; init; }

    /// <summary>Fill bar in which it was closed.</summary>
    public required int ExitBar { get; init; }

    /// <summary>Decision bars during which it was open.</summary>
    public required int Bars { get; init; }

    public required Side Side { get; init; }

    public required ExitReason ExitReason { get; init; }

    /// <summary>Closed at the open of its last bar, so that the rest of that bar was not lived through.</summary>
    public required bool ExitsAtOpen { get; init; }

    public required bool HasTarget { get; init; }

    /// <summary>True when stop and target lay inside one bar.</summary>
    public required bool Ambiguous { get; init; }

    public required Quantity Quantity { get; init; }

    public required Price Exit { get; init; }

    /// <summary>The first stop.</summary>
    public required Price Stop { get; init; }

    public required Price Target { get; init; }

    /// <summary>How much worse than the reference price it left.</summary>
    public required Move ExitSlippage { get; init; }

    /// <summary>What the price moves earned.</summary>
    public required long Profit { get; init; }

    /// <summary>Commission of both sides; positive is paid.</summary>
    public required long Commission { get; init; }

    /// <summary>Nightly interest; positive is paid.</summary>
    public required long Swap { get; init; }

    /// <summary>What the account gained.</summary>
    public long Net => Profit - Commission - Swap;
}

/// <summary>The account at the end of a decision bar: what was booked since the deposit, in minor units, and what is open, at the price it could be closed at.</summary>
public readonly record struct EquityMark(int Decision, long Booked, QuoteValue Open, Price Price);

using Peregrine.Core.Market;

namespace Peregrine.Core.Portfolio;

/// <summary>Why a trade ended. Numeric values are stored: never renumber.</summary>
public enum ExitReason : byte
{
    Signal = 0,
    Stop = 1,
    Target = 2,
    Trail = 3,
    Time = 4,

    /// <summary>The data ended with the position open; it was valued at the last quote.</summary>
    End = 5,
    Operator = 6,
    Risk = 7,

    /// <summary>The broker closed it for lack of margin.</summary>
    StopOut = 8,
}

/// <summary>
/// One round trip of one strategy's own position, from the fill that opened it to the fill that closed it. Money is in the account currency.
/// Costs are positive when they were paid: the account changed by <see cref="Profit"/> − <see cref="Commission"/> − <see cref="Swap"/>.
/// </summary>
public sealed record Trade
{
    public required string Id { get; init; }

    public required string Strategy { get; init; }

    public required string Symbol { get; init; }

    public required Side Side { get; init; }

    public required Quantity Quantity { get; init; }

    public required Instant EntryTime { get; init; }

    /// <summary>Average price of the opening fills in quote units: exact cost ÷ quantity, which need not lie on the price grid.</summary>
    public required decimal EntryPrice { get; init; }

    public required Instant ExitTime { get; init; }

    /// <summary>Average price of the closing fills in quote units.</summary>
    public required decimal ExitPrice { get; init; }

    public required ExitReason ExitReason { get; init; }

    /// <summary>What the price moves earned, at the prices that were filled: spread and slippage are inside, commission and swap are not.</summary>
    public required Money Profit { get; init; }

    /// <summary>Commission of both sides; positive is paid.</summary>
    public required Money Commission { get; init; }

    /// <summary>Nightly interest; positive is paid, negative was received.</summary>
    public required Money Swap { get; init; }

    /// <summary>What fills away from the quote cost, already inside <see cref="Profit"/>; negative is improvement.</summary>
    public required Money Slippage { get; init; }

    /// <summary>What crossing the spread cost against the mid price, already inside <see cref="Profit"/>; null when the mid was not known.</summary>
    public Money? Spread { get; init; }

    /// <summary>Value of the position at entry in the account currency, never negative; null when not known.</summary>
    public Money? Notional { get; init; }

    /// <summary>What the position would have lost at its first stop, gap at entry included; frozen at entry, positive; null when there was no stop.</summary>
    public Money? InitialRisk { get; init; }

    /// <summary>Worst distance against the trade while it was open, never negative (see <see cref="Excursion"/>).</summary>
    public required Move Mae { get; init; }

    /// <summary>Best distance in the trade's favour while it was open, never negative.</summary>
    public required Move Mfe { get; init; }

    /// <summary>The first stop price; null when there was none.</summary>
    public Price? Stop { get; init; }

    /// <summary>The first target price; null when there was none.</summary>
    public Price? Target { get; init; }

    /// <summary>Bars of the strategy's timeframe during which the position was open.</summary>
    public required int Bars { get; init; }

    /// <summary>True when stop and target lay inside one bar and the order in which they were reached is not known.</summary>
    public bool Ambiguous { get; init; }

    /// <summary>What the account gained: gross profit less commission and swap.</summary>
    public Money Net => Profit - Commission - Swap;

    /// <summary>Net profit in units of the initial risk; null without one.</summary>
    public double? R => InitialRisk is { Amount: > 0 } risk ? (double)(Net.Amount / risk.Amount) : null;
}

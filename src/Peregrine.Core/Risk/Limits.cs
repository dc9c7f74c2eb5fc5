using Peregrine.Core.Market;

namespace Peregrine.Core.Risk;

/// <summary>What risk is measured against when a position is sized.</summary>
public enum RiskBasis : byte
{
    /// <summary>The balance now: sizes follow results.</summary>
    Balance = 0,

    /// <summary>The deposit: constant risk on constant equity, as research trades.</summary>
    Deposit = 1,
}

/// <summary>How large an entry is: a fixed quantity, or the fraction of the basis that its stop may lose.</summary>
public sealed record SizingRule
{
    /// <summary>Fixed size; null sizes by risk.</summary>
    public Quantity? Fixed { get; init; }

    /// <summary>Fraction of the basis lost at the stop (0.005 is half a percent).</summary>
    public decimal RiskFraction { get; init; } = 0.005m;

    public RiskBasis Basis { get; init; }
}

/// <summary>The limits that the gate enforces; fractions of 1.</summary>
public sealed record Limits
{
    /// <summary>The most one trade may lose at its stop, of the balance.</summary>
    public decimal MaxRiskPerTrade { get; init; } = 0.02m;

    /// <summary>The most the account may have lost of its deposit before nothing new is opened.</summary>
    public decimal MaxTotalLoss { get; init; } = 0.20m;

    /// <summary>The oldest quote on which an entry may be decided.</summary>
    public Duration MaxQuoteAge { get; init; } = Duration.FromMinutes(15);

    /// <summary>The widest spread at which an entry may be decided, as a fraction of the stop distance.</summary>
    public decimal MaxSpreadOfStop { get; init; } = 0.5m;
}

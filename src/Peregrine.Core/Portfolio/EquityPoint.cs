namespace Peregrine.Core.Portfolio;

/// <summary>The value of the account at an instant: balance and the unrealised profit of every open position.</summary>
public readonly record struct EquityPoint(Instant Time, decimal Equity);

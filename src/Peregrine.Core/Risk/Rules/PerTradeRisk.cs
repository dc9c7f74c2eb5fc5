namespace Peregrine.Core.Risk.Rules;

/// <summary>What one trade may lose at its stop, as a fraction of the balance.</summary>
internal static class PerTradeRisk
{
    public static string? Check(in RiskQuestion q, Limits limits)
    {
        decimal allowed = q.Account.Balance.Amount * limits.MaxRiskPerTrade;
        return q.RiskAtStop.Amount > allowed
            ? $"it would lose {q.RiskAtStop.Rounded()} at its stop; the limit is {limits.MaxRiskPerTrade:0.##%} of the balance of {q.Account.Balance.Rounded()}"
            : null;
    }
}

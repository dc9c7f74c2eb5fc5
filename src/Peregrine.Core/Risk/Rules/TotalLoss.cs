using Peregrine.Core.Market;

namespace Peregrine.Core.Risk.Rules;

/// <summary>Once the account has lost a fraction of its deposit, nothing new is opened.</summary>
internal static class TotalLoss
{
    public static string? Check(in RiskQuestion q, Limits limits)
    {
        var floor = new Money(q.Account.Deposit.Amount * (1 - limits.MaxTotalLoss), q.Currency);
        return q.Account.Equity < floor
            ? $"equity {q.Account.Equity.Rounded()} is below the floor of {floor.Rounded()} (total loss limit {limits.MaxTotalLoss:0.##%} of the deposit)"
            : null;
    }
}

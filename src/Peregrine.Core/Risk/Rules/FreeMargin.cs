namespace Peregrine.Core.Risk.Rules;

/// <summary>The account must have the margin for the new position; an account without leverage terms is not margined.</summary>
internal static class FreeMargin
{
    public static string? Check(in RiskQuestion q, Limits limits)
    {
        if (q.Account.Leverage is not { } leverage)
        {
            return null;
        }

        decimal needed = q.Notional.Amount / Math.Min(leverage, q.Proposal.Instrument.MaxLeverage ?? leverage);
        decimal free = q.Account.Equity.Amount - q.Account.UsedMargin.Amount;
        return needed > free ? $"it needs {needed:0.00} of margin; {free:0.00} is free" : null;
    }
}

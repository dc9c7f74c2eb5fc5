namespace Peregrine.Core.Risk.Rules;

/// <summary>An entry needs a recent, uncrossed quote whose spread is small beside the stop.</summary>
internal static class FreshQuote
{
    public static string? Check(in RiskQuestion q, Limits limits)
    {
        if (q.Now - q.Market.QuoteTime > limits.MaxQuoteAge)
        {
            return $"the last quote is {(q.Now - q.Market.QuoteTime).TotalSeconds:0} s old; the limit is {limits.MaxQuoteAge.TotalSeconds:0} s";
        }

        long spread = (q.Market.Ask - q.Market.Bid).Grains;
        if (spread < 0)
        {
            return "the quote is crossed: the ask is below the bid";
        }

        return spread > q.Proposal.StopDistance.Grains * limits.MaxSpreadOfStop
            ? $"the spread of {q.Market.Ask - q.Market.Bid} is more than {limits.MaxSpreadOfStop:0.##} of the stop distance of {q.Proposal.StopDistance}"
            : null;
    }
}

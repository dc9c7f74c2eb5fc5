using Peregrine.Core.Market;

namespace Peregrine.Core.Risk;

/// <summary>From distances in doubles and risk in fractions to exact orders. Every rounding goes towards less risk.</summary>
public static class Sizing
{
    /// <summary>
    /// A distance in grains as a whole number of the instrument's points, rounded down to less risk at the same size; null when it is not a positive number of at least one point or does not fit.
    /// </summary>
    public static Move? Distance(double grains, Instrument instrument)
    {
        long point = instrument.Point.Grains;
        if (!(grains >= point) || grains > 1e15)
        {
            return null;
        }

        return new Move((long)Math.Floor(grains / point) * point);
    }

    /// <summary>
    /// The largest quantity on the instrument's step whose loss at the stop is within the rule's fraction of the basis, or the fixed quantity;
    /// null when that is below the instrument's minimum. Never rounded up; capped at the instrument's maximum.
    /// </summary>
    public static Quantity? Size(SizingRule rule, in RiskQuestion question)
    {
        Instrument instrument = question.Proposal.Instrument;
        decimal cents;
        if (rule.Fixed is { } exact)
        {
            cents = exact.Cents;
        }
        else
        {
            Money basis = rule.Basis == RiskBasis.Deposit ? question.Account.Deposit : question.Account.Balance;
            decimal perUnit = question.Proposal.StopDistance.ToDecimal() * question.Rate;
            if (perUnit <= 0 || basis.Amount <= 0)
            {
                return null;
            }

            cents = Math.Floor(basis.Amount * rule.RiskFraction / perUnit * 100m);
        }

        cents = Math.Min(cents, instrument.MaxQuantity.Cents);
        long step = instrument.StepQuantity.Cents;
        var quantity = new Quantity((long)cents / step * step);
        return quantity < instrument.MinQuantity || quantity.Cents <= 0 ? null : quantity;
    }
}

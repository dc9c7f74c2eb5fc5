using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk.Rules;

namespace Peregrine.Core.Risk;

/// <summary>
/// The only way from a proposal to an order. It fails closed: an unknown account, a missing quote or rate, or a size below the minimum is a refusal with a reason.
/// </summary>
public sealed class RiskGate(SizingRule sizing, Limits limits)
{
    /// <summary>Either <paramref name="approved"/> or the returned refusal is set, never both.</summary>
    public Refusal? Judge(Instant now, Proposal proposal, in AccountView account, in MarketView market, out ApprovedOrder? approved)
    {
        approved = null;
        if (!account.IsKnown)
        {
            return Refuse(now, proposal, "account-known", "the broker has not stated the account, or a foreign position in it cannot be valued");
        }

        if (!market.IsKnown)
        {
            return Refuse(now, proposal, "market-known", "there is no quote of the symbol yet");
        }

        if (DearestRate(proposal, account.Deposit.Currency, market) is not { } rate)
        {
            return Refuse(now, proposal, "rate-known", $"there is no rate from {proposal.Instrument.Quote} to {account.Deposit.Currency}");
        }

        var question = new RiskQuestion(now, proposal, account, market, rate, Quantity.Zero);
        if (Sizing.Size(sizing, question) is not { } quantity)
        {
            return Refuse(now, proposal, "minimum-size", $"the allowed risk buys less than the minimum of {proposal.Instrument.MinQuantity} units");
        }

        question = question with { Quantity = quantity };
        foreach ((string name, RiskRule check) in RiskRules.All)
        {
            if (check(question, limits) is { } reason)
            {
                return Refuse(now, proposal, name, reason);
            }
        }

        approved = new Approval(proposal, quantity, question.RiskAtStop);
        return null;
    }

    /// <summary>
    /// Leave to sell what a strategy holds, or to buy it back, by an order: on a netted account, where the net lies on the other side. It reduces that strategy's risk to nothing,
    /// so nothing can object; <paramref name="stopDistance"/> protects what the net then is.
    /// </summary>
    /// <exception cref="ArgumentException">The strategy holds nothing, or the distance is not positive.</exception>
    internal static ApprovedOrder Exit(SubLedger holding, Instrument instrument, Move stopDistance)
    {
        if (!holding.IsOpen || stopDistance.Grains <= 0)
        {
            throw new ArgumentException("An exit needs a holding and a positive stop distance.", nameof(holding));
        }

        var proposal = new Proposal { Strategy = holding.Strategy, Instrument = instrument, Side = holding.Side.Opposite(), StopDistance = stopDistance };
        return new Approval(proposal, holding.Quantity, Money.Zero(holding.Account));
    }

    /// <summary>Account units per quote unit where a loss is dearest: an own price converts by division, so at the lowest of entry and stop. Null when there is no rate.</summary>
    private static decimal? DearestRate(Proposal proposal, Currency account, in MarketView market)
    {
        Price lowest = proposal.Side == Side.Buy ? market.Ask : market.Bid;
        lowest = proposal.Limit is { } limit && limit < lowest ? limit : lowest;
        lowest = proposal.Trigger is { } trigger && trigger < lowest ? trigger : lowest;
        return Conversion.Rate(proposal.Instrument, account, proposal.Side == Side.Buy ? lowest - proposal.StopDistance : lowest);
    }

    private static Refusal Refuse(Instant now, Proposal proposal, string rule, string reason) =>
        new(now, proposal.Strategy, proposal.Instrument.Symbol, rule, reason);

    private sealed class Approval(Proposal proposal, Quantity quantity, Money risk) : ApprovedOrder(proposal, quantity, risk);
}

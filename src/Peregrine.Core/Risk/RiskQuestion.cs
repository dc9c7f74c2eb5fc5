using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Risk;

/// <summary>The account as the gate sees it. <see cref="IsKnown"/> is false until the broker has stated it: then everything is refused.</summary>
public readonly record struct AccountView(bool IsKnown, Money Deposit, Money Balance, Money Equity, Money UsedMargin, int? Leverage);

/// <summary>The market as the gate sees it: the last quote of the symbol, if any.</summary>
public readonly record struct MarketView(bool IsKnown, Instant QuoteTime, Price Bid, Price Ask);

/// <summary>All that a rule may look at. <see cref="Rate"/> is account units per quote unit, at the dearest price between entry and stop.</summary>
public readonly record struct RiskQuestion(Instant Now, Proposal Proposal, AccountView Account, MarketView Market, decimal Rate, Quantity Quantity)
{
    public Currency Currency => Account.Deposit.Currency;

    /// <summary>What the position would lose at its stop, before costs.</summary>
    public Money RiskAtStop => Conversion.ToMoney(Proposal.StopDistance * Quantity, Rate, Currency);

    /// <summary>The position's value in account currency at the price it would pay.</summary>
    public Money Notional
    {
        get
        {
            Price entry = Proposal.Side == Side.Buy ? Market.Ask : Market.Bid;
            return Conversion.ToMoney(Quantity * entry, Conversion.Rate(Proposal.Instrument, Currency, entry) ?? Rate, Currency);
        }
    }
}

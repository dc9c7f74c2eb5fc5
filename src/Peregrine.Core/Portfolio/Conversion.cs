using Peregrine.Core.Market;

namespace Peregrine.Core.Portfolio;

/// <summary>How a symbol's quote currency becomes account currency: not at all, by the symbol's own price, or by a rate of another symbol.</summary>
public enum ConversionKind : byte
{
    /// <summary>The quote currency is the account's currency.</summary>
    Same = 0,

    /// <summary>The base currency is the account's currency: divide by the symbol's own price.</summary>
    OwnPrice = 1,

    /// <summary>Neither: another symbol's price is needed.</summary>
    Cross = 2,
}

/// <summary>The one rule by which exact quote-currency values become money: for the engine, the simulated broker and the fast loop alike.</summary>
public static class Conversion
{
    public static ConversionKind Of(Instrument instrument, Currency account) =>
        instrument.Quote == account ? ConversionKind.Same
        : instrument.Base == account ? ConversionKind.OwnPrice
        : ConversionKind.Cross;

    /// <summary>Account-currency units per quote-currency unit at the symbol's own <paramref name="price"/>; null when that price cannot say.</summary>
    public static decimal? Rate(Instrument instrument, Currency account, Price price) => Of(instrument, account) switch
    {
        ConversionKind.Same => 1m,
        ConversionKind.OwnPrice => price.Grains > 0 ? 1m / price.ToDecimal() : null,
        ConversionKind.Cross => null,
        _ => throw new InvalidOperationException("unknown conversion"),
    };

    /// <summary>A value in account money, unrounded; <paramref name="rate"/> is account units per quote unit.</summary>
    public static Money ToMoney(QuoteValue value, decimal rate, Currency account) => new(value.ToDecimal() * rate, account);
}

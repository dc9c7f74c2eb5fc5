using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Simulation;

/// <summary>
/// What <see cref="Costs"/> books, as whole minor units of the account's currency. Where that is the symbol's quote currency everything is one product and one division of whole numbers,
/// rounded half-even like <see cref="Money.Rounded"/>; elsewhere, and for terms too fine for that, it asks <see cref="Costs"/> itself.
/// </summary>
internal sealed class Till
{
    // Commission is per million.
    private const int MillionDigits = 6, FinestRate = 4, LargestRate = 1_000_000;

    private readonly FastSetup setup;
    private readonly Currency account;
    private readonly long perUnit, perMinor;
    private readonly Scale? commission, longPips, shortPips;

    public Till(FastSetup setup)
    {
        (this.setup, account) = (setup, setup.Deposit.Currency);
        Digits = account.MoneyDigits;
        perUnit = Scaled.Power(Digits);
        perMinor = Scaled.Power(QuoteValue.Digits - Digits);
        IsQuote = Conversion.Of(setup.Instrument, account) == ConversionKind.Same;
        commission = Exact(setup.Costs.CommissionPerMillion, MillionDigits);
        if (setup.Costs.Swap is { Unit: SwapUnit.Pips } swap)
        {
            (longPips, shortPips) = (Exact(swap.Long, 0), Exact(swap.Short, 0));
        }
    }

    /// <summary>Decimals of the minor unit.</summary>
    public int Digits { get; }

    /// <summary>True when the account is in the symbol's quote currency, so that nothing is converted.</summary>
    public bool IsQuote { get; }

    public long Commission(QuoteValue notional, Price price) => commission is { } rate
        ? Scaled.HalfEven(notional.Grains, rate.Units, rate.Divisor)
        : Minor(Costs.Commission(setup.Costs, notional, RateAt(price), account));

    public long Gross(Side position, QuoteValue cost, QuoteValue exit, Price price) => IsQuote
        ? Scaled.HalfEven((position == Side.Buy ? exit - cost : cost - exit).Grains, perMinor)
        : Minor(Costs.Gross(position, cost, exit, RateAt(price), account));

    /// <summary>Interest of one night: negative is a cost.</summary>
    public long Swap(SwapTerms terms, in SwapNight night)
    {
        if ((night.Side == Side.Buy ? longPips : shortPips) is not { } pips)
        {
            return Minor(Costs.Swap(terms, setup.Instrument, night with { Rate = RateAt(night.Price), Account = account }));
        }

        int nights = night.Day == terms.TripleDay ? 3 : 1;
        return Scaled.HalfEven((setup.Instrument.Pip * night.Quantity).Grains, pips.Units * nights, pips.Divisor);
    }

    /// <summary>Booked money in units of the account.</summary>
    public decimal ToDecimal(long minor) => Scaled.ToDecimal(minor, (byte)Digits);

    /// <summary>Account units per quote unit at the symbol's own price.</summary>
    public decimal RateAt(Price price) => Conversion.Rate(setup.Instrument, account, price)!.Value;

    private long Minor(Money booked) => checked((long)(booked.Amount * perUnit));

    private Scale? Exact(decimal rate, int furtherDigits) =>
        IsQuote && Scaled.Parts(rate) is { } parts && parts.Digits <= FinestRate && Math.Abs(rate) <= LargestRate
            ? new Scale(parts.Units, Scaled.Power(QuoteValue.Digits + furtherDigits + parts.Digits - Digits))
            : null;

    private readonly record struct Scale(long Units, long Divisor);
}

using Peregrine.Core.Market;

namespace Peregrine.Core.Risk;

/// <summary>
/// What <see cref="RiskGate"/> would answer, in whole numbers and without reasons, for research: a known account in the instrument's quote currency, flat and without margin, and a known quote.
/// It gives no permission, only the quantity of one; nothing can be sent with it.
/// </summary>
public sealed class ResearchGate
{
    // Within these bounds every product below fits 128 bits, and a decimal quotient, with its 28 digits, never reaches a whole number that the exact one does not.
    private const int Finest = 4, FinestFraction = 6;
    private const long Largest = 100_000_000_000_000, LargestFraction = 1_000;

    private readonly long point, minQuantity, maxQuantity, stepQuantity;
    private readonly long? fixedQuantity;
    private readonly bool onDeposit;
    private readonly Duration maxQuoteAge;
    private readonly Part riskFraction, maxRisk, maxSpread;
    private readonly long depositUnits, unitsPerMinor, leastBooked;
    private readonly int digits;

    private ResearchGate(SizingRule sizing, Limits limits, Instrument instrument, Setting setting)
    {
        (riskFraction, maxRisk, maxSpread) = (setting.RiskFraction, setting.MaxRisk, setting.MaxSpread);
        (depositUnits, unitsPerMinor, leastBooked, digits) = (setting.DepositUnits, setting.UnitsPerMinor, setting.LeastBooked, setting.Digits);
        (point, minQuantity) = (instrument.Point.Grains, instrument.MinQuantity.Cents);
        (maxQuantity, stepQuantity) = (instrument.MaxQuantity.Cents, instrument.StepQuantity.Cents);
        (fixedQuantity, onDeposit, maxQuoteAge) = (sizing.Fixed?.Cents, sizing.Basis == RiskBasis.Deposit, limits.MaxQuoteAge);
    }

    /// <summary>The gate for an account; null where it is not in the quote currency, or a figure is too large or too fine to be sure that whole numbers say the same as decimals.</summary>
    public static ResearchGate? For(SizingRule sizing, Limits limits, Instrument instrument, Money deposit)
    {
        int money = deposit.Currency.MoneyDigits;
        if (instrument.Quote != deposit.Currency || Scaled.Parts(deposit.Amount) is not { } parts || parts.Digits > Finest || Math.Abs(deposit.Amount) > Largest / 100
            || Part.Of(sizing.RiskFraction) is not { } fraction || Part.Of(limits.MaxRiskPerTrade) is not { } risk || Part.Of(limits.MaxSpreadOfStop) is not { } spread
            || Part.Of(limits.MaxTotalLoss) is null)
        {
            return null;
        }

        int digits = Math.Max(parts.Digits, money);
        var setting = new Setting
        {
            RiskFraction = fraction,
            MaxRisk = risk,
            MaxSpread = spread,
            Digits = digits,
            DepositUnits = parts.Units * Scaled.Power(digits - parts.Digits),
            UnitsPerMinor = Scaled.Power(digits - money),

            // Booked money is whole, so the floor that equity may not be below is the next whole unit.
            LeastBooked = (long)Math.Ceiling(-deposit.Amount * limits.MaxTotalLoss * Scaled.Power(money)),
        };
        return new ResearchGate(sizing, limits, instrument, setting);
    }

    /// <summary>
    /// The quantity the gate approves, zero where it refuses. <paramref name="booked"/> is what the account gained since the deposit, in minor units of its currency;
    /// <paramref name="quoteAge"/> and <paramref name="spread"/> are those of the quote on which is decided.
    /// </summary>
    /// <exception cref="OverflowException">The account gained or lost more than 10^14 minor units.</exception>
    public Quantity Allowed(long booked, Move stopDistance, Duration quoteAge, Move spread)
    {
        if (Math.Abs(booked) > Largest)
        {
            throw new OverflowException($"An account that moved by {booked} of its smallest units is beyond what research counts.");
        }

        long balance = depositUnits + (booked * unitsPerMinor), stop = stopDistance.Grains;
        if (stop < point || quoteAge > maxQuoteAge || spread.Grains < 0 || maxSpread.IsBelow(spread.Grains, stop) || booked < leastBooked)
        {
            return Quantity.Zero;
        }

        long cents = fixedQuantity ?? Sized(onDeposit ? depositUnits : balance, stop);
        cents = Math.Min(cents, maxQuantity) / stepQuantity * stepQuantity;
        return cents < minQuantity || cents <= 0 || RiskIsAbove(balance, stop, cents) ? Quantity.Zero : new Quantity(cents);
    }

    /// <summary>Hundredths of a unit whose loss at the stop is the fraction of the basis, rounded down: basis × fraction ÷ (stop × 1e-5) × 100.</summary>
    private long Sized(long basis, long stop)
    {
        if (basis <= 0)
        {
            return 0;
        }

        const int GrainDigits = 7;
        int shift = GrainDigits - digits - riskFraction.Digits;
        Int128 above = (Int128)basis * riskFraction.Units * Scaled.Power(Math.Max(0, shift));
        Int128 below = (Int128)stop * Scaled.Power(Math.Max(0, -shift));
        return above <= long.MaxValue && below <= long.MaxValue ? (long)above / (long)below
            : above / below is var cents && cents <= maxQuantity ? (long)cents : maxQuantity;
    }

    private bool RiskIsAbove(long balance, long stop, long cents)
    {
        const int ValueDigits = 7;
        Int128 loss = (Int128)checked(stop * cents) * Scaled.Power(digits + maxRisk.Digits);
        return loss > (Int128)balance * maxRisk.Units * Scaled.Power(ValueDigits);
    }

    private readonly record struct Setting
    {
        public required Part RiskFraction { get; init; }

        public required Part MaxRisk { get; init; }

        public required Part MaxSpread { get; init; }

        public required int Digits { get; init; }

        public required long DepositUnits { get; init; }

        public required long UnitsPerMinor { get; init; }

        public required long LeastBooked { get; init; }
    }

    /// <summary>A fraction as a whole number of 10^−digits.</summary>
    private readonly record struct Part(long Units, int Digits)
    {
        public static Part? Of(decimal fraction) =>
            Scaled.Parts(fraction) is { } parts && parts.Digits <= FinestFraction && Math.Abs(fraction) <= LargestFraction ? new Part(parts.Units, parts.Digits) : null;

        /// <summary>True when this fraction of <paramref name="whole"/> is less than <paramref name="value"/>.</summary>
        public bool IsBelow(long value, long whole) => (Int128)value * Scaled.Power(Digits) > (Int128)whole * Units;
    }
}

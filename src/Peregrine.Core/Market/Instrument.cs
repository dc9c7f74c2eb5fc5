namespace Peregrine.Core.Market;

/// <summary>How a swap rate is expressed.</summary>
public enum SwapUnit : byte
{
    /// <summary>Pips of the instrument per night, in quote currency.</summary>
    Pips = 0,

    /// <summary>Percent of the position's value per year of 360 days.</summary>
    PercentPerYear = 1,
}

/// <summary>The nightly interest of an instrument: rates may be negative (a cost). The triple day pays three nights.</summary>
public sealed record SwapTerms(SwapUnit Unit, decimal Long, decimal Short, DayOfWeek TripleDay = DayOfWeek.Wednesday)
{
    /// <summary>Wall clock in New York at which a night is charged.</summary>
    public TimeOnly Time { get; init; } = new(17, 0);

    /// <summary>From the end of the FX day (17:00) to the charge: −17 hours to +7.</summary>
    internal Duration AfterDayEnd => Duration.FromMinutes((Time.Hour * 60) + Time.Minute - (17 * 60));
}

/// <summary>
/// The facts of one tradable symbol, as a broker states them on a date. A fact that is not known is null and is reported as <em>not modelled</em>, never guessed.
/// </summary>
public sealed record Instrument
{
    public required string Symbol { get; init; }

    public required Currency Base { get; init; }

    public required Currency Quote { get; init; }

    /// <summary>Decimals in which the broker quotes the price (5 for EURUSD, 3 for USDJPY).</summary>
    public required int Digits { get; init; }

    /// <summary>The decimal place of one pip (4 for EURUSD, 2 for USDJPY).</summary>
    public required int PipPosition { get; init; }

    public required Quantity LotSize { get; init; }

    public required Quantity MinQuantity { get; init; }

    public required Quantity MaxQuantity { get; init; }

    public required Quantity StepQuantity { get; init; }

    /// <summary>Nightly interest; null when not known.</summary>
    public SwapTerms? Swap { get; init; }

    /// <summary>Highest leverage the broker grants on this symbol; null when not known.</summary>
    public int? MaxLeverage { get; init; }

    /// <summary>One pip as a move.</summary>
    public Move Pip => new(Power(5 - PipPosition));

    /// <summary>The smallest change of the quoted price.</summary>
    public Move Point => new(Power(5 - Digits));

    /// <summary>The price with the instrument's own digits.</summary>
    public string Format(Price price) => price.ToDecimal().ToString("F" + Digits.ToString(System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    private static long Power(int exponent)
    {
        long value = 1;
        for (int i = 0; i < exponent; i++)
        {
            value *= 10;
        }

        return value;
    }
}

using System.Globalization;

namespace Peregrine.Core.Market;

/// <summary>A price level in grains of 1e-5 quote units per base unit (the broker's wire grain).</summary>
public readonly record struct Price(long Grains) : IComparable<Price>
{
    public const int GrainsPerUnit = 100_000;

    /// <summary>The price as a decimal number of quote units; exact.</summary>
    public decimal ToDecimal() => Scaled.ToDecimal(Grains, 5);

    public static Move operator -(Price a, Price b) => new(checked(a.Grains - b.Grains));

    public static Price operator +(Price a, Move b) => new(checked(a.Grains + b.Grains));

    public static Price operator -(Price a, Move b) => new(checked(a.Grains - b.Grains));

    public static bool operator <(Price a, Price b) => a.Grains < b.Grains;

    public static bool operator >(Price a, Price b) => a.Grains > b.Grains;

    public static bool operator <=(Price a, Price b) => a.Grains <= b.Grains;

    public static bool operator >=(Price a, Price b) => a.Grains >= b.Grains;

    public int CompareTo(Price other) => Grains.CompareTo(other.Grains);

    /// <summary>Five decimals always; an instrument's own digits are the page's business.</summary>
    public override string ToString() => ToDecimal().ToString("0.00000", CultureInfo.InvariantCulture);

    /// <summary>Reads a decimal number exactly. False when it is no number, or does not fit the grain: a price is refused, never rounded.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Price price)
    {
        price = default;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal value))
        {
            return false;
        }

        if (Math.Abs(value) >= 1e12m)
        {
            return false;
        }

        decimal grains = value * GrainsPerUnit;
        if (grains != decimal.Truncate(grains))
        {
            return false;
        }

        price = new Price((long)grains);
        return true;
    }

    public static Price Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Price price) ? price : throw new FormatException($"'{text}' is not a price on the 0.00001 grid.");
}

/// <summary>A distance between two prices, in grains of 1e-5 quote units; may be negative.</summary>
public readonly record struct Move(long Grains) : IComparable<Move>
{
    public static readonly Move Zero;

    public decimal ToDecimal() => Scaled.ToDecimal(Grains, 5);

    public Move Abs() => new(Math.Abs(Grains));

    public static Move operator +(Move a, Move b) => new(checked(a.Grains + b.Grains));

    public static Move operator -(Move a, Move b) => new(checked(a.Grains - b.Grains));

    public static Move operator -(Move a) => new(checked(-a.Grains));

    public static Move operator *(Move a, long n) => new(checked(a.Grains * n));

    public static bool operator <(Move a, Move b) => a.Grains < b.Grains;

    public static bool operator >(Move a, Move b) => a.Grains > b.Grains;

    public static bool operator <=(Move a, Move b) => a.Grains <= b.Grains;

    public static bool operator >=(Move a, Move b) => a.Grains >= b.Grains;

    /// <summary>The exact profit of a move over a quantity.</summary>
    public static QuoteValue operator *(Move a, Quantity q) => new(checked(a.Grains * q.Cents));

    public int CompareTo(Move other) => Grains.CompareTo(other.Grains);

    public override string ToString() => ToDecimal().ToString("0.00000", CultureInfo.InvariantCulture);
}

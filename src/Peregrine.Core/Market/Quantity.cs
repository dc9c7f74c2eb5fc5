using System.Globalization;

namespace Peregrine.Core.Market;

/// <summary>An amount of the base currency (or of a metal, a coin) in hundredths of a unit, the broker's volume grain. Never negative in an order; signed in an exposure.</summary>
public readonly record struct Quantity(long Cents) : IComparable<Quantity>
{
    public static readonly Quantity Zero;

    public static Quantity FromUnits(long units) => new(checked(units * 100));

    public decimal ToUnits() => Cents / 100m;

    public static Quantity operator +(Quantity a, Quantity b) => new(checked(a.Cents + b.Cents));

    public static Quantity operator -(Quantity a, Quantity b) => new(checked(a.Cents - b.Cents));

    public static Quantity operator -(Quantity a) => new(checked(-a.Cents));

    public static bool operator <(Quantity a, Quantity b) => a.Cents < b.Cents;

    public static bool operator >(Quantity a, Quantity b) => a.Cents > b.Cents;

    public static bool operator <=(Quantity a, Quantity b) => a.Cents <= b.Cents;

    public static bool operator >=(Quantity a, Quantity b) => a.Cents >= b.Cents;

    /// <summary>The exact value of a quantity at a price.</summary>
    public static QuoteValue operator *(Quantity q, Price p) => new(checked(q.Cents * p.Grains));

    public int CompareTo(Quantity other) => Cents.CompareTo(other.Cents);

    public override string ToString() => ToUnits().ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>Price × quantity as an exact integer: 1e-7 of a quote-currency unit. What positions cost and earn before it becomes <see cref="Money"/>.</summary>
public readonly record struct QuoteValue(long Grains) : IComparable<QuoteValue>
{
    public const long GrainsPerUnit = 10_000_000;

    /// <summary>Decimals of the grain.</summary>
    public const int Digits = 7;

    public static readonly QuoteValue Zero;

    /// <summary>Quote-currency units, exact.</summary>
    public decimal ToDecimal() => Scaled.ToDecimal(Grains, Digits);

    public static QuoteValue operator +(QuoteValue a, QuoteValue b) => new(checked(a.Grains + b.Grains));

    public static QuoteValue operator -(QuoteValue a, QuoteValue b) => new(checked(a.Grains - b.Grains));

    public static QuoteValue operator -(QuoteValue a) => new(checked(-a.Grains));

    public int CompareTo(QuoteValue other) => Grains.CompareTo(other.Grains);

    public override string ToString() => ToDecimal().ToString("0.#######", CultureInfo.InvariantCulture);
}

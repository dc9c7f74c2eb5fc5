using System.Globalization;

namespace Peregrine.Core.Market;

/// <summary>A currency, metal or coin by its code of 1 to 8 capital letters or digits; the default value is XXX, "no currency" (ISO 4217).</summary>
public readonly record struct Currency : IComparable<Currency>
{
    private readonly ulong packed;

    private Currency(ulong packed) => this.packed = packed;

    public static readonly Currency Usd = Parse("USD");
    public static readonly Currency Eur = Parse("EUR");
    public static readonly Currency Gbp = Parse("GBP");
    public static readonly Currency Jpy = Parse("JPY");
    private static readonly Currency Krw = Parse("KRW");
    private static readonly Currency Clp = Parse("CLP");

    /// <summary>Decimals in which money of this currency is booked (0 for the yen, 2 otherwise).</summary>
    public int MoneyDigits => this == Jpy || this == Krw || this == Clp ? 0 : 2;

    public string Code
    {
        get
        {
            if (packed == 0)
            {
                return "XXX";
            }

            Span<char> text = stackalloc char[8];
            int length = 0;
            for (ulong rest = packed; rest != 0; rest >>= 8)
            {
                text[length++] = (char)(rest & 0xFF);
            }

            return new string(text[..length]);
        }
    }

    public static bool TryParse(ReadOnlySpan<char> code, out Currency currency)
    {
        currency = default;
        if (code.Length is 0 or > 8)
        {
            return false;
        }

        ulong packed = 0;
        for (int i = 0; i < code.Length; i++)
        {
            if (!char.IsAsciiLetterUpper(code[i]) && !char.IsAsciiDigit(code[i]))
            {
                return false;
            }

            packed |= (ulong)code[i] << (8 * i);
        }

        currency = code is "XXX" ? default : new Currency(packed);
        return true;
    }

    public static Currency Parse(ReadOnlySpan<char> code) =>
        TryParse(code, out Currency currency) ? currency : throw new FormatException($"'{code}' is not a currency code such as USD.");

    public int CompareTo(Currency other) => string.CompareOrdinal(Code, other.Code);

    public override string ToString() => Code;
}

/// <summary>An amount of one currency. Amounts of different currencies do not add; <c>default</c> (0 XXX) adds to any.</summary>
public readonly record struct Money(decimal Amount, Currency Currency)
{
    public static Money Zero(Currency currency) => new(0m, currency);

    /// <summary>Rounded half-even to the digits in which the currency is booked: the one rounding rule for every path.</summary>
    public Money Rounded() => new(Math.Round(Amount, Currency.MoneyDigits, MidpointRounding.ToEven), Currency);

    public static Money operator +(Money a, Money b) => new(a.Amount + b.Amount, Same(a, b));

    public static Money operator -(Money a, Money b) => new(a.Amount - b.Amount, Same(a, b));

    public static Money operator -(Money a) => new(-a.Amount, a.Currency);

    public static bool operator <(Money a, Money b) => Compare(a, b) < 0;

    public static bool operator >(Money a, Money b) => Compare(a, b) > 0;

    public static bool operator <=(Money a, Money b) => Compare(a, b) <= 0;

    public static bool operator >=(Money a, Money b) => Compare(a, b) >= 0;

    /// <summary>Always with the currency's own digits and its code: <c>-12.50 USD</c>.</summary>
    public override string ToString() =>
        Amount.ToString(Currency.MoneyDigits == 0 ? "0" : "0.00", CultureInfo.InvariantCulture) + " " + Currency.Code;

    private static int Compare(Money a, Money b)
    {
        _ = Same(a, b);
        return a.Amount.CompareTo(b.Amount);
    }

    private static Currency Same(Money a, Money b)
    {
        if (a.Currency == b.Currency || (b.Amount == 0 && b.Currency == default))
        {
            return a.Currency;
        }

        return a.Amount == 0 && a.Currency == default
            ? b.Currency
            : throw new InvalidOperationException($"{a} and {b} are of different currencies: convert first.");
    }
}

using System.Globalization;
using Peregrine.App.Reports;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.App.CommandLine;

/// <summary>Numbers as people read them on a terminal: <c>20 000</c>, <c>24.9 s</c>, <c>3 min 5 s</c>, <c>1.5 GB</c>.</summary>
public static class Figures
{
    public static string Count(long value) =>
        value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' ');

    /// <summary>A number and what it counts, in the singular where it is one: <c>1 trade</c>, <c>1 204 trades</c>.</summary>
    public static string Counted(long value, string one, string? many = null) => $"{Count(value)} {Numbers.Word(value, one, many)}";

    /// <summary>Money with its currency: <c>10 000.00 USD</c>.</summary>
    public static string Money(Money money) =>
        money.Amount.ToString(money.Currency.MoneyDigits == 0 ? "#,0" : "#,0.00", CultureInfo.InvariantCulture).Replace(',', ' ') + " " + money.Currency.Code;

    /// <summary>A number as documents write it, with or without what follows it, its thousands apart: <c>-12500.00 USD</c> as <c>-12 500.00 USD</c>.</summary>
    public static string Amount(string text)
    {
        int start = text.StartsWith('-') ? 1 : 0, end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return long.TryParse(text.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out long whole) ? text[..start] + Count(whole) + text[end..] : text;
    }

    /// <summary>A moment to the second: <c>2019-02-04T13:30:00Z</c>.</summary>
    public static string Time(Instant time) => time.ToDateTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Span(TimeSpan span)
    {
        if (span < TimeSpan.FromMinutes(1))
        {
            return span.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
        }

        return span < TimeSpan.FromHours(1)
            ? $"{(int)span.TotalMinutes} min {span.Seconds} s"
            : $"{(int)span.TotalHours} h {span.Minutes} min";
    }

    public static string Bytes(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        return value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture) + " " + units[unit];
    }
}

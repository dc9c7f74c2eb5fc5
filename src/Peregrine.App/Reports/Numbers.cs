using System.Globalization;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>Numbers as a report shows them: thin spaces between thousands and before units, a true minus sign, fixed decimals so that columns line up.</summary>
public static class Numbers
{
    /// <summary>A narrow space that does not break.</summary>
    public const char Thin = '\u202F';

    private const char Minus = '−';

    /// <summary>A number with a sign only when it is negative.</summary>
    public static string Plain(double value, int decimals) => Grouped((decimal)Math.Clamp(value, -1e15, 1e15), decimals, plus: "");

    /// <summary>A number and what it counts, in the singular where it is one.</summary>
    public static string Counted(long value, string one, string? many = null) => $"{Plain(value, 0)} {Word(value, one, many)}";

    /// <summary>The word for what is counted, in the singular for one and else in the plural, which ends in s unless it is given.</summary>
    public static string Word(long value, string one, string? many = null) => value == 1 ? one : many ?? one + "s";

    /// <summary>A gain or a loss: always with its sign, zero without.</summary>
    public static string Signed(double value, int decimals) => Grouped((decimal)Math.Clamp(value, -1e15, 1e15), decimals, plus: "+");

    /// <summary>A sentence with the minus of <see cref="Signed"/> before its numbers; hyphens in dates, names and exponents stay.</summary>
    public static string Prose(string sentence) => string.Concat(sentence.Select((c, i) =>
        c == '-' && (i == 0 || !char.IsAsciiLetterOrDigit(sentence[i - 1])) && i + 1 < sentence.Length && char.IsAsciiDigit(sentence[i + 1]) ? Minus : c));

    public static string Money(decimal amount, Currency currency) => Grouped(amount, currency.MoneyDigits, plus: "");

    /// <summary>A gain or a loss of money, without its currency.</summary>
    public static string SignedMoney(decimal amount, Currency currency) => Grouped(amount, currency.MoneyDigits, plus: "+");

    /// <summary>A fraction as percent: two decimals below 10 %, one above.</summary>
    public static string Percent(double fraction) => Plain(fraction * 100, Decimals(fraction)) + Thin + "%";

    public static string SignedPercent(double fraction) => Signed(fraction * 100, Decimals(fraction)) + Thin + "%";

    private static int Decimals(double fraction) => Math.Abs(fraction) < 0.09995 ? 2 : 1;

    /// <summary>A calendar date such as <c>4 Feb 2019</c>.</summary>
    public static string Date(Instant time) => time.ToDateTime().ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static string DateAndTime(Instant time) => time.ToDateTime().ToString("d MMM yyyy HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A price with an instrument's own digits.</summary>
    public static string Price(decimal price, int digits) => Grouped(price, digits, plus: "");

    /// <summary>A value of a metric with its unit and the sign people expect: losses and costs, positive for scripts, get a minus here.</summary>
    public static string Of(Metric metric, double value, Currency currency) => Bare(metric, value, currency) + Suffix(metric.Unit);

    /// <summary>The ends of an interval, the unit once.</summary>
    public static string Of(Metric metric, Interval interval, Currency currency) =>
        $"{Bare(metric, interval.Low, currency)} … {Bare(metric, interval.High, currency)}{Suffix(metric.Unit)}";

    private static string Bare(Metric metric, double value, Currency currency)
    {
        double shown = metric.Sense == MetricSense.Loss ? 0 - value : value;
        Func<double, int, string> number = metric.Sense == MetricSense.Neutral ? Plain : Signed;
        return metric.Unit switch
        {
            // A share of almost all is not all: a chance of 99.99 % does not read "100.0 %".
            MetricUnit.Fraction when metric.Sense == MetricSense.Neutral && shown is > 0.9995 and < 1 => "> 99.9",
            MetricUnit.Fraction => number(shown * 100, Decimals(shown)),
            MetricUnit.Ratio or MetricUnit.R => number(shown, 2),
            MetricUnit.Money => number(shown, currency.MoneyDigits),
            MetricUnit.Count => number(shown, shown == Math.Floor(shown) ? 0 : 1),
            MetricUnit.Days => number(shown, shown < 10 && shown > 0 ? 1 : 0),
            _ => throw new ArgumentOutOfRangeException(nameof(metric), metric.Unit, "No such unit."),
        };
    }

    private static string Suffix(MetricUnit unit) => unit switch
    {
        MetricUnit.Fraction => Thin + "%",
        MetricUnit.Days => Thin + "days",
        MetricUnit.R => Thin + "R",
        MetricUnit.Ratio or MetricUnit.Money or MetricUnit.Count => "",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "No such unit."),
    };

    private static string Grouped(decimal value, int decimals, string plus)
    {
        decimal rounded = Math.Round(value, decimals, MidpointRounding.ToEven);
        string digits = Math.Abs(rounded).ToString("#,0." + new string('0', decimals), CultureInfo.InvariantCulture).TrimEnd('.').Replace(',', Thin);
        return rounded switch
        {
            < 0 => Minus + digits,
            > 0 => plus + digits,
            _ => digits,
        };
    }
}

using Peregrine.Core.Market;

namespace Peregrine.Core.Performance;

/// <summary>Simple returns, one per period, each named by the date on which its period ended; dates strictly increase.</summary>
public sealed class ReturnSeries
{
    /// <summary>Trading days in a year of daily returns, Monday to Friday less holidays.</summary>
    public const double DaysPerYear = 252;

    private readonly double[] values;

    /// <exception cref="ArgumentException">Columns of unequal length, dates that do not increase, or a return that is not finite.</exception>
    public ReturnSeries(IReadOnlyList<DateOnly> dates, double[] values, double periodsPerYear = DaysPerYear)
    {
        if (dates.Count != values.Length)
        {
            throw new ArgumentException("Dates and returns must have the same length.", nameof(values));
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!double.IsFinite(values[i]) || (i > 0 && dates[i] <= dates[i - 1]))
            {
                throw new ArgumentException($"Return {i} is not finite, or its date does not follow the one before.", nameof(values));
            }
        }

        Dates = dates;
        this.values = values;
        PeriodsPerYear = periodsPerYear;
    }

    public IReadOnlyList<DateOnly> Dates { get; }

    public ReadOnlySpan<double> Values => values;

    public int Count => values.Length;

    public double PeriodsPerYear { get; }

    /// <summary>A stretch of the series.</summary>
    public ReturnSeries Slice(int start, int count) => new([.. Dates.Skip(start).Take(count)], values[start..(start + count)], PeriodsPerYear);

    /// <summary>
    /// Daily returns of an account, a day ending at 17:00 New York. A mark at 17:00:00 exactly still belongs to the day it closes; marks of the weekend belong to Monday.
    /// A day without a mark (a holiday, a hole in the data) has no return: the next day carries the change. Nothing follows the day on which equity reached zero.
    /// </summary>
    public static ReturnSeries Daily(EquityCurve curve)
    {
        var dates = new List<DateOnly>();
        var values = new List<double>();
        decimal start = curve.First.Equity;
        for (int i = 1; i < curve.Points.Count && start > 0; i++)
        {
            DateOnly day = DayOf(curve.Points[i].Time);
            if (i + 1 < curve.Points.Count && DayOf(curve.Points[i + 1].Time) == day)
            {
                continue;
            }

            dates.Add(day);
            values.Add((double)((curve.Points[i].Equity - start) / start));
            start = curve.Points[i].Equity;
        }

        return new ReturnSeries(dates, [.. values]);
    }

    private static DateOnly DayOf(Instant mark)
    {
        DateOnly day = TradingWeek.FxDay(mark - new Duration(1));
        return day.DayOfWeek switch
        {
            DayOfWeek.Saturday => day.AddDays(2),
            DayOfWeek.Sunday => day.AddDays(1),
            _ => day,
        };
    }
}

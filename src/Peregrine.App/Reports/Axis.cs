using System.Globalization;
using Peregrine.Core;
using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>A mark on an axis: where, in the axis's own unit, and what it says.</summary>
public readonly record struct Tick(double At, string Label);

/// <summary>Round values to mark on the axes of a chart.</summary>
public static class Axis
{
    private static readonly int[] StepHours = [1, 2, 4, 6, 12, 24, 48, 7 * 24];
    private static readonly int[] StepMonths = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400];

    /// <summary>The distance between round values so that at most <paramref name="most"/> of them lie in a span.</summary>
    public static double Step(double low, double high, int most) => Histogram.RoundUp(Math.Max(high - low, 1e-12) / most);

    /// <summary>Round values in [low, high].</summary>
    public static IReadOnlyList<double> Values(double low, double high, int most)
    {
        double step = Step(low, high, most);
        var values = new List<double>();
        for (double i = Math.Ceiling((low / step) - 1e-9); i * step <= high + (1e-9 * step); i++)
        {
            values.Add(i * step);
        }

        return values;
    }

    /// <summary>Decimals that tell round values apart, at least <paramref name="least"/>.</summary>
    public static int Decimals(double step, int least = 0)
    {
        int decimals = least;
        while (decimals < 8 && Math.Abs((step * Math.Pow(10, decimals)) - Math.Round(step * Math.Pow(10, decimals))) > 1e-6)
        {
            decimals++;
        }

        return decimals;
    }

    /// <summary>Calendar marks in UTC, at most <paramref name="most"/>: years, months, days or hours, whichever fits; positions are Unix seconds.</summary>
    public static IReadOnlyList<Tick> Times(Instant from, Instant to, int most = 8)
    {
        double hours = (to - from).TotalSeconds / 3600;
        foreach (int step in StepHours)
        {
            if (hours / step <= most)
            {
                return Hours(from, to, step);
            }
        }

        return Months(from, to, StepMonths.First(step => hours / (step * 730.5) <= most || step == StepMonths[^1]));
    }

    private static List<Tick> Hours(Instant from, Instant to, int step)
    {
        var ticks = new List<Tick>();
        var grain = Duration.FromHours(step);
        for (Instant t = from.Floor(grain); t <= to; t += grain)
        {
            DateTime time = t.ToDateTime();
            string format = step < 24 && time.Hour != 0 ? "HH:mm" : ticks.Count == 0 ? "d MMM yyyy" : "d MMM";
            Add(ticks, from, t, time.ToString(format, CultureInfo.InvariantCulture));
        }

        return ticks;
    }

    private static List<Tick> Months(Instant from, Instant to, int step)
    {
        var ticks = new List<Tick>();
        DateTime first = from.ToDateTime();
        int month = ((first.Year * 12) + first.Month - 1) / step * step;
        for (; month / 12 < 9999; month += step)
        {
            Instant t = Instant.FromUtc(month / 12, (month % 12) + 1, 1);
            if (t > to)
            {
                break;
            }

            string format = month % 12 == 0 || step >= 12 ? "yyyy" : ticks.Count == 0 ? "MMM yyyy" : "MMM";
            Add(ticks, from, t, t.ToDateTime().ToString(format, CultureInfo.InvariantCulture));
        }

        return ticks;
    }

    private static void Add(List<Tick> ticks, Instant from, Instant t, string label)
    {
        if (t >= from)
        {
            ticks.Add(new Tick(t.Nanoseconds / 1e9, label));
        }
    }
}

namespace Peregrine.Core.Market;

/// <summary>Why a stretch of open market has no data.</summary>
public enum GapKind : byte
{
    /// <summary>Nothing explains it: the data has a hole, or the feed was down.</summary>
    Hole = 0,

    /// <summary>It falls on or beside a bank holiday of New York or London, when few or none trade.</summary>
    Holiday = 1,

    /// <summary>It begins about 17:00 New York and lasts about an hour at most: the daily break of metals and of many brokers.</summary>
    DailyBreak = 2,
}

/// <summary>A stretch of open market without data, from the end of what came before to the beginning of what came next.</summary>
public readonly record struct Gap(Instant From, Instant To, GapKind Kind)
{
    public Duration Length => To - From;
}

/// <summary>Finds the gaps in a series. Closed hours are never part of a gap; a gap that reaches over a weekend is two, unless it is longer than a week.</summary>
public static class GapMap
{
    private static readonly Duration BreakTolerance = Duration.FromMinutes(20), BreakLength = Duration.FromMinutes(75);

    /// <summary>The shortest silence that is a gap, for bars of a timeframe or for ticks (null): ten minutes, or one bar where bars are longer.</summary>
    public static Duration Threshold(Timeframe? timeframe)
    {
        Duration tenMinutes = Duration.FromMinutes(10);
        Duration bar = timeframe is null ? Duration.Zero : timeframe.Value.Length() ?? Duration.FromHours(23);
        return bar > tenMinutes ? bar : tenMinutes;
    }

    /// <summary>
    /// The gaps between ascending opens of daily bars that begin at an hour of UTC and not at 17:00 New York. A day that is missing is open for sixteen hours at least (a Friday of UTC−5),
    /// and half a day never is for want of a bar of the Sunday evening.
    /// </summary>
    public static IReadOnlyList<Gap> FindForeignDays(ReadOnlySpan<long> times)
    {
        var gaps = new List<Gap>();
        for (int i = 1; i < times.Length; i++)
        {
            AddBetween(new Instant(times[i - 1]) + Duration.FromDays(1), new Instant(times[i]), ForeignDayThreshold, gaps);
        }

        return gaps;
    }

    /// <summary>The shortest silence that is a gap between daily bars of another day boundary.</summary>
    public static Duration ForeignDayThreshold => Duration.FromHours(12);

    /// <summary>The gaps between ascending times: opens of bars of a timeframe, or ticks (null).</summary>
    public static IReadOnlyList<Gap> Find(ReadOnlySpan<long> times, Timeframe? timeframe)
    {
        var gaps = new List<Gap>();
        Duration threshold = Threshold(timeframe);
        long quick = threshold.Nanoseconds + (timeframe?.Length()?.Nanoseconds ?? 0);
        for (int i = 1; i < times.Length; i++)
        {
            if (times[i] - times[i - 1] >= quick)
            {
                Instant before = new(times[i - 1]);
                AddBetween(timeframe is null ? before : BarClock.End(timeframe.Value, before), new Instant(times[i]), threshold, gaps);
            }
        }

        return gaps;
    }

    /// <summary>Adds the open stretches, at least <paramref name="threshold"/> long, between the end of one piece of data and the start of the next.</summary>
    public static void AddBetween(Instant end, Instant next, Duration threshold, List<Gap> gaps)
    {
        bool splits = next - end <= Duration.FromDays(7);
        for (Instant at = end; at < next;)
        {
            Instant from = TradingWeek.IsOpen(at) ? at : TradingWeek.NextOpen(at);
            Instant close = TradingWeek.NextClose(from);
            Instant to = splits && close < next ? close : next;
            if (from < to && to - from >= threshold)
            {
                gaps.Add(new Gap(from, to, Explain(from, to)));
            }

            at = to;
        }
    }

    /// <summary>What explains a silence of the open market.</summary>
    public static GapKind Explain(Instant from, Instant to)
    {
        Duration length = to - from;
        if (length <= Duration.FromDays(4) && (IsHoliday(TradingWeek.FxDay(from)) || IsHoliday(TradingWeek.FxDay(to - new Duration(1)))))
        {
            return GapKind.Holiday;
        }

        Duration sinceDayStart = from - TradingWeek.FxDayStart(from), untilDayEnd = TradingWeek.FxDayEnd(from) - from;
        bool beginsAtDayStart = sinceDayStart <= BreakTolerance || untilDayEnd <= BreakTolerance;
        return beginsAtDayStart && length <= BreakLength ? GapKind.DailyBreak : GapKind.Hole;
    }

    /// <summary>New York and London bank holidays and the days beside Christmas and New Year, by rule and without one-off days.</summary>
    private static bool IsHoliday(DateOnly day)
    {
        DateOnly easter = Easter(day.Year);
        return (day.Month, day.Day) is (12, 24 or 25 or 26 or 31) or (1, 1 or 2) or (7, 3 or 4 or 5)
            || day == easter.AddDays(-2) || day == easter.AddDays(1)
            || (day.DayOfWeek == DayOfWeek.Monday && IsHolidayMonday(day.Month, day.Day))
            || (day.DayOfWeek is DayOfWeek.Thursday or DayOfWeek.Friday && day.Month == 11 && day.Day - (day.DayOfWeek == DayOfWeek.Friday ? 1 : 0) is >= 22 and <= 28);
    }

    /// <summary>Martin Luther King and Presidents' Day, early May, Memorial Day, late August, Labour Day, Columbus Day.</summary>
    private static bool IsHolidayMonday(int month, int day) => month switch
    {
        1 or 2 => day is >= 15 and <= 21,
        5 => day is <= 7 or >= 25,
        8 => day >= 25,
        9 => day <= 7,
        10 => day is >= 8 and <= 14,
        _ => false,
    };

    /// <summary>Gregorian Easter Sunday (Meeus, Astronomical Algorithms, chapter 8).</summary>
    private static DateOnly Easter(int year)
    {
        int a = year % 19, b = year / 100, c = year % 100;
        int h = ((19 * a) + b - (b / 4) - ((b - ((b + 8) / 25) + 1) / 3) + 15) % 30;
        int l = (32 + (2 * (b % 4)) + (2 * (c / 4)) - h - (c % 4)) % 7;
        int m = (a + (11 * h) + (22 * l)) / 451;
        int n = h + l - (7 * m) + 114;
        return new DateOnly(year, n / 31, (n % 31) + 1);
    }
}

namespace Peregrine.Core.Market;

/// <summary>
/// The week of the foreign-exchange market: it opens on Sunday and closes on Friday at 17:00 New York, and so does each FX day in between.
/// All answers follow New York's daylight saving by pinned rules (<see cref="WallClock.NewYork"/>); holidays are not known here. No allocation.
/// </summary>
public static class TradingWeek
{
    private const long Day = 86_400, Week = 7 * Day;

    /// <summary>From 17:00 to midnight: added to a New York time it makes FX days calendar days.</summary>
    private const long ToMidnight = 7 * 3600;

    /// <summary>Day number (since 1970) of 1970-01-05, a Monday: the week opens where Monday's FX day begins.</summary>
    private const long Monday = 4;

    /// <summary>True from Sunday 17:00 New York, inclusive, to Friday 17:00 New York, exclusive.</summary>
    public static bool IsOpen(Instant instant) => ShiftedSeconds(instant) is var s && FloorMod(s - (Monday * Day), Week) < 5 * Day;

    /// <summary>The last week open at or before an instant.</summary>
    public static Instant WeekStart(Instant instant) => StartOfDayNumber(MondayOf(instant));

    /// <summary>The first week open after an instant (strictly).</summary>
    public static Instant NextOpen(Instant instant) => StartOfDayNumber(MondayOf(instant) + 7);

    /// <summary>The first week close after an instant (strictly).</summary>
    public static Instant NextClose(Instant instant)
    {
        long saturday = MondayOf(instant) + 5;
        Instant close = StartOfDayNumber(saturday);
        return close > instant ? close : StartOfDayNumber(saturday + 7);
    }

    /// <summary>How much of [from, to) the market is open; zero when it is empty.</summary>
    public static Duration OpenTime(Instant from, Instant to)
    {
        long open = 0;
        for (Instant week = WeekStart(from); week < to; week = NextOpen(week))
        {
            long start = Math.Max(from.Nanoseconds, week.Nanoseconds), end = Math.Min(to.Nanoseconds, NextClose(week).Nanoseconds);
            open += Math.Max(0, end - start);
        }

        return new Duration(open);
    }

    /// <summary>The calendar date of the FX day of an instant: the New York date on which that day ends (Sunday 17:00 already belongs to Monday).</summary>
    public static DateOnly FxDay(Instant instant) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(DayNumber(instant)));

    /// <summary>17:00 New York at or before an instant.</summary>
    public static Instant FxDayStart(Instant instant) => StartOfDayNumber(DayNumber(instant));

    /// <summary>The first 17:00 New York after an instant (strictly).</summary>
    public static Instant FxDayEnd(Instant instant) => StartOfDayNumber(DayNumber(instant) + 1);

    /// <summary>17:00 New York with which the FX day named <paramref name="date"/> begins: on the evening before that date.</summary>
    public static Instant FxDayStart(DateOnly date) => StartOfDayNumber(date.DayNumber - EpochDayNumber);

    /// <summary>
    /// Hour of the New York week, 0 to 167: hour 0 begins on Sunday at 17:00 New York, hour 119 ends on Friday at 17:00, the rest is the weekend.
    /// Counted on the wall clock, so an hour keeps its number through the year (the clocks change while the market is closed).
    /// </summary>
    public static int HourOfWeek(Instant instant) => (int)(FloorMod(ShiftedSeconds(instant) - (Monday * Day), Week) / 3600);

    /// <summary>Days since 1970-01-01 of the FX day's date.</summary>
    internal static long DayNumber(Instant instant) => FloorDivide(ShiftedSeconds(instant), Day);

    internal static Instant StartOfDayNumber(long dayNumber) =>
        Instant.FromUnixSeconds(WallClock.NewYork.ToUtcSeconds((dayNumber * Day) - ToMidnight));

    internal static long MondayOf(Instant instant)
    {
        long day = DayNumber(instant);
        return day - FloorMod(day - Monday, 7);
    }

    private static readonly int EpochDayNumber = new DateOnly(1970, 1, 1).DayNumber;

    private static long ShiftedSeconds(Instant instant)
    {
        long utc = instant.UnixSeconds;
        return utc + WallClock.NewYork.OffsetSeconds(utc) + ToMidnight;
    }

    private static long FloorMod(long a, long b) => a - (FloorDivide(a, b) * b);

    private static long FloorDivide(long a, long b)
    {
        long q = a / b;
        return a - (q * b) < 0 ? q - 1 : q;
    }
}

using Peregrine.Core.Market;

namespace Peregrine.Core.Indicators;

/// <summary>
/// What the clock says at the moment a bar closes; the one input is that moment in seconds since 1970 UTC. True to each city's daylight saving
/// (<see cref="TradingSessions"/>, <see cref="TradingWeek"/>). Sessions are counted from 0 in the order of <see cref="TradingSession"/>.
/// </summary>
public static class Calendar
{
    private const int SecondsPerMinute = 60;

    /// <summary>True while the session (<c>First</c>) is at its desks.</summary>
    public static readonly Indicator InSession = Of("in session", static (at, s) => Session(s).IsIn(at) ? 1 : 0, isTruth: true);

    /// <summary>Minutes since the session (<c>First</c>) last opened on one of its weekdays.</summary>
    public static readonly Indicator SinceOpen = Of("since open", static (at, s) => MinutesSinceOpen(Session(s), at));

    /// <summary>Minutes until the session (<c>First</c>) next closes on one of its weekdays.</summary>
    public static readonly Indicator UntilClose = Of("until close", static (at, s) => MinutesUntilClose(Session(s), at));

    /// <summary>Minutes since the week opened on Sunday at 17:00 New York.</summary>
    public static readonly Indicator OfWeek = Of("of week", static (at, _) => Minutes(at - TradingWeek.WeekStart(at)));

    /// <summary>Minutes since midnight in New York.</summary>
    public static readonly Indicator OfDay = Of("of day", static (at, _) => WallClock.NewYork.ToLocal(at).TimeOfDay.Ticks / TimeSpan.TicksPerMinute);

    /// <summary>True on one FX day of the week: <c>First</c> is 0 for Monday to 4 for Friday. A bar that closes at 17:00 New York closes in the next FX day.</summary>
    public static readonly Indicator OnWeekday = Of("weekday", static (at, s) => (int)TradingWeek.FxDay(at).DayOfWeek == s.First + 1 ? 1 : 0, isTruth: true);

    /// <summary>True on the last <c>First</c> weekdays of a month, by the date of the FX day.</summary>
    public static readonly Indicator AtMonthEnd = Of("month end", static (at, s) => IsMonthEnd(TradingWeek.FxDay(at), s.First) ? 1 : 0, isTruth: true);

    private static Indicator Of(string name, Func<Instant, Settings, double> formula, bool isTruth = false) => new()
    {
        Name = name,
        InputCount = 1,
        IsTruth = isTruth,
        Update = (x, in s, _) => formula(At(x[0]), s),
        Column = (in x, in s, y) =>
        {
            for (int i = 0; i < y.Length; i++)
            {
                y[i] = formula(At(x.A[i]), s);
            }
        },
    };

    private static Instant At(double seconds) => Instant.FromUnixSeconds((long)seconds);

    private static TradingSession Session(Settings s) => (TradingSession)(s.First + 1);

    private static double Minutes(Duration length) => length.Nanoseconds / (SecondsPerMinute * Duration.NanosecondsPerSecond);

    private static double MinutesSinceOpen(TradingSession session, Instant at)
    {
        // A day ahead of UTC's date, because Sydney's Monday begins on UTC's Sunday; four back reach over the weekend.
        DateOnly date = DateOnly.FromDateTime(at.ToDateTime()).AddDays(1);
        while (!IsWeekday(date) || session.Hours(date).Open > at)
        {
            date = date.AddDays(-1);
        }

        return Minutes(at - session.Hours(date).Open);
    }

    private static double MinutesUntilClose(TradingSession session, Instant at)
    {
        DateOnly date = DateOnly.FromDateTime(at.ToDateTime()).AddDays(-1);
        while (!IsWeekday(date) || session.Hours(date).Close <= at)
        {
            date = date.AddDays(1);
        }

        return Minutes(session.Hours(date).Close - at);
    }

    private static bool IsMonthEnd(DateOnly date, int days)
    {
        int left = 0;
        for (DateOnly day = date; day.Month == date.Month; day = day.AddDays(1))
        {
            left += IsWeekday(day) ? 1 : 0;
        }

        return IsWeekday(date) && left <= days;
    }

    private static bool IsWeekday(DateOnly date) => date.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);
}

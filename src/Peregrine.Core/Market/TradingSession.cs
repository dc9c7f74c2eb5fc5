namespace Peregrine.Core.Market;

/// <summary>A financial centre's business day. The numeric values are stored in files: never renumber.</summary>
public enum TradingSession : byte
{
    /// <summary>08:00 to 17:00 in Sydney.</summary>
    Sydney = 1,

    /// <summary>09:00 to 18:00 in Tokyo.</summary>
    Tokyo = 2,

    /// <summary>08:00 to 17:00 in London.</summary>
    London = 3,

    /// <summary>08:00 to 17:00 in New York.</summary>
    NewYork = 4,
}

/// <summary>When each <see cref="TradingSession"/> is at its desks: local business hours, Monday to Friday, true to each city's own daylight saving. No allocation.</summary>
public static class TradingSessions
{
    private const int LengthHours = 9;

    /// <summary>True from the session's first minute, inclusive, to its last, exclusive, on local weekdays while the FX week is open.</summary>
    public static bool IsIn(this TradingSession session, Instant instant)
    {
        (WallClock clock, int openHour) = Facts(session);
        long utc = instant.UnixSeconds;
        long local = utc + clock.OffsetSeconds(utc);
        long day = (long)Math.Floor(local / 86_400.0);
        long secondOfDay = local - (day * 86_400);
        return secondOfDay >= openHour * 3600
            && secondOfDay < (openHour + LengthHours) * 3600
            && IsWeekday(day)
            && TradingWeek.IsOpen(instant);
    }

    /// <summary>Open and close of the session on a local calendar date, whether or not it is a business day.</summary>
    public static (Instant Open, Instant Close) Hours(this TradingSession session, DateOnly date)
    {
        (WallClock clock, int openHour) = Facts(session);
        DateTime open = date.ToDateTime(new TimeOnly(openHour, 0));
        return (clock.ToInstant(open), clock.ToInstant(open.AddHours(LengthHours)));
    }

    private static (WallClock Clock, int OpenHour) Facts(TradingSession session) => session switch
    {
        TradingSession.Sydney => (WallClock.Sydney, 8),
        TradingSession.Tokyo => (WallClock.Tokyo, 9),
        TradingSession.London => (WallClock.London, 8),
        TradingSession.NewYork => (WallClock.NewYork, 8),
        _ => throw new ArgumentOutOfRangeException(nameof(session), session, "No such session."),
    };

    private static bool IsWeekday(long dayNumber)
    {
        long fromMonday = (((dayNumber - 4) % 7) + 7) % 7;
        return fromMonday < 5;
    }
}

namespace Peregrine.Core.Market;

/// <summary>
/// The wall clock of a financial centre with its daylight-saving rules pinned in code, so that history reads the same on every machine and in every year.
/// Stateless after construction; a conversion is a table look-up without allocation.
/// </summary>
public sealed class WallClock
{
    private const int FirstYear = 1678, LastYear = 2261;
    private const long SecondsPerDay = 86_400, DaysIn400Years = 146_097;

    private readonly int standardSeconds;
    private readonly bool southern;
    private readonly long[] summerStart, summerEnd;

    private WallClock(int standardHours, Func<int, Summer?> rule, bool southern = false)
    {
        standardSeconds = standardHours * 3600;
        this.southern = southern;
        int years = LastYear - FirstYear + 1;
        (summerStart, summerEnd) = (new long[years], new long[years]);
        for (int i = 0; i < years; i++)
        {
            // A year without summer time has both transitions "never", on the side that keeps the offset standard.
            Summer? summer = rule(FirstYear + i);
            summerStart[i] = summer?.StartUtc ?? long.MaxValue;
            summerEnd[i] = summer?.EndUtc ?? (southern ? long.MinValue : long.MaxValue);
        }
    }

    /// <summary>UTC−5/−4. From 2007 second Sunday of March to first Sunday of November; 1987 to 2006 first Sunday of April, before that the last, to last Sunday of October. True from 1976.</summary>
    public static readonly WallClock NewYork = new(-5, NewYorkSummer);

    /// <summary>UTC+0/+1, last Sunday of March to last Sunday of October at 01:00 UTC: the rule of the European Union and of London, true from 1996.</summary>
    public static readonly WallClock London = new(0, EuropeanSummer);

    /// <summary>UTC+9 all year.</summary>
    public static readonly WallClock Tokyo = new(9, static _ => null);

    /// <summary>UTC+10/+11. From 2008 first Sunday of October to first Sunday of April; before that last Sunday of October to last Sunday of March (2006: first of April). True from 2001.</summary>
    public static readonly WallClock Sydney = new(10, SydneySummer, southern: true);

    /// <summary>Local time − UTC at an instant.</summary>
    public Duration OffsetAt(Instant instant) => Duration.FromSeconds(OffsetSeconds(instant.UnixSeconds));

    /// <summary>The local calendar time, truncated to 100 ns.</summary>
    public DateTime ToLocal(Instant instant) => DateTime.SpecifyKind((instant + OffsetAt(instant)).ToDateTime(), DateTimeKind.Unspecified);

    /// <summary>
    /// The instant of a local calendar time (its kind is ignored). A time that occurs twice, when the clocks go back, is the first of the two unless <paramref name="later"/>;
    /// a time that is skipped, when they go forward, reads as that much after the change.
    /// </summary>
    public Instant ToInstant(DateTime local, bool later = false)
    {
        Instant asUtc = Instant.FromDateTime(local);
        long seconds = asUtc.UnixSeconds;
        return asUtc + Duration.FromSeconds(ToUtcSeconds(seconds, later) - seconds);
    }

    /// <summary>True when a local calendar time occurs twice, because the clocks go back.</summary>
    public bool OccursTwice(DateTime local)
    {
        long seconds = Instant.FromDateTime(local).UnixSeconds;
        return ToUtcSeconds(seconds, later: false) != ToUtcSeconds(seconds, later: true);
    }

    /// <summary>Local − UTC in seconds. The year is only estimated: near New Year no clock changes, so a neighbouring year gives the same answer.</summary>
    public long OffsetSeconds(long utcSeconds)
    {
        long days = utcSeconds / SecondsPerDay;
        int i = (int)Math.Clamp(((days + DaysIn400Years) * 400 / DaysIn400Years) + 1570 - FirstYear, 0, summerStart.Length - 1);
        bool summer = southern
            ? utcSeconds < summerEnd[i] || utcSeconds >= summerStart[i]
            : utcSeconds >= summerStart[i] && utcSeconds < summerEnd[i];
        return summer ? standardSeconds + 3600 : standardSeconds;
    }

    /// <summary>UTC seconds of local seconds (both since 1970 on their own clock).</summary>
    internal long ToUtcSeconds(long localSeconds, bool later = false)
    {
        long ifSummer = localSeconds - standardSeconds - 3600;
        long ifStandard = localSeconds - standardSeconds;
        bool summerHolds = OffsetSeconds(ifSummer) != standardSeconds;
        bool standardHolds = OffsetSeconds(ifStandard) == standardSeconds;
        return (summerHolds, standardHolds) switch
        {
            (true, true) => later ? ifStandard : ifSummer,
            (true, false) => ifSummer,
            _ => ifStandard,
        };
    }

    private readonly record struct Summer(long StartUtc, long EndUtc);

    private static Summer? NewYorkSummer(int year)
    {
        if (year < 1967)
        {
            return null;
        }

        long start = year switch
        {
            >= 2007 => Sunday(year, 3, 2),
            >= 1987 => Sunday(year, 4, 1),
            _ => LastSunday(year, 4),
        };
        long end = year >= 2007 ? Sunday(year, 11, 1) : LastSunday(year, 10);

        // 02:00 local on both days: 07:00 UTC leaving standard time, 06:00 UTC leaving summer time.
        return new Summer(start + (7 * 3600), end + (6 * 3600));
    }

    private static Summer? EuropeanSummer(int year) =>
        year < 1981 ? null : new Summer(LastSunday(year, 3) + 3600, LastSunday(year, 10) + 3600);

    private static Summer? SydneySummer(int year)
    {
        if (year < 1987)
        {
            return null;
        }

        long end = year is >= 2008 or 2006 ? Sunday(year, 4, 1) : LastSunday(year, 3);
        long start = year >= 2008 ? Sunday(year, 10, 1) : LastSunday(year, 10);

        // 02:00 standard time (UTC+10) on both days is 16:00 UTC of the day before.
        return new Summer(start - (8 * 3600), end - (8 * 3600));
    }

    private static long Sunday(int year, int month, int ordinal)
    {
        var first = new DateTime(year, month, 1, 0, 0, 0, DateTimeKind.Utc);
        int toSunday = (7 - (int)first.DayOfWeek) % 7;
        return Instant.FromDateTime(first.AddDays(toSunday + (7 * (ordinal - 1)))).UnixSeconds;
    }

    private static long LastSunday(int year, int month)
    {
        var last = new DateTime(year, month, DateTime.DaysInMonth(year, month), 0, 0, 0, DateTimeKind.Utc);
        return Instant.FromDateTime(last.AddDays(-(int)last.DayOfWeek)).UnixSeconds;
    }
}

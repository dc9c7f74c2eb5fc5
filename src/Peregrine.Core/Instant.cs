using System.Globalization;

namespace Peregrine.Core;

/// <summary>A point in time: nanoseconds since 1970-01-01T00:00:00 UTC. The default value is the epoch itself.</summary>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    public static readonly Instant MinValue = new(long.MinValue);
    public static readonly Instant MaxValue = new(long.MaxValue);

    public static Instant FromUnixSeconds(long seconds) => new(checked(seconds * Duration.NanosecondsPerSecond));

    public static Instant FromUnixMilliseconds(long milliseconds) => new(checked(milliseconds * 1_000_000));

    /// <summary>The instant of a UTC calendar date and time of day.</summary>
    public static Instant FromUtc(int year, int month, int day, int hour = 0, int minute = 0) =>
        FromDateTime(new DateTime(year, month, day, hour, minute, 0, DateTimeKind.Utc));

    /// <summary>The instant of a <see cref="DateTime"/> whose fields are read as UTC, whatever its kind says.</summary>
    public static Instant FromDateTime(DateTime utc) => new(checked((utc.Ticks - DateTime.UnixEpoch.Ticks) * 100));

    public long UnixSeconds => FloorDivide(Nanoseconds, Duration.NanosecondsPerSecond);

    public long UnixMilliseconds => FloorDivide(Nanoseconds, 1_000_000);

    /// <summary>UTC calendar time, truncated to 100 ns.</summary>
    public DateTime ToDateTime() => DateTime.UnixEpoch.AddTicks(FloorDivide(Nanoseconds, 100));

    /// <summary>The last instant at or before this one that is a whole multiple of <paramref name="grain"/> since the epoch.</summary>
    public Instant Floor(Duration grain) => new(FloorDivide(Nanoseconds, grain.Nanoseconds) * grain.Nanoseconds);

    public static Duration operator -(Instant a, Instant b) => new(checked(a.Nanoseconds - b.Nanoseconds));

    public static Instant operator +(Instant a, Duration b) => new(checked(a.Nanoseconds + b.Nanoseconds));

    public static Instant operator -(Instant a, Duration b) => new(checked(a.Nanoseconds - b.Nanoseconds));

    public static bool operator <(Instant a, Instant b) => a.Nanoseconds < b.Nanoseconds;

    public static bool operator >(Instant a, Instant b) => a.Nanoseconds > b.Nanoseconds;

    public static bool operator <=(Instant a, Instant b) => a.Nanoseconds <= b.Nanoseconds;

    public static bool operator >=(Instant a, Instant b) => a.Nanoseconds >= b.Nanoseconds;

    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);

    /// <summary>ISO-8601 UTC with as many second decimals as the value needs (0, 3, 6 or 9).</summary>
    public override string ToString()
    {
        long fraction = Nanoseconds - (UnixSeconds * Duration.NanosecondsPerSecond);
        string head = DateTime.UnixEpoch.AddSeconds(UnixSeconds).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        string tail = fraction switch
        {
            0 => "",
            _ when fraction % 1_000_000 == 0 => "." + (fraction / 1_000_000).ToString("000", CultureInfo.InvariantCulture),
            _ when fraction % 1_000 == 0 => "." + (fraction / 1_000).ToString("000000", CultureInfo.InvariantCulture),
            _ => "." + fraction.ToString("000000000", CultureInfo.InvariantCulture),
        };
        return head + tail + "Z";
    }

    /// <summary>Reads ISO-8601: a date, or a date and time with <c>Z</c>, an offset, or neither (then UTC). False when the text is anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Instant value)
    {
        value = default;
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        foreach (string format in Formats)
        {
            if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, styles, out DateTime utc))
            {
                value = FromDateTime(utc);
                return true;
            }
        }

        return false;
    }

    public static Instant Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Instant value) ? value : throw new FormatException($"'{text}' is not an ISO-8601 time such as 2019-02-04 or 2019-02-04T13:30:00Z.");

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mmK",
    ];

    private static long FloorDivide(long a, long b)
    {
        long q = a / b;
        return (a % b != 0) && ((a < 0) != (b < 0)) ? q - 1 : q;
    }
}

using System.Globalization;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources;

/// <summary>The clock that stamped a file's times.</summary>
internal sealed class SourceClock
{
    private readonly long low, high;
    private readonly Func<long, long> offsetSeconds;

    private SourceClock(string name, long lowSeconds, long highSeconds, Func<long, long> offsetSeconds)
    {
        (Name, low, high, this.offsetSeconds) = (name, lowSeconds, highSeconds, offsetSeconds);
    }

    public string Name { get; }

    public static SourceClock Utc { get; } = Fixed("utc", 0);

    /// <summary>The American east coast without daylight saving.</summary>
    public static SourceClock Eastern { get; } = Fixed("utc-5", -5);

    public static SourceClock NewYork { get; } = Of("new-york", WallClock.NewYork, 0);

    /// <summary>UTC−5, and UTC−4 while Europe keeps summer time.</summary>
    public static SourceClock EasternEuropeanSummer { get; } = Of("utc-5-europe", WallClock.London, -5);

    /// <summary>Server time of many brokers: midnight is 17:00 New York, so UTC+2 and UTC+3.</summary>
    public static SourceClock Server { get; } = Of("server", WallClock.NewYork, 7);

    /// <summary>A clock by the name a user gave.</summary>
    /// <exception cref="KnownFailure">No clock has that name.</exception>
    public static SourceClock Parse(string name)
    {
        SourceClock? named = name.ToLowerInvariant() switch
        {
            "utc" or "z" => Utc,
            "est" => Eastern,
            "new-york" or "america/new_york" => NewYork,
            "utc-5-europe" => EasternEuropeanSummer,
            "server" => Server,
            "london" or "europe/london" => Of("london", WallClock.London, 0),
            "tokyo" or "asia/tokyo" => Of("tokyo", WallClock.Tokyo, 0),
            "sydney" or "australia/sydney" => Of("sydney", WallClock.Sydney, 0),
            var other when other.StartsWith("utc", StringComparison.Ordinal)
                && int.TryParse(other.AsSpan(3), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int hours) && hours is >= -12 and <= 14 => Fixed(other, hours),
            _ => null,
        };
        return named ?? throw new KnownFailure($"'{name}' is no clock", "it names neither an offset nor a city known here",
            "use utc, utc-5, utc+2 …, new-york, london, tokyo, sydney, utc-5-europe (UTC−5 with Europe's summer time) or server (UTC+2/+3, New York's summer time)");
    }

    /// <summary>The one or two instants a stamp can mean, earlier first; none when the clock skipped it.</summary>
    public int Instants(long localSeconds, out long earlier, out long later)
    {
        earlier = localSeconds - high;
        later = localSeconds - low;
        bool first = low != high && offsetSeconds(earlier) == high, second = offsetSeconds(later) == low;
        if (first && second)
        {
            return 2;
        }

        earlier = first ? earlier : later;
        return first || second ? 1 : 0;
    }

    private static SourceClock Fixed(string name, int hours) => new(name, hours * 3600, hours * 3600, _ => hours * 3600);

    private static SourceClock Of(string name, WallClock clock, int shiftHours)
    {
        long winter = clock.OffsetAt(Instant.FromUtc(2019, 1, 1)).Nanoseconds / Duration.NanosecondsPerSecond;
        long summer = clock.OffsetAt(Instant.FromUtc(2019, 7, 1)).Nanoseconds / Duration.NanosecondsPerSecond;
        long shift = shiftHours * 3600;
        return new SourceClock(name, Math.Min(winter, summer) + shift, Math.Max(winter, summer) + shift, utc => clock.OffsetSeconds(utc) + shift);
    }
}

/// <summary>
/// Turns a file's stamps into instants in the order of its rows. Where the clock goes back an hour of stamps occurs twice: rows are the first of the two
/// until one would step back in time, and from then on the second.
/// </summary>
internal sealed class StampReader(SourceClock clock)
{
    private long last = long.MinValue;

    /// <summary>How many rows were read as the second occurrence of their hour.</summary>
    public long SecondTimes { get; private set; }

    /// <summary>UTC seconds of a stamp; null when the clock skipped it.</summary>
    public long? Read(long localSeconds)
    {
        int possible = clock.Instants(localSeconds, out long earlier, out long later);
        if (possible == 0)
        {
            return null;
        }

        bool second = possible == 2 && earlier < last;
        SecondTimes += second ? 1 : 0;
        last = second ? later : earlier;
        return last;
    }
}

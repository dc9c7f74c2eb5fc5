using System.Globalization;

namespace Peregrine.Core;

/// <summary>A length of time in nanoseconds; may be negative.</summary>
public readonly record struct Duration(long Nanoseconds) : IComparable<Duration>
{
    public const long NanosecondsPerSecond = 1_000_000_000;

    public static readonly Duration Zero;

    public static Duration FromMilliseconds(long milliseconds) => new(checked(milliseconds * 1_000_000));

    public static Duration FromSeconds(long seconds) => new(checked(seconds * NanosecondsPerSecond));

    public static Duration FromMinutes(long minutes) => new(checked(minutes * 60 * NanosecondsPerSecond));

    public static Duration FromHours(long hours) => new(checked(hours * 3600 * NanosecondsPerSecond));

    public static Duration FromDays(long days) => new(checked(days * 86_400 * NanosecondsPerSecond));

    public double TotalSeconds => Nanoseconds / (double)NanosecondsPerSecond;

    public static Duration operator +(Duration a, Duration b) => new(checked(a.Nanoseconds + b.Nanoseconds));

    public static Duration operator -(Duration a, Duration b) => new(checked(a.Nanoseconds - b.Nanoseconds));

    public static Duration operator *(Duration a, long n) => new(checked(a.Nanoseconds * n));

    public static bool operator <(Duration a, Duration b) => a.Nanoseconds < b.Nanoseconds;

    public static bool operator >(Duration a, Duration b) => a.Nanoseconds > b.Nanoseconds;

    public static bool operator <=(Duration a, Duration b) => a.Nanoseconds <= b.Nanoseconds;

    public static bool operator >=(Duration a, Duration b) => a.Nanoseconds >= b.Nanoseconds;

    public int CompareTo(Duration other) => Nanoseconds.CompareTo(other.Nanoseconds);

    public override string ToString() => TotalSeconds.ToString("0.#########", CultureInfo.InvariantCulture) + "s";
}

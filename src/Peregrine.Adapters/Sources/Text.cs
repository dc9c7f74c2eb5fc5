using System.Buffers.Text;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources;

/// <summary>Numbers and times read from bytes, exactly: a price that is finer than its grain is told apart from one that is no number, and never rounded.</summary>
internal static class Text
{
    private const int GrainDigits = 5;
    private static readonly long[] Powers = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

    /// <summary>A decimal number as a price. Null when it fits; else what is wrong with it, a <see cref="RowFault"/>.</summary>
    public static string? Price(ReadOnlySpan<byte> text, out Price price)
    {
        price = default;
        int point = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> whole = point < 0 ? text : text[..point];
        ReadOnlySpan<byte> fraction = point < 0 ? default : text[(point + 1)..];
        ReadOnlySpan<byte> beyond = fraction.Length > GrainDigits ? fraction[GrainDigits..] : default;
        fraction = fraction.Length > GrainDigits ? fraction[..GrainDigits] : fraction;
        if (!Digits(whole, 10, out long units) || !(fraction.Length == 0 || Digits(fraction, GrainDigits, out _)) || (point >= 0 && fraction.Length == 0))
        {
            return RowFault.Unreadable;
        }

        if (beyond.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return RowFault.Unreadable;
        }

        if (beyond.ContainsAnyExcept((byte)'0'))
        {
            return RowFault.TooFine;
        }

        Digits(fraction, GrainDigits, out long grains);
        price = new Price((units * Core.Market.Price.GrainsPerUnit) + (grains * Powers[GrainDigits - fraction.Length]));
        return null;
    }

    /// <summary>
    /// A number that was multiplied, as a price. Numbers multiplied in floating point carry binary noise (110651.00000000001): what is less than a millionth of a grain is taken for that.
    /// </summary>
    public static string? Price(ReadOnlySpan<byte> text, int divisor, out Price price)
    {
        if (divisor == 1)
        {
            return Price(text, out price);
        }

        price = default;
        if (!Utf8Parser.TryParse(text, out decimal value, out int used) || used != text.Length || value is < 0 or > 1e12m)
        {
            return RowFault.Unreadable;
        }

        decimal grains = value * Core.Market.Price.GrainsPerUnit / divisor, whole = decimal.Round(grains);
        if (Math.Abs(grains - whole) > 1e-6m)
        {
            return RowFault.TooFine;
        }

        price = new Price((long)whole);
        return null;
    }

    /// <summary>A volume: a finite number not below zero; an empty text is 0.</summary>
    public static bool Volume(ReadOnlySpan<byte> text, out double volume)
    {
        volume = 0;
        return text.Length == 0
            || (Utf8Parser.TryParse(text, out volume, out int used) && used == text.Length && double.IsFinite(volume) && volume >= 0);
    }

    /// <summary>A whole number of at most <paramref name="maxDigits"/> digits and nothing else.</summary>
    public static bool Digits(ReadOnlySpan<byte> text, int maxDigits, out long value)
    {
        value = 0;
        if (text.Length == 0 || text.Length > maxDigits)
        {
            return false;
        }

        foreach (byte c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (c - '0');
        }

        return true;
    }

    /// <summary>Cuts a line at each separator; returns how many fields there are, of which only as many as fit are given.</summary>
    public static int Split(ReadOnlySpan<byte> line, Span<Range> fields, byte separator)
    {
        (int count, int start) = (0, 0);
        while (true)
        {
            int length = line[start..].IndexOf(separator);
            int end = length < 0 ? line.Length : start + length;
            if (count < fields.Length)
            {
                fields[count] = start..end;
            }

            count++;
            if (length < 0)
            {
                return count;
            }

            start = end + 1;
        }
    }

    /// <summary>A day, <c>yyyyMMdd</c>, as seconds since 1970 on its own clock.</summary>
    public static bool Day(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text.Length != 8 || !Digits(text, 8, out long digits))
        {
            return false;
        }

        (int year, int month, int day) = ((int)(digits / 10_000), (int)(digits / 100 % 100), (int)(digits % 100));
        return Seconds(year, month, day, out seconds);
    }

    /// <summary>A time of day, <c>HHmmss</c>, in seconds.</summary>
    public static bool TimeOfDay(ReadOnlySpan<byte> text, out long seconds)
    {
        seconds = 0;
        if (text.Length != 6 || !Digits(text, 6, out long digits))
        {
            return false;
        }

        (long hour, long minute, long second) = (digits / 10_000, digits / 100 % 100, digits % 100);
        seconds = (hour * 3600) + (minute * 60) + second;
        return hour < 24 && minute < 60 && second < 60;
    }

    /// <summary>
    /// An ISO-8601 date or date and time (<c>T</c> or a blank between them, up to nine decimals of the second).
    /// <paramref name="local"/> is as written; <paramref name="offset"/> is what <c>Z</c> or <c>+hh:mm</c> says, null when it says nothing.
    /// </summary>
    public static bool IsoTime(ReadOnlySpan<byte> text, out Instant local, out Duration? offset)
    {
        (local, offset) = (default, null);
        if (text.Length < 10 || text[4] != '-' || text[7] != '-' || !Digits(text[..4], 4, out long year) || !Digits(text[5..7], 2, out long month)
            || !Digits(text[8..10], 2, out long day) || !Seconds((int)year, (int)month, (int)day, out long seconds))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[10..];
        if (rest.Length == 0)
        {
            local = Instant.FromUnixSeconds(seconds);
            return true;
        }

        if (rest[0] is not ((byte)'T' or (byte)' ') || !ClockTime(rest[1..], out long nanoseconds, out rest) || !Offset(rest, out offset))
        {
            return false;
        }

        local = Instant.FromUnixSeconds(seconds) + new Duration(nanoseconds);
        return true;
    }

    /// <summary>A number of milliseconds with up to six decimals, in nanoseconds.</summary>
    public static bool Milliseconds(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        int point = text.IndexOf((byte)'.');
        ReadOnlySpan<byte> fraction = point < 0 ? default : text[(point + 1)..];
        long part = 0;
        bool reads = Digits(point < 0 ? text : text[..point], 9, out long whole) && (point < 0 || Digits(fraction, 6, out part));
        nanoseconds = reads ? (whole * 1_000_000) + (part * Powers[6 - fraction.Length]) : 0;
        return reads;
    }

    private static bool ClockTime(ReadOnlySpan<byte> text, out long nanoseconds, out ReadOnlySpan<byte> rest)
    {
        nanoseconds = 0;
        rest = default;
        if (text.Length < 5 || text[2] != ':' || !Digits(text[..2], 2, out long hour) || !Digits(text[3..5], 2, out long minute) || hour > 23 || minute > 59)
        {
            return false;
        }

        nanoseconds = ((hour * 60) + minute) * 60 * Duration.NanosecondsPerSecond;
        rest = text[5..];
        if (rest.Length == 0 || rest[0] != ':')
        {
            return true;
        }

        if (rest.Length < 3 || !Digits(rest[1..3], 2, out long second) || second > 59)
        {
            return false;
        }

        nanoseconds += second * Duration.NanosecondsPerSecond;
        rest = rest[3..];
        if (rest.Length == 0 || rest[0] != '.')
        {
            return true;
        }

        int length = rest[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var stop && stop < 0 ? rest.Length - 1 : stop;
        if (!Digits(rest.Slice(1, length), 9, out long fraction))
        {
            return false;
        }

        nanoseconds += fraction * Powers[9 - length];
        rest = rest[(1 + length)..];
        return true;
    }

    private static bool Offset(ReadOnlySpan<byte> text, out Duration? offset)
    {
        offset = null;
        if (text.Length == 0)
        {
            return true;
        }

        if (text.SequenceEqual("Z"u8))
        {
            offset = Duration.Zero;
            return true;
        }

        if (text.Length != 6 || text[3] != ':' || text[0] is not ((byte)'+' or (byte)'-') || !Digits(text[1..3], 2, out long hours) || !Digits(text[4..6], 2, out long minutes)
            || hours > 14 || minutes > 59)
        {
            return false;
        }

        offset = Duration.FromMinutes((text[0] == '-' ? -1 : 1) * ((hours * 60) + minutes));
        return true;
    }

    private static bool Seconds(int year, int month, int day, out long seconds)
    {
        seconds = 0;
        if (year is < 1900 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        seconds = Instant.FromUtc(year, month, day).UnixSeconds;
        return true;
    }
}

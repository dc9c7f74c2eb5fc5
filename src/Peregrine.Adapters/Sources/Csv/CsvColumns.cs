using System.Text;
using Peregrine.Core;

namespace Peregrine.Adapters.Sources.Csv;

/// <summary>What the rows of a table are.</summary>
internal enum CsvKind
{
    Bars,
    TwoSidedBars,
    Ticks,
}

/// <summary>Where each value stands in the rows of a table, read off its header: any order, any case, more columns than needed.</summary>
internal sealed class CsvColumns
{
    private const int MaxColumns = 64;
    private static readonly string[] Bar = ["time", "open", "high", "low", "close"];
    private static readonly string[] TwoSided = ["time", "bidopen", "bidhigh", "bidlow", "bidclose", "askopen", "askhigh", "asklow", "askclose"];
    private static readonly string[] Tick = ["time", "bid", "ask"];
    private readonly byte separator;
    private readonly int columns;
    private readonly int[] places;

    private CsvColumns(CsvKind kind, byte separator, int columns, int[] places) =>
        (Kind, this.separator, this.columns, this.places) = (kind, separator, columns, places);

    public CsvKind Kind { get; }

    /// <summary>The number by which the prices were multiplied.</summary>
    public int Divisor { get; init; } = 1;

    /// <exception cref="RefusedFile">The header names none of the known shapes.</exception>
    public static CsvColumns Parse(ReadOnlySpan<byte> header, int divisor)
    {
        byte separator = header.Contains((byte)',') ? (byte)',' : header.Contains((byte)';') ? (byte)';' : (byte)'\t';
        string[] names = [.. Encoding.UTF8.GetString(header).Split((char)separator).Select(n => n.Trim().Trim('"').ToLowerInvariant())];
        names[0] = names[0] is "timestamp" or "timestamp_utc" or "date" or "datetime" ? "time" : names[0];
        (CsvKind kind, string[] needed, string[] volumes) = names switch
        {
            _ when TwoSided.All(names.Contains) => (CsvKind.TwoSidedBars, TwoSided, ["bidvolume", "askvolume"]),
            _ when Bar.All(names.Contains) => (CsvKind.Bars, Bar, ["volume"]),
            _ when Tick.All(names.Contains) => (CsvKind.Ticks, Tick, (string[])["bidvolume", "askvolume"]),
            _ => throw new RefusedFile("its first line names neither time,open,high,low,close[,volume] nor time,bidOpen,…,askClose nor time,bid,ask[,bidVolume,askVolume]"),
        };
        if (names.Length > MaxColumns)
        {
            throw new RefusedFile($"it has {names.Length} columns, more than {MaxColumns}");
        }

        int[] places = [.. needed.Concat(volumes).Select(n => Array.IndexOf(names, n))];
        return new CsvColumns(kind, separator, names.Length, places) { Divisor = divisor };
    }

    /// <summary>Cuts a line into the wanted values, in the order of their shape; an absent column gives an empty value. False when the line has another number of columns.</summary>
    public bool Cut(ReadOnlySpan<byte> line, Span<Range> values)
    {
        Span<Range> all = stackalloc Range[MaxColumns];
        if (Text.Split(line, all, separator) != columns)
        {
            return false;
        }

        for (int i = 0; i < places.Length; i++)
        {
            values[i] = places[i] < 0 ? default : all[places[i]];
        }

        return true;
    }

    /// <summary>The most values a line is cut into.</summary>
    public const int MaxValues = 11;
}

/// <summary>Reads the time column: with the row's own offset where it has one, else by the clock of the file.</summary>
internal sealed class CsvTimes(SourceClock clock)
{
    private readonly StampReader stamps = new(clock);

    public long SecondTimes => stamps.SecondTimes;

    /// <summary>Null when the text is a time; else what is wrong with it, a <see cref="RowFault"/>.</summary>
    public string? Read(ReadOnlySpan<byte> text, out Instant time)
    {
        if (!Text.IsoTime(text, out time, out Duration? offset))
        {
            return RowFault.Time;
        }

        if (offset is { } given)
        {
            time -= given;
            return null;
        }

        long fraction = time.Nanoseconds - (time.UnixSeconds * Duration.NanosecondsPerSecond);
        if (stamps.Read(time.UnixSeconds) is not { } utcSeconds)
        {
            return RowFault.NoSuchTime;
        }

        time = Instant.FromUnixSeconds(utcSeconds) + new Duration(fraction);
        return null;
    }
}

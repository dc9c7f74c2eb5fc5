using System.Globalization;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>
/// What a stored series is: two-sided ticks (no timeframe), or bars of one timeframe and side, of one symbol from one source.
/// Series that differ in any of these are never joined. <see cref="Anchor"/> is empty where bars stand as <see cref="BarClock"/> says;
/// daily bars of another day boundary carry its name (<c>utc</c>, <c>utc-5</c>) and are kept apart.
/// </summary>
public sealed record SeriesKey(string Symbol, string Source, Timeframe? Timeframe, QuoteSide Side, string Anchor = "")
{
    public static SeriesKey Ticks(string symbol, string source) => new(symbol, source, null, QuoteSide.Unknown);

    public bool IsTicks => Timeframe is null;

    /// <summary><c>two-sided</c> for ticks, else the side of the bars.</summary>
    public string SideName => IsTicks ? "two-sided" : Side.ToString().ToLowerInvariant();

    /// <summary>The series' folder below its symbol's: <c>dukascopy/ticks</c>, <c>histdata/M1-bid</c>, <c>lean/D1-ask-utc</c>.</summary>
    internal string Folder => Path.Combine(Source, IsTicks ? "ticks" : $"{Timeframe}-{SideName}" + (Anchor.Length == 0 ? "" : "-" + Anchor));

    /// <summary>The number of the file that holds an instant: the UTC day since 1970 for ticks, the UTC year for bars.</summary>
    internal long PeriodOf(Instant instant) => IsTicks ? FloorDay(instant) : instant.ToDateTime().Year;

    internal Instant PeriodStart(long period) =>
        IsTicks ? Instant.FromUnixSeconds(period * 86_400) : Instant.FromUtc((int)period, 1, 1);

    internal string PeriodName(long period) =>
        PeriodStart(period).ToDateTime().ToString(IsTicks ? "yyyy-MM-dd" : "yyyy", CultureInfo.InvariantCulture);

    /// <summary>When the bar that opens at an instant ends; a tick ends where it stands.</summary>
    internal Instant EndOf(Instant open) => Timeframe is not { } timeframe ? open : Anchor.Length > 0 ? open + Duration.FromDays(1) : BarClock.End(timeframe, open);

    internal Duration GapThreshold => Anchor.Length > 0 ? GapMap.ForeignDayThreshold : GapMap.Threshold(Timeframe);

    /// <summary>The gaps between ascending times of the series.</summary>
    internal IReadOnlyList<Gap> GapsBetween(ReadOnlySpan<long> times) => Anchor.Length > 0 ? GapMap.FindForeignDays(times) : GapMap.Find(times, Timeframe);

    public override string ToString() =>
        $"{Symbol} {(IsTicks ? "ticks" : $"{Timeframe} {SideName}")} from {Source}{(Anchor.Length == 0 ? "" : $" (days from 00:00 {Anchor})")}";

    private static long FloorDay(Instant instant) => instant.Floor(Duration.FromDays(1)).UnixSeconds / 86_400;
}

/// <summary>
/// One immutable file of a series: a UTC day of ticks or a UTC year of bars. <see cref="Hash"/> is the SHA-256 of its content (see <see cref="ContentHash"/>),
/// <see cref="Gaps"/> are those between its own ticks or bars.
/// </summary>
public sealed record Partition(SeriesKey Key, long Period, string File, long Count, Instant First, Instant Last, string Hash, IReadOnlyList<Gap> Gaps);

/// <summary>A stretch [<see cref="From"/>, <see cref="To"/>) of a series that was taken out of the store on request: how many ticks or bars, and the hash of the series before.</summary>
public sealed record Removal(Instant Time, SeriesKey Key, Instant From, Instant To, long Count, string HashBefore);

/// <summary>A series as the catalogue knows it: how many ticks or bars, from the first to the last, and the hash of all of them.</summary>
public sealed record StoredSeries(SeriesKey Key, IReadOnlyList<Partition> Partitions)
{
    public long Count => Partitions.Sum(p => p.Count);

    public Instant First => Partitions[0].First;

    /// <summary>Time of the last tick, or open time of the last bar.</summary>
    public Instant Last => Partitions[^1].Last;

    /// <summary>Where the last bar ends, or the last tick stands.</summary>
    public Instant End => Key.EndOf(Last);

    public string Hash => ContentHash.Combine(Partitions.Select(p => p.Hash));

    /// <summary>How much of the open market time in [from, to) the series holds; holes shorter than <paramref name="unnoticed"/>, and silences that a holiday or daily break explains, count as held.</summary>
    internal Duration Held(Instant from, Instant to, Duration unnoticed)
    {
        Instant first = Later(First, from), end = Earlier(End, to);
        long held = first < end ? TradingWeek.OpenTime(first, end).Nanoseconds : 0;
        foreach (Gap gap in Gaps(from, to).Where(g => g.Kind == GapKind.Hole && g.Length >= unnoticed))
        {
            held -= TradingWeek.OpenTime(Later(gap.From, from), Earlier(gap.To, to)).Nanoseconds;
        }

        return new Duration(held);
    }

    /// <summary>Gaps that reach into [from, to), out of the catalogue.</summary>
    public IReadOnlyList<Gap> Gaps(Instant from, Instant to)
    {
        var gaps = new List<Gap>();
        for (int i = 0; i < Partitions.Count; i++)
        {
            if (i > 0)
            {
                GapMap.AddBetween(Key.EndOf(Partitions[i - 1].Last), Partitions[i].First, Key.GapThreshold, gaps);
            }

            gaps.AddRange(Partitions[i].Gaps);
        }

        return gaps.FindAll(g => g.From < to && g.To > from);
    }

    private static Instant Later(Instant a, Instant b) => a > b ? a : b;

    private static Instant Earlier(Instant a, Instant b) => a < b ? a : b;
}

/// <summary>Names that become folders: symbols in capitals, sources in small letters.</summary>
public static class StoreNames
{
    /// <summary>The symbol in capitals and without a slash (<c>eur/usd</c> is EURUSD).</summary>
    /// <exception cref="KnownFailure">It is not 2 to 24 letters, digits, dots, dashes or underscores beginning with a letter or digit.</exception>
    public static string Symbol(string symbol)
    {
        string name = symbol.Replace("/", "", StringComparison.Ordinal).ToUpperInvariant();
        bool fits = name.Length is >= 2 and <= 24 && char.IsAsciiLetterOrDigit(name[0])
            && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '.' or '-' or '_');
        return fits
            ? name
            : throw new KnownFailure($"'{symbol}' is not a symbol", "a symbol is 2 to 24 letters, digits, dots, dashes or underscores", "write it like EURUSD");
    }

    internal static string Plain(string name) =>
        name.Length is >= 1 and <= 32 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '+')
            ? name
            : throw new ArgumentException($"'{name}' cannot name a source or an anchor.", nameof(name));
}

using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>Bars wanted from the store: those that lie wholly in [<see cref="From"/>, <see cref="To"/>).</summary>
public sealed record BarRequest(string Symbol, Timeframe Timeframe, QuoteSide Side, Instant From, Instant To)
{
    /// <summary>Only from this source; null lets the store choose one.</summary>
    public string? Source { get; init; }

    /// <summary>Only from this very series; null lets the store choose one.</summary>
    public SeriesKey? Series { get; init; }
}

/// <summary>
/// Ticks and bars on disk: immutable column files, mapped into memory, and a catalogue of those that are live, under <c>HOME/market</c>.
/// Safe to read from any thread; what it hands out is valid until it is disposed.
/// </summary>
public sealed class MarketStore : IDisposable
{
    private readonly string root;
    private readonly Catalogue catalogue;
    private readonly Dictionary<string, MappedColumns> mapped = [];
    private readonly Lock gate = new();

    private MarketStore(string root, Catalogue catalogue) => (this.root, this.catalogue) = (root, catalogue);

    /// <summary>Opens the store of a home folder, creating it when absent. A catalogue that was lost is rebuilt from the files.</summary>
    public static MarketStore Open(string home)
    {
        string root = Path.Combine(home, "market");
        Directory.CreateDirectory(root);
        return new MarketStore(root, Catalogue.Open(Path.Combine(root, "catalogue.db"), () => StoreFolder.Scan(root)));
    }

    public IReadOnlyList<string> Symbols() => [.. catalogue.Partitions().Select(p => p.Key.Symbol).Distinct()];

    /// <summary>Every stored series, by symbol, source, ticks before bars, timeframe and side.</summary>
    public IReadOnlyList<StoredSeries> Series(string? symbol = null) =>
    [
        .. catalogue.Partitions(symbol is null ? null : StoreNames.Symbol(symbol))
            .GroupBy(p => p.Key)
            .Select(g => new StoredSeries(g.Key, [.. g])),
    ];

    /// <summary>What was removed on request, oldest first.</summary>
    public IReadOnlyList<Removal> Removals() => catalogue.Removals();

    /// <summary>The ticks in [from, to) as one block per UTC day that has any. Without a source, of the one that covers most of the range.</summary>
    public IEnumerable<TickBlock> Ticks(string symbol, Instant from, Instant to, string? source = null)
    {
        StoredSeries? series = ChooseTicks(symbol, from, to, source)?.Series;
        return series is null ? [] : Blocks(series, from, to);
    }

    /// <summary>The quotes in [from, to), one after another.</summary>
    public QuoteReader Quotes(string symbol, Instant from, Instant to, string? source = null) => new(Ticks(symbol, from, to, source));

    /// <summary>Bars of one side: stored as asked for, or made of stored smaller bars, or of ticks. Only finished ones, wholly inside the range; none when nothing is stored.</summary>
    public BarSeries Bars(string symbol, Timeframe timeframe, QuoteSide side, Instant from, Instant to) =>
        Bars(new BarRequest(symbol, timeframe, side, from, to));

    /// <inheritdoc cref="Bars(string, Timeframe, QuoteSide, Instant, Instant)"/>
    public BarSeries Bars(BarRequest request) => Choose(request) is { } pick
        ? Bars(request, pick.Series)
        : new BarSeries(StoreNames.Symbol(request.Symbol), request.Timeframe, request.Side, BarColumns.OfLength(0));

    /// <summary>The bars asked for, made of a series that can make them.</summary>
    public BarSeries Bars(BarRequest request, StoredSeries origin)
    {
        BarSeries bars = origin.Key.IsTicks
            ? BarsOfTicks.Build(Blocks(origin, request.From, request.To), request, origin.Last)
            : Stored(origin, request.From, request.To).Resample(request.Timeframe, KnownThrough(origin, request.To));
        return WhollyInside(bars, request);
    }

    /// <summary>The stored series that <see cref="Bars(BarRequest)"/> would read; null when there is none.</summary>
    public SeriesPick? Choose(BarRequest request) => SeriesChoice.Bars(Series(request.Symbol), request);

    /// <summary>The stored series whose bars, or bars made of it, best fill the orders of a strategy that decides on the bars asked for; null when there is none.</summary>
    public SeriesPick? ChooseFills(BarRequest request) => SeriesChoice.Fills(Series(request.Symbol), request);

    /// <summary>The stored daily bars of another day boundary than the FX day's that cover most of a request's range; null when there are none.</summary>
    public SeriesPick? ChooseForeignDays(BarRequest request) => SeriesChoice.ForeignDays(Series(request.Symbol), request);

    /// <summary>The stored series that <see cref="Ticks"/> would read; null when there is none.</summary>
    public SeriesPick? ChooseTicks(string symbol, Instant from, Instant to, string? source = null) => SeriesChoice.Ticks(Series(symbol), from, to, source);

    /// <summary>The stored bars of a series with open times in [from, to).</summary>
    public BarSeries Stored(StoredSeries series, Instant from, Instant to)
    {
        var parts = new List<(MappedColumns Columns, int Start, int End)>();
        foreach (Partition p in series.Partitions.Where(p => p.First < to && p.Last >= from))
        {
            MappedColumns columns = Map(p);
            parts.Add((columns, LowerBound(columns.Time, from), LowerBound(columns.Time, to)));
        }

        BarColumns bars = BarColumns.OfLength(parts.Sum(p => p.End - p.Start));
        int at = 0;
        foreach ((MappedColumns columns, int start, int end) in parts)
        {
            columns.CopyBars(start, end, bars, at);
            at += end - start;
        }

        return new BarSeries(series.Key.Symbol, series.Key.Timeframe!.Value, series.Key.Side, bars);
    }

    /// <summary>The stored ticks of a series in [from, to).</summary>
    public IEnumerable<TickBlock> Blocks(StoredSeries series, Instant from, Instant to) =>
        series.Partitions.Where(p => p.First < to && p.Last >= from).Select(p => new TickBlock(Map(p), from, to));

    /// <summary>The right to write one symbol; one holder at a time.</summary>
    /// <exception cref="KnownFailure">Another process holds it, or this user may not write there.</exception>
    public StoreWriter Write(string symbol, bool replaceOnConflict = false) => catalogue.IsReadOnly
        ? throw SymbolLock.Forbidden(symbol, root, null)
        : new(this, root, StoreNames.Symbol(symbol)) { ReplaceOnConflict = replaceOnConflict };

    /// <summary>Reads one file whole and says what is wrong with it, or null.</summary>
    public string? Fault(Partition partition)
    {
        try
        {
            using MappedColumns columns = MappedColumns.Open(Path.Combine(root, partition.File));
            return columns.Head.Hash != partition.Hash || columns.Head.Count != partition.Count ? "it is not the file the catalogue names"
                : columns.ContentHash() != partition.Hash ? "its content is not what its hash says"
                : null;
        }
        catch (FileNotFoundException)
        {
            return "the file is missing";
        }
        catch (KnownFailure fault)
        {
            return fault.Message;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            foreach (MappedColumns columns in mapped.Values)
            {
                columns.Dispose();
            }

            mapped.Clear();
            catalogue.Dispose();
        }
    }

    internal Catalogue Catalogue => catalogue;

    internal MappedColumns Map(Partition partition)
    {
        lock (gate)
        {
            if (!mapped.TryGetValue(partition.File, out MappedColumns? columns))
            {
                columns = OpenFile(partition);
                mapped.Add(partition.File, columns);
            }

            return columns;
        }
    }

    private MappedColumns OpenFile(Partition partition)
    {
        string path = Path.Combine(root, partition.File);
        try
        {
            return MappedColumns.Open(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new KnownFailure($"Cannot read {partition.Key}", $"{path} is gone: another import replaced it, or it was deleted", "run again; if that does not help, run 'data check --repair'", fault);
        }
    }

    /// <summary>Until when the bars of a series are complete: to the end of its last bar, and on to the next open when the market has closed by then.</summary>
    private static Instant KnownThrough(StoredSeries series, Instant to)
    {
        Instant lastOpen = series.Last < to ? series.Last : to;
        return ThroughWeekend(lastOpen, BarClock.End(series.Key.Timeframe!.Value, lastOpen));
    }

    /// <summary>The next week open, when the market was open at the last event and is closed where knowledge ends; else where knowledge ends.</summary>
    internal static Instant ThroughWeekend(Instant lastEvent, Instant known) =>
        TradingWeek.IsOpen(lastEvent) && !TradingWeek.IsOpen(known) ? TradingWeek.NextOpen(known) : known;

    private static BarSeries WhollyInside(BarSeries bars, BarRequest request)
    {
        BarSeries inside = bars.Between(request.From, request.To);
        int count = inside.Count;
        while (count > 0 && BarClock.End(request.Timeframe, new Instant(inside.Time[count - 1])) > request.To)
        {
            count--;
        }

        return count == inside.Count ? inside : inside.Between(request.From, new Instant(inside.Time[count]));
    }

    private static int LowerBound(ReadOnlySpan<long> time, Instant instant)
    {
        int i = time.BinarySearch(instant.Nanoseconds);
        return i >= 0 ? i : ~i;
    }
}

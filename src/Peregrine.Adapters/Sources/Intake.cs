using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources;

/// <summary>Gathers pieces by series and writes them in batches, so that memory stays bounded however large the folder.</summary>
internal sealed class Intake(MarketStore store, bool replace) : IDisposable
{
    private const int BatchRows = 2_000_000;
    private readonly Dictionary<SeriesKey, Pending> pending = [];
    private readonly SortedDictionary<string, StoreWriter> writers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<StoredSeries>> known = [];

    /// <summary>The stored series of a symbol, as they were last written.</summary>
    public IReadOnlyList<StoredSeries> Stored(string symbol)
    {
        if (!known.TryGetValue(symbol, out IReadOnlyList<StoredSeries>? series))
        {
            known.Add(symbol, series = store.Series(symbol));
        }

        return series;
    }

    /// <summary>The stored price of a symbol, from whatever series, that is nearest in time to the beginning of a piece; null when none is stored.</summary>
    public Price? NearestPrice(string symbol, HistoryPiece piece)
    {
        Instant at = new(piece is TickPiece { Ticks.Spans: var ticks } ? ticks.Time[0] : ((BarPiece)piece).Bars.Time[0]);
        Partition? nearest = Stored(symbol).SelectMany(s => s.Partitions)
            .MinBy(p => at < p.First ? (p.First - at).Nanoseconds : at > p.Last ? (at - p.Last).Nanoseconds : 0);
        if (nearest is null)
        {
            return null;
        }

        MappedColumns columns = store.Map(nearest);
        return nearest.Key.IsTicks ? new Price(columns.Ticks.Bid[0]) : store.Stored(new StoredSeries(nearest.Key, [nearest]), nearest.First, nearest.First + new Duration(1))[0].Close;
    }

    /// <summary>How a piece agrees with what is stored of its series at the same times; nothing is compared when stored data are to be replaced.</summary>
    public MergeCount Compare(HistoryPiece piece)
    {
        (long first, long last) = piece switch
        {
            TickPiece { Ticks.Count: > 0 } ticks => (ticks.Ticks.Spans.Time[0], ticks.Ticks.Spans.Time[^1]),
            BarPiece { Bars.Count: > 0 } bars => (bars.Bars.Time[0], bars.Bars.Time[^1]),
            _ => (0, -1),
        };
        if (replace || first > last)
        {
            return default;
        }

        if (pending.TryGetValue(piece.Key, out Pending? waiting) && waiting.Unwritten.Overlap(first, last))
        {
            Write(piece.Key, waiting);
        }

        MergeCount count = default;
        Partition[] overlapping = [.. Stored(piece.Key.Symbol).Where(s => s.Key == piece.Key).SelectMany(s => s.Partitions).Where(p => p.First.Nanoseconds <= last && p.Last.Nanoseconds >= first)];
        foreach (Partition partition in overlapping)
        {
            count += Compare(piece, partition);
        }

        return count;
    }

    private MergeCount Compare(HistoryPiece piece, Partition partition)
    {
        Instant from = partition.Key.PeriodStart(partition.Period), to = partition.Key.PeriodStart(partition.Period + 1);
        var nothing = new Stretches();
        if (piece is TickPiece { Ticks.Spans: var ticks })
        {
            return TickMerge.Merge(store.Map(partition).Ticks, ticks.Slice(ticks.LowerBound(from.Nanoseconds), ticks.LowerBound(to.Nanoseconds)), nothing, new TickColumns());
        }

        BarSeries stored = store.Stored(new StoredSeries(partition.Key, [partition]), Instant.MinValue, Instant.MaxValue);
        return BarMerge.Merge(stored, ((BarPiece)piece).Bars.Between(from, to), nothing).Count;
    }

    public void Take(HistoryPiece piece)
    {
        if (!pending.TryGetValue(piece.Key, out Pending? series))
        {
            series = new Pending();
            pending.Add(piece.Key, series);
        }

        series.Tally.Add(piece.Tally);
        switch (piece)
        {
            case TickPiece { Ticks.Count: > 0 } ticks:
                series.Ticks.Add(ticks.Ticks.Spans);
                series.Touch(ticks.Ticks.Spans.Time);
                break;
            case BarPiece { Bars.Count: > 0 } bars:
                series.Bars.Add(bars.Bars);
                series.BarCount += bars.Bars.Count;
                series.Touch(bars.Bars.Time);
                break;
        }

        if (series.Ticks.Count + series.BarCount >= BatchRows)
        {
            Write(piece.Key, series);
        }
    }

    /// <summary>Writes what is left and reports every series.</summary>
    public IReadOnlyList<SeriesReport> Finish()
    {
        foreach ((SeriesKey key, Pending series) in pending)
        {
            Write(key, series);
        }

        return
        [
            .. pending.OrderBy(p => p.Key.Symbol, StringComparer.Ordinal)
                .ThenBy(p => p.Key.Source, StringComparer.Ordinal)
                .ThenBy(p => p.Key.Timeframe ?? 0)
                .ThenBy(p => p.Key.Side)
                .Select(p => Report(p.Key, p.Value)),
        ];
    }

    public void Dispose()
    {
        foreach (StoreWriter writer in writers.Values)
        {
            writer.Dispose();
        }
    }

    private void Write(SeriesKey key, Pending series)
    {
        if (series.Ticks.Count + series.BarCount == 0)
        {
            return;
        }

        if (!writers.TryGetValue(key.Symbol, out StoreWriter? writer))
        {
            writer = store.Write(key.Symbol, replace);
            writers.Add(key.Symbol, writer);
        }

        Stretches replaced = replace ? series.Unwritten : new Stretches();
        if (series.Ticks.Count > 0)
        {
            series.Merge += writer.AddTicks(key, series.Ticks, replaced);
        }

        foreach (BarSeries bars in Joined(series.Bars))
        {
            series.Merge += writer.AddBars(key, bars, replaced);
        }

        series.Clear();
        known.Remove(key.Symbol);
    }

    /// <summary>Runs of pieces that follow one another in time, each as one series: a year of days is then written once.</summary>
    private static IEnumerable<BarSeries> Joined(List<BarSeries> pieces)
    {
        var run = new List<Bar>();
        foreach (BarSeries piece in pieces.OrderBy(p => p.Time[0]))
        {
            if (run.Count > 0 && piece.Time[0] <= run[^1].Time.Nanoseconds)
            {
                yield return BarSeries.FromBars(piece.Symbol, piece.Timeframe, piece.Side, run);
                run = [];
            }

            for (int i = 0; i < piece.Count; i++)
            {
                run.Add(piece[i]);
            }
        }

        if (run.Count > 0)
        {
            yield return BarSeries.FromBars(pieces[0].Symbol, pieces[0].Timeframe, pieces[0].Side, run);
        }
    }

    private SeriesReport Report(SeriesKey key, Pending series)
    {
        series.Tally.Reject(RowFault.Contradicts, series.Merge.Conflicts);
        StoredSeries? stored = store.Series(key.Symbol).SingleOrDefault(s => s.Key == key);
        IReadOnlyList<Gap> gaps = stored is null || series.First > series.Last
            ? []
            : stored.Gaps(new Instant(series.First), new Instant(series.Last) + new Duration(1));
        return new SeriesReport(stored, key, series.Tally, series.Merge, gaps);
    }

    private sealed class Pending
    {
        public Tally Tally { get; } = new();

        public TickColumns Ticks { get; } = new();

        public List<BarSeries> Bars { get; } = [];

        public int BarCount { get; set; }

        public MergeCount Merge { get; set; }

        /// <summary>The times from the first to the last of each piece not yet written.</summary>
        public Stretches Unwritten { get; private set; } = new();

        public long First { get; private set; } = long.MaxValue;

        public long Last { get; private set; } = long.MinValue;

        public void Touch(ReadOnlySpan<long> times)
        {
            First = Math.Min(First, times[0]);
            Last = Math.Max(Last, times[^1]);
            Unwritten.Add(times[0], times[^1]);
        }

        public void Clear()
        {
            Ticks.Clear();
            Bars.Clear();
            (BarCount, Unwritten) = (0, new Stretches());
        }
    }
}

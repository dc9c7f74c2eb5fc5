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

        if (series.Ticks.Count > 0)
        {
            series.Merge += writer.AddTicks(key.Source, series.Ticks);
            series.Ticks.Clear();
        }

        foreach (BarSeries bars in Joined(series.Bars))
        {
            series.Merge += writer.AddBars(key.Source, bars, key.Anchor);
        }

        series.Bars.Clear();
        series.BarCount = 0;
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

        public long First { get; private set; } = long.MaxValue;

        public long Last { get; private set; } = long.MinValue;

        public void Touch(ReadOnlySpan<long> times)
        {
            First = Math.Min(First, times[0]);
            Last = Math.Max(Last, times[^1]);
        }
    }
}

using Peregrine.Adapters.Sources.Csv;
using Peregrine.Adapters.Sources.Dukascopy;
using Peregrine.Adapters.Sources.HistData;
using Peregrine.Adapters.Sources.Lean;
using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources;

/// <summary>How far an import has come.</summary>
public readonly record struct ImportProgress(int FilesDone, int Files);

/// <summary>Takes local files of one format into the store. Every row that is repaired or rejected is counted by kind, every file that is refused is named with its reason.</summary>
public static class Import
{
    /// <summary>The formats by name.</summary>
    public static IReadOnlyList<string> Formats => ["dukascopy", "histdata", "csv", "lean"];

    /// <summary>Imports and reports. What was stored before a cancellation stays stored.</summary>
    /// <exception cref="KnownFailure">A path does not exist, a symbol is being written by another process, or a name given in the request is not known.</exception>
    public static ImportReport Run(MarketStore store, string format, ImportRequest request, Action<ImportProgress> progress, CancellationToken stop)
    {
        IHistoryFormat reader = Format(format);
        try
        {
            CheckNames(request);
            InputFiles files = InputFiles.Find(request.Paths, reader);
            using var intake = new Intake(store, request.Replace);
            var refused = new List<FileNote>(files.Refused);
            (int read, int empty) = (0, 0);
            for (int i = 0; i < files.Wanted.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                progress(new ImportProgress(i, files.Wanted.Count));
                if (TryRead(reader, files.Wanted[i], request, intake, out long rows) is { } reason)
                {
                    refused.Add(new FileNote(files.Wanted[i], reason));
                    continue;
                }

                read++;
                empty += rows == 0 ? 1 : 0;
            }

            return new ImportReport(intake.Finish(), read, empty, files.Skipped, refused);
        }
        finally
        {
            (reader as IDisposable)?.Dispose();
        }
    }

    private static IHistoryFormat Format(string name) => name switch
    {
        "dukascopy" => new DukascopyFormat(),
        "histdata" => new HistDataFormat(),
        "csv" => new CsvFormat(),
        "lean" => new LeanFormat(),
        _ => throw new KnownFailure($"'{name}' is no format", "no reader has that name", $"use one of {string.Join(", ", Formats)}"),
    };

    private static void CheckNames(ImportRequest request)
    {
        _ = request.Symbol is { } symbol ? StoreNames.Symbol(symbol) : null;
        _ = request.Zone is { } zone ? SourceClock.Parse(zone) : null;
    }

    /// <summary>Null when the file was taken; else why it was refused.</summary>
    private static string? TryRead(IHistoryFormat reader, string path, ImportRequest request, Intake intake, out long rows)
    {
        rows = 0;
        try
        {
            foreach (HistoryPiece piece in reader.Read(path, request))
            {
                rows += piece.Tally.Read;
                intake.Take(piece);
            }

            return null;
        }
        catch (RefusedFile fault)
        {
            return fault.Message;
        }
        catch (InvalidDataException)
        {
            return "it is damaged: it cannot be unpacked";
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or FileNotFoundException)
        {
            return "it cannot be opened: " + fault.Message;
        }
    }
}

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
            : StoredGaps.Of(store, stored, new Instant(series.First), new Instant(series.Last) + new Duration(1));
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

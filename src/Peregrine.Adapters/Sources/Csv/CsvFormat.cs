using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources.Csv;

/// <summary>
/// Tables with a header: bars <c>time,open,high,low,close[,volume]</c> or <c>time,bidOpen,…,askClose</c>, ticks <c>time,bid,ask[,bidVolume,askVolume]</c>;
/// ISO-8601 times, UTC unless they or <c>--zone</c> say otherwise; plain, .gz or .zip.
/// </summary>
internal sealed class CsvFormat : IHistoryFormat
{
    private const int TicksPerPiece = 500_000, MaxBars = 20_000_000, MaxTicks = 50_000_000;

    public string Name => "csv";

    public string? Refusal(string path)
    {
        string name = Path.GetFileName(path).ToLowerInvariant();
        return name.EndsWith(".csv", StringComparison.Ordinal) || name.EndsWith(".csv.gz", StringComparison.Ordinal) || name.EndsWith(".zip", StringComparison.Ordinal)
            ? null
            : "neither .csv, .csv.gz nor .zip";
    }

    public IEnumerable<HistoryPiece> Read(string path, ImportRequest request)
    {
        string symbol = request.Symbol is { } given ? StoreNames.Symbol(given) : throw new RefusedFile("a table does not say its symbol: give it with --symbol");
        if (!path.EndsWith(".csv", StringComparison.OrdinalIgnoreCase))
        {
            PackedFile.Check(path);
        }

        return PackedFile.Tables(path).SelectMany(t => Table(t.Content, symbol, request));
    }

    private IEnumerable<HistoryPiece> Table(Stream content, string symbol, ImportRequest request)
    {
        var lines = new LineReader(content, PackedFile.MaxUnpackedBytes);
        if (!lines.Read(out ReadOnlySpan<byte> header))
        {
            throw new RefusedFile("it is empty");
        }

        CsvColumns columns = CsvColumns.Parse(header, request.Divisor ?? 1);
        var times = new CsvTimes(request.Zone is { } zone ? SourceClock.Parse(zone) : SourceClock.Utc);
        var key = new SeriesKey(symbol, Name, request.Timeframe, request.Side ?? QuoteSide.Bid);
        return columns.Kind == CsvKind.Ticks
            ? Ticks(lines, columns, times, SeriesKey.Ticks(symbol, Name))
            : Bars(lines, columns, times, key);
    }

    private static IEnumerable<HistoryPiece> Ticks(LineReader lines, CsvColumns columns, CsvTimes times, SeriesKey key)
    {
        (bool more, long total) = (true, 0);
        while (more)
        {
            var rows = new TickRows(key);
            while (rows.Count < TicksPerPiece && (more = lines.Read(out ReadOnlySpan<byte> line)))
            {
                rows.Tally.Read++;
                if (TickRow(line, columns, times, out Quote quote) is { } fault)
                {
                    rows.Tally.Reject(fault);
                }
                else
                {
                    rows.Add(quote);
                }
            }

            RefuseUnusable(rows.Tally, total == 0 ? rows.Count : 1);
            total += rows.Count;
            if (total > MaxTicks)
            {
                throw new RefusedFile($"it has more than {MaxTicks} ticks: cut it into months");
            }

            rows.Tally.Repair(RowRepair.TwiceByOrder, more ? 0 : times.SecondTimes);
            yield return rows.ToPiece();
        }
    }

    private static IEnumerable<HistoryPiece> Bars(LineReader lines, CsvColumns columns, CsvTimes times, SeriesKey key)
    {
        var tally = new Tally();
        var rows = new List<TwoSidedBar>();
        while (lines.Read(out ReadOnlySpan<byte> line))
        {
            tally.Read++;
            if (BarRow(line, columns, times, out TwoSidedBar bar) is { } fault)
            {
                tally.Reject(fault);
            }
            else if (rows.Count < MaxBars)
            {
                rows.Add(bar);
            }
            else
            {
                throw new RefusedFile($"it has more than {MaxBars} bars: cut it into years");
            }
        }

        RefuseUnusable(tally, rows.Count);
        tally.Repair(RowRepair.TwiceByOrder, times.SecondTimes);
        (Timeframe timeframe, string anchor) = key.Timeframe is { } given ? CsvTimeframe.Placed(given, rows) : CsvTimeframe.Find(rows);
        key = key with { Timeframe = timeframe, Anchor = anchor };
        return columns.Kind == CsvKind.Bars ? [OneSided(rows, key, tally)] : BothSides(rows, key, tally);
    }

    private static BarPiece OneSided(List<TwoSidedBar> rows, SeriesKey key, Tally tally)
    {
        var side = new BarRows(key, tally);
        foreach (TwoSidedBar row in rows)
        {
            side.Add(row.Bid);
        }

        return side.ToPiece();
    }

    private static IEnumerable<BarPiece> BothSides(List<TwoSidedBar> rows, SeriesKey key, Tally tally)
    {
        var both = new TwoSidedRows(key, tally);
        foreach (TwoSidedBar row in rows)
        {
            both.Add(row);
        }

        return both.ToPieces();
    }

    private static string? TickRow(ReadOnlySpan<byte> line, CsvColumns columns, CsvTimes times, out Quote quote)
    {
        quote = default;
        Span<Range> values = stackalloc Range[CsvColumns.MaxValues];
        if (!columns.Cut(line, values))
        {
            return RowFault.Unreadable;
        }

        string? fault = times.Read(line[values[0]], out Instant time) ?? Text.Price(line[values[1]], columns.Divisor, out _) ?? Text.Price(line[values[2]], columns.Divisor, out _);
        if (fault is not null)
        {
            return fault;
        }

        Text.Price(line[values[1]], columns.Divisor, out Price bid);
        Text.Price(line[values[2]], columns.Divisor, out Price ask);
        if (!Text.Volume(line[values[3]], out double bidVolume) || !Text.Volume(line[values[4]], out double askVolume) || bidVolume > float.MaxValue || askVolume > float.MaxValue)
        {
            return RowFault.Volume;
        }

        quote = new Quote(time, bid, ask, (float)bidVolume, (float)askVolume);
        return null;
    }

    /// <summary>A row of one side gives that side twice.</summary>
    private static string? BarRow(ReadOnlySpan<byte> line, CsvColumns columns, CsvTimes times, out TwoSidedBar bar)
    {
        bar = default;
        Span<Range> values = stackalloc Range[CsvColumns.MaxValues];
        if (!columns.Cut(line, values))
        {
            return RowFault.Unreadable;
        }

        string? fault = times.Read(line[values[0]], out Instant time);
        if (fault is not null)
        {
            return fault;
        }

        if (columns.Kind == CsvKind.Bars)
        {
            fault = BarText.Parse(line, values[1..6], time, columns.Divisor, out Bar only);
            bar = new TwoSidedBar(only, only);
            return fault;
        }

        fault = BarText.Parse(line, [values[1], values[2], values[3], values[4], values[9]], time, columns.Divisor, out Bar bid);
        if (fault is not null)
        {
            return fault;
        }

        fault = BarText.Parse(line, [values[5], values[6], values[7], values[8], values[10]], time, columns.Divisor, out Bar ask);
        bar = new TwoSidedBar(bid, ask);
        return fault;
    }

    private static void RefuseUnusable(Tally tally, int usable)
    {
        if (tally.Read == 0 && usable == 0)
        {
            throw new RefusedFile("it has a header and no rows");
        }

        long bad = tally.Rejected.GetValueOrDefault(RowFault.Unreadable) + tally.Rejected.GetValueOrDefault(RowFault.Time);
        if (bad * 2 > tally.Read)
        {
            throw new RefusedFile($"{bad} of {tally.Read} lines cannot be read");
        }

        if (usable == 0)
        {
            throw new RefusedFile($"none of its {tally.Read} rows can be taken: {string.Join(", ", tally.Rejected.Select(r => $"{r.Value} for {r.Key}"))}", "if prices were multiplied, say by what with --divisor");
        }
    }
}

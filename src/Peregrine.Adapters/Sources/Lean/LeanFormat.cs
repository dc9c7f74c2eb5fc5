using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources.Lean;

/// <summary>
/// Quote files of QuantConnect's Lean: ticks <c>ms,bid,ask</c>; bars <c>time,bidO,bidH,bidL,bidC,bidSize,askO,askH,askL,askC,askSize</c>,
/// time in ms since midnight or as <c>yyyyMMdd HH:mm</c>. Second bars are merged into minutes, the shortest bars kept here,
/// as a source of their own: they are not the minutes that the feed itself made.
/// </summary>
internal sealed class LeanFormat : IHistoryFormat
{
    private const int TickFields = 3, BarFields = 11;
    private static readonly long NanosecondsPerDay = Duration.FromDays(1).Nanoseconds;

    public string Name => "lean";

    public string? Refusal(string path) =>
        LeanPath.Parse(path) is null ? "its place does not say market, resolution and symbol (MARKET/minute/SYMBOL/yyyyMMdd_quote.zip)" : null;

    public IEnumerable<HistoryPiece> Read(string path, ImportRequest request)
    {
        LeanPath place = LeanPath.Parse(path)!;
        string symbol = StoreNames.Symbol(place.Symbol);
        request.Want(symbol);
        SourceClock clock = request.Zone is { } zone
            ? SourceClock.Parse(zone)
            : LeanPath.ClockOf(place.Market) ?? throw new RefusedFile($"the clock of the market '{place.Market}' is not known: give it with --zone");
        var key = new SeriesKey(symbol, StoreNames.Plain($"{Name}-{place.Market}"), Timeframe.M1, QuoteSide.Unknown);
        List<HistoryPiece> pieces = [.. PackedFile.Tables(path).SelectMany(t => Table(new LineReader(t.Content, PackedFile.MaxUnpackedBytes), place, key, clock)).ToList()];
        return pieces.Count > 0 ? pieces : throw new RefusedFile("it holds no table");
    }

    private static IEnumerable<HistoryPiece> Table(LineReader lines, LeanPath place, SeriesKey key, SourceClock clock)
    {
        var stamps = new StampReader(clock);
        return place.Resolution switch
        {
            LeanResolution.Tick => [Ticks(lines, place, SeriesKey.Ticks(key.Symbol, key.Source), stamps)],
            LeanResolution.Second => Seconds(lines, place, key with { Source = key.Source + "-second" }, stamps),
            LeanResolution.Minute => Bars(lines, place, key, stamps),
            LeanResolution.Hour => Bars(lines, place, key with { Timeframe = Timeframe.H1 }, stamps),
            LeanResolution.Daily => Bars(lines, place, key with { Timeframe = Timeframe.D1, Anchor = clock.Name }, stamps),
            _ => throw new ArgumentOutOfRangeException(nameof(place)),
        };
    }

    private static TickPiece Ticks(LineReader lines, LeanPath place, SeriesKey key, StampReader stamps)
    {
        var ticks = new TickRows(key);
        Span<Range> fields = stackalloc Range[TickFields];
        while (lines.Read(out ReadOnlySpan<byte> line))
        {
            ticks.Tally.Read++;
            if (Text.Split(line, fields, (byte)',') != TickFields)
            {
                ticks.Tally.Reject(RowFault.Unreadable);
                continue;
            }

            string? fault = Time(line[fields[0]], place, stamps, out Instant time) ?? Text.Price(line[fields[1]], out _) ?? Text.Price(line[fields[2]], out _);
            if (fault is not null)
            {
                ticks.Tally.Reject(fault);
                continue;
            }

            Text.Price(line[fields[1]], out Price bid);
            Text.Price(line[fields[2]], out Price ask);
            ticks.Add(new Quote(time, bid, ask));
        }

        RefuseUnreadable(ticks.Tally);
        return ticks.ToPiece();
    }

    private static IEnumerable<BarPiece> Bars(LineReader lines, LeanPath place, SeriesKey key, StampReader stamps)
    {
        var rows = new TwoSidedRows(key);
        while (lines.Read(out ReadOnlySpan<byte> line))
        {
            rows.CountRow();
            if (Row(line, place, stamps, out TwoSidedBar bar) is { } fault)
            {
                rows.Reject(fault);
            }
            else
            {
                rows.Add(bar);
            }
        }

        RefuseUnreadable(rows.Tally);
        return rows.ToPieces();
    }

    private static IEnumerable<BarPiece> Seconds(LineReader lines, LeanPath place, SeriesKey key, StampReader stamps)
    {
        var rows = new TwoSidedRows(key);
        var seconds = new List<TwoSidedBar>();
        while (lines.Read(out ReadOnlySpan<byte> line))
        {
            rows.CountRow();
            if ((Row(line, place, stamps, out TwoSidedBar bar) ?? TwoSidedRows.Fault(bar)) is { } fault)
            {
                rows.Reject(fault);
            }
            else
            {
                seconds.Add(bar);
            }
        }

        RefuseUnreadable(rows.Tally);
        MergeSeconds(seconds, rows);
        return rows.ToPieces();
    }

    private static void MergeSeconds(List<TwoSidedBar> seconds, TwoSidedRows into)
    {
        BarBuilder bids = new(Timeframe.M1, QuoteSide.Bid), asks = new(Timeframe.M1, QuoteSide.Ask);
        Instant last = Instant.MinValue;
        foreach (TwoSidedBar second in seconds.OrderBy(s => s.Bid.Time.Nanoseconds))
        {
            if (second.Bid.Time == last)
            {
                into.Reject(RowFault.TwoBars);
                continue;
            }

            last = second.Bid.Time;
            if (bids.Add(second.Bid, out Bar bid) & asks.Add(second.Ask, out Bar ask))
            {
                into.Add(new TwoSidedBar(bid, ask));
            }
        }

        if (bids.Advance(Instant.MaxValue, out Bar lastBid) & asks.Advance(Instant.MaxValue, out Bar lastAsk))
        {
            into.Add(new TwoSidedBar(lastBid, lastAsk));
        }
    }

    private static string? Row(ReadOnlySpan<byte> line, LeanPath place, StampReader stamps, out TwoSidedBar bar)
    {
        bar = default;
        Span<Range> fields = stackalloc Range[BarFields];
        if (Text.Split(line, fields, (byte)',') != BarFields)
        {
            return RowFault.Unreadable;
        }

        string? fault = Time(line[fields[0]], place, stamps, out Instant time);
        if (fault is not null)
        {
            return fault;
        }

        fault = BarText.Parse(line, fields[1..6], time, out Bar bid);
        if (fault is not null)
        {
            return fault;
        }

        fault = BarText.Parse(line, fields[6..11], time, out Bar ask);
        bar = new TwoSidedBar(bid, ask);
        return fault;
    }

    private static string? Time(ReadOnlySpan<byte> text, LeanPath place, StampReader stamps, out Instant time)
    {
        time = default;
        long day = place.DaySeconds, ofDay;
        if (place.Resolution is LeanResolution.Hour or LeanResolution.Daily)
        {
            Span<byte> clock = stackalloc byte[6] { 0, 0, 0, 0, (byte)'0', (byte)'0' };
            if (text.Length != 14 || text[8] != ' ' || text[11] != ':' || !Text.Day(text[..8], out day))
            {
                return RowFault.Time;
            }

            text[9..11].CopyTo(clock);
            text[12..14].CopyTo(clock[2..]);
            if (!Text.TimeOfDay(clock, out long seconds))
            {
                return RowFault.Time;
            }

            ofDay = seconds * Duration.NanosecondsPerSecond;
        }
        else if (!Text.Milliseconds(text, out ofDay) || ofDay >= NanosecondsPerDay)
        {
            return RowFault.Time;
        }

        if (stamps.Read(day + (ofDay / Duration.NanosecondsPerSecond)) is not { } utcSeconds)
        {
            return RowFault.NoSuchTime;
        }

        time = Instant.FromUnixSeconds(utcSeconds) + new Duration(ofDay % Duration.NanosecondsPerSecond);
        return null;
    }

    private static void RefuseUnreadable(Tally tally)
    {
        long bad = tally.Rejected.GetValueOrDefault(RowFault.Unreadable) + tally.Rejected.GetValueOrDefault(RowFault.Time);
        if (tally.Read == 0 || bad * 2 > tally.Read)
        {
            throw new RefusedFile(tally.Read == 0 ? "its table is empty" : $"{bad} of its {tally.Read} lines cannot be read");
        }
    }
}

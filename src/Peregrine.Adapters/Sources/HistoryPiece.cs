using Peregrine.Adapters.Store;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources;

/// <summary>A stretch of one series as read from a file, and what happened to its rows.</summary>
internal abstract record HistoryPiece(SeriesKey Key, Tally Tally);

/// <summary>Ticks of a <see cref="HistoryPiece"/>.</summary>
internal sealed record TickPiece(SeriesKey Key, Tally Tally, TickColumns Ticks) : HistoryPiece(Key, Tally);

/// <summary>Bars of a <see cref="HistoryPiece"/>.</summary>
internal sealed record BarPiece(SeriesKey Key, Tally Tally, BarSeries Bars) : HistoryPiece(Key, Tally);

/// <summary>Gathers ticks, turning away the impossible: a price not above zero, a crossed quote. Locked quotes are kept and counted.</summary>
internal sealed class TickRows(SeriesKey key)
{
    private readonly TickColumns ticks = new();
    private long locked;
    private readonly Tally tally = new();

    public Tally Tally => tally;

    public int Count => ticks.Count;

    public void Add(in Quote quote)
    {
        if (quote.Bid.Grains <= 0 || quote.Ask.Grains <= 0)
        {
            tally.Reject(RowFault.NotPositive);
        }
        else if (quote.IsCrossed)
        {
            tally.Reject(RowFault.Crossed);
        }
        else
        {
            ticks.Add(quote);
            locked += quote.Bid == quote.Ask ? 1 : 0;
        }
    }

    /// <summary>Room at the end for so many ticks, to be filled and then judged by <see cref="Settle"/>.</summary>
    public TickTarget Extend(int count) => ticks.Extend(count);

    /// <summary>Judges the last <paramref name="count"/> ticks, filled in through <see cref="Extend"/>, as <see cref="Add"/> judges each.</summary>
    public void Settle(int count)
    {
        TickSpans filled = ticks.Spans.Slice(ticks.Count - count, ticks.Count);
        int doubtful = 0;
        for (int i = 0; i < count; i++)
        {
            doubtful += filled.Bid[i] >= filled.Ask[i] | filled.Bid[i] <= 0 ? 1 : 0;
        }

        if (doubtful == 0)
        {
            return;
        }

        TickColumns copy = new();
        copy.Add(filled);
        ticks.Shrink(count);
        for (int i = 0; i < count; i++)
        {
            Add(copy.Spans[i]);
        }
    }

    public TickPiece ToPiece()
    {
        tally.Repair(RowRepair.OutOfOrder, ticks.Sort());
        tally.Note("locked: bid equals ask", locked);
        return new TickPiece(key, tally, ticks);
    }
}

/// <summary>Gathers bars of one side, turning away the impossible; puts them in order at the end.</summary>
internal sealed class BarRows(SeriesKey key, Tally tally)
{
    private readonly List<Bar> bars = [];

    public SeriesKey Key { get; } = key;

    public Tally Tally { get; } = tally;

    public void Add(in Bar bar)
    {
        if (Fault(bar) is { } fault)
        {
            Tally.Reject(fault);
        }
        else
        {
            bars.Add(bar);
        }
    }

    /// <summary>What makes a bar impossible whatever its timeframe; null when nothing does.</summary>
    public static string? FaultOf(in Bar bar)
    {
        if (bar.Low.Grains <= 0 || bar.Open.Grains <= 0 || bar.Close.Grains <= 0)
        {
            return RowFault.NotPositive;
        }

        return bar.IsConsistent ? null : RowFault.Inconsistent;
    }

    public string? Fault(in Bar bar)
    {
        if (FaultOf(bar) is { } fault)
        {
            return fault;
        }

        return Key.Anchor.Length == 0 && BarClock.Start(Key.Timeframe!.Value, bar.Time) != bar.Time ? RowFault.Misplaced : null;
    }

    /// <summary>The bars in time order; a repeated bar is dropped and counted, of two different bars of one time the first stays.</summary>
    public BarPiece ToPiece()
    {
        int[] order = [.. Enumerable.Range(0, bars.Count).OrderBy(i => bars[i].Time.Nanoseconds)];
        var kept = new List<Bar>(bars.Count);
        int furthestRow = -1;
        foreach (int row in order)
        {
            Bar bar = bars[row];
            if (kept.Count == 0 || kept[^1].Time != bar.Time)
            {
                kept.Add(bar);
                Tally.Repair(RowRepair.OutOfOrder, row < furthestRow ? 1 : 0);
                furthestRow = Math.Max(furthestRow, row);
            }
            else if (kept[^1].Equals(bar))
            {
                Tally.Repair(RowRepair.Repeated);
            }
            else
            {
                Tally.Reject(RowFault.TwoBars);
            }
        }

        return new BarPiece(Key, Tally, BarSeries.FromBars(Key.Symbol, Key.Timeframe!.Value, Key.Side, kept));
    }
}

/// <summary>Gathers bars of both sides. A bar whose bid is above its ask at the open, high, low or close proves a crossed market inside it: neither side is kept.</summary>
internal sealed class TwoSidedRows
{
    private readonly BarRows bid, ask;

    /// <param name="key">The series; its side does not matter.</param>
    /// <param name="soFar">What has happened to the rows already; it counts for both sides.</param>
    public TwoSidedRows(SeriesKey key, Tally? soFar = null)
    {
        bid = new BarRows(key with { Side = QuoteSide.Bid }, new Tally());
        ask = new BarRows(key with { Side = QuoteSide.Ask }, new Tally());
        bid.Tally.Add(soFar ?? new Tally());
        ask.Tally.Add(soFar ?? new Tally());
    }

    public Tally Tally => bid.Tally;

    /// <summary>What makes a bar impossible whatever its timeframe; null when nothing does.</summary>
    public static string? Fault(in TwoSidedBar bar)
    {
        bool crossed = bar.Bid.Open > bar.Ask.Open || bar.Bid.High > bar.Ask.High || bar.Bid.Low > bar.Ask.Low || bar.Bid.Close > bar.Ask.Close;
        return BarRows.FaultOf(bar.Bid) ?? BarRows.FaultOf(bar.Ask) ?? (crossed ? RowFault.Crossed : null);
    }

    public void Add(in TwoSidedBar bar)
    {
        string? fault = Fault(bar) ?? bid.Fault(bar.Bid);
        if (fault is not null)
        {
            Reject(fault);
            return;
        }

        bid.Add(bar.Bid);
        ask.Add(bar.Ask);
    }

    public void Reject(string fault)
    {
        bid.Tally.Reject(fault);
        ask.Tally.Reject(fault);
    }

    public void CountRow()
    {
        bid.Tally.Read++;
        ask.Tally.Read++;
    }

    public IEnumerable<BarPiece> ToPieces() => [bid.ToPiece(), ask.ToPiece()];
}

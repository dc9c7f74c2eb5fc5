using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>The prices of one symbol for a report's charts, and the decimals they are shown with.</summary>
public sealed record PriceHistory(BarSeries Bars, int Digits);

/// <summary>A named fact a result rests on: a cost, a rule, a range of data.</summary>
public sealed record Assumption(string Name, string Value);

/// <summary>A strategy a report is about: as text in the strategy language, and in plain English, one sentence a rule.</summary>
public sealed record ReportedStrategy(string Id, string Name, string Text, IReadOnlyList<string> InWords);

/// <summary>Something that was said during a session: when, by whom (the operator or the engine), and what.</summary>
public sealed record ReportedWord(Instant Time, string By, string Said);

/// <summary>A table of a report's own: a title, column heads (the first names the rows), rows of as many cells, and a remark below (empty when there is none).</summary>
public sealed record ReportedTable(string Title, IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<string>> Rows, string Remark);

/// <summary>What a report is asked to tell, as those who ran the test or the session know it.</summary>
public sealed record ReportSource
{
    /// <summary>What was run: <c>Backtest</c>, <c>Paper session</c>, <c>Returns</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The name at the head of the page.</summary>
    public required string Title { get; init; }

    /// <summary>What was traded, such as <c>EURUSD M15</c>; empty when not known.</summary>
    public string Market { get; init; } = "";

    public required TrackRecord Record { get; init; }

    /// <summary>Up to and including here are the data the strategy was made on; null when there is no such boundary. It may lie before or after the whole record.</summary>
    public Instant? Split { get; init; }

    /// <summary>The search that chose the strategy; null when none is known.</summary>
    public Origin? Origin { get; init; }

    /// <summary>Bars of the symbols traded, for the charts; a symbol without bars has no chart.</summary>
    public IReadOnlyList<PriceHistory> Prices { get; init; } = [];

    public IReadOnlyList<ReportedStrategy> Strategies { get; init; } = [];

    /// <summary>What the search that found it says of the strategy; null when no search did.</summary>
    public Evidence? Evidence { get; init; }

    /// <summary>What this report has to tell besides, in its order.</summary>
    public IReadOnlyList<ReportedTable> Tables { get; init; } = [];

    /// <summary>Why there is nothing to measure; the record is then without returns. Null when there is.</summary>
    public string? Absent { get; init; }

    /// <summary>What was said while it ran, in time order.</summary>
    public IReadOnlyList<ReportedWord> Words { get; init; } = [];

    /// <summary>What a reader must know before the figures, one sentence each, such as that a limit stopped trading half way.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public IReadOnlyList<Assumption> Assumptions { get; init; } = [];

    public IReadOnlyList<string> NotModelled { get; init; } = [];

    /// <summary>Hash of the market data; null when there is none.</summary>
    public string? DataHash { get; init; }

    public ulong? Seed { get; init; }

    /// <summary>A verdict reached elsewhere, by validation; null lets the report say what the record alone can say.</summary>
    public Verdict? Verdict { get; init; }
}

/// <summary>
/// A report as facts, ready to be drawn. Everything in it follows from its <see cref="Source"/>, so the same source gives the same report.
/// When the record has a split, <see cref="OutOfSample"/> is what counts and <see cref="InSample"/> stands beside it.
/// </summary>
public sealed record ReportModel
{
    /// <summary>How many of the best and of the worst trades are shown.</summary>
    public const int TopTrades = 10;

    public required ReportSource Source { get; init; }

    public required Verdict Verdict { get; init; }

    public required MetricSet Whole { get; init; }

    /// <summary>The part up to the split, which is the whole where the record ends before it; null where none of it is.</summary>
    public required MetricSet? InSample { get; init; }

    /// <summary>The part after the split, which is the whole where the record begins after it; null where none of it is, or where there is no split.</summary>
    public required MetricSet? OutOfSample { get; init; }

    /// <summary>Eight figures of the part that counts.</summary>
    public required IReadOnlyList<KeyFigure> KeyFigures { get; init; }

    public required IReadOnlyList<YearOfReturns> Years { get; init; }

    /// <summary>Distribution of R, or of net profit when a trade had no stop; null without trades.</summary>
    public required Histogram? Outcomes { get; init; }

    /// <summary>True when <see cref="Outcomes"/> counts R, false when account currency.</summary>
    public required bool OutcomesAreR { get; init; }

    public required Attribution? Attribution { get; init; }

    public required IReadOnlyList<TradeGroup<ExitReason>> Exits { get; init; }

    /// <summary>What each of the source's strategies made.</summary>
    public required IReadOnlyList<TradeGroup<ReportedStrategy>> Strategies { get; init; }

    /// <summary>The winners with the highest R (or net profit), best first.</summary>
    public required IReadOnlyList<Trade> Best { get; init; }

    /// <summary>The losers with the lowest R (or net profit), worst first.</summary>
    public required IReadOnlyList<Trade> Worst { get; init; }

    public static ReportModel Of(ReportSource source)
    {
        TrackRecord record = source.Record;
        (TrackRecord Before, TrackRecord After)? parts = source.Split is { } split ? record.SplitAt(split) : null;
        TrackRecord judged = parts?.After ?? record;
        bool onlyMadeFrom = parts is null && source.Split >= record.Times[0];
        MetricSet whole = Metrics.Measure(record);
        MetricSet? outOfSample = parts is { After: var after } ? Metrics.Measure(after) : null;
        IReadOnlyList<Trade> trades = record.Trades ?? [];
        double[]? r = TradeFigures.AllR(trades);
        double Outcome(Trade trade) => r is null ? (double)trade.Net.Amount : trade.R!.Value;
        return new ReportModel
        {
            Source = source,
            Verdict = source.Verdict ?? (onlyMadeFrom
                ? Verdict.OfMadeFrom(record, whole, source.Origin)
                : Verdict.OfRecord(judged, outOfSample ?? whole, source.Split is not null, source.Origin)),
            Whole = whole,
            InSample = parts is { Before: var before } ? Metrics.Measure(before) : onlyMadeFrom ? whole : null,
            OutOfSample = outOfSample ?? (source.Split < record.Times[0] ? whole : null),
            KeyFigures = [.. KeyFigure.Row(judged, outOfSample ?? whole).Select(k => onlyMadeFrom ? k with { Interval = null } : k)],
            Years = YearOfReturns.Table(record.Returns),
            Outcomes = Histogram.Of([.. trades.Select(Outcome)]),
            OutcomesAreR = r is not null,
            Attribution = Attribution.Of(trades),
            Exits = TradeGroup.ByExit(trades),
            Strategies = TradeGroup.ByStrategy(source.Strategies, trades),
            Best = [.. trades.Where(t => t.Net.Amount > 0).OrderByDescending(Outcome).ThenBy(t => t.EntryTime).Take(TopTrades)],
            Worst = [.. trades.Where(t => t.Net.Amount < 0).OrderBy(Outcome).ThenBy(t => t.EntryTime).Take(TopTrades)],
        };
    }
}

using System.Text.Json.Serialization;
using Peregrine.Adapters.Sources;
using Peregrine.Adapters.Store;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.App.Data;

/// <summary>A stored series as scripts see it; times are of the first tick or bar and of the last.</summary>
public record SeriesDocument
{
    public SeriesDocument(SeriesKey key, StoredSeries? stored)
    {
        long count = stored?.Count ?? 0;
        Name = key.ToString();
        (Symbol, Source, Side, Timeframe) = (key.Symbol, key.Source, key.SideName, key.Timeframe?.ToString() ?? "tick");
        DayBoundary = key.Anchor.Length == 0 ? null : key.Anchor;
        (Ticks, Bars) = (key.IsTicks ? count : null, key.IsTicks ? null : count);
        (From, To, Hash) = (stored?.First, stored?.Last, stored?.Hash);
    }

    public string Symbol { get; }

    public string Source { get; }

    /// <summary><c>two-sided</c> for ticks, else <c>bid</c>, <c>ask</c>, <c>mid</c> or <c>unknown</c>.</summary>
    public string Side { get; }

    /// <summary><c>tick</c>, or the timeframe of the bars.</summary>
    public string Timeframe { get; }

    /// <summary>Where daily bars begin when it is not 17:00 New York.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DayBoundary { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Ticks { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Bars { get; }

    public Instant? From { get; }

    public Instant? To { get; }

    public string? Hash { get; }

    /// <summary>The series in words: <c>EURUSD M1 bid from histdata</c>.</summary>
    [JsonIgnore]
    public string Name { get; }

    /// <summary>How many ticks or bars.</summary>
    [JsonIgnore]
    public long Count => Ticks ?? Bars ?? 0;
}

/// <summary>A gap as scripts see it: <c>hole</c>, <c>holiday</c> or <c>daily-break</c>.</summary>
public sealed record GapDocument(Instant From, Instant To, GapKind Kind)
{
    public static GapDocument[] Of(IEnumerable<Gap> gaps) => [.. gaps.Select(g => new GapDocument(g.From, g.To, g.Kind))];

    /// <summary>How many of each kind, in words.</summary>
    public static string Counts(IReadOnlyList<GapDocument> gaps)
    {
        int Of(GapKind kind) => gaps.Count(g => g.Kind == kind);
        return $"{Figures.Counted(Of(GapKind.Hole), "hole")}, {Of(GapKind.Holiday)} on holidays, {Figures.Counted(Of(GapKind.DailyBreak), "daily break")}";
    }
}

/// <summary>What was removed from a series on request.</summary>
public sealed record RemovalDocument(Instant Time, string Symbol, string Source, string Timeframe, string Side, Instant From, Instant To, long Removed)
{
    public static RemovalDocument Of(Removal r) =>
        new(r.Time, r.Key.Symbol, r.Key.Source, r.Key.Timeframe?.ToString() ?? "tick", r.Key.SideName, r.From, r.To, r.Count);
}

/// <summary>A stored series with its gaps, out of the catalogue.</summary>
public sealed record ListDocument(StoredSeries Stored) : SeriesDocument(Stored.Key, Stored)
{
    [JsonIgnore]
    public StoredSeries Stored { get; } = Stored;

    public IReadOnlyList<GapDocument> Gaps { get; } = GapDocument.Of(Stored.Gaps(Instant.MinValue, Instant.MaxValue));
}

/// <summary>What an import did to one series, as scripts see it. Count, range, gaps and hash are of what is stored now, gaps within the imported range.</summary>
public sealed record ImportDocument : SeriesDocument
{
    public ImportDocument(SeriesReport report)
        : base(report.Key, report.Stored)
    {
        (Tally tally, MergeCount merge) = (report.Tally, report.Merge);
        (Read, Added, Replaced) = (tally.Read, merge.Added, merge.Replaced);
        Duplicates = merge.Duplicates + tally.RepeatedRows;
        (Repaired, Rejected, Noted, Clocks) = (tally.Repaired, tally.Rejected, tally.Noted, tally.Clocks);
        Gaps = GapDocument.Of(report.Gaps);
    }

    /// <summary>Rows read from the files.</summary>
    public long Read { get; }

    /// <summary>New to the store.</summary>
    public long Added { get; }

    /// <summary>Said the same as an earlier row or as the store.</summary>
    public long Duplicates { get; }

    public long Replaced { get; }

    public IReadOnlyDictionary<string, long> Repaired { get; }

    public IReadOnlyDictionary<string, long> Rejected { get; }

    /// <summary>Taken as they are, and worth knowing.</summary>
    public IReadOnlyDictionary<string, long> Noted { get; }

    /// <summary>By which clock each file was read, and what spoke for it.</summary>
    public IReadOnlyDictionary<string, string> Clocks { get; }

    public IReadOnlyList<GapDocument> Gaps { get; }
}

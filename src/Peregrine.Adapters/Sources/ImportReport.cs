using Peregrine.Adapters.Store;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources;

/// <summary>
/// What an import did to one series. Counts of rows read, repaired and rejected are of this import; <see cref="Count"/>, range, gaps and hash are of the series as it is stored now
/// (gaps only within the range the import touched).
/// </summary>
public sealed record SeriesReport(StoredSeries? Stored, SeriesKey Key, Tally Tally, MergeCount Merge, IReadOnlyList<Gap> Gaps)
{
    public long Count => Stored?.Count ?? 0;
}

/// <summary>A file that gave nothing, and why.</summary>
public sealed record FileNote(string Path, string Reason)
{
    /// <summary>What to do about it, where that is known.</summary>
    public string? Remedy { get; init; }
}

/// <summary>What an import did: per series, and per file that was skipped (not of the format, not asked for) or refused (not to be trusted).</summary>
public sealed record ImportReport(IReadOnlyList<SeriesReport> Series, int FilesRead, int EmptyFiles, IReadOnlyList<FileNote> Skipped, IReadOnlyList<FileNote> Refused);

namespace Peregrine.Adapters.Sources;

/// <summary>What happened to the rows of a series on their way in, counted by kind: put right, turned away, or taken as they are though worth knowing.</summary>
public sealed class Tally
{
    /// <summary>Rows read, good or bad.</summary>
    public long Read { get; set; }

    public SortedDictionary<string, long> Repaired { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Rejected { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, long> Noted { get; } = new(StringComparer.Ordinal);

    /// <summary>How many rows said only what an earlier row of the same import had said.</summary>
    public long RepeatedRows => Repaired.GetValueOrDefault(RowRepair.Repeated);

    /// <summary>The clock by which each file's times were read, where it had to be found out or was given.</summary>
    public SortedDictionary<string, string> Clocks { get; } = new(StringComparer.Ordinal);

    public void Repair(string kind, long count = 1) => Count(Repaired, kind, count);

    public void Reject(string kind, long count = 1) => Count(Rejected, kind, count);

    public void Note(string kind, long count = 1) => Count(Noted, kind, count);

    public void Add(Tally other)
    {
        Read += other.Read;
        AddAll(other.Repaired, Repaired);
        AddAll(other.Rejected, Rejected);
        AddAll(other.Noted, Noted);
        foreach ((string file, string clock) in other.Clocks)
        {
            Clocks[file] = clock;
        }
    }

    private static void AddAll(SortedDictionary<string, long> from, SortedDictionary<string, long> to)
    {
        foreach ((string kind, long count) in from)
        {
            Count(to, kind, count);
        }
    }

    private static void Count(SortedDictionary<string, long> counts, string kind, long count)
    {
        if (count > 0)
        {
            counts[kind] = counts.GetValueOrDefault(kind) + count;
        }
    }
}

/// <summary>The kinds of repair, in the words of the report.</summary>
internal static class RowRepair
{
    public const string Repeated = "repeated row, kept once";
    public const string OutOfOrder = "row out of time order, put in its place";
    public const string TwiceByOrder = "row of an hour that occurs twice, told apart by the order of the rows";
    public const string ClosedFiller = "filler candle while the market is closed, removed";
    public const string QuietFiller = "filler candle without a tick, removed";
}

/// <summary>The kinds of row that are turned away, in the words of the report.</summary>
internal static class RowFault
{
    public const string Unreadable = "unreadable row";
    public const string Time = "unreadable time";
    public const string NoSuchTime = "time that the clock skipped";
    public const string TooFine = "price finer than 0.00001";
    public const string NotPositive = "price not above zero";
    public const string Volume = "volume that is no amount";
    public const string Inconsistent = "high or low contradicts open or close";
    public const string Crossed = "crossed: bid above ask";
    public const string TwoBars = "second, different bar of the same time";
    public const string Misplaced = "bar opens off its timeframe's grid";
    public const string Contradicts = "contradicts what is stored";
}

/// <summary>Why a whole file is not taken; nothing of it is stored.</summary>
internal sealed class RefusedFile(string reason, string? remedy = null) : Exception(reason)
{
    public string? Remedy { get; } = remedy;
}

/// <summary>Why a file that may be sound is not wanted.</summary>
internal sealed class UnwantedFile(string reason) : Exception(reason);

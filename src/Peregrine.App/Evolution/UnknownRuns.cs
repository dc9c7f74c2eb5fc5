using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.Core;

namespace Peregrine.App.Evolution;

/// <summary>Runs whose folders are there and that the library does not know, because its file was lost or taken away: what they tried cannot be charged, so nothing beside them is an edge.</summary>
internal static class UnknownRuns
{
    /// <summary>Those over some symbols and years, in words; null where there are none. A folder that cannot be read may be of any.</summary>
    /// <param name="home">The home folder.</param>
    /// <param name="library">What knows of runs.</param>
    /// <param name="but">The run that is judged; empty where none is.</param>
    /// <param name="symbols">The symbols.</param>
    /// <param name="years">From when to when.</param>
    public static string? Told(string home, StrategyLibrary library, string but, IReadOnlyCollection<string> symbols, (Instant First, Instant Last) years)
    {
        string folder = Path.Combine(home, "runs");
        IEnumerable<string> there = Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(static d => Path.GetFileName(d)) : [];
        string[] lost = [.. there.Where(id => id != but && library.Run(id) is null && IsOver(new RunFiles(home, id).Checkpoint, symbols, years)).Order(StringComparer.Ordinal)];
        return lost switch
        {
            [] => null,
            [var one] => $"the library does not know run {one} over these years, whose folder is there: what it tried cannot be charged",
            [var first, ..] => $"the library does not know run {first} and {CommandLine.Figures.Counted(lost.Length - 1, "other", "others")} over these years, whose folders are there: what they tried cannot be charged",
        };
    }

    private static bool IsOver(string checkpoint, IReadOnlyCollection<string> symbols, (Instant First, Instant Last) years)
    {
        try
        {
            return File.Exists(checkpoint) && Checkpoint.Load(checkpoint).Request is var r && r.Symbols.Any(symbols.Contains) && r.From < years.Last.Nanoseconds && r.To > years.First.Nanoseconds;
        }
        catch (KnownFailure)
        {
            return true;
        }
    }
}

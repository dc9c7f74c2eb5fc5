using Peregrine.Adapters.Store.Library;
using Peregrine.Core;

namespace Peregrine.App.Evolution;

/// <summary>Whether data that are to be looked at for the first and last time have been seen before.</summary>
internal static class Seen
{
    /// <summary>In words, who has seen days of these; null where nobody has. The same strategy over the very same days is the same look.</summary>
    /// <param name="library">What remembers.</param>
    /// <param name="of">The run that keeps them (empty where none does) and its symbols.</param>
    /// <param name="look">The strategy, and the days.</param>
    public static string? Of(StrategyLibrary library, (string Run, IReadOnlyCollection<string> Symbols) of, (string Strategy, Instant First, Instant Last) look)
    {
        int others = library.Openings(of.Symbols, look.First, look.Last).Select(static o => o.Strategy)
            .Concat(library.LookedAt(of.Symbols, look.First, look.Last, Instant.MaxValue)).Where(id => id != look.Strategy).Distinct().Count();
        RunRow? run = library.Runs().LastOrDefault(r => r.Id != of.Run && of.Symbols.Any(r.Trades) && r.Span is { } span && span.First < look.Last && span.Lockbox > look.First);
        return others > 0 ? $"{(others == 1 ? "another strategy was" : $"{others} other strategies were")} traded there as well"
            : run is not null ? $"run {run.Id} has searched or judged on part of it"
            : library.Windows(look.Strategy, of.Symbols, look.First, look.Last) is > 0 ? "the strategy was traded there before, over other days"
            : null;
    }
}

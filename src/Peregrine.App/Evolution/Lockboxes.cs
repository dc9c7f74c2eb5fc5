using Peregrine.Adapters.Store.Library;
using Peregrine.App.Reports;
using Peregrine.Core;

namespace Peregrine.App.Evolution;

/// <summary>
/// What runs keep shut of a symbol, whichever strategy is to trade it: one that was changed a little, or written by somebody who has seen what a run found, spoils a lockbox like those it found.
/// </summary>
internal sealed class Lockboxes(StrategyLibrary library, string symbol)
{
    /// <summary>The run whose lockbox a record over this range would look into, the one that begins first; null when it looks into none.</summary>
    public (string Run, Instant Lockbox)? Shut(Instant from, Instant to) => First(from, to) is { } run ? (run.Id, run.Span!.Lockbox) : null;

    /// <summary>Writes down that a record of a strategy over this range looks into a lockbox, and says so in sentences; nothing where it looks into none.</summary>
    public IReadOnlyList<string> Open(string strategy, Instant from, Instant to, Instant now)
    {
        if (First(from, to) is not { } run)
        {
            return [];
        }

        library.Record(new LockboxOpening(run.Id, strategy, from, to, now));
        int times = library.Openings(run.Id).Count;
        return
        [
            $"This opens the lockbox of run {run.Id}, kept shut from {Numbers.Date(run.Span!.Lockbox)} for one last look; the library has written it down, the {Ordinal(times)} opening. "
            + (times == 1 ? "What it says counts once: a strategy that is changed or chosen after this look has no untouched data left." : "It is untouched no longer: after so many looks a good result there may be luck."),
        ];
    }

    private RunRow? First(Instant from, Instant to) => library.Runs()
        .Where(r => r.Trades(symbol) && r.Span is { } span && to > span.Lockbox && from < span.Last)
        .OrderBy(static r => r.Span!.Lockbox).ThenBy(static r => r.Started).ThenBy(static r => r.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    private static string Ordinal(int n) => (n % 10, n % 100) switch
    {
        (1, not 11) => $"{n}st",
        (2, not 12) => $"{n}nd",
        (3, not 13) => $"{n}rd",
        _ => $"{n}th",
    };
}

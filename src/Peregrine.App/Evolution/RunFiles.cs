using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.Lab.Evolution;

namespace Peregrine.App.Evolution;

/// <summary>Where a run's checkpoint lies, and the right to work on the run.</summary>
internal sealed class RunFiles(string home, string run)
{
    private string Folder => Path.Combine(home, "runs", run);

    public string Checkpoint => Path.Combine(Folder, "checkpoint");

    /// <exception cref="KnownFailure">Another process works on the run.</exception>
    public ProcessLock Lock()
    {
        Directory.CreateDirectory(Folder);
        return ProcessLock.Take(Path.Combine(Folder, "lock"), pid => new KnownFailure($"Cannot work on run {run}", $"process {pid} works on it", "wait for it, or stop it first"));
    }
}

/// <summary>Writes what must be kept while a search runs, the ledger after every generation and the checkpoint every few seconds, and shows how far it has come.</summary>
internal sealed class RunKeeper(StrategyLibrary library, string run, RunFiles files, Func<SearchState, Checkpoint> checkpoint, Progress progress, TimeProvider clock)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);
    private long saved = clock.GetTimestamp();
    private string note = "";

    public EvolutionWatch Watch => new() { Appraised = Appraised, Absorbed = Absorbed, Stopped = Save };

    private void Appraised(Search search, int ofGeneration) => progress.Report(search.Evaluations + ofGeneration, Volatile.Read(ref note));

    private void Absorbed(Search search, IReadOnlyList<Trial> trials)
    {
        library.Record(run, trials.Select(Row));
        Volatile.Write(ref note, Note(search));
        if (search.IsDone || clock.GetElapsedTime(saved) >= Pace)
        {
            Save(search);
        }
    }

    private void Save(Search search)
    {
        checkpoint(search.State()).Save(files.Checkpoint);
        saved = clock.GetTimestamp();
    }

    private static string Note(Search search)
    {
        string distinct = $"{Figures.Count(search.DistinctTrials)} distinct";
        return search.Population is [Member best, ..]
            ? FormattableString.Invariant($"generation {search.Generation}, {distinct}, best in-sample Sharpe {best.Appraisal.Figures.Sharpe:0.00}, in its worst third {best.Appraisal.WorstThird:0.00}")
            : $"generation {search.Generation}, {distinct}, none accepted yet";
    }

    private static TrialRow Row(Trial t) => new(t.Number, t.Generation, t.Strategy, t.Lineage.Operator, t.Behaviour)
    {
        Parent = t.Lineage.Parent,
        Mate = t.Lineage.Mate,
        IsDistinct = t.IsDistinct,
        Rejection = (byte)t.Rejection,
        Score = t.Score,
        Sharpe = t.Sharpe,
        Trades = t.Trades,
        Complexity = t.Complexity,
    };
}

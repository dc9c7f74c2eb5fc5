using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;

namespace Peregrine.App.Evolution;

/// <summary>Where a run's checkpoint lies, and the right to work on the run.</summary>
internal sealed class RunFiles(string home, string run)
{
    public string Folder => Path.Combine(home, "runs", run);

    /// <summary>The searches on copies of the run's data, a line each.</summary>
    public string NullSearch => Path.Combine(Folder, "null-search.jsonl");

    /// <summary>The windows in which the whole search was repeated, a line each.</summary>
    public string WalkForward => Path.Combine(Folder, "walk-forward.jsonl");

    public string Checkpoint => Path.Combine(Folder, "checkpoint");

    /// <summary>The id of the one run that an id, or the beginning of one, names.</summary>
    /// <exception cref="KnownFailure">None, or more than one.</exception>
    public static string Named(string home, StrategyLibrary library, string text, string to)
    {
        string[] found = Beginning(home, library, text);
        return found.Contains(text) ? text : found switch
        {
            [var one] => one,
            [] => throw new KnownFailure($"Cannot {to} run '{text}'", "there is no run of that id", "'./peregrine strategies runs' lists them"),
            _ => throw new KnownFailure($"Cannot {to} run '{text}'", $"{found.Length} runs begin so", "give more of its id"),
        };
    }

    /// <summary>True when the id of a run begins so.</summary>
    public static bool IsNamed(string home, StrategyLibrary library, string text) => Beginning(home, library, text).Length > 0;

    private static string[] Beginning(string home, StrategyLibrary library, string text)
    {
        string folder = Path.Combine(home, "runs");
        IEnumerable<string> folders = Directory.Exists(folder) ? Directory.EnumerateDirectories(folder).Select(static d => Path.GetFileName(d)) : [];
        return text.Length > 0 && text.All(char.IsAsciiHexDigitLower)
            ? [.. folders.Concat(library.Runs().Select(static r => r.Id)).Where(id => id.StartsWith(text, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)]
            : [];
    }

    /// <exception cref="KnownFailure">Another process works on the run.</exception>
    public ProcessLock Lock()
    {
        Directory.CreateDirectory(Folder);
        return ProcessLock.Take(Path.Combine(Folder, "lock"), pid => new KnownFailure($"Cannot work on run {run}", $"process {pid} works on it", "wait for it, or stop it first"));
    }
}

/// <summary>Writes what must be kept while a search runs, the ledger after every generation and the checkpoint after the first and then every few seconds, and shows how far it has come.</summary>
internal sealed class RunKeeper(StrategyLibrary library, string run, RunFiles files, Func<SearchState<Appraisal>, Checkpoint> checkpoint, Progress progress, TimeProvider clock)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);
    private long? saved;
    private string note = "";

    public EvolutionWatch Watch => new() { Appraised = Appraised, Absorbed = Absorbed, Stopped = Save };

    private void Appraised(StrategySearch search, int ofGeneration) => progress.Report(search.Evaluations + ofGeneration, Volatile.Read(ref note));

    private void Absorbed(StrategySearch search, IReadOnlyList<Trial<Genome, Appraisal>> trials)
    {
        library.Record(run, trials.Select(Row));
        Volatile.Write(ref note, Note(search));
        if (search.IsDone || saved is not { } last || clock.GetElapsedTime(last) >= Pace)
        {
            Save(search);
        }
    }

    private void Save(StrategySearch search)
    {
        checkpoint(search.State()).Save(files.Checkpoint);
        saved = clock.GetTimestamp();
    }

    private static string Note(StrategySearch search)
    {
        string distinct = FormattableString.Invariant($"{Figures.Count(search.DistinctTrials)} distinct of about {Figures.Count(search.IndependentIdeas)} ideas, diversity {search.Diversity:0.00}");
        return search.Front is [{ } best, ..]
            ? FormattableString.Invariant($"generation {search.Generation}, {distinct}, best in-sample Sharpe {best.Appraisal.Figures.Sharpe:0.00}, in its worst third {best.Appraisal.WorstThird:0.00}")
            : $"generation {search.Generation}, {distinct}, none accepted yet";
    }

    private static TrialRow Row(Trial<Genome, Appraisal> t) => new(t.Candidate.Number, t.Candidate.Generation, t.Candidate.Id, t.Candidate.Lineage.Operator, t.Appraisal.Behaviour)
    {
        Parent = t.Candidate.Lineage.Parent,
        Mate = t.Candidate.Lineage.Mate,
        IsDistinct = t.IsDistinct,
        Rejection = (byte)t.Appraisal.Rejection,
        Score = t.Appraisal.Score,
        Sharpe = t.Appraisal.Figures.Sharpe,
        Trades = t.Appraisal.Figures.Trades,
        Complexity = t.Candidate.Genome.Complexity,
    };
}

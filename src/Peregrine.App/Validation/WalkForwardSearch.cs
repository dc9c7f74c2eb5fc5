using Peregrine.Adapters;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>
/// Repeats a search, whole and with the same budget, in windows of the run's data that walk forward, and trades what each finds on what came next. Each window is kept as a line of a file as soon as it is
/// done. The lockbox is not among the data.
/// </summary>
internal sealed class WalkForwardSearch
{
    /// <summary>The fewest bars of a market that a window can be searched on, and the fewest days it can be tested on.</summary>
    private const int LeastTraining = DataSplit.LeastBars / 2, LeastTest = 10;

    /// <summary>So many times the deposit no day and no year returns.</summary>
    private const double Beyond = 1_000;

    private readonly EvolutionTask task;
    private readonly int threads;
    private readonly LineFile<WalkForwardStep> file;
    private readonly Instant[] days;

    public WalkForwardSearch(EvolutionTask task, string path, int threads)
    {
        (this.task, this.threads, file) = (task, threads, new LineFile<WalkForwardStep>(path));
        days = Days(task.Job.Market, task.Scope.Lockbox);
    }

    /// <summary>Whether there is enough for so many windows; 0 asks for none.</summary>
    /// <exception cref="KnownFailure">There is too little.</exception>
    public static void Check(EvolutionJob job, int windows)
    {
        Instant[] days = Days(job.Market, new Instant(job.Market.Map.Ends[^1]));
        Array.ForEach(windows == 0 ? [] : Steps(days, windows, false).ToArray(), step => Enough(job, days, step));
    }

    /// <summary>A search in so many windows, rolling and anchored, of which nothing is kept.</summary>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static WalkForward[] Once(EvolutionJob job, int windows, int threads, CancellationToken stop)
    {
        Instant[] days = Days(job.Market, new Instant(job.Market.Map.Ends[^1]));
        Dictionary<WalkForwardStep, WalkForwardStep> done = [];
        WalkForwardStep[] Whole(bool anchored) => [.. Steps(days, windows, anchored)];
        foreach (WalkForwardStep step in Whole(false).Concat(Whole(true)).Distinct())
        {
            done.Add(step, Searched(job, step, (threads, static _ => { }), stop));
        }

        return [.. new[] { false, true }.Select(anchored => new WalkForward(windows, anchored, [.. Whole(anchored).Select(s => done[s])]))];
    }

    /// <summary>Where the days of a market begin, and where the last ends.</summary>
    private static Instant[] Days(ResearchMarket first, Instant end) =>
        [.. Enumerable.Range(0, first.Bars.Count).Where(d => d == 0 || first.Map.LastOfDay[d - 1]).Select(d => new Instant(first.Bars.Time[d])), end];

    /// <summary>The divisions all of whose windows are kept.</summary>
    /// <exception cref="KnownFailure">The file holds a line that is none.</exception>
    public IReadOnlyList<WalkForward> Kept()
    {
        IReadOnlyList<WalkForwardStep> kept = Lines();
        return kept.Count == 0 ? [] : [.. Divisions([.. Enumerable.Range(WalkForward.Fewest, WalkForward.Most - WalkForward.Fewest + 1)])
            .Select(d => Whole(d, kept)).OfType<WalkForward>()];
    }

    /// <summary>
    /// Why what is kept is no answer, in words: a division that was begun, of which some windows are not there, because the walk was stopped or because somebody took them out; null where there is none. Both kinds of a division are
    /// always walked, so one alone is half of it.
    /// </summary>
    public string? Unended
    {
        get
        {
            IReadOnlyList<WalkForwardStep> kept = Lines();
            int[] all = kept.Count == 0 ? [] : [.. Enumerable.Range(WalkForward.Fewest, WalkForward.Most - WalkForward.Fewest + 1)];
            Dictionary<int, WalkForwardStep[]> wanted = all.ToDictionary(static n => n, n => Wanted([n]));
            bool IsIn(int n, WalkForwardStep step) => Array.Exists(wanted[n], w => IsSame(w, step));
            int Have(int n) => wanted[n].Count(w => kept.Any(k => IsSame(k, w)));
            int[] whole = Array.FindAll(all, n => Have(n) == wanted[n].Length);

            // Divisions that differ by one window of many may share all the others: what a whole one explains asks for no other.
            int[] begun = [.. kept.Where(k => !Array.Exists(whole, n => IsIn(n, k))).Select(k => Array.Find(all, n => IsIn(n, k))).Where(static n => n > 0).Distinct().Order()];
            return begun is [var first, ..] ? FormattableString.Invariant($"{Have(first)} of the {wanted[first].Length} searches of --walk-forward {first} are kept; it searches the others") : null;
        }
    }

    /// <summary>How many searches so many windows are, those that are kept among them.</summary>
    public int Count(int[] windows) => Wanted(windows).Length;

    /// <summary>So many windows each, rolling and anchored; searches those that are not there yet.</summary>
    /// <exception cref="KnownFailure">Too little data for so many windows.</exception>
    /// <exception cref="OperationCanceledException">Stopped; what is done is kept.</exception>
    public IReadOnlyList<WalkForward> Run(int[] windows, Action<int, string> progress, CancellationToken stop)
    {
        WalkForwardStep[] wanted = Wanted(windows);
        Array.ForEach(wanted, step => Enough(task.Job, days, step));
        List<WalkForwardStep> kept = [.. Lines()];
        for (int i = 0; i < wanted.Length; i++)
        {
            if (!kept.Exists(k => IsSame(k, wanted[i])))
            {
                WalkForwardStep done = Searched(task.Job, wanted[i], (threads, generation => progress(i, FormattableString.Invariant($"generation {generation} of the next"))), stop);
                file.Add(done);
                kept.Add(done);
            }

            progress(i + 1, "");
        }

        // All that is kept, not only what was asked for this time: whoever has seen more cannot choose among it.
        return Kept();
    }

    /// <summary>What is kept, of numbers that an account can have.</summary>
    private IReadOnlyList<WalkForwardStep> Lines()
    {
        IReadOnlyList<WalkForwardStep> all = file.All();
        return all.All(static s => Math.Abs(s.InSample) < Beyond && s.Returns.All(static r => Math.Abs(r) < Beyond))
            ? all
            : throw new KnownFailure("Cannot use what is kept of the windows", "a line of walk-forward.jsonl beside the run holds returns that no account can have", "take that line out of it: what it held is searched again when it is asked for");
    }

    /// <summary>Each window once: the first of both kinds is the same.</summary>
    private WalkForwardStep[] Wanted(int[] windows) => [.. Divisions(windows).SelectMany(d => Steps(days, d.Windows, d.Anchored)).Distinct()];

    private static IEnumerable<(int Windows, bool Anchored)> Divisions(int[] windows) => windows.SelectMany(static n => new[] { (n, false), (n, true) });

    private WalkForward? Whole((int Windows, bool Anchored) division, IReadOnlyList<WalkForwardStep> kept)
    {
        WalkForwardStep?[] steps = [.. Steps(days, division.Windows, division.Anchored).Select(s => kept.FirstOrDefault(k => IsSame(k, s)))];
        return steps.Length == division.Windows && Array.TrueForAll(steps, static s => s is not null) ? new WalkForward(division.Windows, division.Anchored, steps!) : null;
    }

    private static bool IsSame(WalkForwardStep a, WalkForwardStep b) => (a.From, a.Trained, a.Tested, a.To) == (b.From, b.Trained, b.Tested, b.To);

    private static IEnumerable<WalkForwardStep> Steps(Instant[] days, int windows, bool anchored) => WalkForward.Over(days.Length - 1, windows, anchored).Select(w =>
        new WalkForwardStep(days[w.Training.Start.Value], days[w.Training.End.Value], days[w.Test.Start.Value], days[w.Test.End.Value], 0, Empty, 0, 0));

    // One and the same, so that equal windows are equal.
    private static readonly double[] Empty = [];

    private static void Enough(EvolutionJob job, Instant[] days, WalkForwardStep step)
    {
        int tested = days.Count(d => d >= step.Tested && d < step.To);
        foreach (ResearchMarket market in job.Markets)
        {
            int trained = market.Bars.LowerBound(step.Trained.Nanoseconds) - market.Bars.LowerBound(step.From.Nanoseconds);
            if (trained < LeastTraining || tested < LeastTest)
            {
                throw new KnownFailure(
                    "Cannot walk forward in so many windows",
                    $"from {step.From} on there are {CommandLine.Figures.Count(trained)} bars of {market.Instrument.Symbol} {market.Timeframe} to search and {CommandLine.Figures.Counted(tested, "day")} to test on after them; {CommandLine.Figures.Count(LeastTraining)} and {LeastTest} are the least",
                    "ask for fewer windows, or evolve over a longer time or a shorter timeframe");
            }
        }
    }

    private static WalkForwardStep Searched(EvolutionJob whole, WalkForwardStep step, (int Threads, Action<int> Absorbed) how, CancellationToken stop)
    {
        ResearchMarket[] markets = [.. whole.Markets.Select(m => m.Between(step.From, step.To))];
        int At(Instant i) => markets[0].Bars.LowerBound(i.Nanoseconds);
        EvolutionJob job = whole with { Markets = markets, Split = new DataSplit(..At(step.Trained), At(step.Tested)..markets[0].Bars.Count) };
        EvolutionResult result = EvolutionRun.Run(job, null, how.Threads, new EvolutionWatch { Absorbed = (search, _) => how.Absorbed(search.Generation) }, stop);
        return step with
        {
            InSample = result.Front.Count == 0 ? 0 : result.Front.Average(static f => f.InSample.AnnualReturn),
            Returns = result.Fresh.Returns,
            Found = result.Front.Count,
            Trades = result.Fresh.Takings.Trades,
        };
    }
}

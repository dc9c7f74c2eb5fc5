using System.Security.Cryptography;
using System.Text;
using Peregrine.Adapters;
using Peregrine.Adapters.Costs;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Evolution;

/// <summary>
/// A run from request to result: its data, its settings, its place in the library. The same request over the same data is the same run and has the same id.
/// </summary>
public sealed class EvolutionTask
{
    private readonly string home;
    private readonly StrategyLibrary library;
    private readonly TimeProvider clock;
    private Checkpoint? from;

    private EvolutionTask(string home, StrategyLibrary library, TimeProvider clock, RunRequest request, Checkpoint? from)
    {
        (this.home, this.library, this.clock, Request, this.from) = (home, library, clock, request, from);
        ResearchScope scope = ResearchScope.Open(home, library, request);
        Strategy[] seeds = [.. request.Seeds.Select(Strategy.Parse)];
        SearchSettings settings = new() { Seed = request.Seed, Evaluations = request.Evaluations, Generations = request.Generations };
        Scope = scope;
        Job = EvolutionJob.Of(scope.Markets, SearchChoices.Apply(settings, request.Choices), seeds);
        if (Job.Settings.Fault is { } fault)
        {
            throw new WrongUsage($"{fault} There are {Job.Settings.Islands} islands, as many of each timeframe.");
        }

        Enough();
        string[] own = [.. scope.Markets.Select(static m => m.Instrument.Symbol).Distinct()];
        (string Symbol, string[] Twins)[] same = [.. own.Select(s => (s, SamePrices.Beside(home, library, scope.First.Kept.Key with { Symbol = s }).Except(own).ToArray()))];
        Symbols = [.. own, .. same.SelectMany(static s => s.Twins).Distinct()];
        Settings = SettingsText(Job, request, Scope);
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Settings + Scope.DataHash)))[..10];
        string? unknown = UnknownRuns.Told(home, library, Id, Symbols, (Span.First, Span.Lockbox));
        Precedents = [.. scope.Projects.Select(static p => p.Unpaid).Append(unknown).OfType<string>().Distinct(), .. new SeedOrigins(library, Span, Symbols).Told(Job.Breeder.Seeds)];
        Scope = scope with { Remarks = [.. scope.Remarks, .. same.SelectMany(static s => SamePrices.Told(s.Symbol, s.Twins)), .. Opened(Looked.Count), .. Precedents, .. seeds.SelectMany(s => Moved(s, scope))] };
    }

    public string Id { get; }

    public RunRequest Request { get; }

    public ResearchScope Scope { get; }

    public EvolutionJob Job { get; }

    /// <summary>What had a part in the result and cannot be charged, in words: costs of nothing, runs that the library does not know, seeds that another run chose on data of these years.</summary>
    public IReadOnlyList<string> Precedents { get; }

    /// <summary>Candidates that were appraised before this task went on with the run.</summary>
    public int Before => from?.State.Evaluations ?? 0;

    /// <summary>True when the run had come to its end before: nothing is searched, what it found is told again.</summary>
    public bool IsDone => from is not null && new StrategySearch(Job.Settings, Job.Breeder, from.State).IsDone;

    /// <summary>The folder that holds what the run keeps; without it the run is searched anew.</summary>
    public string Folder => new RunFiles(home, Id).Folder;

    /// <summary>What else was tried on the years of this run, up to now.</summary>
    public ResearchLedger Beside => ResearchLedger.Of(library, Open, Symbols, Span, Instant.MaxValue);

    /// <summary>Strategies that somebody traded in the lockbox this run keeps, whether it was one already or not.</summary>
    public IReadOnlyList<string> Looked => [.. Looks.Select(static o => o.Strategy).Concat(library.LookedAt(Symbols, Scope.Lockbox, new Instant(Request.To), Instant.MaxValue)).Distinct()];

    /// <summary>Candidates that the run's last checkpoint holds, from which it can be gone on with.</summary>
    public int Kept => new RunFiles(home, Id).Checkpoint is var path && File.Exists(path) ? Checkpoint.Load(path).State.Evaluations : 0;

    /// <summary>
    /// Opens the lockbox for a strategy of the run and trades it there, at costs times <paramref name="costs"/>. It is written down before anything of it is known, and stays so. Returns also why it is
    /// no last look; null where it is one.
    /// </summary>
    /// <exception cref="KnownFailure">The data cannot be read.</exception>
    public (Outcome Outcome, string? Seen) OpenLockbox(Strategy strategy, decimal costs)
    {
        var key = new ProjectKey(strategy.Symbol, strategy.Timeframe, new Instant(Request.From), new Instant(Request.To));
        ResearchMarket[] whole = [.. Request.Symbols.Select(symbol => ResearchProject.Whole(home, key with { Symbol = symbol }, (Request.Source, Request.Costs)).AtCosts(costs))];
        int first = whole[0].Bars.LowerBound(Scope.Lockbox.Nanoseconds), count = whole[0].Bars.Count;
        var opening = new LockboxOpening(Id, strategy.Id, Scope.Lockbox, new Instant(whole[0].Map.Ends[^1]), Now);

        // The same strategy over the same days again is the same look.
        if (!Looks.Any(o => (o.Run, o.Strategy, o.First, o.Last) == (opening.Run, opening.Strategy, opening.First, opening.Last)))
        {
            library.Record(opening);
        }

        return (new Appraiser(whole, Job.Rules).Trade(strategy, first..count), Seen.Of(library, (Id, Symbols), (strategy.Id, opening.First, opening.Last)));
    }

    /// <summary>Where out-of-sample begins.</summary>
    public Instant Split => new(Job.Market.Bars.Time[Job.Split.OutOfSample.Start.Value]);

    /// <summary>Everything the result depends on besides the data, as text.</summary>
    public string Settings { get; }

    /// <summary>A run as it is asked for. One that was begun before is gone on with, and one that is at its end is told again: the same request over the same data is the same run.</summary>
    public static EvolutionTask New(string home, StrategyLibrary library, RunRequest request, TimeProvider clock)
    {
        var task = new EvolutionTask(home, library, clock, request, null);
        task.from = task.Begun();
        return task;
    }

    /// <summary>A run as its checkpoint was taken: to go on with it, or to do with it what <paramref name="to"/> says.</summary>
    /// <exception cref="KnownFailure">There is no checkpoint, it is damaged, or data or settings are no longer those it was taken with.</exception>
    public static EvolutionTask Resumed(string home, StrategyLibrary library, string run, TimeProvider clock, string to = "resume")
    {
        run = RunFiles.Named(home, library, run, to);
        string path = new RunFiles(home, run).Checkpoint;
        if (!File.Exists(path))
        {
            throw new KnownFailure($"Cannot {to} run {run}", "its folder holds no checkpoint", "the 'evolve' that began it begins it again");
        }

        Checkpoint checkpoint = Checkpoint.Load(path);
        var task = new EvolutionTask(home, library, clock, checkpoint.Request, checkpoint);

        // Settings first: other costs make other ask prices, and with them other data.
        return task.Settings != checkpoint.Settings
            ? throw new KnownFailure($"Cannot {to} run {run}", "another version of Peregrine began it, or its cost file or the facts of its symbols have changed", "begin a new run")
            : task.Scope.DataHash != checkpoint.DataHash
            ? throw new KnownFailure($"Cannot {to} run {run}", "the stored bars are no longer those it began with", "begin a new run")
            : task;
    }

    /// <summary>
    /// What the run found, told from its checkpoint; nothing is searched. A run that was stopped between its last candidate and its end ends here: whoever is told what judged it has judged it.
    /// </summary>
    /// <exception cref="KnownFailure">It is not at its end.</exception>
    public EvolutionResult Found((int Threads, long ColumnBytes) use, CancellationToken stop)
    {
        if (!IsDone)
        {
            throw new KnownFailure($"Run {Id} is not at its end", "its search was stopped", $"'./peregrine evolve --resume {Id}' goes on with it");
        }

        using ProcessLock held = new RunFiles(home, Id).Lock();
        RunRow row = Row;
        library.Begin(row);
        EvolutionResult found = EvolutionRun.Run(Job with { ColumnBytes = use.ColumnBytes }, from!.State, use.Threads, new EvolutionWatch(), stop);
        Ended(row, Qualified(found));
        return found;
    }

    /// <summary>Runs the search to its end and keeps what it found.</summary>
    /// <exception cref="OperationCanceledException">Stopped; the run can be resumed.</exception>
    public EvolutionResult Run((int Threads, long ColumnBytes) use, Progress progress, CancellationToken stop)
    {
        var files = new RunFiles(home, Id);
        using ProcessLock held = files.Lock();
        RunRow row = Row;
        Scope.Fix(library, Now);
        library.Begin(row);
        var keeper = new RunKeeper(library, Id, files, state => new Checkpoint(Request, Scope.DataHash, Settings, state), progress, clock);
        EvolutionResult result = Qualified(EvolutionRun.Run(Job with { ColumnBytes = use.ColumnBytes }, from?.State, use.Threads, keeper.Watch, stop));
        Ended(row, result);
        return result;
    }

    private RunRow Row => new(Id, Job.Market.Instrument.Symbol, Job.Market.Timeframe, Request.Seed, Settings, Scope.DataHash, Now)
    {
        Span = Span,
        Markets = [.. Job.Markets.Select(static m => new RunMarket(m.Instrument.Symbol, m.Timeframe))],
    };

    /// <summary>Writes down what the run came to, before anybody is told. Told again, what the library holds of it stays as it was.</summary>
    private void Ended(RunRow row, EvolutionResult result)
    {
        if (IsDone && library.Run(Id)?.Finding is not null)
        {
            return;
        }

        library.Finish(
            row with
            {
                Finished = Now,
                Evaluations = result.Evaluations,
                DistinctTrials = result.DistinctTrials,
                Hash = result.Hash,
                Finding = result.Verdict.Finding.ToString(),
                Reason = result.Verdict.Reason,
            },
            [.. result.Front.Select((f, rank) => (new StoredStrategy(f.Id, f.Strategy.Name, "evolved", Now, f.Strategy), RowOf(f, rank)))]);
    }

    /// <summary>The checkpoint of this very run; null when there is none that can be gone on with.</summary>
    private Checkpoint? Begun()
    {
        string path = new RunFiles(home, Id).Checkpoint;
        try
        {
            return File.Exists(path) && Checkpoint.Load(path) is var kept && kept.DataHash == Scope.DataHash && kept.Settings == Settings
                ? kept
                : null;
        }
        catch (KnownFailure)
        {
            // Damaged, or of another version: what was asked for is begun again.
            return null;
        }
    }

    /// <summary>
    /// What data say that had a part in choosing the seeds is no edge, however well it looks; and the best of several runs that were judged on the same days must be better than chance is in so many.
    /// </summary>
    private EvolutionResult Qualified(EvolutionResult result)
    {
        OutOfSampleVerdict verdict = result.Verdict;
        if (verdict.Finding != Finding.Edge)
        {
            return result;
        }

        // As it was when the run first ended: told again it says the same.
        TrialCount beside = ResearchLedger.Of(library, Open, Symbols, Span, Open.Ended).Beside(new TrialCount(1, 1, 1, 1, 1));
        double charged = beside.Charged(verdict.Front.P!.Value).Value!.Value;
        string others = Invariant($"{beside.OneOf} runs{(beside.Looked == 0 ? "" : " and strategies")} judged on these days");
        return Precedents is [var first, ..] ? result with { Verdict = verdict with { Finding = Finding.InsufficientData, Reason = $"{verdict.Reason}, but {first}" } }
            : beside.OneOf == 1 ? result
            : charged <= verdict.Level ? result with { Verdict = verdict with { Reason = $"{verdict.Reason}; {OutOfSample.Words(charged)} as the best of {others}" } }
            : result with { Verdict = verdict with { Finding = Finding.NoEdge, Reason = $"chance explains what the front earned out-of-sample in one of {others} (p {OutOfSample.Words(charged)} among them, {OutOfSample.Words(verdict.Front.P!.Value)} by itself)" } };
    }

    private static string Invariant(FormattableString text) => text.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The run, and from when, it or its seeds were first asked for, until when it ended, or now.</summary>
    private (string Id, Instant Opened, Instant Ended) Open
    {
        get
        {
            (Instant asked, Instant? given) = (library.Run(Id)?.Started ?? Now, new SeedOrigins(library, Span, Symbols).Given(Job.Breeder.Seeds));
            return (Id, given < asked ? given.Value : asked, library.Run(Id)?.Finished ?? Now);
        }
    }

    /// <summary>Its symbols, and those under which their prices are stored as well.</summary>
    private string[] Symbols { get; }

    private IReadOnlyList<LockboxOpening> Looks => library.Openings(Symbols, Scope.Lockbox, new Instant(Request.To));

    private static IEnumerable<string> Opened(int times) => times == 0 ? [] : [$"{CommandLine.Figures.Counted(times, "strategy has", "strategies have")} been traded in the lockbox: what it says is no longer untouched"];

    /// <summary>A seed is tried as it is on the markets of the run, whatever it was written for: its bars may be longer or shorter there.</summary>
    private static IEnumerable<string> Moved(Strategy seed, ResearchScope scope) => scope.Of(seed.Symbol, seed.Timeframe) is null
        ? [$"the seed {seed.Name} was written for {seed.Symbol} {seed.Timeframe} and is tried as it is on {scope.Name}"]
        : [];

    /// <summary>Every market must reach into both parts, or what is said of it rests on nothing.</summary>
    private void Enough()
    {
        foreach (ResearchMarket market in Job.Markets)
        {
            int inside = market.Bars.LowerBound(Job.TrainingEnd.Nanoseconds), beyond = market.Bars.Count - market.Bars.LowerBound(Split.Nanoseconds);
            if (inside < DataSplit.LeastBars / 2 || beyond < DataSplit.LeastBars / 10)
            {
                throw new KnownFailure(
                    $"{market.Instrument.Symbol} {market.Timeframe} cannot be searched beside {Scope.First.Name}",
                    $"it has {CommandLine.Figures.Count(inside)} bars before {Job.TrainingEnd} and {CommandLine.Figures.Count(beyond)} after {Split}, where the first market is divided",
                    "leave it out, import more of it, or ask with --from and --to for the time that all markets have");
            }
        }
    }

    private RunSpan Span => new(new Instant(Job.Market.Bars.Time[0]), Split, Scope.Lockbox, new Instant(Request.To));

    private Instant Now => Instant.FromUnixSeconds(clock.GetUtcNow().ToUnixTimeSeconds());

    private static string SettingsText(EvolutionJob job, RunRequest request, ResearchScope scope) =>
        $"language {Strategy.Language} catalogue {Catalogue.SemanticVersion}\n{job.Settings}\n{job.Breeder.Limits}\n{job.Rules}\n{job.Split}\n{string.Join('\n', job.Markets.Select(static m => m.Instrument).Distinct())}\n"
        + $"costs {request.Costs} {scope.First.CostVersion}{(CostFile.IsBuiltIn(request.Costs) ? "" : " " + CostHash.Of(scope.Markets))}\n{string.Join('\n', job.Breeder.Seeds.Select(static s => s.Id))}";

    private FrontRow RowOf(FrontStrategy f, int rank) => new(
        Id, rank, f.Id, f.Member.Appraisal.Score, f.Member.Complexity, Figures(f.InSample), Figures(f.OutOfSample.Figures), f.OutOfSample.P)
    {
        Operator = f.Member.Candidate.Lineage.Operator,
        Parent = f.Member.Candidate.Lineage.Parent,
        Mate = f.Member.Candidate.Lineage.Mate,
    };

    private static PartFigures Figures(Lab.Fitness.ResearchFigures f) => new(f.Sharpe, f.AnnualReturn, f.MaxDrawdown, f.Trades, f.WinRate, f.ProfitFactor);
}

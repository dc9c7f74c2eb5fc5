using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Performance;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>How much to ask of a run: the numbers of windows to repeat its search in, the copies to repeat it on (null: those that are kept), whether to go on after a failure, and whether to look into the lockbox.</summary>
internal sealed record FunnelRequest(int[] Windows, int? Copies, bool All, bool OpenLockbox);

/// <summary>Asks a run's gates in the order of what they cost, up to the first that fails unless all are wanted.</summary>
/// <param name="task">The run.</param>
/// <param name="result">What it found.</param>
/// <param name="alone">Which of its front is judged by itself; null where the run is, and with it the first.</param>
/// <param name="files">What it keeps.</param>
/// <param name="use">Where to say how far it is, and how many threads ask.</param>
internal sealed class Funnel(EvolutionTask task, EvolutionResult result, int? alone, RunFiles files, (Terminal Terminal, int Threads) use)
{
    private readonly int chosen = alone ?? 0;

    private readonly List<Gate> answers = [];

    public Dossier Judge(FunnelRequest request, CancellationToken stop)
    {
        ResearchLedger ledger = task.Beside;
        var gates = new RunGates(task.Job, (result, alone), ledger, use.Threads);
        gates.AmongCopies = Math.Max(request.Copies ?? 0, new NullSearch(task, files.NullSearch, use.Threads).Reached) >= gates.Trials.LeastCopies;
        Own(gates, request, stop);
        IReadOnlyList<WalkForward> walks = [];
        if (GoesOn(request))
        {
            (walks, string? unended) = Walks(request, stop);
            answers.AddRange(walks.Count > 0 || unended is not null ? [LuckGates.WalkForward(walks, unended)] : (Gate[])[]);
        }

        if (request.Copies is not null && Failed is { } failed && !request.All)
        {
            use.Terminal.Say($"{failed.Name} fails, so no copies are searched; --all searches them even so.");
        }

        IReadOnlyList<NullCopy> copies = Copies(GoesOn(request) && IsComparable(gates, request) ? request : request with { Copies = null }, stop);
        Gate[] unranked = [.. answers];
        answers.Clear();
        answers.AddRange(NullSearch.Among(unranked, copies));
        if (GoesOn(request))
        {
            answers.Add(LuckGates.Null(gates.Record, [.. copies.Select(Compared)], gates.Trials) with { Power = gates.Choosing });
        }

        if (request.OpenLockbox && result.Front.Count > 0)
        {
            Lockbox();
        }

        return new Dossier(Subject, new DossierParts(new Instant(task.Job.Market.Bars.Time[0]), task.Job.TrainingEnd, task.Split, task.Scope.Lockbox), answers, gates.Trials, GateVerdict.Of(answers, task.Precedents))
        {
            Ledger = ledger,
            Walks = walks,
            Copies = copies,
            Record = (gates.Record.Value, [.. copies.Select(Compared)]),
            Figures = result.Front.Count == 0 ? null : new DossierFigures(gates.Judged, gates.Expected, result.Verdict.Finalists[chosen].Figures.Sharpe, result.Front[chosen].InSample.Sharpe),
            Beside = gates.Beside,
            Luck = gates.Luck,
            Capacity = gates.Capacity,
            NotTested =
            [
                .. answers.Exists(static g => g.Name == "lockbox") ? [] : (string[])[task.Looked.Count == 0 ? "the lockbox, which stays shut" : "the lockbox, which was opened before"],
                .. walks.Count > 0 ? [] : (string[])["walk-forward with the whole search repeated in each window"],
                "what its own orders do to prices, but for an estimate by the square-root law that no fills were fitted to",
            ],
            Remarks = task.Scope.Remarks,
        };
    }

    private DossierSubject Subject => new(result.Front.Count == 0 ? $"run {task.Id}" : result.Front[chosen].Strategy.Name, task.Id, task.Scope.Name, task.Scope.Prices)
    {
        DataHash = task.Scope.DataHash,
        Costs = (task.Request.Costs, task.Scope.First.CostVersion, CostHash.Of(task.Scope.Markets)),
        SearchedAt = task.Job.Rules.CostFactor,
        RiskFraction = task.Job.Rules.RiskFraction,
        Search = (task.Settings, task.Request.Seed, result.Hash),
        Strategies = result.Front.Count == 0 ? [] : [result.Front[chosen].Strategy, .. result.Front.Where((_, i) => i != chosen).Select(static f => f.Strategy)],
    };

    /// <summary>Where what was found says too little to be compared, copies would be searched for nothing.</summary>
    private bool IsComparable(RunGates gates, FunnelRequest request)
    {
        if (request.Copies is not null && gates.Record.Value is null)
        {
            use.Terminal.Say($"No copies are searched: {gates.Record.Reason}.");
        }

        return gates.Record.Value is not null;
    }

    /// <summary>What a copy came to of what is judged here: its front's record, or the furthest of it where one is judged that somebody picked.</summary>
    private double? Compared(NullCopy copy) => alone is null ? copy.Record : copy.Furthest;

    private Gate? Failed => answers.Find(static g => g.Pass == false);

    private bool GoesOn(FunnelRequest request) => request.All || Failed is null;

    /// <summary>What the run's own data can answer.</summary>
    private void Own(RunGates gates, FunnelRequest request, CancellationToken stop)
    {
        using Progress progress = use.Terminal.Progress("gates", null, "asked");
        foreach (Gate gate in gates.Ask())
        {
            stop.ThrowIfCancellationRequested();
            answers.Add(gate);
            progress.Report(answers.Count, gate.Name);
            if (!GoesOn(request))
            {
                break;
            }
        }

        progress.Done($"{Figures.Counted(answers.Count, "gate")} asked");
    }

    /// <summary>The divisions that are kept whole, and which of those that were begun are not.</summary>
    private (IReadOnlyList<WalkForward> Whole, string? Unended) Walks(FunnelRequest request, CancellationToken stop)
    {
        var walk = new WalkForwardSearch(task, files.WalkForward, use.Threads);
        if (request.Windows.Length == 0)
        {
            return (walk.Kept(), walk.Unended);
        }

        using Progress progress = use.Terminal.Progress("walk-forward", walk.Count(request.Windows), "searches");
        IReadOnlyList<WalkForward> done = Kept(() => walk.Run(request.Windows, (done, note) => progress.Report(done, note), stop));
        progress.Done($"{Figures.Counted(walk.Count(request.Windows), "search", "searches")} in windows of the data");
        return (done, walk.Unended);
    }

    private IReadOnlyList<NullCopy> Copies(FunnelRequest request, CancellationToken stop)
    {
        var search = new NullSearch(task, files.NullSearch, use.Threads);
        if (search.Missing is { Count: > 0 } missing)
        {
            use.Terminal.Say($"{Figures.Counted(missing.Count, "copy is", "copies are")} missing in null-search.jsonl, and searched again");
        }
        else if (request.Copies is null)
        {
            return search.Kept();
        }

        int wanted = Math.Max(request.Copies ?? 0, search.Reached), before = search.Kept().Count;
        using Progress progress = use.Terminal.Progress("null-search", wanted, "searches", before);
        IReadOnlyList<NullCopy> copies = Kept(() => search.Run(wanted, (done, note) => progress.Report(done, note), stop));
        progress.Done($"{Figures.Counted(copies.Count, "search", "searches")} on copies of the data");
        return copies;
    }

    private T Kept<T>(Func<T> search)
    {
        try
        {
            return search();
        }
        catch (OperationCanceledException)
        {
            use.Terminal.Say("What is searched is kept; the same command goes on.");
            throw;
        }
    }

    private void Lockbox()
    {
        if (Failed is { } failing)
        {
            use.Terminal.Say($"{failing.Name} fails, so the lockbox stays shut.");
            return;
        }

        if (answers.Find(static g => g.Pass is null) is { } open)
        {
            use.Terminal.Say($"{open.Name} has no answer, so the verdict could not be an edge whatever the lockbox says: it stays shut.");
            return;
        }

        if (task.Precedents is [var precedent, ..])
        {
            use.Terminal.Say($"The verdict could not be an edge whatever the lockbox says, because {precedent.TrimEnd('.')}: it stays shut.");
            return;
        }

        (Outcome kept, string? seen) = task.OpenLockbox(result.Front[chosen].Strategy, (decimal)LuckGates.CostFactor);
        answers.Add(LuckGates.Lockbox(kept, seen) with { Power = new GatePower(kept.Returns.Length / ReturnSeries.DaysPerYear, 1) });
    }
}

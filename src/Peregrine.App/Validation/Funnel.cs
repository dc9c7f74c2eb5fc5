using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>How much to ask of a run: the numbers of windows to repeat its search in, the copies to repeat it on (null: those that are kept), whether to go on after a failure, and whether to look into the lockbox.</summary>
internal sealed record FunnelRequest(int[] Windows, int? Copies, bool All, bool OpenLockbox);

/// <summary>Asks a run's gates in the order of what they cost, up to the first that fails unless all are wanted.</summary>
internal sealed class Funnel(EvolutionTask task, EvolutionResult result, RunFiles files, (Terminal Terminal, int Threads) use)
{
    private readonly List<Gate> answers = [];

    public ValidationAnswer Judge(FunnelRequest request, CancellationToken stop)
    {
        ResearchLedger ledger = task.Beside;
        var gates = new RunGates(task.Job, result, ledger, use.Threads);
        Own(gates, request, stop);
        IReadOnlyList<WalkForward> walks = GoesOn(request) ? Walks(request, stop) : [];
        if (walks.Count > 0)
        {
            answers.Add(LuckGates.WalkForward(walks));
        }

        if (request.Copies is not null && Failed is { } failed && !request.All)
        {
            use.Terminal.Say($"{failed.Name} fails, so no copies are searched; --all searches them even so.");
        }

        IReadOnlyList<NullCopy> copies = GoesOn(request) ? Copies(request, stop) : [];
        Gate[] alone = [.. answers];
        answers.Clear();
        answers.AddRange(alone.Select(g => g.Among([.. copies.Select(c => c.Gates.GetValueOrDefault(g.Name)?.Extreme)], LuckGates.Level)));
        if (GoesOn(request))
        {
            answers.Add(LuckGates.Null(NullSearch.Best(result), [.. copies.Select(static c => c.Best)], gates.Trials));
        }

        if (request.OpenLockbox && result.Front.Count > 0)
        {
            Lockbox();
        }

        return new ValidationAnswer(task, result, answers, gates.Trials, GateVerdict.Of(answers, gates.Trials, gates.Years, task.Precedents)) { Walks = walks, Copies = copies, Expected = gates.Expected, Luck = gates.Luck, Capacity = gates.Capacity, Ledger = ledger };
    }

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

    private IReadOnlyList<WalkForward> Walks(FunnelRequest request, CancellationToken stop)
    {
        var walk = new WalkForwardSearch(task, files.WalkForward, use.Threads);
        if (request.Windows.Length == 0)
        {
            return walk.Kept();
        }

        using Progress progress = use.Terminal.Progress("walk-forward", walk.Count(request.Windows), "searches");
        IReadOnlyList<WalkForward> done = Kept(() => walk.Run(request.Windows, (done, note) => progress.Report(done, note), stop));
        progress.Done($"{Figures.Counted(walk.Count(request.Windows), "search", "searches")} in windows of the data");
        return done;
    }

    private IReadOnlyList<NullCopy> Copies(FunnelRequest request, CancellationToken stop)
    {
        var search = new NullSearch(task, files.NullSearch, use.Threads);
        if (request.Copies is not { } wanted)
        {
            return search.Kept();
        }

        int before = Math.Min(search.Kept().Count, wanted);
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

        (Outcome kept, int others) = task.OpenLockbox(result.Front[0].Strategy, (decimal)LuckGates.CostFactor);
        answers.Add(LuckGates.Lockbox(kept, others));
    }
}

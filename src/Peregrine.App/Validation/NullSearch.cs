using Peregrine.Adapters;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>What a gate measured on a copy, and what it is compared by.</summary>
internal sealed record NullGate(double? Statistic, double? Extreme);

/// <summary>
/// The same search on one copy of its data: how far its whole record stands above zero, in standard errors (null where it found nothing, or what it found traded too little to say), the furthest that any of its front does by itself, the best score of its front (null where it is
/// empty), what the front earned where the search did not look, and what the gates say of it, by name.
/// </summary>
internal sealed record NullCopy(int Copy, double? Record, double? Furthest, double? Best, double? P, double Sharpe, int Distinct, IReadOnlyDictionary<string, NullGate> Gates);

/// <summary>
/// Repeats a search, whole and with the same budget, on copies of its data in which direction is chance. Each copy is kept as a line of a file as soon as it is done, so that a search that was stopped
/// goes on, and one of 39 copies can be made one of 99.
/// </summary>
internal sealed class NullSearch(EvolutionTask task, string path, int threads)
{
    /// <summary>The most copies that can be asked for.</summary>
    public const int Most = 10_000;

    private readonly LineFile<NullCopy> file = new(path, static c => c.Copy is >= 0 and < Most);

    /// <summary>The copies there are, the first of them first.</summary>
    /// <exception cref="KnownFailure">The file holds a line that is none.</exception>
    public IReadOnlyList<NullCopy> Kept() => [.. file.All().DistinctBy(static c => c.Copy).OrderBy(static c => c.Copy)];

    /// <summary>How many copies were searched: they are searched in their order, so all before the last one that is kept.</summary>
    public int Reached => Kept() is [.., var last] ? last.Copy + 1 : 0;

    /// <summary>Those that were searched and are not kept any more: whoever takes copies out of the file has chosen among them.</summary>
    public IReadOnlyList<int> Missing => [.. Enumerable.Range(0, Reached).Except(Kept().Select(static c => c.Copy))];

    /// <summary>Searches those of the first copies, and of all that were searched before, that are not there.</summary>
    /// <exception cref="OperationCanceledException">Stopped; what is done is kept.</exception>
    public IReadOnlyList<NullCopy> Run(int wanted, Action<int, string> progress, CancellationToken stop)
    {
        List<NullCopy> kept = [.. Kept()];
        int copies = Math.Max(wanted, Reached);
        for (int copy = 0; copy < copies; copy++)
        {
            if (kept.Exists(k => k.Copy == copy))
            {
                continue;
            }

            int before = kept.Count;
            NullCopy done = Of(task.Job, (task.Request.Seed, copy, threads), generation => progress(before, FormattableString.Invariant($"generation {generation} of the next")), stop);
            file.Add(done);
            kept.Add(done);
            progress(kept.Count, FormattableString.Invariant($"record of the last {done.Record:0.00} standard errors"));
        }

        return [.. kept.OrderBy(static k => k.Copy)];
    }

    /// <summary>The same search on one copy of its data.</summary>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static NullCopy Of(EvolutionJob own, (ulong Seed, int Copy, int Threads) of, Action<int> absorbed, CancellationToken stop)
    {
        EvolutionJob job = own with { Markets = DirectionFlips.Of(new Rng(of.Seed).Fork(ulong.MaxValue, (ulong)of.Copy), own.Markets) };
        EvolutionResult result = EvolutionRun.Run(job, null, of.Threads, new EvolutionWatch { Absorbed = (search, _) => absorbed(search.Generation) }, stop);
        var asked = new RunGates(job, (result, null), ResearchLedger.Empty, of.Threads);
        Dictionary<string, NullGate> gates = asked.Ask().ToDictionary(static g => g.Name, static g => new NullGate(g.Statistic.Value, g.Extreme));
        return new NullCopy(of.Copy, asked.Record.Value, asked.Furthest(), Best(result), result.Verdict.Front.P, result.Verdict.Front.Figures.Sharpe, result.DistinctTrials, gates);
    }

    /// <summary>The gates among the copies.</summary>
    public static IEnumerable<Gate> Among(IEnumerable<Gate> gates, IReadOnlyList<NullCopy> copies) =>
        gates.Select(g => g.Among([.. copies.Select(c => c.Gates.GetValueOrDefault(g.Name)?.Extreme)]));

    private static double? Best(EvolutionResult result) => result.Front.Count == 0 ? null : result.Front.Max(static f => f.Member.Appraisal.Score);
}

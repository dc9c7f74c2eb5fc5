using Peregrine.Adapters.Store.Library;
using Peregrine.Core;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Evolution;

/// <summary>
/// What was done beside a run on data of its years: who runs ten searches and shows the best of them has made ten, and the trials of all. Charged to every verdict.
/// </summary>
/// <param name="Judged">Other runs at their end whose front was judged on days that this run's is judged on.</param>
/// <param name="Trials">Distinct candidates that other runs tried on its symbols and years, those given up among them.</param>
/// <param name="Looks">Strategies that were traded by hand over them.</param>
public sealed record ResearchLedger(int Judged, long Trials, int Looks)
{
    /// <summary>Of the strategies traded by hand, those that were on the days that judge while the run was open: which run is brought to its end may have been decided by what they did.</summary>
    public int Between { get; init; }

    /// <summary>Other runs on its symbols and years, whether they came to their end or were given up: which of several is gone on with may be decided by what each shows in-sample.</summary>
    public int Runs { get; init; }

    public static ResearchLedger Empty { get; } = new(0, 0, 0);

    /// <summary>What the library knows of.</summary>
    /// <param name="library">The library.</param>
    /// <param name="run">The run whose verdict is charged, and between which moments it was open: from when it, or the seeds it was given, was first asked for until it ended.</param>
    /// <param name="symbols">Its symbols.</param>
    /// <param name="span">How it divides its data.</param>
    /// <param name="before">Counts what was there by then, runs that had ended among what was judged; everything for a verdict that may choose among all.</param>
    public static ResearchLedger Of(StrategyLibrary library, (string Id, Instant Opened, Instant Ended) run, IReadOnlyCollection<string> symbols, RunSpan span, Instant before)
    {
        RunRow[] others = [.. library.Runs().Where(r => r.Id != run.Id && r.Started <= before && symbols.Any(r.Trades) && r.Span is { } s && s.First < span.Lockbox && s.Lockbox > span.First)];
        return new ResearchLedger(
            others.Count(r => r.Finding is not null && r.Finished <= before && r.Span!.Split < span.Lockbox && r.Span.Lockbox > span.Split),
            others.Sum(r => (long)Math.Max(library.Trials(r.Id).Distinct, r.DistinctTrials)),
            library.LookedAt(symbols, span.First, span.Lockbox, before).Count)
        {
            Runs = others.Length,
            Between = library.LookedAt(symbols, span.Split, span.Lockbox, new Instant(run.Ended.Nanoseconds + 1)).Except(library.LookedAt(symbols, span.Split, span.Lockbox, run.Opened)).Count(),
        };
    }

    /// <summary>The trials of the run with these beside them.</summary>
    public TrialCount Beside(TrialCount own) => own with { Judged = Judged, Runs = Runs, Looked = Between, Others = Trials + Looks };

    /// <summary>What is charged, in words; null when there is nothing.</summary>
    public string? Words => (Runs, Trials, Looks) switch
    {
        (0, 0, 0) => null,
        _ => $"charged with what else was tried on these years: {CommandLine.Figures.Counted(Runs, "other run", "other runs")}, {CommandLine.Figures.Count(Judged)} of them judged here, {CommandLine.Figures.Count(Trials)} distinct candidates of other runs, {CommandLine.Figures.Counted(Looks, "strategy", "strategies")} traded by hand{(Between == 0 ? "" : $", {CommandLine.Figures.Count(Between)} of them on the days that judge while the run was open")}",
    };
}

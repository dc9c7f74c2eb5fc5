using Peregrine.App.Evolution;
using Peregrine.App.Validation;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Demo;

/// <summary>What the search found in one market, and what the untouched part of the data says about it.</summary>
internal sealed record DemoFinding(EvolutionJob Job, EvolutionResult Result)
{
    public ResearchMarket Market => Job.Market;

    public DataSplit Split => Job.Split;

    /// <summary>The gates that were asked, up to the first that fails; the search on copies of the data is not among them.</summary>
    public IReadOnlyList<Gate> Gates { get; init; } = [];

    /// <summary>What to expect of the first of the front; null where the gates were not asked that far.</summary>
    public JudgedSharpe? Expected { get; init; }

    /// <summary>What the gates say; until they are asked, what the untouched data say.</summary>
    public GateVerdict Said { get; init; } = new(Result.Verdict.Finding, Result.Verdict.Reason);

    public StrategySearch Search => Result.Search;

    public IReadOnlyList<FrontStrategy> Front => Result.Front;

    public OutOfSampleVerdict Verdict => Result.Verdict;
}

/// <summary>The search of the demonstration: the one of <c>evolve</c>, on the bars before the lockbox.</summary>
internal static class DemoSearch
{
    public const int Evaluations = 10_000;

    public static DemoFinding Run(PlantedMarket demo, Instrument instrument, SymbolCosts costs, (ulong Seed, int Threads, Action<StrategySearch> Progress) how, CancellationToken stop)
    {
        var whole = new ResearchMarket(instrument, costs, demo.History, Timeframe.H1);
        ResearchMarket open = whole.Before(DataSplit.LockboxStart(whole.Bars));
        EvolutionJob job = EvolutionJob.Of(open, new SearchSettings { Seed = how.Seed, Evaluations = Evaluations });
        EvolutionResult result = EvolutionRun.Run(job, null, how.Threads, new EvolutionWatch { Absorbed = (search, _) => how.Progress(search) }, stop);
        return new DemoFinding(job, result);
    }

    /// <summary>Asks the gates: untouched data first, and where they say that there is an edge every other, up to one that fails.</summary>
    public static DemoFinding Validated(DemoFinding finding, int threads, Action<Gate> progress, CancellationToken stop)
    {
        var gates = new RunGates(finding.Job, (finding.Result, null), ResearchLedger.Empty, threads);
        var asked = new List<Gate>();
        foreach (Gate gate in gates.Ask())
        {
            stop.ThrowIfCancellationRequested();
            asked.Add(gate);
            progress(gate);
            if (gate.Pass == false)
            {
                break;
            }
        }

        bool contradicted = finding.Verdict.Finding == Finding.Edge && asked.Exists(static g => g.Pass == false);
        return finding with { Gates = asked, Expected = gates.Judged, Said = contradicted ? GateVerdict.Of(asked) : finding.Said };
    }
}

using Peregrine.App.Evolution;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Demo;

/// <summary>What the search found in one market, and what the untouched part of the data says about it.</summary>
internal sealed record DemoFinding(ResearchMarket Market, DataSplit Split, EvolutionResult Result)
{
    public StrategySearch Search => Result.Search;

    public IReadOnlyList<FrontStrategy> Front => Result.Front;

    public OutOfSampleVerdict Verdict => Result.Verdict;
}

/// <summary>The search of the demonstration: the one of <c>evolve</c>, on the bars before the lockbox.</summary>
internal static class DemoSearch
{
    public const int Evaluations = 10_000;

    public static DemoFinding Run(DemoMarket demo, Instrument instrument, SymbolCosts costs, (ulong Seed, int Threads, Action<StrategySearch> Progress) how, CancellationToken stop)
    {
        var whole = new ResearchMarket(instrument, costs, demo.History, Timeframe.H1);
        ResearchMarket open = whole.Before(DataSplit.LockboxStart(whole.Bars));
        EvolutionJob job = EvolutionJob.Of(open, new SearchSettings { Seed = how.Seed, Evaluations = Evaluations });
        EvolutionResult result = EvolutionRun.Run(job, null, how.Threads, new EvolutionWatch { Absorbed = (search, _) => how.Progress(search) }, stop);
        return new DemoFinding(open, job.Split, result);
    }
}

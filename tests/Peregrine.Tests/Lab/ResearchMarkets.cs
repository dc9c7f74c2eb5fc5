using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Tests.Simulation;

namespace Peregrine.Tests.Lab;

/// <summary>Generated markets to search, small enough for a test.</summary>
internal static class ResearchMarkets
{
    /// <summary>An edge far larger than any real one, so that little data and a short search find it.</summary>
    public static readonly PlantedBreakout Obvious = new() { Drift = 0.25 };

    public static readonly SymbolCosts Costs = new()
    {
        SpreadByHour = [.. Enumerable.Repeat(new Move(8), 168)],
        CommissionPerMillion = 30,
        Slippage = new Move(2),
    };

    public static ResearchMarket Of(ulong seed, int hours, PlantedBreakout? edge)
    {
        BarSeries bid = new GeneratedMarket(new Rng(seed), RandomMarket.EurUsd, Instant.FromUtc(2010, 1, 4), edge).Hours(hours);
        return new ResearchMarket(RandomMarket.EurUsd, Costs, new MarketBars(bid, Peregrine.Core.Simulation.Costs.AskFromBid(bid, Costs)), Timeframe.H1);
    }

    public static SearchSettings Small(ulong seed) => new()
    {
        Seed = seed, Evaluations = 400, Founders = 150, Population = 50, Brood = 50, Patience = 4,
    };

    public static StrategyBreeder Breeder(params IEnumerable<Strategy> seeds) => new(new SizeLimits(), "EURUSD", [Timeframe.H1], seeds);

    public static StrategySearch Search(SearchSettings settings) => new(settings, Breeder());

    public static StrategySearch Search(ulong seed) => Search(Small(seed));

    /// <summary>Runs a search to its end, or through some generations, appraising on so many threads.</summary>
    public static List<Trial<Genome, Appraisal>> Run(StrategySearch search, ResearchMarket market, int threads = 1, int generations = int.MaxValue)
    {
        var trials = new List<Trial<Genome, Appraisal>>();
        ThreadLocal<Appraiser> appraisers = new(() => new Appraiser([market], new FitnessRules()));
        for (int g = 0; g < generations && !search.IsDone; g++)
        {
            IReadOnlyList<Candidate<Genome>> brood = search.Propose();
            var results = new Appraisal[brood.Count];
            Parallel.For(0, brood.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, i => results[i] = appraisers.Value!.Appraise([brood[i].Genome.Strategy], search.Recall, (_, a) => search.StandingOf(brood[i], a))[0]);
            trials.AddRange(search.Absorb(results));
        }

        return trials;
    }
}

using System.Globalization;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;

namespace Peregrine.Bench.Suites;

/// <summary>
/// What a second thread brings a search: two threads in one process, against two processes of one thread each that know nothing of one another. All must come to the same result.
/// The search is long enough that columns are mostly found and seldom made, as in searches that people run; a short one spends a tenth of its time on making them.
/// The processes are this program again; they live through all turns, so that none is timed while it starts.
/// </summary>
public static class ScaleSuite
{
    /// <summary>The first argument of a process that searches when it is told to.</summary>
    public const string WorkerName = "scale-worker";

    private const int Bars = 20_000, Evaluations = 4_800;

    public static IReadOnlyList<Result> Run()
    {
        using Worker one = Searcher(1);
        using Worker other = Searcher(1);
        using Worker both = Searcher(2);
        var hashes = new HashSet<string>();
        Result result = Contest.Run(
            "scale, a search on two threads",
            "candidates",
            2 * Evaluations,
            ("two searches in a process each", () => hashes.UnionWith(Together([one, other], 1))),
            () => hashes.UnionWith(Together([both], 2)));
        return hashes.Count == 1
            ? [result with { Goal = 0.9, GoalIsRatio = true }]
            : throw new InvalidOperationException($"The same search came to {hashes.Count} results: {string.Join(", ", hashes)}");
    }

    /// <summary>Searches on so many threads, once for every line it reads, and answers each with the hash of the result.</summary>
    public static int Work(string threads)
    {
        int count = int.Parse(threads, CultureInfo.InvariantCulture);
        BarSeries bid = new GeneratedMarket(new Rng(4), Market.EurUsd, Instant.FromUtc(2010, 1, 4), new PlantedBreakout()).Hours(Bars);
        var market = new ResearchMarket(Market.EurUsd, Market.Costs, new MarketBars(bid, Core.Simulation.Costs.AskFromBid(bid, Market.Costs)), Timeframe.H1);
        EvolutionJob job = EvolutionJob.Of(market, new SearchSettings { Seed = 5, Evaluations = Evaluations, Founders = 600 });
        while (Console.In.ReadLine() is not null)
        {
            Console.Out.WriteLine(EvolutionRun.Run(job, null, count, new EvolutionWatch(), CancellationToken.None).Hash);
        }

        return 0;
    }

    private static Worker Searcher(int threads) => new(WorkerName, threads.ToString(CultureInfo.InvariantCulture));

    private static string[] Together(Worker[] searchers, int times)
    {
        var hashes = new List<string>();
        for (int i = 0; i < times; i++)
        {
            Array.ForEach(searchers, static s => s.Say(""));
            hashes.AddRange(searchers.Select(static s => s.Answer()));
        }

        return [.. hashes];
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Peregrine.App.Evolution;
using Peregrine.Bench.Proof;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.Bench;

/// <summary>One search of an ablation: how it searched, on which market, and what the strategy it ranks first, and its whole front, earn on fresh years of that market.</summary>
internal sealed record AblationRow(string Variant, string Choices, ulong Seed, int Evaluations, int Distinct, int Ideas, double Score, double FreshSharpe, double FrontSharpe, double Seconds)
{
    /// <summary>The commit that was measured.</summary>
    public string? Commit { get; init; }
}

/// <summary>
/// What each choice of how to search is worth: the same generated markets with a planted edge, searched with one choice changed at a time. Results are JSON lines;
/// what is there already is not run again, so a campaign can be stopped anywhere and divided by <c>--shard i/n</c>.
/// </summary>
internal static class Ablation
{
    private const int History = 62_400, Fresh = 124_800;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly Variant[] Variants =
    [
        new("default", []),
        new("tournament", ["parents=tournament"]),
        new("lexicase", ["parents=lexicase"]),
        new("lexicase on a tenth", ["parents=lexicase", "case-share=0.1"]),
        new("lexicase on all cases", ["parents=lexicase", "case-share=1"]),
        new("fittest", ["survival=fittest"]),
        new("pareto", ["survival=pareto"]),
        new("pareto without novelty", ["survival=pareto", "novelty=0"]),
        new("pareto, 15 neighbours", ["survival=pareto", "novelty=15"]),
        new("lexicase and pareto", ["parents=lexicase", "survival=pareto"]),
        new("no age layers", ["layers=1"]),
        new("5 age layers", ["layers=5"]),
        new("5 quick layers", ["layers=5", "age-gap=5"]),
        new("migration", ["migration-gap=10"]),
        new("migration of many", ["migration-gap=10", "migrants=0.1"]),
        new("1 island", ["islands=1"]),
        new("4 islands", ["islands=4"]),
        new("no tuning", ["tuning-gap=0"]),
        new("tuning", ["tuning-gap=5"]),
        new("tuning of a tenth", ["tuning-share=0.1"]),
        new("tuning of half", ["tuning-share=0.5"]),
        new("no immigrants", ["immigrants=0"]),
        new("20 % immigrants", ["immigrants=0.2"]),
        new("restarts after 5", ["patience=5"]),
        new("no restarts", ["patience=1000000"]),
        new("no known forms", ["patterns=0"]),
        new("half known forms", ["patterns=0.5"]),
        new("rules of 10 nodes", ["rule-nodes=10"]),
        new("rules of 40 nodes", ["rule-nodes=40"]),
        new("tournament of 2", ["tournament=2"]),
        new("tournament of 8", ["tournament=8"]),
        new("niche of 2", ["niche=2"]),
        new("no niches", ["niche=200"]),
        new("300 founders", ["founders=300"]),
        new("3000 founders", ["founders=3000"]),
        new("brood of 50", ["brood=50"]),
        new("no agreement", ["agreement=0"]),
        new("no parsimony", ["parsimony=0"]),
        new("population 100", ["population=100", "brood=100"]),
        new("population 400", ["population=400", "brood=400"]),
        new("no siblings", [], static r => r with { Jitters = 0, MoreJitters = 0 }),
        new("8 siblings", [], static r => r with { Jitters = 8 }),
        new("siblings 20 % off", [], static r => r with { JitterWidth = 0.2 }),
        new("no adversaries", [], static r => r with { AdversariesAbove = double.PositiveInfinity }),
        new("neither siblings nor adversaries", [], static r => r with { Jitters = 0, AdversariesAbove = double.PositiveInfinity }),
        new("worst third a quarter", [], static r => r with { WeightOfWorst = 0.25 }),
    ];

    /// <summary>What differs from the default: choices of the search, and how fitness is measured.</summary>
    private sealed record Variant(string Name, string[] Choices, Func<FitnessRules, FitnessRules>? Fitness = null);

    /// <summary>Runs what is asked for, or with <c>--summary</c> prints what the file holds.</summary>
    public static int Run(string[] args)
    {
        var options = new ProofOptions(args);
        string file = options.Text("--out") ?? "ablation.jsonl";
        var done = File.Exists(file) ? File.ReadLines(file).Select(static l => JsonSerializer.Deserialize<AblationRow>(l, Json)!).ToList() : [];
        if (options.Has("--summary"))
        {
            Summarise(done);
            return 0;
        }

        int seeds = options.Whole("--seeds", 10), evaluations = options.Whole("--evaluations", 6_000), threads = options.Whole("--threads", Environment.ProcessorCount);
        string[] only = Named(options.Names);
        (int shard, int shards) = options.Shard;
        for (ulong seed = 1; seed <= (ulong)seeds; seed++)
        {
            if ((int)(seed % (ulong)shards) != shard % shards)
            {
                continue;
            }

            foreach (Variant variant in Variants.Where(v => only.Length == 0 || only.Contains(v.Name)))
            {
                if (!done.Exists(r => r.Variant == variant.Name && r.Seed == seed && r.Evaluations == evaluations))
                {
                    AblationRow row = Search(variant, seed, evaluations, threads);
                    File.AppendAllText(file, JsonSerializer.Serialize(row, Json) + "\n");
                    Console.Error.WriteLine(row);
                }
            }
        }

        return 0;
    }

    private static string[] Named(string[] names) => Array.Find(names, w => !Variants.Any(v => v.Name == w)) is { } unknown
        ? throw new ArgumentException($"There is no variant '{unknown}'; there are {string.Join("; ", Variants.Select(static v => v.Name))}.")
        : names;

    private static AblationRow Search(Variant variant, ulong seed, int evaluations, int threads)
    {
        ResearchMarket market = Planted(new Rng(seed), History), fresh = Planted(new Rng(seed).Fork(1), Fresh);
        SearchSettings settings = SearchChoices.Apply(new SearchSettings { Seed = seed, Evaluations = evaluations }, variant.Choices);

        // All of the history is in-sample: what lies out of it is another market of the same generator.
        EvolutionJob job = EvolutionJob.Of(market, settings) with { Split = new DataSplit(..(market.Bars.Count - 2), (market.Bars.Count - 1)..) };
        job = job with { Rules = variant.Fitness?.Invoke(job.Rules) ?? job.Rules };
        long started = Stopwatch.GetTimestamp();
        StrategySearchResult result = Searched(job, threads);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var appraiser = new Appraiser([fresh], job.Rules);
        Finalist[] front = [.. result.Front.Select(m => new Finalist(m.Candidate.Id, appraiser.Trade(m.Candidate.Genome.Strategy, ..)))];
        double best = front.Length == 0 ? 0 : ResearchFigures.Of(front[0].Outcome).Sharpe;
        double all = front.Length == 0 ? 0 : ResearchFigures.Of(OutOfSample.Together(front, appraiser.DaysOf(Timeframe.H1, ..).Length)).Sharpe;
        return new AblationRow(
            variant.Name, string.Join(' ', variant.Choices), seed, evaluations, result.Distinct, result.Ideas, result.Front.Count == 0 ? 0 : result.Front[0].Appraisal.Score, Math.Round(best, 4), Math.Round(all, 4),
            Math.Round(seconds, 1))
        {
            Commit = ProofFile.Commit,
        };
    }

    private static StrategySearchResult Searched(EvolutionJob job, int threads)
    {
        EvolutionResult result = EvolutionRun.Run(job, null, threads, new EvolutionWatch(), CancellationToken.None);
        return new StrategySearchResult([.. result.Front.Select(static f => f.Member)], result.DistinctTrials, result.Search.IndependentIdeas);
    }

    private static ResearchMarket Planted(Rng rng, int hours)
    {
        BarSeries bid = new GeneratedMarket(rng, Suites.Market.EurUsd, Instant.FromUtc(2000, 1, 3), new PlantedBreakout()).Hours(hours);
        return new ResearchMarket(Suites.Market.EurUsd, Suites.Market.Costs, new MarketBars(bid, Costs.AskFromBid(bid, Suites.Market.Costs)), Timeframe.H1);
    }

    /// <summary>Each variant against the default on the same seeds: the mean difference and its standard error.</summary>
    private static void Summarise(List<AblationRow> rows)
    {
        Dictionary<(ulong, int, string?), AblationRow> plain = rows.Where(static r => r.Variant == "default").ToDictionary(static r => (r.Seed, r.Evaluations, r.Commit));
        Console.Out.WriteLine("| variant | markets | first of the front, fresh Sharpe | less the default | front, fresh Sharpe | less the default | distinct | ideas |");
        Console.Out.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (IGrouping<string, AblationRow> g in rows.GroupBy(static r => r.Variant))
        {
            AblationRow[] own = [.. g.Where(r => plain.ContainsKey((r.Seed, r.Evaluations, r.Commit)))];
            string Less(Func<AblationRow, double> of) => g.Key == "default" ? "" : Difference([.. own.Select(r => of(r) - of(plain[(r.Seed, r.Evaluations, r.Commit)]))]);
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {g.Key} | {own.Length} | {Mean(own, static r => r.FreshSharpe):0.00} | {Less(static r => r.FreshSharpe)} | {Mean(own, static r => r.FrontSharpe):0.00} | {Less(static r => r.FrontSharpe)} | {Mean(own, static r => r.Distinct):0} | {Mean(own, static r => r.Ideas):0} |"));
        }
    }

    private static double Mean(AblationRow[] rows, Func<AblationRow, double> of) => rows.Length == 0 ? double.NaN : rows.Average(of);

    private static string Difference(double[] d)
    {
        double mean = d.Length == 0 ? double.NaN : d.Average();
        double error = d.Length < 2 ? double.NaN : Math.Sqrt(d.Sum(x => (x - mean) * (x - mean)) / (d.Length - 1) / d.Length);
        return string.Create(CultureInfo.InvariantCulture, $"{mean:+0.00;-0.00} ± {error:0.00}");
    }

    private sealed record StrategySearchResult(IReadOnlyList<Member<Peregrine.Lab.Evolution.Genome, Appraisal>> Front, int Distinct, int Ideas);
}

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;

namespace Peregrine.Bench.Suites;

/// <summary>
/// How fast a generation of evolved strategies is decided over a long series: every strategy's own nodes times rows, whatever it shares with others, in a second. The corpus is what the
/// search itself proposes in one generation, from a fixed seed, on a generated market; its hash is printed.
/// </summary>
public static class PopulationSuite
{
    private const int Bars = 100_000, TrainingBars = 8_000, Generation = 12, Strategies = 1_000;
    private const ulong Seed = 11;

    /// <summary>Two generations that follow each other.</summary>
    private sealed record Corpus(Strategy[] Before, Strategy[] Now)
    {
        /// <summary>Nodes of all rules and distances, as they are written.</summary>
        public double Nodes => Now.Sum(static s => new[] { s.Long, s.Short, s.Exit, s.Stop.Measure, s.Target?.Measure, s.Trail?.Measure }.Sum(static e => e?.Count ?? 0));

        public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Now.Select(static s => s.ToString())))))[..16];
    }

    public static IReadOnlyList<Result> Run()
    {
        Corpus corpus = Evolved();
        // First, so that the process has held nothing else.
        Result large = Large(corpus);
        var market = new MarketColumns(Market.Hours(Bars).Bid);
        (int distinct, int shared) = Look(corpus, market);
        string note = string.Create(CultureInfo.InvariantCulture,
            $"corpus {corpus.Hash}: {corpus.Now.Length} strategies, {(double)distinct / corpus.Now.Length:P0} behave differently, {corpus.Nodes / corpus.Now.Length:0.0} nodes each, {shared} different slots");
        return [.. Warm(corpus, market, shared, note), Cold(corpus, market), large];
    }

    /// <summary>As in a search: the evaluator has just decided the generation before, and its columns are kept.</summary>
    private static IEnumerable<Result> Warm(Corpus corpus, MarketColumns market, int shared, string note)
    {
        var evaluator = new ColumnarEvaluator(market, 2L << 30);
        long sum = 0;
        Plan[] before = Plans(corpus.Before);
        void Prepare()
        {
            evaluator.Forget();
            Decide(evaluator, before);
        }

        double units = corpus.Nodes * Bars;
        Result result = Contest.Run("population, as in a search", "equivalent nodes·rows", units, Alone(corpus, market, kept: true), (Prepare, () => sum += Decide(evaluator, Plans(corpus.Now))));
        yield return result with { Goal = 0.5, GoalIsRatio = true, Note = $"{note}; {evaluator.HeldBytes >> 20} MB kept" };
        yield return result with
        {
            Name = "population, distinct", Unit = "slots·rows", Rate = result.Rate / corpus.Nodes * shared, LimitRate = result.LimitRate / corpus.Nodes * shared,
        };
    }

    private static Result Cold(Corpus corpus, MarketColumns market)
    {
        var evaluator = new ColumnarEvaluator(market, 2L << 30);
        return Contest.Run("population, nothing kept", "equivalent nodes·rows", corpus.Nodes * Bars, Alone(corpus, market, kept: false), (evaluator.Forget, () => Decide(evaluator, Plans(corpus.Now))));
    }

    /// <summary>A million bars within a fixed number of bytes, once: what is asked for is the memory.</summary>
    private static Result Large(Corpus corpus)
    {
        const int bars = 1_000_000;
        const long budget = 512L << 20;
        var evaluator = new ColumnarEvaluator(new MarketColumns(Market.Hours(bars).Bid), budget);
        GC.Collect();
        long most = 0, start = Stopwatch.GetTimestamp();
        evaluator.Evaluate(Plans(corpus.Now), (_, _) => most = Math.Max(most, evaluator.HeldBytes));
        double rate = corpus.Nodes * bars / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Result("population, 1 M bars in 512 MB", "equivalent nodes·rows", rate, rate, 1, 1, 1, "none: memory is asked for")
        {
            Note = $"at most {most >> 20} MB of columns, {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MB in the whole process at its peak, bars and all",
        };
    }

    private static Plan[] Plans(Strategy[] strategies) => [.. strategies.Select(static s => new Plan(s))];

    private static long Decide(ColumnarEvaluator evaluator, Plan[] plans)
    {
        long entries = 0;
        evaluator.Evaluate(plans, (_, signals) => entries += signals.FirstReady);
        return entries;
    }

    /// <summary>
    /// Every different computation of the generation by itself, over rows that lie in the near caches: what looks at one row, and what needs a history unless the generation before had it.
    /// Eight fading averages count as one, for they go side by side; words of bools and the calendar, which are computed once or nearly for nothing, are left out.
    /// </summary>
    private static (string Name, Action Run) Alone(Corpus corpus, MarketColumns market, bool kept)
    {
        const int near = 512, far = 4096, side = 8;
        var program = new Lowered();
        if (kept)
        {
            Array.ForEach(Plans(corpus.Before), p => program.Add(p.Program));
        }

        int known = program.Slots.Count;
        int[] used = [.. Plans(corpus.Now).SelectMany(p => program.Add(p.Program)).Distinct().Order()];
        Slot[] slots = [.. used.Where(i => program.Slots[i].Indicator is { OfTruths: null } x && program.Slots[i].Inputs.A != Lowered.CloseTime && (x.Pointwise || i >= known)).Select(i => program.Slots[i])];
        Slot[] fading = [.. slots.Where(static s => s.Indicator!.Fading is not null)];
        Slot[] rows = [.. slots.Where(static s => s.Indicator!.Pointwise)];
        Slot[] columns = [.. slots.Where(static s => s.Indicator is { Pointwise: false, Fading: null }), .. fading.Take((fading.Length + side - 1) / side)];
        var y = new double[far];
        var bits = new ulong[far / 64];
        void Each(Slot[] some, int count)
        {
            foreach (Slot slot in some)
            {
                var x = new Inputs(market.Field(Lowered.Close)[..count], market.Field(Lowered.Open)[..count], market.Field(Lowered.Low)[..count], market.Field(Lowered.High)[..count]);
                if (slot.Indicator!.Test is { } test)
                {
                    test(x, count, bits);
                }
                else
                {
                    slot.Indicator.Column(x, slot.Settings, y.AsSpan(0, count));
                }
            }
        }

        return ($"{rows.Length} computations by row and {columns.Length} by window, each alone", () =>
        {
            for (int row = 0; row < Bars; row += near)
            {
                Each(rows, near);
            }

            for (int row = 0; row < Bars; row += far)
            {
                Each(columns, far);
            }
        });
    }

    /// <summary>How many behaviours there are, and how many different slots once equal ones are one.</summary>
    private static (int Behaviours, int Slots) Look(Corpus corpus, MarketColumns market)
    {
        Plan[] plans = Plans(corpus.Now);
        var behaviours = new HashSet<UInt128>();
        new ColumnarEvaluator(market).Evaluate(plans, (i, signals) => behaviours.Add(Behaviour.Of(signals, corpus.Now[i].HoldBars)));
        var program = new Lowered();
        foreach (Plan plan in plans)
        {
            program.Add(plan.Program);
        }

        return (behaviours.Count, program.Slots.Count - Lowered.FieldCount);
    }

    private static Corpus Evolved()
    {
        BarSeries bid = new GeneratedMarket(new Rng(Seed), Market.EurUsd, Instant.FromUtc(2010, 1, 4), new PlantedBreakout { Drift = 0.1 }).Hours(TrainingBars);
        var market = new ResearchMarket(Market.EurUsd, Market.Costs, new MarketBars(bid, Costs.AskFromBid(bid, Market.Costs)), Timeframe.H1);
        var settings = new SearchSettings { Seed = Seed, Founders = Strategies, Brood = Strategies, Population = Strategies, Evaluations = int.MaxValue };
        var search = new StrategySearch(settings, new StrategyBreeder(new SizeLimits(), "EURUSD", [Timeframe.H1], []));
        var appraiser = new Appraiser([market], new FitnessRules());
        Strategy[] before = [];
        while (true)
        {
            Strategy[] now = [.. search.Propose().Select(static c => c.Genome.Strategy)];
            if (search.Generation == Generation)
            {
                return new Corpus(before, now);
            }

            search.Absorb([.. now.Select(s => appraiser.Appraise(s, search.Recall))]);
            before = now;
        }
    }
}

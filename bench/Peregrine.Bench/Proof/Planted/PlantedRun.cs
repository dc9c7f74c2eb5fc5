using Peregrine.App.Evolution;
using Peregrine.App.Validation;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Fitness.Adversaries;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.Bench.Proof.Planted;

/// <summary>
/// What one search for a hidden rule came to: the strategy it ranks first by the data it was shown, and what that does beside the rule on fresh data. <see cref="Tradings"/> counts the candidates
/// and all that was traded to judge them: siblings with other numbers, and markets turned against them.
/// </summary>
public sealed record PlantedResult(string Rule, ulong Seed, bool Found, int Evaluations, int Distinct, double Score, double Correlation, double Sharpe, double RuleSharpe, string Strategy, double Seconds)
{
    public long Tradings { get; init; }

    /// <summary>What the whole front does on the fresh data, every strategy with an equal part: the correlation of its mean position, and its net Sharpe ratio.</summary>
    public double FrontCorrelation { get; init; }

    public double FrontSharpe { get; init; }

    /// <summary>True when the front in equal parts is near enough to the rule.</summary>
    public bool FrontFound { get; init; }
}

/// <summary>Hides a rule in ten years of hours, searches them as <c>evolve</c> does, and compares on twenty fresh years of the same generator.</summary>
public static class PlantedRun
{
    /// <summary>Positions that correlate this much are the rule's; so much of its Sharpe ratio is its edge.</summary>
    public const double LeastCorrelation = 0.8, LeastShare = 0.6;

    /// <param name="rule">What is hidden.</param>
    /// <param name="settings">How to search, and with which seed; the market's seed follows from it.</param>
    /// <param name="hours">How much the search is shown.</param>
    /// <param name="threads">How many threads appraise.</param>
    public static PlantedResult Run(HiddenRule rule, SearchSettings settings, int hours, int threads)
    {
        long started = System.Diagnostics.Stopwatch.GetTimestamp();
        Rng rng = new Rng(settings.Seed).Fork(Array.IndexOf([.. HiddenRule.All.Select(static r => r.Name)], rule.Name) is var i ? (ulong)i : 0);
        ResearchMarket market = rule.Market(rng, hours, Suites.Market.Both);

        // All that is shown is in-sample: what lies out of it is another market of the same generator.
        EvolutionJob job = EvolutionJob.Of(market, settings) with { Split = new DataSplit(..(market.Bars.Count - 2), (market.Bars.Count - 1)..) };
        long tradings = 0;
        var watch = new EvolutionWatch { Absorbed = (_, trials) => tradings += trials.Sum(static t => 1L + t.Appraisal.Siblings + (t.Appraisal.MetAdversaries ? AdversaryTable.All.Count : 0)) };
        EvolutionResult result = EvolutionRun.Run(job, null, threads, watch, CancellationToken.None);
        StrategySearch search = result.Search;
        double seconds = System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (result.Front is not [var first, ..])
        {
            return new PlantedResult(rule.Name, settings.Seed, false, search.Evaluations, search.DistinctTrials, 0, 0, 0, 0, "", seconds) { Tradings = tradings };
        }

        Member<Genome, Appraisal> best = first.Member;
        ResearchMarket fresh = rule.Market(rng.Fork(1), 2 * hours, Suites.Market.Both);
        var appraiser = new Appraiser([fresh], job.Rules);
        Outcome own = appraiser.Trade(best.Candidate.Genome.Strategy, ..), hidden = appraiser.Trade(rule.Strategy, ..);
        double[] positions = Positions(hidden, fresh.Bars);
        (double sharpe, double ruleSharpe) = (ResearchFigures.Of(own).Sharpe, ResearchFigures.Of(hidden).Sharpe);
        double correlation = Correlation(Positions(own, fresh.Bars), positions);
        Finalist[] front = [.. result.Front.Select(f => new Finalist(f.Id, appraiser.Trade(f.Strategy, ..)))];
        double frontSharpe = ResearchFigures.Of(OutOfSample.Together(front, own.Returns.Length)).Sharpe;
        double[][] each = [.. front.Select(f => Positions(f.Outcome, fresh.Bars))];
        double frontCorrelation = Correlation([.. positions.Select((_, i) => each.Average(p => p[i]))], positions);
        return new PlantedResult(
            rule.Name, settings.Seed, IsFound(correlation, sharpe, ruleSharpe), search.Evaluations, search.DistinctTrials, Math.Round(best.Appraisal.Score, 3),
            Math.Round(correlation, 3), Math.Round(sharpe, 3), Math.Round(ruleSharpe, 3), best.Candidate.Genome.Strategy.ToString(), Math.Round(seconds, 1))
        {
            Tradings = tradings,
            FrontCorrelation = Math.Round(frontCorrelation, 3),
            FrontSharpe = Math.Round(frontSharpe, 3),
            FrontFound = IsFound(frontCorrelation, frontSharpe, ruleSharpe),
        };
    }

    private static bool IsFound(double correlation, double sharpe, double ruleSharpe) => correlation >= LeastCorrelation || sharpe >= LeastShare * ruleSharpe;

    /// <summary>The side of the position on every bar.</summary>
    private static double[] Positions(Outcome outcome, BarSeries bars)
    {
        var positions = new double[bars.Count];
        foreach (Trade trade in outcome.Trades)
        {
            int from = bars.LowerBound(trade.EntryTime.Nanoseconds), to = Math.Max(from + 1, bars.LowerBound(trade.ExitTime.Nanoseconds));
            positions.AsSpan(from..Math.Min(to, bars.Count)).Fill(trade.Side == Side.Buy ? 1 : -1);
        }

        return positions;
    }

    private static double Correlation(double[] a, double[] b)
    {
        (double meanA, double meanB) = (a.Average(), b.Average());
        (double joint, double squareA, double squareB) = (0, 0, 0);
        for (int i = 0; i < a.Length; i++)
        {
            (double x, double y) = (a[i] - meanA, b[i] - meanB);
            (joint, squareA, squareB) = (joint + (x * y), squareA + (x * x), squareB + (y * y));
        }

        return squareA > 0 && squareB > 0 ? joint / Math.Sqrt(squareA * squareB) : 0;
    }
}

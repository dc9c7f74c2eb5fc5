using Peregrine.Core;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Evolution;

/// <summary>What to search: a market that ends where the lockbox begins, how it is divided, and how to search and appraise.</summary>
public sealed record EvolutionJob(ResearchMarket Market, DataSplit Split, SearchSettings Settings, StrategyBreeder Breeder, FitnessRules Rules)
{
    /// <exception cref="ArgumentOutOfRangeException">There are fewer bars than can be divided.</exception>
    public static EvolutionJob Of(ResearchMarket market, SearchSettings settings, params IEnumerable<Strategy> seeds) => new(
        market,
        DataSplit.Of(market.Bars.Count),
        settings,
        new StrategyBreeder(new SizeLimits { Volume = market.HasVolume }, market.Instrument.Symbol, [market.Timeframe], seeds),
        new FitnessRules());

    /// <summary>The in-sample part as a market of its own: what comes after it does not exist for the search.</summary>
    public ResearchMarket Training => Market.Before(new Instant(Market.Bars.Time[Split.InSample.End.Value]));
}

/// <summary>What to do while a search runs; called from the thread that runs it, but for <see cref="Appraised"/>, which comes from any.</summary>
public sealed record EvolutionWatch
{
    /// <summary>A candidate was appraised; so many of its generation are.</summary>
    public Action<StrategySearch, int> Appraised { get; init; } = static (_, _) => { };

    /// <summary>A generation is done; these are its ledger rows.</summary>
    public Action<StrategySearch, IReadOnlyList<Trial<Genome, Appraisal>>> Absorbed { get; init; } = static (_, _) => { };

    /// <summary>The search was told to stop; it stands between two generations.</summary>
    public Action<StrategySearch> Stopped { get; init; } = static _ => { };
}

/// <summary>A strategy of the front, with what it did in-sample and out-of-sample.</summary>
public sealed record FrontStrategy(Strategy Strategy, string Id, Member<Genome, Appraisal> Member, ResearchFigures InSample, SampleTest OutOfSample);

/// <summary>What a search found.</summary>
public sealed record EvolutionResult
{
    public required IReadOnlyList<FrontStrategy> Front { get; init; }

    public required OutOfSampleVerdict Verdict { get; init; }

    /// <summary>The search at its end.</summary>
    public required StrategySearch Search { get; init; }

    public int Evaluations => Search.Evaluations;

    public int DistinctTrials => Search.DistinctTrials;

    /// <summary>SHA-256 of what the search came to and of what the front did out-of-sample.</summary>
    public required string Hash { get; init; }
}

/// <summary>Runs a search on threads: candidates are appraised in any order and absorbed in theirs, so the result does not depend on how many threads there are.</summary>
public static class EvolutionRun
{
    /// <param name="job">What to search.</param>
    /// <param name="from">A state to go on from; null begins.</param>
    /// <param name="threads">How many threads appraise.</param>
    /// <param name="watch">Who looks on.</param>
    /// <param name="stop">Stops between two candidates.</param>
    /// <exception cref="OperationCanceledException">Stopped; the watch has been told.</exception>
    public static EvolutionResult Run(EvolutionJob job, SearchState<Appraisal>? from, int threads, EvolutionWatch watch, CancellationToken stop)
    {
        StrategySearch search = from is null ? new(job.Settings, job.Breeder) : new(job.Settings, job.Breeder, from);
        var ground = new ProvingGround([job.Training], job.Rules);
        Appraiser[] appraisers = [.. Enumerable.Range(0, threads).Select(_ => new Appraiser(ground))];
        while (!search.IsDone)
        {
            IReadOnlyList<Candidate<Genome>> brood = search.Propose();
            if (Appraise(search, brood, appraisers, watch, stop) is not { } appraisals)
            {
                watch.Stopped(search);
                throw new OperationCanceledException(stop);
            }

            watch.Absorbed(search, search.Absorb(appraisals));
        }

        return Judge(job, search);
    }

    /// <summary>The appraisals in the order of the candidates; null when stopped before the last.</summary>
    private static Appraisal[]? Appraise(StrategySearch search, IReadOnlyList<Candidate<Genome>> brood, Appraiser[] appraisers, EvolutionWatch watch, CancellationToken stop)
    {
        var results = new Appraisal[brood.Count];
        int next = -1, done = 0;
        Task[] work = [.. appraisers.Select(a => Task.Factory.StartNew(() => Work(a), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        Task.WhenAll(work).GetAwaiter().GetResult();
        return done == brood.Count ? results : null;

        void Work(Appraiser appraiser)
        {
            for (int i = Interlocked.Increment(ref next); i < brood.Count && !stop.IsCancellationRequested; i = Interlocked.Increment(ref next))
            {
                results[i] = appraiser.Appraise(brood[i].Genome.Strategy, search.Recall);
                watch.Appraised(search, Interlocked.Increment(ref done));
            }
        }
    }

    private static EvolutionResult Judge(EvolutionJob job, StrategySearch search)
    {
        var appraiser = new Appraiser([job.Market], job.Rules);
        int days = appraiser.Days(job.Market.Timeframe, job.Split.OutOfSample);
        IReadOnlyList<Member<Genome, Appraisal>> front = search.Front;
        Finalist[] finalists = [.. front.Select(m => new Finalist(m.Candidate.Id, appraiser.Trade(m.Candidate.Genome.Strategy, job.Split.OutOfSample)))];
        OutOfSampleVerdict verdict = OutOfSample.Judge(finalists, days);
        return new EvolutionResult
        {
            Front = [.. front.Select((m, i) => new FrontStrategy(
                m.Candidate.Genome.Strategy with { Name = Named(m.Candidate) }, m.Candidate.Id, m, ResearchFigures.Of(appraiser.Trade(m.Candidate.Genome.Strategy, job.Split.InSample)), verdict.Finalists[i]))],
            Verdict = verdict,
            Search = search,
            Hash = EvolutionHash.Of(search, finalists),
        };
    }

    private static string Named(Candidate<Genome> candidate) =>
        $"{candidate.Genome.Strategy.Symbol}-{candidate.Genome.Strategy.Timeframe}-{candidate.Id[..8]}".ToLowerInvariant();
}

using System.Collections.Immutable;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Evolution;

/// <summary>What to search: markets that end where the lockbox begins, how the first of them is divided (the others at the same moments), and how to search and appraise.</summary>
public sealed record EvolutionJob(IReadOnlyList<ResearchMarket> Markets, DataSplit Split, SearchSettings Settings, StrategyBreeder Breeder, FitnessRules Rules)
{
    /// <summary>The market that the texts of strategies name.</summary>
    public ResearchMarket Market => Markets[0];

    /// <summary>Bytes of indicator columns that each thread keeps; a smaller number makes the search slower and changes nothing else.</summary>
    public long ColumnBytes { get; init; } = ColumnarEvaluator.DefaultBudgetBytes;

    /// <summary>Where the search must stop reading.</summary>
    public Instant TrainingEnd => new(Market.Bars.Time[Split.InSample.End.Value]);

    /// <exception cref="ArgumentOutOfRangeException">There are fewer bars than can be divided.</exception>
    public static EvolutionJob Of(ResearchMarket market, SearchSettings settings, params IEnumerable<Strategy> seeds) => Of([market], settings, seeds);

    /// <summary>A search over several markets and timeframes; islands take the timeframes in turn, and there are as many of each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer bars of the first market than can be divided.</exception>
    public static EvolutionJob Of(IReadOnlyList<ResearchMarket> markets, SearchSettings settings, IEnumerable<Strategy> seeds)
    {
        ImmutableArray<Timeframe> timeframes = [.. markets.Select(static m => m.Timeframe).Distinct()];
        var limits = new SizeLimits { RuleNodes = settings.RuleNodes, Volume = markets.All(static m => m.HasVolume) };
        return new EvolutionJob(
            markets,
            DataSplit.Of(markets[0].Bars.Count),
            settings with { Islands = (settings.Islands + timeframes.Length - 1) / timeframes.Length * timeframes.Length },
            new StrategyBreeder(limits, markets[0].Instrument.Symbol, timeframes, seeds, settings.Patterns),
            new FitnessRules { Seed = settings.Seed });
    }

    /// <summary>The in-sample part as markets of their own: what comes after it does not exist for the search.</summary>
    public IReadOnlyList<ResearchMarket> Training => [.. Markets.Select(m => m.Before(TrainingEnd))];

    /// <summary>The bars of the first market of a timeframe that lie in-sample.</summary>
    public Range InSample(Timeframe timeframe) => ..First(timeframe).LowerBound(TrainingEnd.Nanoseconds);

    /// <summary>The bars of the first market of a timeframe that the search never sees.</summary>
    public Range OutOfSample(Timeframe timeframe) => First(timeframe).LowerBound(Market.Bars.Time[Split.OutOfSample.Start.Value])..;

    private BarSeries First(Timeframe timeframe) => Markets.First(m => m.Timeframe == timeframe).Bars;
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
public sealed record FrontStrategy(Strategy Strategy, string Id, Member<Genome, Appraisal> Member, ResearchFigures InSample, SampleTest OutOfSample)
{
    /// <summary>How evenly it earned in-sample.</summary>
    public required CrossValidation CrossValidated { get; init; }
}

/// <summary>A strategy that led the search and fell on a closer look.</summary>
public sealed record RefusedFinalist(string Id, Strategy Strategy, Rejection Rejection);

/// <summary>What a search found.</summary>
public sealed record EvolutionResult
{
    public required IReadOnlyList<FrontStrategy> Front { get; init; }

    /// <summary>Those that would have been in the front, and why they are not.</summary>
    public required IReadOnlyList<RefusedFinalist> Refused { get; init; }

    public required OutOfSampleVerdict Verdict { get; init; }

    /// <summary>The front side by side out-of-sample.</summary>
    public required Outcome Fresh { get; init; }

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
    /// <summary>Candidates a thread takes at a time: enough to try them together, few enough that no thread waits long for the last.</summary>
    private const int Together = 8;

    /// <param name="job">What to search.</param>
    /// <param name="from">A state to go on from; null begins.</param>
    /// <param name="threads">How many threads appraise.</param>
    /// <param name="watch">Who looks on.</param>
    /// <param name="stop">Stops after the few candidates that each thread is at.</param>
    /// <exception cref="OperationCanceledException">Stopped; the watch has been told.</exception>
    public static EvolutionResult Run(EvolutionJob job, SearchState<Appraisal>? from, int threads, EvolutionWatch watch, CancellationToken stop)
    {
        StrategySearch search = from is null ? new(job.Settings, job.Breeder) : new(job.Settings, job.Breeder, from);
        var crew = new Crew(new ProvingGround(job.Training, job.Rules), threads, job.ColumnBytes);
        while (!search.IsDone)
        {
            IReadOnlyList<Candidate<Genome>> brood = search.Propose();
            if (Appraise(search, brood, crew, watch, stop) is not { } appraisals)
            {
                watch.Stopped(search);
                throw new OperationCanceledException(stop);
            }

            watch.Absorbed(search, search.Absorb(appraisals));
        }

        return Judge(job, search, crew);
    }

    /// <summary>The appraisals in the order of the candidates; null when stopped before the last.</summary>
    private static Appraisal[]? Appraise(StrategySearch search, IReadOnlyList<Candidate<Genome>> brood, Crew crew, EvolutionWatch watch, CancellationToken stop)
    {
        var results = new Appraisal[brood.Count];
        int done = 0;
        void Some(Appraiser appraiser, int from, int to)
        {
            Candidate<Genome>[] some = [.. brood.Skip(from).Take(to - from)];
            appraiser.Appraise([.. some.Select(static c => c.Genome.Strategy)], search.Recall, (i, worth) => search.StandingOf(some[i], worth)).CopyTo(results, from);
            watch.Appraised(search, Interlocked.Add(ref done, some.Length));
        }

        return crew.InTurn(brood.Count, Together, Some, stop) ? results : null;
    }

    private static EvolutionResult Judge(EvolutionJob job, StrategySearch search, Crew trained)
    {
        (List<Member<Genome, Appraisal>> front, List<RefusedFinalist> refused) = Confirmed(search.Settings, Ranked(job, search, trained), trained);

        // So few are asked once: they need keep no columns, of which there are enough already.
        var whole = new Crew(new ProvingGround(job.Markets, job.Rules), trained.Count, columnBytes: 0);
        Strategy[] strategies = [.. front.Select(static m => m.Candidate.Genome.Strategy)];
        (Outcome[] fresh, int days) = Fresh(job, whole, strategies);
        ResearchFigures[] inSample = whole.Each(strategies, (appraiser, s) => ResearchFigures.Of(appraiser.Trade(s, job.InSample(s.Timeframe))));
        CrossValidation[] evenness = trained.Each(strategies, static (appraiser, s) => appraiser.CrossValidate(s));
        Finalist[] finalists = [.. front.Select((m, i) => new Finalist(m.Candidate.Id, fresh[i]))];
        OutOfSampleVerdict verdict = OutOfSample.Judge(finalists, days);
        return new EvolutionResult
        {
            Front =
            [
                .. front.Select((m, i) => new FrontStrategy(strategies[i] with { Name = Named(m.Candidate) }, m.Candidate.Id, m, inSample[i], verdict.Finalists[i]) { CrossValidated = evenness[i] }),
            ],
            Refused = refused,
            Fresh = OutOfSample.Together(finalists, days),
            Verdict = verdict,
            Search = search,
            Hash = EvolutionHash.Of(search, finalists),
        };
    }

    /// <summary>What strategies do on the bars that the search never saw, and on how many days. Timeframes need not have bars on the same days: all are laid over the days of any.</summary>
    internal static (Outcome[] Outcomes, int Days) Fresh(EvolutionJob job, Crew whole, IReadOnlyList<Strategy> strategies)
    {
        Timeframe[] timeframes = [.. job.Markets.Select(static m => m.Timeframe).Distinct()];
        var days = new PooledDays([.. timeframes.Select(t => whole.First.DaysOf(t, job.OutOfSample(t)))]);
        return (whole.Each(strategies, (appraiser, s) => days.Laid(appraiser.Trade(s, job.OutOfSample(s.Timeframe)), Array.IndexOf(timeframes, s.Timeframe))), days.Count);
    }

    /// <summary>The leaders of all islands in the order of their fitness and of how far they agree: what only one of them earns is more likely to be luck.</summary>
    private static Member<Genome, Appraisal>[] Ranked(EvolutionJob job, StrategySearch search, Crew trained)
    {
        IReadOnlyList<Member<Genome, Appraisal>> leaders = search.Leaders;
        Timeframe[] timeframes = [.. job.Markets.Select(static m => m.Timeframe).Distinct()];
        ResearchMarket[] symbols = [.. job.Training.DistinctBy(static m => m.Instrument.Symbol)];
        var days = new PooledDays([.. timeframes.Select(t => trained.First.DaysOf(t, ..)), .. symbols.Select(static m => PooledDays.DaysOf(m.Map, ..))]);
        double[][] daily = trained.Each([.. leaders.Select(static m => m.Candidate.Genome.Strategy)], (appraiser, s) => days.Laid(appraiser.Trade(s, ..).Returns, Array.IndexOf(timeframes, s.Timeframe)));
        double[] agreement = Agreement.Of(daily, [.. symbols.Select((m, i) => days.Laid(m.DailyMoves(), timeframes.Length + i))]);
        return
        [
            .. leaders.Select((m, i) => (Member: m, Rank: m.Fitness(search.Settings.Parsimony) + (search.Settings.Agreement * agreement[i])))
                .OrderByDescending(static r => r.Rank).ThenBy(static r => r.Member.Candidate.Number).Select(static r => r.Member),
        ];
    }

    /// <summary>The front: of those that lead the search the first that are unlike each other and stand up to a closer look.</summary>
    private static (List<Member<Genome, Appraisal>> Front, List<RefusedFinalist> Refused) Confirmed(SearchSettings settings, Member<Genome, Appraisal>[] leaders, Crew trained)
    {
        var front = new List<Member<Genome, Appraisal>>();
        var refused = new List<RefusedFinalist>();
        bool IsWanted(Member<Genome, Appraisal> leader) => front.Count < settings.FrontSize && !front.Exists(m => m.Likeness(leader) > settings.Alike);
        for (int next = 0; next < leaders.Length && front.Count < settings.FrontSize;)
        {
            // As many at a time as there are threads; who then is like one before is dropped unasked, as if they had come one by one.
            var some = new List<Member<Genome, Appraisal>>();
            for (; next < leaders.Length && some.Count < trained.Count; next++)
            {
                some.AddRange(IsWanted(leaders[next]) ? [leaders[next]] : []);
            }

            Rejection[] reasons = trained.Each(some, static (appraiser, m) => appraiser.Confirm(m.Candidate.Genome.Strategy));
            foreach ((Member<Genome, Appraisal> leader, Rejection reason) in some.Zip(reasons))
            {
                if (IsWanted(leader) && reason == Rejection.None)
                {
                    front.Add(leader);
                }
                else if (IsWanted(leader))
                {
                    refused.Add(new RefusedFinalist(leader.Candidate.Id, leader.Candidate.Genome.Strategy with { Name = Named(leader.Candidate) }, reason));
                }
            }
        }

        return (front, refused);
    }

    private static string Named(Candidate<Genome> candidate) =>
        $"{candidate.Genome.Strategy.Symbol}-{candidate.Genome.Strategy.Timeframe}-{candidate.Id[..8]}".ToLowerInvariant();
}

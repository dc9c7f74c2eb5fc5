using System.Globalization;
using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>What a search that has ended is asked, in the order of what it costs to ask; the same of a search on a copy of the data.</summary>
internal sealed class RunGates
{
    private readonly EvolutionJob job;
    private readonly EvolutionResult result;
    private readonly int chosen;
    private readonly bool isAlone;
    private readonly Crew crew;
    private readonly Timeframe[] timeframes;
    private readonly PooledDays days;
    private readonly Rng rng;

    /// <param name="job">What was searched.</param>
    /// <param name="found">What was found, and which of the front is asked about by itself; null asks about all of it, and about the first where one must stand for it.</param>
    /// <param name="ledger">What else was tried on these years; nothing where a copy of them is asked.</param>
    /// <param name="threads">How many threads ask.</param>
    public RunGates(EvolutionJob job, (EvolutionResult Result, int? Alone) found, ResearchLedger ledger, int threads)
    {
        (this.job, result, chosen, isAlone) = (job, found.Result, found.Alone ?? 0, found.Alone is not null);
        crew = new Crew(new ProvingGround(job.Training, job.Rules), threads, job.ColumnBytes);
        timeframes = [.. job.Markets.Select(static m => m.Timeframe).Distinct()];
        days = new PooledDays([.. timeframes.Select(t => crew.First.DaysOf(t, ..))]);
        rng = new Rng(job.Settings.Seed).Fork(ulong.MaxValue);
        StrategySearch search = found.Result.Search;
        Trials = ledger.Beside(new TrialCount(search.Evaluations, search.DistinctTrials, search.Traded, search.IndependentIdeas, search.IdeasInSample));
    }

    /// <summary>What was tried; the estimate by eigenvalues is in it once the trials have been traded again.</summary>
    public TrialCount Trials { get; private set; }

    /// <summary>The annual Sharpe ratio to expect of the first of the front, once its own is drawn towards what was tried: undefined until the trials have been traded again.</summary>
    public ExpectedSharpe? Expected { get; private set; }

    /// <summary>What the draw and the order of the trades of the first of the front leave open, in-sample; null until it was traded, and of fewer than two trades.</summary>
    public TradeLuck? Luck { get; private set; }

    /// <summary>Whether the days that judge decide together with the record in-sample, among copies of the data; else by themselves.</summary>
    public bool AmongCopies { get; set; }

    /// <summary>How far what was found stands above zero on all days before the lockbox: the first of the front in-sample and the front on the days that judge, or one of it alone; undefined until it was traded.</summary>
    public Figure Record { get; private set; } = Figure.Undefined("nothing was found");

    /// <summary>The furthest that any of the front stands by itself: what one that somebody picks is compared with. Null where none says anything.</summary>
    public double? Furthest() => result.Front.Count == 0 ? null : crew
        .Each([.. result.Front.Select(static f => f.Member.Candidate.Genome.Strategy)], Row)
        .Select((row, i) => WholeRecord.Of(row, result.Verdict.Finalists[i], result.Fresh.Returns.Length).Value).Max();

    /// <summary>How much the first of the front can carry; null until it was traded, and of one that never did.</summary>
    public Capacity? Capacity { get; private set; }

    /// <summary>What to expect of it once the days that judge are known; null until it was asked that far, and where it did not trade on them.</summary>
    public JudgedSharpe? Judged { get; private set; }

    /// <summary>What is said beside the gates; grows as they are asked.</summary>
    public List<Statistic> Beside { get; } = [];

    /// <summary>What the gates need that rest on the data it was chosen by.</summary>
    public GatePower Choosing => new(Years, Trials.Effective);

    /// <summary>What those need that rest on the data that judge.</summary>
    private GatePower Judging => new(result.Fresh.Returns.Length / ReturnSeries.DaysPerYear, Trials.OneOf);

    /// <summary>Years of trading days in-sample.</summary>
    public double Years => days.Count / ReturnSeries.DaysPerYear;

    /// <summary>The gates one after the other; lazily, so that who stops asking does not pay for the rest.</summary>
    public IEnumerable<Gate> Ask()
    {
        yield return AmongCopies ? LuckGates.Earned(Judges, isAlone ? "the strategy" : "the front") with { Power = Judging with { Trials = 1 } } : ByThemselves();
        if (result.Front.Count == 0)
        {
            yield break;
        }

        yield return LuckGates.Costs(AtCosts(), !isAlone ? "the front out-of-sample" : "the strategy out-of-sample") with { Power = Judging };
        Strategy strategy = result.Front[chosen].Member.Candidate.Genome.Strategy;
        var gates = new StrategyGates(crew, [.. job.Training.Where(m => m.Timeframe == strategy.Timeframe)], strategy, outcome => Laid(outcome, strategy), rng);
        Luck = gates.Luck;
        yield return gates.RandomEntry();
        yield return gates.Shaken();
        yield return gates.Disturbed();
        Capacity = gates.Carries();
        double[] own = gates.Own;
        Record = WholeRecord.Of(own, Judges, result.Fresh.Returns.Length);
        Judged = Expecting(strategy, own, gates.Drag);
        (Strategy Strategy, float[] Path)[] tried = Tried();
        double[][] rows = crew.Each(tried, (appraiser, t) => Row(appraiser, t.Strategy));
        List<List<int>> ideas = Ideas(tried);
        double[][] unlike = [.. ideas.Select(i => rows[i[0]])];
        Trials = Trials with { Spectrum = Spectrum(crew.Each([.. result.Search.Sample.Select(s => job.Breeder.Parse(s.Text).Strategy)], Row)) };
        Expected = Drawn(own, unlike);
        Beside.AddRange(Statistics.Chosen(own, Trials.Effective));
        Beside.AddRange(Statistics.Among(own, [.. ideas.Select(i => Lab.Validation.Ideas.Together([.. i.Select(k => rows[k])]))], Trials.Effective));
        Beside.Add(Statistics.Grouped(Grouping.Of(rows, ideas), ideas.Count));
        yield return LuckGates.BestOfAll(own, Trials) with { Power = Choosing };
        Overfitting overfitting = LuckGates.Splits(unlike);
        Beside.AddRange(Statistics.Choosing(overfitting, ChosenPaths.Of(unlike, Purge(gates.Trades))));
        yield return LuckGates.Overfitting(overfitting, unlike.Length);
        (Superiority superior, Figure largest) = Superior(rows, HeldDays(gates.Trades));
        Beside.AddRange(Statistics.Tests(superior, Array.FindIndex(tried, t => t.Strategy.Id == strategy.Id)));
        yield return LuckGates.Superior((superior.Studentised.Consistent, largest), rows.Length, Trials) with { Power = Choosing };
    }

    private SampleTest Judges => isAlone ? result.Verdict.Finalists[chosen] : result.Verdict.Front;

    /// <summary>The days that judge where no copies weigh them.</summary>
    private Gate ByThemselves()
    {
        Gate gate = (isAlone ? LuckGates.Picked(Judges, result.Front.Count, Trials) : LuckGates.OutOfSample(Judges, Trials)) with { Power = Judging };
        return gate.Pass == false && Judges.P <= LuckGates.EvenChance ? gate with { Note = string.Create(CultureInfo.InvariantCulture, $"{gate.Note}; with --null-search {Trials.LeastCopies} or more it is weighed together with the record in-sample") } : gate;
    }

    /// <summary>Around tested days: as long as its longest trade, and a hundredth of the time.</summary>
    private Purge Purge(IReadOnlyList<Trade> trades) =>
        new(trades.Count == 0 ? 0 : (int)Math.Ceiling(trades.Max(DaysHeld)), (days.Count + 99) / 100);

    private JudgedSharpe? Expecting(Strategy strategy, double[] own, double drag)
    {
        var whole = new Crew(new ProvingGround(job.Markets, job.Rules), 1, columnBytes: 0);
        double[] returns = EvolutionRun.Fresh(job, whole, [strategy]).Outcomes[0].Returns;
        Beside.AddRange(Statistics.Fresh(returns));
        return StrategyGates.Measured(returns) is { IsKnown: true } fresh ? JudgedSharpe.Of(StrategyGates.Annual(fresh), drag, StrategyGates.SharpeOf(own)) : null;
    }

    private Figure Spectrum(double[][] sample)
    {
        Figure whole = EffectiveNumber.Of(sample).Galwey, half = EffectiveNumber.Of(sample[..(sample.Length / 2)]).Galwey;
        return whole.Value is { } all && half.Value is { } some ? Trials.CarriedOn(some, all, sample.Length) : whole;
    }

    private static ExpectedSharpe? Drawn(double[] own, double[][] unlike)
    {
        MeasuredSharpe[] tried = [.. unlike.Select(StrategyGates.Measured).OfType<MeasuredSharpe>().Where(static m => m.IsKnown)];
        return StrategyGates.Measured(own) is { IsKnown: true } measured ? ExpectedSharpe.Of(measured, SharpePrior.ByMoments(tried)).Annual(ReturnSeries.DaysPerYear) : null;
    }

    /// <summary>The sample of the trials, and the leaders, each once.</summary>
    private (Strategy Strategy, float[] Path)[] Tried() =>
    [
        .. result.Search.Leaders.Select(static m => (m.Candidate.Genome.Text, m.Appraisal.Path))
            .Concat(result.Search.Sample.Select(static s => (s.Text, s.Path)))
            .DistinctBy(static t => t.Text)
            .Select(t => (job.Breeder.Parse(t.Text).Strategy, t.Path)),
    ];

    /// <summary>Those alike together, the first of each idea first: columns that are nearly the same make ranks meaningless.</summary>
    private List<List<int>> Ideas((Strategy Strategy, float[] Path)[] tried)
    {
        var ideas = new List<List<int>>();
        for (int i = 0; i < tried.Length; i++)
        {
            if (ideas.Find(idea => Likenesses.Of(tried[idea[0]].Path, tried[i].Path) > job.Settings.Alike) is { } known)
            {
                known.Add(i);
            }
            else
            {
                ideas.Add([i]);
            }
        }

        return ideas;
    }

    private (Superiority Test, Figure Largest) Superior(double[][] rows, double heldDays)
    {
        var test = new SuperiorityTest(rows, BlockLength.Longest(rows, heldDays));
        const int Together = 100;
        var tallies = new SuperiorityTally[LuckGates.Resamples / Together];
        crew.InTurn(tallies.Length, 1, (_, part, _) => tallies[part] = test.Count(rng.Fork(2), part * Together, Together), CancellationToken.None);
        return (test.Judge(tallies.Aggregate(static (a, b) => a + b)), test.LargestStudentised);
    }

    private Outcome AtCosts()
    {
        var dear = new Crew(new ProvingGround([.. job.Markets.Select(static m => m.AtCosts((decimal)LuckGates.CostFactor))], job.Rules), crew.Count, columnBytes: 0);
        (Outcome[] outcomes, int fresh) = EvolutionRun.Fresh(job, dear, [.. result.Front.Select(static f => f.Strategy)]);
        return isAlone ? outcomes[chosen] : OutOfSample.Together([.. result.Front.Select((f, i) => new Finalist(f.Id, outcomes[i]))], fresh);
    }

    private double[] Row(Appraiser appraiser, Strategy s) => Laid(appraiser.Trade(s, ..), s);

    private double[] Laid(Outcome outcome, Strategy s) => days.Laid(outcome.Returns, Array.IndexOf(timeframes, s.Timeframe));

    private static double HeldDays(IReadOnlyList<Trade> trades) =>
        trades.Count == 0 ? 1 : Math.Max(1, trades.Average(DaysHeld));

    private static double DaysHeld(Trade trade) => (trade.ExitTime - trade.EntryTime).Nanoseconds / (double)Duration.FromHours(24).Nanoseconds;
}

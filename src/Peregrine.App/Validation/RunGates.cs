using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Fitness.Adversaries;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>What a search that has ended is asked, in the order of what it costs to ask; the same of a search on a copy of the data.</summary>
internal sealed class RunGates
{
    private readonly EvolutionJob job;
    private readonly EvolutionResult result;
    private readonly Crew crew;
    private readonly Timeframe[] timeframes;
    private readonly PooledDays days;
    private readonly Rng rng;

    /// <param name="job">What was searched.</param>
    /// <param name="result">What was found.</param>
    /// <param name="ledger">What else was tried on these years; nothing where a copy of them is asked.</param>
    /// <param name="threads">How many threads ask.</param>
    public RunGates(EvolutionJob job, EvolutionResult result, ResearchLedger ledger, int threads)
    {
        (this.job, this.result) = (job, result);
        crew = new Crew(new ProvingGround(job.Training, job.Rules), threads, job.ColumnBytes);
        timeframes = [.. job.Markets.Select(static m => m.Timeframe).Distinct()];
        days = new PooledDays([.. timeframes.Select(t => crew.First.DaysOf(t, ..))]);
        rng = new Rng(job.Settings.Seed).Fork(ulong.MaxValue);
        StrategySearch search = result.Search;
        Trials = ledger.Beside(new TrialCount(search.Evaluations, search.DistinctTrials, search.Traded, search.IndependentIdeas, search.IdeasInSample));
    }

    /// <summary>What was tried; the estimate by eigenvalues is in it once the trials have been traded again.</summary>
    public TrialCount Trials { get; private set; }

    /// <summary>The annual Sharpe ratio to expect of the first of the front, once its own is drawn towards what was tried: undefined until the trials have been traded again.</summary>
    public ExpectedSharpe? Expected { get; private set; }

    /// <summary>What the draw and the order of the trades of the first of the front leave open, in-sample; null until it was traded, and of fewer than two trades.</summary>
    public TradeLuck? Luck { get; private set; }

    /// <summary>How much the first of the front can carry; null until it was traded, and of one that never did.</summary>
    public Capacity? Capacity { get; private set; }

    /// <summary>Years of trading days in-sample.</summary>
    public double Years => days.Count / ReturnSeries.DaysPerYear;

    /// <summary>The gates one after the other; lazily, so that who stops asking does not pay for the rest.</summary>
    public IEnumerable<Gate> Ask()
    {
        yield return LuckGates.OutOfSample(result.Verdict.Front, Trials);
        if (result.Front.Count == 0)
        {
            yield break;
        }

        yield return LuckGates.Costs(AtCosts());
        Strategy chosen = result.Front[0].Member.Candidate.Genome.Strategy;
        IReadOnlyList<Trade> trades = crew.First.Trade(chosen, ..).Trades;
        Luck = TradeLuck.Of([.. trades.Select(static t => t.R).OfType<double>()], rng.Fork(3), LuckGates.Resamples);
        yield return LuckGates.RandomEntry(RandomEntries.Of([.. job.Training.Where(m => m.Timeframe == chosen.Timeframe).Select(m => Positions(m, trades))], rng.Fork(4), LuckGates.Resamples), trades.Count);
        double[] own = Row(crew.First, chosen);
        IReadOnlyList<Strategy> siblings = Jitter.Latin(rng.Fork(1), chosen, LuckGates.Siblings, LuckGates.JitterReach);
        yield return LuckGates.Jitter(SharpeOf(own), crew.Each(siblings, (appraiser, s) => SharpeOf(Row(appraiser, s))));
        yield return LuckGates.Noise(SharpeOf(own), crew.Each(Disturbances.All, (appraiser, d) => SharpeOf(Laid(appraiser.Trade(chosen, d.Adversary, rng.Fork(5, d.Draw).NextBits()), chosen))));
        Capacity = Carried(chosen, own, trades);
        (Strategy Strategy, float[] Path)[] tried = Tried();
        double[][] rows = crew.Each(tried, (appraiser, t) => Row(appraiser, t.Strategy));
        double[][] unlike = [.. Unlike(tried).Select(i => rows[i])];
        Trials = Trials with { Spectrum = Spectrum(crew.Each([.. result.Search.Sample.Select(s => job.Breeder.Parse(s.Text).Strategy)], Row)) };
        Expected = Drawn(own, unlike);
        yield return LuckGates.BestOfAll(own, Trials);
        yield return LuckGates.Overfitting(unlike);
        yield return LuckGates.Superior(Superior(rows, HeldDays(trades)), rows.Length, Trials);
    }

    private Figure Spectrum(double[][] sample)
    {
        Figure whole = EffectiveNumber.Of(sample).Galwey, half = EffectiveNumber.Of(sample[..(sample.Length / 2)]).Galwey;
        return whole.Value is { } all && half.Value is { } some ? Trials.CarriedOn(some, all, sample.Length) : whole;
    }

    private static ExpectedSharpe? Drawn(double[] own, double[][] unlike)
    {
        MeasuredSharpe[] tried = [.. unlike.Select(Measured).OfType<MeasuredSharpe>().Where(static m => m.IsKnown)];
        return Measured(own) is { IsKnown: true } measured ? ExpectedSharpe.Of(measured, SharpePrior.ByMoments(tried)).Annual(ReturnSeries.DaysPerYear) : null;
    }

    private static MeasuredSharpe? Measured(double[] returns) => Sharpe.PerPeriod(returns) is { } sharpe ? MeasuredSharpe.Of(sharpe, SharpeInference.Shape.Of(returns)) : null;

    /// <summary>The sample of the trials, and the leaders, each once.</summary>
    private (Strategy Strategy, float[] Path)[] Tried() =>
    [
        .. result.Search.Leaders.Select(static m => (m.Candidate.Genome.Text, m.Appraisal.Path))
            .Concat(result.Search.Sample.Select(static s => (s.Text, s.Path)))
            .DistinctBy(static t => t.Text)
            .Select(t => (job.Breeder.Parse(t.Text).Strategy, t.Path)),
    ];

    /// <summary>The first of each idea: columns that are nearly the same make ranks meaningless.</summary>
    private List<int> Unlike((Strategy Strategy, float[] Path)[] tried)
    {
        var first = new List<int>();
        for (int i = 0; i < tried.Length; i++)
        {
            if (first.TrueForAll(f => Likenesses.Of(tried[f].Path, tried[i].Path) <= job.Settings.Alike))
            {
                first.Add(i);
            }
        }

        return first;
    }

    private (Figure P, Figure Largest) Superior(double[][] rows, double heldDays)
    {
        var test = new SuperiorityTest(rows, BlockLength.Longest(rows, heldDays));
        const int Together = 100;
        var tallies = new SuperiorityTally[LuckGates.Resamples / Together];
        crew.InTurn(tallies.Length, 1, (_, part, _) => tallies[part] = test.Count(rng.Fork(2), part * Together, Together), CancellationToken.None);
        return (test.Judge(tallies.Aggregate(static (a, b) => a + b)).Studentised.Consistent, test.LargestStudentised);
    }

    private Outcome AtCosts()
    {
        var dear = new Crew(new ProvingGround([.. job.Markets.Select(static m => m.AtCosts((decimal)LuckGates.CostFactor))], job.Rules), crew.Count, columnBytes: 0);
        (Outcome[] outcomes, int fresh) = EvolutionRun.Fresh(job, dear, [.. result.Front.Select(static f => f.Strategy)]);
        return OutOfSample.Together([.. result.Front.Select((f, i) => new Finalist(f.Id, outcomes[i]))], fresh);
    }

    private double[] Row(Appraiser appraiser, Strategy s) => Laid(appraiser.Trade(s, ..), s);

    private double[] Laid(Outcome outcome, Strategy s) => days.Laid(outcome.Returns, Array.IndexOf(timeframes, s.Timeframe));

    /// <summary>What it earns at twice the costs, and how far its largest order is from what the broker takes.</summary>
    private Capacity? Carried(Strategy chosen, double[] own, IReadOnlyList<Trade> trades)
    {
        if (trades.Count == 0)
        {
            return null;
        }

        double[] dear = Laid(new Appraiser([.. job.Training.Select(static m => m.AtCosts(2))], job.Rules).Trade(chosen, ..), chosen);
        decimal room = trades.Min(t => job.Markets.First(m => m.Instrument.Symbol == t.Symbol).Instrument.MaxQuantity.Cents / (decimal)t.Quantity.Cents);
        return Capacity.Of(Moments.Mean(own), Moments.Mean(dear), job.Market.Deposit, room);
    }

    private static double HeldDays(IReadOnlyList<Trade> trades) =>
        trades.Count == 0 ? 1 : Math.Max(1, trades.Average(static t => (t.ExitTime - t.EntryTime).Nanoseconds / (double)Duration.FromHours(24).Nanoseconds));

    /// <summary>The opens of a market's bars, and between which of them each trade was held; a move as far as its first stop weighs one.</summary>
    private static (double[] Prices, HeldPosition[] Held) Positions(ResearchMarket market, IReadOnlyList<Trade> trades)
    {
        BarSeries bars = market.Bars;
        HeldPosition Held(Trade t) => new(
            At(t.EntryTime), At(t.ExitTime), t.Side, t.Stop is { } stop ? 1 / Math.Max(1, (double)Math.Abs((t.EntryPrice * Price.GrainsPerUnit) - stop.Grains)) : throw new InvalidOperationException("A trade without a stop."));
        int At(Instant time) => Math.Min(bars.LowerBound(time.Nanoseconds), bars.Count - 1);
        return ([.. bars.Open.ToArray().Select(static p => (double)p)], [.. trades.Where(t => t.Symbol == market.Instrument.Symbol).OrderBy(static t => t.EntryTime.Nanoseconds).Select(Held)]);
    }

    private static double SharpeOf(double[] returns) => Sharpe.PerPeriod(returns) * Math.Sqrt(ReturnSeries.DaysPerYear) ?? 0;
}

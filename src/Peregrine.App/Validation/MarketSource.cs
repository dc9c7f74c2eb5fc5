using Peregrine.App.Evolution;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>A market to measure the gates on: the search of it, the net Sharpe ratio of what is hidden in it (0: nothing), and as much more of the same as is asked for.</summary>
internal sealed record MarketDraw(EvolutionJob Job, double Hidden, Func<int, IReadOnlyList<ResearchMarket>> Fresh)
{
    /// <summary>Years on which it is measured at least what was found really earns.</summary>
    private const int Years = 200;

    /// <summary>What is hidden; null where nothing is.</summary>
    public Strategy? Rule { get; init; }

    /// <summary>How far the whole record of what is hidden stands above zero, measured as that of what a search finds; nobody chose it by these data.</summary>
    public double? RecordOfRule()
    {
        if (Rule is null)
        {
            return null;
        }

        double[] chosen = new Appraiser(Job.Training, Job.Rules).Trade(Rule, ..).Returns;
        Outcome fresh = new Appraiser(Job.Markets, Job.Rules).Trade(Rule, Job.OutOfSample(Rule.Timeframe));
        return WholeRecord.Of(chosen, OutOfSample.Judge([new Finalist(Rule.Name, fresh)], fresh.Returns.Length).Front, fresh.Returns.Length).Value;
    }

    /// <summary>Years of one stretch of it.</summary>
    public required double Stretch { get; init; }

    /// <summary>What a strategy really earns after costs: its annual Sharpe ratio over as many fresh stretches, one after the other, as hold two hundred years.</summary>
    public double Truth(Strategy strategy) =>
        Sharpe.PerPeriod([.. Enumerable.Range(0, (int)Math.Ceiling(Years / Stretch)).SelectMany(stretch => new Appraiser(Fresh(stretch), Job.Rules).Trade(strategy, ..).Returns)]) * Math.Sqrt(ReturnSeries.DaysPerYear) ?? 0;
}

/// <summary>Where markets to measure the gates on come from.</summary>
internal interface IMarketSource
{
    /// <summary>The market of a seed, and the search of it with so many candidates.</summary>
    MarketDraw Draw(ulong seed, int evaluations);
}

/// <summary>Markets that are made up, hours in which a rule of a known net Sharpe ratio is hidden, or nothing.</summary>
internal sealed class GeneratedSource(Instrument instrument, SymbolCosts costs, CalibrationKind kind) : IMarketSource
{
    /// <summary>Markets of ten years on which it is measured what a rule really earns.</summary>
    private const int Stretches = 20;

    private static readonly Instant Start = Instant.FromUtc(2014, 1, 6);

    private readonly Dictionary<(HiddenRule, double), HiddenRule> known = [];

    public MarketDraw Draw(ulong seed, int evaluations)
    {
        Rng rng = new(seed);
        VolatilityKind volatility = kind.Of(seed);
        double hidden = kind.Hidden ?? Drawn(rng.Fork(4));
        HiddenRule? rule = hidden == 0 ? null : Hiding(kind.RuleOf(seed) with { Volatility = volatility }, hidden);
        ResearchMarket Made(Rng of, int years) => HiddenRule.Generated(of, (Start, years * HiddenRule.HoursPerYear), (instrument, costs), rule?.Edge, volatility);
        ResearchMarket whole = Made(rng.Fork(1), kind.Years);
        EvolutionJob job = EvolutionJob.Of(whole.Before(DataSplit.LockboxStart(whole.Bars)), new SearchSettings { Seed = seed, Evaluations = evaluations });
        Rng fresh = rng.Fork(5);
        return new MarketDraw(job, hidden, stretch => [Made(fresh.Fork((ulong)stretch), CalibrationKind.UsualYears)]) { Rule = rule?.Strategy, Stretch = CalibrationKind.UsualYears };
    }

    /// <summary>Nothing in half of the markets, in the others a Sharpe ratio between .5 and 2.5 in tenths.</summary>
    private static double Drawn(Rng rng) => rng.NextBool() ? 0 : Math.Round(5 + (20 * rng.NextUnit())) / 10;

    /// <summary>The rule with the drift at which it earns so much.</summary>
    private HiddenRule Hiding(HiddenRule rule, double sharpe)
    {
        // Found once: it takes longer than a short search.
        if (!known.TryGetValue((rule, sharpe), out HiddenRule? found))
        {
            known.Add((rule, sharpe), found = rule.Calibrated(new Rng(1), sharpe, Stretches, (instrument, costs)));
        }

        return found;
    }
}

/// <summary>Copies of the data of a run on which nothing can be foretold, searched as the run searched its own.</summary>
internal sealed class CopiedSource(EvolutionJob own) : IMarketSource
{
    private const double DaysOfYear = 365.25, SecondsOfDay = 86_400;

    /// <summary>A copy is as long as the data; at least a tenth of a year, because less cannot be searched.</summary>
    private double Stretch => Math.Max(0.1, (own.Market.Map.Ends[^1] - own.Market.Bars.Time[0]) / 1e9 / SecondsOfDay / DaysOfYear);

    public MarketDraw Draw(ulong seed, int evaluations)
    {
        Rng rng = new(seed);
        EvolutionJob job = own with
        {
            Markets = DirectionFlips.Of(rng.Fork(1), own.Markets),
            Settings = own.Settings with { Seed = seed, Evaluations = evaluations },
            Rules = own.Rules with { Seed = seed },
        };
        Rng fresh = rng.Fork(5);
        return new MarketDraw(job, 0, stretch => DirectionFlips.Of(fresh.Fork((ulong)stretch), own.Markets)) { Stretch = Stretch };
    }
}

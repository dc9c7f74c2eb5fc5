using System.Numerics;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// Trades candidates on every market of their timeframe, whatever symbol they name, and says what they are worth. Holds buffers: one appraiser per thread, the proving ground shared.
/// The answer depends on the strategy alone.
/// </summary>
public sealed class Appraiser(ProvingGround ground)
{
    private readonly FitnessRules rules = ground.Rules;
    private readonly Dictionary<Field, Desk[]> desks = [];

    /// <summary>An appraiser with a proving ground of its own.</summary>
    public Appraiser(IReadOnlyList<ResearchMarket> markets, FitnessRules rules)
        : this(new ProvingGround(markets, rules))
    {
    }

    /// <summary>
    /// The appraisal over the whole of the markets, at raised costs. <paramref name="known"/> recalls the one of an equal behaviour, so that nothing is traded twice.
    /// </summary>
    /// <exception cref="ArgumentException">No market has the strategy's timeframe.</exception>
    public Appraisal Appraise(Strategy strategy, Func<UInt128, Appraisal?> known)
    {
        Field field = ground.Of(strategy.Timeframe);
        SignalColumns[] columns = Decide(strategy, field);
        UInt128 behaviour = Behaviour.Of(columns, strategy.HoldBars);
        if (known(behaviour) is { } before)
        {
            return before;
        }

        if (Array.TrueForAll(columns, static c => c.FirstReady >= c.Count))
        {
            return Appraisal.Rejected(behaviour, Rejection.NeverReady);
        }

        if (columns.Sum(Entries) < field.LeastTrades)
        {
            return Appraisal.Rejected(behaviour, Rejection.TooFewSignals);
        }

        Outcome[] each = [.. field.Costly.Select((m, i) => Outcome.Of(FastLoop.Run(m.Setup(strategy, rules.RiskFraction), columns[i], m.Map, ..), m.Deposit))];
        Outcome whole = field.Days.Together(each, field.Markets);
        Rejection rejection = Artefacts.Judge(field, rules, each, whole);
        return rejection == Rejection.None ? Appraisal.Of(behaviour, field, rules, each, whole) : Appraisal.Rejected(behaviour, rejection, whole);
    }

    /// <summary>
    /// What trading the decision bars of <paramref name="part"/> gives at costs as they are; signals are those of the whole series, so that indicators keep their anchor.
    /// The part is one of the first market of the strategy's timeframe; the others are traded over the same time.
    /// </summary>
    public Outcome Trade(Strategy strategy, Range part)
    {
        Field field = ground.Of(strategy.Timeframe);
        SignalColumns[] columns = Decide(strategy, field);
        Range[] parts = [.. field.Markets.Select(m => Same(field.Markets[0], part, m))];
        Outcome[] each = [.. field.Markets.Select((m, i) => Outcome.Of(FastLoop.Run(m.Setup(strategy, rules.RiskFraction), columns[i], m.Map, parts[i]), m.Deposit))];
        return Days(field, parts).Together(each, field.Markets);
    }

    /// <summary>How many daily returns trading the decision bars of <paramref name="part"/> gives.</summary>
    public int Days(Timeframe timeframe, Range part) => DaysOf(timeframe, part).Length;

    /// <summary>The numbers of the FX days on which trading the decision bars of <paramref name="part"/> gives a return.</summary>
    public int[] DaysOf(Timeframe timeframe, Range part)
    {
        Field field = ground.Of(timeframe);
        return Days(field, [.. field.Markets.Select(m => Same(field.Markets[0], part, m))]).All;
    }

    private static PooledDays Days(Field field, Range[] parts) => new([.. field.Markets.Select((m, i) => PooledDays.DaysOf(m.Map, parts[i]))]);

    /// <summary>The bars of another market over the time of a part of the first.</summary>
    private static Range Same(ResearchMarket first, Range part, ResearchMarket other)
    {
        (int from, int count) = part.GetOffsetAndLength(first.Bars.Count);
        int start = from == 0 ? 0 : from == first.Bars.Count ? other.Bars.Count : other.Bars.LowerBound(first.Bars.Time[from]);
        int end = from + count == first.Bars.Count ? other.Bars.Count : other.Bars.LowerBound(first.Bars.Time[from + count]);
        return ReferenceEquals(first, other) ? from..(from + count) : start..Math.Max(start, end);
    }

    private static int Entries(SignalColumns columns)
    {
        int count = 0;
        ReadOnlySpan<ulong> longs = columns.Long.Words, shorts = columns.Short.Words;
        for (int w = 0; w < longs.Length; w++)
        {
            count += BitOperations.PopCount(longs[w] ^ shorts[w]);
        }

        return count;
    }

    private SignalColumns[] Decide(Strategy strategy, Field field)
    {
        if (!desks.TryGetValue(field, out Desk[]? own))
        {
            own = [.. field.Markets.Select(static m => new Desk(m))];
            desks.Add(field, own);
        }

        var plan = new Plan(strategy);
        return [.. own.Select(d => d.Decide(plan))];
    }

    /// <summary>One market's evaluator.</summary>
    private sealed class Desk(ResearchMarket market)
    {
        private readonly ColumnarEvaluator evaluator = new(market.Columns);

        public SignalColumns Decide(Plan plan) => evaluator.Evaluate(plan);
    }
}

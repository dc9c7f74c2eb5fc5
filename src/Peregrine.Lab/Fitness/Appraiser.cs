using System.Numerics;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness.Adversaries;
using Peregrine.Lab.Populations;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// Trades candidates on every market of their timeframe, whatever symbol they name, and says what they are worth. Holds buffers: one appraiser per thread, the proving ground shared.
/// The answer depends on the strategy alone.
/// </summary>
/// <param name="ground">The markets.</param>
/// <param name="columnBytes">Bytes of indicator columns to keep, shared among all series that strategies decide on, the adversaries' included.</param>
public sealed class Appraiser(ProvingGround ground, long columnBytes = ColumnarEvaluator.DefaultBudgetBytes)
{
    private readonly FitnessRules rules = ground.Rules;
    private readonly Dictionary<ResearchMarket, ColumnarEvaluator> evaluators = [];
    private readonly List<FastRooms> rooms = [];

    /// <summary>An appraiser with a proving ground of its own.</summary>
    public Appraiser(IReadOnlyList<ResearchMarket> markets, FitnessRules rules)
        : this(new ProvingGround(markets, rules))
    {
    }

    /// <summary>One candidate, which would lead and so meets the adversaries if its score is high enough.</summary>
    /// <exception cref="ArgumentException">No market has the strategy's timeframe.</exception>
    public Appraisal Appraise(Strategy strategy, Func<UInt128, Appraisal?> known) => Appraise([strategy], known, static (_, _) => Standing.Leads)[0];

    /// <summary>
    /// The appraisals over the whole of the markets, at raised costs. A candidate that may live is, above a score, tried with its numbers a little off, and as soon as it cannot live no further;
    /// whoever then would lead is tried so more often, and whoever still would meets the adversaries. Candidates are tried together because that is faster: each answer is what it would be alone.
    /// </summary>
    /// <param name="strategies">The candidates.</param>
    /// <param name="known">Recalls the appraisal of an equal behaviour, so that nothing is traded twice.</param>
    /// <param name="standing">What the candidate of this index would be with this worth.</param>
    /// <exception cref="ArgumentException">No market has a strategy's timeframe.</exception>
    public Appraisal[] Appraise(IReadOnlyList<Strategy> strategies, Func<UInt128, Appraisal?> known, Func<int, Appraisal, Standing> standing)
    {
        var results = new Appraisal[strategies.Count];
        foreach (IGrouping<Timeframe, int> group in Enumerable.Range(0, strategies.Count).GroupBy(i => strategies[i].Timeframe))
        {
            Field field = ground.Of(group.Key);
            int[] own = [.. group];
            Strategy[] some = [.. own.Select(i => strategies[i])];
            Appraisal[] worths = [.. Plain([.. some.Select(static s => new Plan(s))], field, known).Select(static w => w.Unshaken)];
            bool[] lives = [.. own.Select((i, k) => worths[k].IsAccepted && standing(i, worths[k]) != Standing.Lost)];
            worths = Shaken(some, field, worths, k => lives[k] ? rules.Jitters / 2 : 0);
            worths = Shaken(some, field, worths, k => lives[k] && standing(own[k], worths[k]) != Standing.Lost ? rules.Jitters : 0);
            for (int k = 0; k < own.Length; k++)
            {
                bool Leads(Appraisal worth) => IsWanted(worth) && standing(own[k], worth) == Standing.Leads;
                results[own[k]] = lives[k] && Leads(worths[k]) ? Closer(some[k], field, worths[k], Leads) : worths[k];
            }
        }

        return results;
    }

    /// <summary>
    /// What a candidate is rejected for on a closer look, whatever its score: rules that see ahead, and every adversary. For finalists; a search need not ask it of all.
    /// </summary>
    /// <exception cref="ArgumentException">No market has the strategy's timeframe.</exception>
    public Rejection Confirm(Strategy strategy)
    {
        Field field = ground.Of(strategy.Timeframe);
        int[] Lengths(ResearchMarket m) => LookAhead.Lengths(new Rng(rules.Seed).Fork(LookAhead.Stream), m.Bars.Count, LookAhead.Cuts);
        if (field.Markets.Any(m => LookAhead.IsIn(bars => ColumnarEvaluator.Evaluate(strategy, bars), m.Bars, Lengths(m))))
        {
            return Rejection.LookAhead;
        }

        var plan = new Plan(strategy);
        SignalColumns[] columns = Decide(plan, field.Markets);
        Appraisal plain = Plain(plan, field, columns, Behaviour.Of(columns, strategy.HoldBars));
        return plain.IsAccepted ? Attacked(plan, field, columns, plain).Rejection : plain.Rejection;
    }

    /// <summary>
    /// What trading the decision bars of <paramref name="part"/> gives at costs as they are; signals are those of the whole series, so that indicators keep their anchor.
    /// The part is one of the first market of the strategy's timeframe; the others are traded over the same time.
    /// </summary>
    /// <exception cref="ArgumentException">No market has the strategy's timeframe.</exception>
    public Outcome Trade(Strategy strategy, Range part)
    {
        Field field = ground.Of(strategy.Timeframe);
        Range[] parts = [.. field.Markets.Select(m => Same(field.Markets[0], part, m))];
        return Days(field, parts).Together(Trade(strategy, field.Markets, Decide(new Plan(strategy), field.Markets), parts), field.Markets);
    }

    /// <summary>What trading the whole of the markets gives, at costs as they are, while an adversary is at work that draws from a seed of its own.</summary>
    /// <exception cref="ArgumentException">No market has the strategy's timeframe.</exception>
    public Outcome Trade(Strategy strategy, Adversary against, ulong seed)
    {
        Field field = ground.Of(strategy.Timeframe);
        var attack = new Attack(against, field.Markets, seed);
        var plan = new Plan(strategy);

        // Prices that are there once need keep no columns.
        SignalColumns[] decided = against.ChangesDecisions ? [.. attack.Markets.Select(m => new ColumnarEvaluator(m.Columns, 0).Evaluate(plan))] : Decide(plan, field.Markets);
        return field.Days.Together(Trade(strategy, attack.Markets, [.. decided.Select((c, m) => attack.Tampered(m, c))], Whole(field)), field.Markets);
    }

    /// <summary>How evenly a strategy earned, at costs as they are: the Sharpe of each of the rules' folds of the whole time, and the middle one.</summary>
    /// <exception cref="ArgumentException">No market has the strategy's timeframe.</exception>
    public CrossValidation CrossValidate(Strategy strategy)
    {
        Field field = ground.Of(strategy.Timeframe);
        var plan = new Plan(strategy);
        Outcome[] each = Trade(strategy, field.Markets, Decide(plan, field.Markets), Whole(field));
        int lookBack = field.Markets.Max(m => (plan.FirstReady * field.Days.Count / Math.Max(1, m.Bars.Count)) + 1);
        var folds = new PurgedFolds(field.Days.Count, rules.Folds, lookBack);
        foreach (Core.Portfolio.Trade trade in each.SelectMany(static o => o.Trades))
        {
            folds.Purge(field.Days.At(trade.EntryTime), field.Days.At(trade.ExitTime - new Duration(1)));
        }

        return folds.Of(field.Days.Mean(each));
    }

    /// <summary>The numbers of the FX days on which trading the decision bars of <paramref name="part"/> gives a return.</summary>
    /// <exception cref="ArgumentException">No market has the timeframe.</exception>
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
        if (ReferenceEquals(first, other))
        {
            return from..(from + count);
        }

        int start = from == 0 ? 0 : from == first.Bars.Count ? other.Bars.Count : other.Bars.LowerBound(first.Bars.Time[from]);
        int end = from + count == first.Bars.Count ? other.Bars.Count : other.Bars.LowerBound(first.Bars.Time[from + count]);
        return start..Math.Max(start, end);
    }

    private static Range[] Whole(Field field) => [.. field.Markets.Select(static _ => ..)];

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

    private bool IsWanted(Appraisal worth) => worth is { IsAccepted: true, MetAdversaries: false } && worth.Score > rules.AdversariesAbove;

    private Appraisal Closer(Strategy strategy, Field field, Appraisal worth, Func<Appraisal, bool> leads)
    {
        Appraisal shaken = Shaken([strategy], field, [worth], _ => rules.Jitters + rules.MoreJitters)[0] with { LookedAtCloser = true };
        if (!leads(shaken))
        {
            return shaken;
        }

        var plan = new Plan(strategy);
        return Attacked(plan, field, Decide(plan, field.Markets), shaken);
    }

    /// <summary>Each plan's appraisal as it is, or what is known of its behaviour; without <paramref name="known"/> nobody asks for the behaviour, and it is 0.</summary>
    private Appraisal[] Plain(Plan[] plans, Field field, Func<UInt128, Appraisal?>? known)
    {
        var results = new Appraisal[plans.Length];
        void One(int i, SignalColumns[] columns)
        {
            UInt128 behaviour = known is null ? 0 : Behaviour.Of(columns, plans[i].Strategy.HoldBars);
            results[i] = known?.Invoke(behaviour) ?? Plain(plans[i], field, columns, behaviour);
        }

        if (field.Markets is [var only])
        {
            EvaluatorOf(only).Evaluate(plans, (i, signals) => One(i, [signals]));
            return results;
        }

        for (int i = 0; i < plans.Length; i++)
        {
            One(i, Decide(plans[i], field.Markets));
        }

        return results;
    }

    private Appraisal Plain(Plan plan, Field field, SignalColumns[] columns, UInt128 behaviour)
    {
        if (Array.TrueForAll(columns, static c => c.FirstReady >= c.Count))
        {
            return Appraisal.Rejected(behaviour, Rejection.NeverReady);
        }

        if (columns.Sum(Entries) < field.LeastTrades)
        {
            return Appraisal.Rejected(behaviour, Rejection.TooFewSignals);
        }

        Outcome[] each = TradeOnce(plan.Strategy, field.Costly, columns);
        Outcome whole = field.Days.Together(each, field.Markets);
        Rejection rejection = Artefacts.Judge(field, rules, each, whole);
        return rejection == Rejection.None ? Appraisal.Of(behaviour, field, rules, each, whole) : Appraisal.Rejected(behaviour, rejection, whole);
    }

    /// <summary>
    /// The appraisals of candidates with their numbers a little off: the score is the mean over so many <paramref name="times"/> siblings, those of before among them, if that is less than its own;
    /// a sibling that is rejected counts as 0. How far each number is off follows from what the candidate does, so that no two are fitted to the same steps.
    /// </summary>
    private Appraisal[] Shaken(Strategy[] strategies, Field field, Appraisal[] worths, Func<int, int> times)
    {
        var siblings = new List<(int Of, Plan Plan)>();
        for (int k = 0; k < strategies.Length; k++)
        {
            Appraisal worth = worths[k];
            Rng rng = new Rng(rules.Seed).Fork((ulong)(worth.Behaviour >> 64), (ulong)worth.Behaviour);
            for (int i = worth.Siblings; i < times(k) && worth.IsAccepted && worth.Plain > rules.JittersAbove; i++)
            {
                siblings.Add((k, new Plan(Jitter.Of(rng.Fork((ulong)i), strategies[k], rules.JitterWidth))));
            }
        }

        Appraisal[] tried = Plain([.. siblings.Select(static s => s.Plan)], field, known: null);
        return [.. worths.Select((worth, k) => worth.Among([.. tried.Where((_, i) => siblings[i].Of == k)], rules.JittersAbove))];
    }

    /// <summary>
    /// The appraisal after every adversary: rejected if one of them breaks the candidate; else the score is what a quarter of the adversaries leave less of, and never above what it was worth,
    /// nor below what a candidate may have that met none.
    /// </summary>
    private Appraisal Attacked(Plan plan, Field field, SignalColumns[] columns, Appraisal worth)
    {
        var scores = new double[field.Attacks.Length];
        for (int a = 0; a < scores.Length; a++)
        {
            Attack attack = field.Attacks[a];
            SignalColumns[] decided = attack.Adversary.ChangesDecisions ? Decide(plan, attack.Markets) : columns;
            Outcome[] each = TradeOnce(plan.Strategy, attack.Markets, [.. decided.Select((c, m) => attack.Tampered(m, c))]);
            Outcome whole = field.Days.Together(each, field.Markets);
            if (Artefacts.Broken(field, attack.Adversary, whole) is var broken and not Rejection.None)
            {
                return worth.RejectedFor(broken);
            }

            scores[a] = field.Score(rules, each, whole).Score;
        }

        return scores.Length == 0 ? worth : worth with
        {
            MetAdversaries = true,
            Score = Math.Max(Math.Min(worth.Score, rules.AdversariesAbove), Math.Min(worth.Score, Quantile.Of(scores, rules.AdversaryQuantile))),
            UnderAttack = [.. scores.Select(static s => (float)s)],
        };
    }

    /// <summary>Outcomes that may be kept.</summary>
    private Outcome[] Trade(Strategy strategy, ResearchMarket[] markets, SignalColumns[] columns, Range[] parts) =>
        [.. markets.Select((m, i) => Outcome.Of(FastLoop.Run(m.Setup(strategy, rules.RiskFraction), columns[i], m.Map, parts[i])))];

    /// <summary>Outcomes over the whole of the markets, good until the next such call: they are in this appraiser's rooms, one of each market.</summary>
    private Outcome[] TradeOnce(Strategy strategy, ResearchMarket[] markets, SignalColumns[] columns)
    {
        while (rooms.Count < markets.Length)
        {
            rooms.Add(new FastRooms());
        }

        return [.. markets.Select((m, i) => Outcome.Of(FastLoop.Run(m.Setup(strategy, rules.RiskFraction), columns[i], m.Map, .., rooms[i])))];
    }

    private SignalColumns[] Decide(Plan plan, ResearchMarket[] markets) => [.. markets.Select(m => EvaluatorOf(m).Evaluate(plan))];

    private ColumnarEvaluator EvaluatorOf(ResearchMarket market)
    {
        if (!evaluators.TryGetValue(market, out ColumnarEvaluator? evaluator))
        {
            evaluator = new ColumnarEvaluator(market.Columns, columnBytes / ground.SeriesDecidedOn);
            evaluators.Add(market, evaluator);
        }

        return evaluator;
    }
}

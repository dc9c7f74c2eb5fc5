using System.Numerics;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// Trades candidates over one market and says what they are worth. Holds buffers: one appraiser per thread, the market shared. The answer depends on the strategy alone.
/// </summary>
public sealed class Appraiser(ResearchMarket market, FitnessRules rules)
{
    private readonly ColumnarEvaluator evaluator = new(market.Columns);
    private readonly Signals signals = Signals.OfLength(market.Columns.Count);
    private readonly int leastTrades = LeastTrades(market, rules);

    /// <summary>The appraisal over the whole market. <paramref name="known"/> recalls the one of an equal behaviour, so that nothing is traded twice.</summary>
    public Appraisal Appraise(Strategy strategy, Func<UInt128, Appraisal?> known)
    {
        SignalColumns columns = evaluator.Evaluate(new Plan(strategy), signals);
        UInt128 behaviour = Behaviour.Of(columns, strategy.HoldBars);
        if (known(behaviour) is { } before)
        {
            return before;
        }

        if (columns.FirstReady >= columns.Count)
        {
            return Appraisal.Rejected(behaviour, Rejection.NeverReady);
        }

        if (Entries(columns) < leastTrades)
        {
            return Appraisal.Rejected(behaviour, Rejection.TooFewSignals);
        }

        Outcome outcome = Outcome.Of(FastLoop.Run(market.Setup(strategy, rules.RiskFraction), columns, market.Map, ..), market.Deposit);
        Rejection rejection = Judge(outcome);
        return rejection == Rejection.None ? Appraisal.Of(behaviour, outcome, rules) : Appraisal.Rejected(behaviour, rejection, outcome);
    }

    /// <summary>What trading the decision bars of <paramref name="part"/> gives; signals are those of the whole series, so that indicators keep their anchor.</summary>
    public Outcome Trade(Strategy strategy, Range part)
    {
        SignalColumns columns = evaluator.Evaluate(new Plan(strategy), signals);
        return Outcome.Of(FastLoop.Run(market.Setup(strategy, rules.RiskFraction), columns, market.Map, part), market.Deposit);
    }

    /// <summary>How many daily returns trading the decision bars of <paramref name="part"/> gives.</summary>
    public int Days(Range part)
    {
        (int from, int count) = part.GetOffsetAndLength(market.Bars.Count);
        int days = 0;
        for (int i = from; i < from + count; i++)
        {
            bool last = i + 1 == from + count;
            days += last || TradingWeek.FxDay(market.Bars[i + 1].Time) != TradingWeek.FxDay(market.Bars[i].Time) ? 1 : 0;
        }

        return days;
    }

    private static int LeastTrades(ResearchMarket market, FitnessRules rules)
    {
        double years = market.Bars.Count == 0 ? 0 : (market.Bars.Time[^1] - market.Bars.Time[0]) / (365.25 * 86_400e9);
        return Math.Max(rules.Trades, (int)Math.Ceiling(rules.TradesPerYear * years));
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

    private Rejection Judge(Outcome outcome)
    {
        IReadOnlyList<Trade> trades = outcome.Trades;
        (decimal net, decimal won, decimal best, decimal open) = (0, 0, 0, 0);
        (int ambiguous, int losers) = (0, 0);
        foreach (Trade trade in trades)
        {
            decimal gain = trade.Net.Amount;
            net += gain;
            won += Math.Max(gain, 0);
            best = Math.Max(best, gain);
            open += trade.ExitReason == ExitReason.End ? gain : 0;
            losers += gain < 0 ? 1 : 0;
            ambiguous += trade.Ambiguous ? 1 : 0;
        }

        return net <= -market.Deposit.Amount * ResearchMarket.Ruin ? Rejection.Ruined
            : outcome.Refusals > trades.Count ? Rejection.RefusedByRisk
            : trades.Count < leastTrades ? Rejection.TooFewTrades
            : losers == 0 ? Rejection.NoLosingTrade
            : ambiguous > rules.Ambiguous * trades.Count ? Rejection.Ambiguous
            : best > won * rules.ShareOfOneTrade ? Rejection.OneTrade
            : net > 0 && net <= open ? Rejection.OpenAtEnd
            : Rejection.None;
    }
}

using Peregrine.Core.Portfolio;
using Peregrine.Lab.Fitness.Adversaries;

namespace Peregrine.Lab.Fitness;

/// <summary>Rules by which results are thrown out that no market would pay again, however good they look.</summary>
internal static class Artefacts
{
    /// <summary>The first rule that a candidate breaks.</summary>
    /// <param name="field">The markets it was traded on.</param>
    /// <param name="rules">The limits.</param>
    /// <param name="each">What it did on each market.</param>
    /// <param name="whole">The same as one outcome, its trades in the order of the markets.</param>
    public static Rejection Judge(Field field, FitnessRules rules, IReadOnlyList<Outcome> each, Outcome whole)
    {
        IReadOnlyList<Trade> trades = whole.Trades;
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

        return net <= -field.Markets[0].Deposit.Amount * ResearchMarket.Ruin ? Rejection.Ruined
            : whole.Refusals > trades.Count ? Rejection.RefusedByRisk
            : trades.Count < field.LeastTrades ? Rejection.TooFewTrades
            : losers == 0 ? Rejection.NoLosingTrade
            : ambiguous > rules.Ambiguous * trades.Count ? Rejection.Ambiguous
            : best > won * rules.ShareOfOneTrade ? Rejection.OneTrade
            : net > 0 && net <= open ? Rejection.OpenAtEnd
            : WonAcrossHoles(field, each, whole) > won * rules.ShareAcrossHoles ? Rejection.DataGap
            : Rejection.None;
    }

    /// <summary>What an adversary broke a candidate by: it lost a fifth of the deposit, or no longer earns where it must.</summary>
    public static Rejection Broken(Field field, Adversary adversary, Outcome whole)
    {
        decimal net = whole.Trades.Sum(static t => t.Net.Amount);
        return net <= -field.Markets[0].Deposit.Amount * ResearchMarket.Ruin ? Rejection.RuinedUnderAttack : net <= 0 ? adversary.Breaks : Rejection.None;
    }

    /// <summary>What the trades won that came in or went out at the first price after a hole in the data. A stop or target inside that bar was there to be filled and does not count.</summary>
    private static decimal WonAcrossHoles(Field field, IReadOnlyList<Outcome> each, Outcome whole)
    {
        decimal won = 0;
        int i = 0;
        for (int m = 0; m < each.Count; m++)
        {
            foreach (Trade trade in each[m].Trades)
            {
                decimal gain = whole.Trades[i++].Net.Amount;
                won += gain > 0 && (field.IsAfterHole(m, trade.EntryTime.Nanoseconds) || field.IsAfterHole(m, trade.ExitTime.Nanoseconds)) ? gain : 0;
            }
        }

        return won;
    }
}

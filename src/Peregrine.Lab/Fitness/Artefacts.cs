using Peregrine.Lab.Fitness.Adversaries;

namespace Peregrine.Lab.Fitness;

/// <summary>Rules by which results are thrown out that no market would pay again, however good they look.</summary>
internal static class Artefacts
{
    /// <summary>The first rule that a candidate breaks.</summary>
    /// <param name="field">The markets it was traded on.</param>
    /// <param name="rules">The limits.</param>
    /// <param name="each">What it did on each market.</param>
    /// <param name="whole">The same as one outcome.</param>
    public static Rejection Judge(Field field, FitnessRules rules, IReadOnlyList<Outcome> each, Outcome whole)
    {
        Takings t = whole.Takings;
        return t.Net <= -field.Markets[0].Deposit.Amount * ResearchMarket.Ruin ? Rejection.Ruined
            : whole.Refusals > t.Trades ? Rejection.RefusedByRisk
            : t.Trades < field.LeastTrades ? Rejection.TooFewTrades
            : t.Losers == 0 ? Rejection.NoLosingTrade
            : t.Ambiguous > rules.Ambiguous * t.Trades ? Rejection.Ambiguous
            : t.Best > t.Won * rules.ShareOfOneTrade ? Rejection.OneTrade
            : t.Net > 0 && t.Net <= t.OpenAtEnd ? Rejection.OpenAtEnd
            : WonAcrossHoles(field, each) > t.Won * rules.ShareAcrossHoles ? Rejection.DataGap
            : Rejection.None;
    }

    /// <summary>What an adversary broke a candidate by: it lost a fifth of the deposit, or no longer earns where it must.</summary>
    public static Rejection Broken(Field field, Adversary adversary, Outcome whole)
    {
        decimal net = whole.Takings.Net;
        return net <= -field.Markets[0].Deposit.Amount * ResearchMarket.Ruin ? Rejection.RuinedUnderAttack : net <= 0 ? adversary.Breaks : Rejection.None;
    }

    /// <summary>What the trades won that came in or went out at the first price after a hole in the data. A stop or target inside that bar was there to be filled and does not count.</summary>
    private static decimal WonAcrossHoles(Field field, IReadOnlyList<Outcome> each)
    {
        decimal won = 0;
        for (int i = 0; i < each.Count; i++)
        {
            int m = i;
            won += each[m].Won((entry, exit) => field.IsAfterHole(m, entry) || field.IsAfterHole(m, exit)) * PooledDays.Share(field.Markets, m);
        }

        return won;
    }
}

using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>The account begins some time after the history does, at most a tenth of it: which position it is in decides which signals it passes over, so another beginning makes other trades.</summary>
internal static class LateStart
{
    private const double MostOfTheTime = 0.1;

    public static readonly Adversary Anywhere = new()
    {
        Name = "late start",
        Number = 9,
        Decisions = static (rng, bars) =>
        {
            int first = 1 + (int)(rng.NextUnit() * MostOfTheTime * bars);
            var shut = new Bits(bars);
            for (int i = 0; i < Math.Min(first, bars); i++)
            {
                shut[i] = true;
            }

            return signals => MissedFills.Without(signals, shut);
        },
    };
}

using Peregrine.Core;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>
/// Twice a year price jumps by two days' usual range between two bars, up or down, with a spread to match, and comes back within twelve bars. Stops fill where the jump ends.
/// </summary>
internal static class FlashCrashes
{
    private const int DaysBetween = 126, BarsOfRecovery = 12, BarsOfWideSpread = 3;
    private const double Days = 2, SpreadShare = 0.05;

    public static readonly Adversary WithGaps = new()
    {
        Name = "flash crashes",
        Number = 8,
        Prices = Crash,
    };

    private static void Crash(Rng rng, Terrain terrain, PriceChanges changes)
    {
        int every = DaysBetween * terrain.BarsPerDay;
        for (int from = 0; from < terrain.Bars.Count; from += every)
        {
            int d = from + rng.NextInt(every), sign = rng.NextBool() ? 1 : -1;
            if (d < terrain.BarsPerDay || d >= terrain.Bars.Count)
            {
                continue;
            }

            // The range of a day is that of its bars times the root of their number: what a random walk does.
            double depth = Days * terrain.Reach(d - 1) * Math.Sqrt(terrain.BarsPerDay);
            for (int k = 0; k < BarsOfRecovery && d + k < terrain.Bars.Count; k++)
            {
                Displace(terrain, changes, d + k, sign * (long)(depth * (BarsOfRecovery - k) / BarsOfRecovery));
                Widen(terrain, changes, d + k, k < BarsOfWideSpread ? (long)(depth * SpreadShare) : 0);
            }
        }
    }

    private static void Displace(Terrain terrain, PriceChanges changes, int d, long by)
    {
        for (int i = terrain.First(d); i <= terrain.Last(d); i++)
        {
            changes.Shift(i, by);
        }
    }

    private static void Widen(Terrain terrain, PriceChanges changes, int d, long by)
    {
        for (int i = terrain.First(d); i <= terrain.Last(d); i++)
        {
            changes.Spread[i] += by;
        }
    }
}

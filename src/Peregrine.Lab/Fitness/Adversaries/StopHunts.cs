using Peregrine.Core;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>
/// Price is pushed through places where everybody's stops lie, and comes back within the bar: beyond the highest and lowest price of the last twenty bars, and beyond round numbers.
/// Half of the times that a bar comes near one, it is taken.
/// </summary>
internal static class StopHunts
{
    private const int SwingBars = 20;
    private const double Near = 0.3, LeastBeyond = 0.1, MostBeyond = 0.3, Chance = 0.5;

    public static readonly Adversary AtTheObvious = new()
    {
        Name = "stop hunts",
        Number = 6,
        Prices = Hunt,
    };

    private static void Hunt(Rng rng, Terrain terrain, PriceChanges changes)
    {
        for (int d = SwingBars; d < terrain.Bars.Count; d++)
        {
            // Drawn for every bar, so that what one bar holds moves no other bar's luck.
            (bool below, bool above, double beyond) = (rng.NextBool(Chance), rng.NextBool(Chance), LeastBeyond + (rng.NextUnit() * (MostBeyond - LeastBeyond)));
            long reach = terrain.Reach(d), low = terrain.Bars.Low[d], high = terrain.Bars.High[d];
            long floor = Math.Max(Swing(terrain, d, -1), low / terrain.Round * terrain.Round), ceiling = Math.Min(Swing(terrain, d, 1), ((high / terrain.Round) + 1) * terrain.Round);
            if (below && Within(low - floor, reach))
            {
                int i = Lowest(terrain, d);
                changes.Low[i] = floor - (long)(beyond * reach) - low;
            }

            if (above && Within(ceiling - high, reach))
            {
                int i = Highest(terrain, d);
                changes.High[i] = ceiling + (long)(beyond * reach) - high;
            }
        }
    }

    private static bool Within(long distance, long reach) => distance >= 0 && distance < Near * reach;

    /// <summary>The highest (1) or lowest (−1) price of the bars before.</summary>
    private static long Swing(Terrain terrain, int d, int sign)
    {
        ReadOnlySpan<long> prices = sign > 0 ? terrain.Bars.High[(d - SwingBars)..d] : terrain.Bars.Low[(d - SwingBars)..d];
        long furthest = prices[0];
        foreach (long price in prices)
        {
            furthest = sign > 0 ? Math.Max(furthest, price) : Math.Min(furthest, price);
        }

        // A bar that went beyond has already taken the stops: nothing is left there.
        long own = sign > 0 ? terrain.Bars.High[d] : terrain.Bars.Low[d];
        return sign > 0 ? (own > furthest ? long.MaxValue : furthest) : own < furthest ? long.MinValue : furthest;
    }

    private static int Lowest(Terrain terrain, int d)
    {
        int found = terrain.First(d);
        for (int i = found; i <= terrain.Last(d); i++)
        {
            found = terrain.Fills.Bid.Low[i] < terrain.Fills.Bid.Low[found] ? i : found;
        }

        return found;
    }

    private static int Highest(Terrain terrain, int d)
    {
        int found = terrain.First(d);
        for (int i = found; i <= terrain.Last(d); i++)
        {
            found = terrain.Fills.Bid.High[i] > terrain.Fills.Bid.High[found] ? i : found;
        }

        return found;
    }
}

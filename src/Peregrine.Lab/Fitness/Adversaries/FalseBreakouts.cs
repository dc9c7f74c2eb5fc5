using Peregrine.Core;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>
/// A close beyond the range of the last bars that means nothing: the bar is lifted over the edge of its range, the next opens there and falls back to where it would have been.
/// Who buys the break buys the top. One bar in so many that end near the edge.
/// </summary>
internal static class FalseBreakouts
{
    private const double Near = 0.5, LeastBeyond = 0.05, MostBeyond = 0.3, Chance = 0.2;

    /// <summary>Ranges that many look at: a day and two of hours, four weeks and eleven of days.</summary>
    private static readonly int[] Ranges = [20, 55];

    public static readonly Adversary OfTheRange = new()
    {
        Name = "false breakouts",
        Number = 7,
        Prices = Trick,
    };

    private static void Trick(Rng rng, Terrain terrain, PriceChanges changes)
    {
        for (int d = Ranges[^1]; d + 1 < terrain.Bars.Count; d++)
        {
            (bool tricks, int range, double beyond) = (rng.NextBool(Chance), Ranges[rng.NextInt(Ranges.Length)], LeastBeyond + (rng.NextUnit() * (MostBeyond - LeastBeyond)));
            if (!tricks)
            {
                continue;
            }

            long reach = terrain.Reach(d), close = terrain.Bars.Close[d];
            (long high, long low) = Edges(terrain, d, range);
            long lift = high >= close && high - close < Near * reach ? high - close + (long)(beyond * reach)
                : low <= close && close - low < Near * reach ? low - close - (long)(beyond * reach)
                : 0;
            changes.Close[terrain.Last(d)] += lift;
            changes.Open[terrain.First(d + 1)] += lift;
        }
    }

    private static (long High, long Low) Edges(Terrain terrain, int d, int range)
    {
        (long high, long low) = (long.MinValue, long.MaxValue);
        for (int i = d - range; i < d; i++)
        {
            (high, low) = (Math.Max(high, terrain.Bars.High[i]), Math.Min(low, terrain.Bars.Low[i]));
        }

        return (high, low);
    }
}

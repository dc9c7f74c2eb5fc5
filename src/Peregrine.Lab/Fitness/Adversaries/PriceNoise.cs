using Peregrine.Core;
using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>
/// Another feed's prices: normal noise on every price, a share of the usual range of a bar, close and next open moved alike, the highest and lowest kept outermost. What needs prices to the pip dies of it.
/// </summary>
internal static class PriceNoise
{
    public static readonly Adversary Slight = new()
    {
        Name = "slight price noise",
        Number = 4,
        Prices = static (rng, terrain, changes) => Shake(rng, terrain, changes, 0.05),
        Breaks = Rejection.NoisyEdge,
    };

    public static readonly Adversary Strong = new()
    {
        Name = "strong price noise",
        Number = 5,
        Prices = static (rng, terrain, changes) => Shake(rng, terrain, changes, 0.1),
    };

    private static void Shake(Rng rng, Terrain terrain, PriceChanges changes, double share)
    {
        long before = 0;
        for (int d = 0; d < terrain.Bars.Count; d++)
        {
            double deviation = share * terrain.Reach(d);
            for (int i = terrain.First(d); i <= terrain.Last(d); i++)
            {
                changes.Open[i] = before;
                changes.High[i] = Drawn();
                changes.Low[i] = Drawn();
                changes.Close[i] = before = Drawn();
            }

            long Drawn() => (long)Math.Round(deviation * Normal.Draw(rng));
        }
    }
}

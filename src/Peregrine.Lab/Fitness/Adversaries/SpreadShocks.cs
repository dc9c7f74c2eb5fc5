using Peregrine.Core;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>The ask is far away when nobody wants to sell: five spreads more in the first bar of every day, and five to twenty at moments nobody foresees; slippage is three times as large.</summary>
internal static class SpreadShocks
{
    private const double Moments = 0.01;
    private const int LeastTimes = 5, MostTimes = 20, LongestBars = 3;

    public static readonly Adversary WideAndSlow = new()
    {
        Name = "spread and slippage shocks",
        Number = 3,
        BidStands = true,
        Slippage = 3,
        Prices = Widen,
        Breaks = Rejection.None,
    };

    private static void Widen(Rng rng, Terrain terrain, PriceChanges changes)
    {
        int shock = 0, times = 0;
        for (int d = 0; d < terrain.Bars.Count; d++)
        {
            if (rng.NextBool(Moments))
            {
                (shock, times) = (rng.NextInt(1, LongestBars), rng.NextInt(LeastTimes, MostTimes));
            }

            bool opensDay = d == 0 || terrain.ClosesDay(d - 1);
            int extra = Math.Max(shock > 0 ? times : 0, opensDay ? LeastTimes : 0);
            shock = Math.Max(0, shock - 1);
            for (int i = terrain.First(d); extra > 0 && i <= terrain.Last(d); i++)
            {
                changes.Spread[i] = extra * Math.Max(0, terrain.Fills.Ask.Open[i] - terrain.Fills.Bid.Open[i]);
            }
        }
    }
}

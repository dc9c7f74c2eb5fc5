using Peregrine.Core.Market;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>A market as an adversary looks at it: its bars, which fill bars each decision bar is made of, and how far a bar usually reaches.</summary>
public sealed class Terrain
{
    private const int RangeBars = 50;

    private readonly ResearchMarket market;
    private readonly long[] reach;

    public Terrain(ResearchMarket market)
    {
        this.market = market;
        reach = new long[Bars.Count];
        long sum = 0;
        for (int d = 0; d < reach.Length; d++)
        {
            sum += TrueRange(d) - (d >= RangeBars ? TrueRange(d - RangeBars) : 0);
            reach[d] = sum / Math.Min(d + 1, RangeBars);
        }

        BarsPerDay = Math.Max(1, reach.Length / Math.Max(1, market.Map.LastOfDay.Ones));
    }

    /// <summary>The bid bars on which strategies decide.</summary>
    public BarSeries Bars => market.Bars;

    public MarketBars Fills => market.Fills;

    /// <summary>Decision bars of a day, about.</summary>
    public int BarsPerDay { get; }

    /// <summary>The distance between round numbers: fifty pips.</summary>
    public long Round => 50 * market.Instrument.Pip.Grains;

    /// <summary>The mean true range, in grains, of the decision bars up to and with <paramref name="d"/>: fifty of them, or as many as there are.</summary>
    public long Reach(int d) => reach[d];

    /// <summary>Whether a decision bar is the last of its FX day.</summary>
    public bool ClosesDay(int d) => market.Map.LastOfDay[d];

    /// <summary>The first fill bar of a decision bar.</summary>
    public int First(int d) => d == 0 ? 0 : market.Map.Next[d - 1];

    /// <summary>The last fill bar of a decision bar.</summary>
    public int Last(int d) => market.Map.Next[d] - 1;

    private long TrueRange(int d)
    {
        long before = d == 0 ? Bars.Open[0] : Bars.Close[d - 1];
        return Math.Max(Bars.High[d], before) - Math.Min(Bars.Low[d], before);
    }
}

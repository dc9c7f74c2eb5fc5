using Peregrine.Core.Market;

namespace Peregrine.App.Reports;

/// <summary>Open, high, low and close of consecutive bars taken together, in quote units.</summary>
internal readonly record struct BarRange(double Open, double High, double Low, double Close)
{
    /// <summary>Bars <paramref name="start"/> up to but not including <paramref name="end"/>; at least one.</summary>
    public static BarRange Of(BarSeries bars, int start, int end)
    {
        (long high, long low) = (bars.High[start], bars.Low[start]);
        for (int i = start + 1; i < end; i++)
        {
            (high, low) = (Math.Max(high, bars.High[i]), Math.Min(low, bars.Low[i]));
        }

        return new BarRange(Units(bars.Open[start]), Units(high), Units(low), Units(bars.Close[end - 1]));
    }

    private static double Units(long grains) => grains / (double)Price.GrainsPerUnit;
}

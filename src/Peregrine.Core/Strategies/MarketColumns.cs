using System.Collections.Concurrent;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;

namespace Peregrine.Core.Strategies;

/// <summary>
/// A bar series as the columns evaluators read: prices in grains and volume as doubles, and the moment each bar closes. Made once and shared by all strategies
/// and threads; it never changes, but for the columns of the calendar, which are kept once somebody asked for them.
/// </summary>
public sealed class MarketColumns
{
    private readonly double[][] fields;
    private readonly ConcurrentDictionary<(Indicator, Settings), double[]> calendar = new();

    public MarketColumns(BarSeries bars)
    {
        Bars = bars;
        int n = bars.Count;
        fields = [Grains(bars.Open), Grains(bars.High), Grains(bars.Low), Grains(bars.Close), new double[n], new double[n]];
        for (int i = 0; i < n; i++)
        {
            fields[Lowered.Volume][i] = Volume(bars.Volume[i]);
            fields[Lowered.CloseTime][i] = CloseSeconds(bars.Timeframe, new Instant(bars.Time[i]));
        }
    }

    public BarSeries Bars { get; }

    public int Count => Bars.Count;

    /// <summary>The column of a market field (<see cref="Lowered.Open"/> and the others).</summary>
    public ReadOnlySpan<double> Field(int field) => fields[field];

    /// <summary>The volume as evaluators read it: an unknown or negative one is 0.</summary>
    internal static double Volume(double given) => given > 0 ? Math.Min(given, Arithmetic.Bound) : 0;

    internal static double CloseSeconds(Timeframe timeframe, Instant open) => BarClock.End(timeframe, open).UnixSeconds;

    /// <summary>The column of an indicator that reads the bar's closing time alone.</summary>
    internal double[] Calendar(Indicator indicator, Settings settings) => calendar.GetOrAdd((indicator, settings), key =>
    {
        var column = new double[Count];
        key.Item1.Column(new Inputs(fields[Lowered.CloseTime]), key.Item2, column);
        return column;
    });

    private static double[] Grains(ReadOnlySpan<long> prices)
    {
        var column = new double[prices.Length];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = prices[i];
        }

        return column;
    }
}

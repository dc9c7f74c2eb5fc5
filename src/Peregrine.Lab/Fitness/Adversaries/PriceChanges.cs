using Peregrine.Core.Market;

namespace Peregrine.Lab.Fitness.Adversaries;

/// <summary>What is added to the prices of fill bars, in grains: to bid and ask alike, and to the spread alone.</summary>
public sealed class PriceChanges(int count)
{
    public long[] Open { get; } = new long[count];

    public long[] High { get; } = new long[count];

    public long[] Low { get; } = new long[count];

    public long[] Close { get; } = new long[count];

    /// <summary>Added to every price of the ask, never negative.</summary>
    public long[] Spread { get; } = new long[count];

    /// <summary>Moves a whole bar.</summary>
    public void Shift(int i, long by)
    {
        Open[i] += by;
        High[i] += by;
        Low[i] += by;
        Close[i] += by;
    }

    /// <summary>The bars with the changes made. The highest and the lowest price are kept outermost, and no price falls to zero.</summary>
    public MarketBars Of(MarketBars bars) => new(Side(bars.Bid, null), Side(bars.Ask, Spread));

    /// <summary>The ask bars with the changes made.</summary>
    public BarSeries AskOf(MarketBars bars) => Side(bars.Ask, Spread);

    private BarSeries Side(BarSeries series, long[]? spread)
    {
        var columns = BarColumns.OfLength(series.Count);
        for (int i = 0; i < series.Count; i++)
        {
            long extra = spread is null ? 0 : spread[i];
            long open = Math.Max(1, series.Open[i] + Open[i] + extra), close = Math.Max(1, series.Close[i] + Close[i] + extra);
            long high = Math.Max(series.High[i] + High[i] + extra, Math.Max(open, close)), low = Math.Max(1, Math.Min(series.Low[i] + Low[i] + extra, Math.Min(open, close)));
            columns.Set(i, new Bar(new Core.Instant(series.Time[i]), new Price(open), new Price(high), new Price(low), new Price(close), series.Volume[i]));
        }

        return new BarSeries(series.Symbol, series.Timeframe, series.Side, columns);
    }
}

namespace Peregrine.Core.Market;

/// <summary>
/// Bars of one symbol, timeframe and side as parallel columns in time order: open times in nanoseconds (UTC), prices in grains of 1e-5, volume in the feed's unit.
/// Times strictly increase; columns have equal length; the arrays are owned by the series and must not be written to afterwards.
/// </summary>
public sealed class BarSeries
{
    private readonly long[] time, open, high, low, close;
    private readonly double[] volume;

    /// <exception cref="ArgumentException">Columns of unequal length, or times that do not strictly increase.</exception>
    public BarSeries(string symbol, Timeframe timeframe, QuoteSide side, BarColumns columns)
    {
        (time, open, high, low, close, volume) = (columns.Time, columns.Open, columns.High, columns.Low, columns.Close, columns.Volume);
        int n = time.Length;
        if (open.Length != n || high.Length != n || low.Length != n || close.Length != n || volume.Length != n)
        {
            throw new ArgumentException("The columns of a bar series must have the same length.", nameof(columns));
        }

        for (int i = 1; i < n; i++)
        {
            if (time[i] <= time[i - 1])
            {
                throw new ArgumentException($"Bar times must strictly increase; bar {i} of {symbol} does not.", nameof(columns));
            }
        }

        Symbol = symbol;
        Timeframe = timeframe;
        Side = side;
    }

    public string Symbol { get; }

    public Timeframe Timeframe { get; }

    public QuoteSide Side { get; }

    public int Count => time.Length;

    /// <summary>Open time of each bar, nanoseconds since 1970 UTC.</summary>
    public ReadOnlySpan<long> Time => time;

    public ReadOnlySpan<long> Open => open;

    public ReadOnlySpan<long> High => high;

    public ReadOnlySpan<long> Low => low;

    public ReadOnlySpan<long> Close => close;

    public ReadOnlySpan<double> Volume => volume;

    public Bar this[int i] => new(new Instant(time[i]), new Price(open[i]), new Price(high[i]), new Price(low[i]), new Price(close[i]), volume[i]);

    /// <summary>The bars whose open time lies in [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public BarSeries Between(Instant from, Instant to)
    {
        int start = LowerBound(from.Nanoseconds);
        int end = Math.Max(start, LowerBound(to.Nanoseconds));
        Range r = start..end;
        return new BarSeries(Symbol, Timeframe, Side, new BarColumns(time[r], open[r], high[r], low[r], close[r], volume[r]));
    }

    /// <summary>Index of the first bar that opens at or after <paramref name="nanoseconds"/>; <see cref="Count"/> when there is none.</summary>
    public int LowerBound(long nanoseconds)
    {
        int i = Array.BinarySearch(time, nanoseconds);
        return i >= 0 ? i : ~i;
    }

    public static BarSeries FromBars(string symbol, Timeframe timeframe, QuoteSide side, IReadOnlyList<Bar> bars)
    {
        var columns = BarColumns.OfLength(bars.Count);
        for (int i = 0; i < bars.Count; i++)
        {
            columns.Set(i, bars[i]);
        }

        return new BarSeries(symbol, timeframe, side, columns);
    }
}

/// <summary>The raw columns of a <see cref="BarSeries"/> while it is being filled.</summary>
public sealed record BarColumns(long[] Time, long[] Open, long[] High, long[] Low, long[] Close, double[] Volume)
{
    public static BarColumns OfLength(int n) => new(new long[n], new long[n], new long[n], new long[n], new long[n], new double[n]);

    public void Set(int i, Bar bar)
    {
        Time[i] = bar.Time.Nanoseconds;
        Open[i] = bar.Open.Grains;
        High[i] = bar.High.Grains;
        Low[i] = bar.Low.Grains;
        Close[i] = bar.Close.Grains;
        Volume[i] = bar.Volume;
    }
}

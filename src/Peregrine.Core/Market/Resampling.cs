namespace Peregrine.Core.Market;

/// <summary>Larger bars from a series of smaller ones, column by column, equal to what <see cref="BarBuilder"/> makes of the same bars one at a time.</summary>
public static class Resampling
{
    /// <summary>
    /// The series in a larger timeframe. Only finished bars: the last is kept when <paramref name="knownThrough"/> (by default the end of the last small bar) reaches its end.
    /// The first may lack the part before the series begins.
    /// </summary>
    /// <exception cref="ArgumentException">The larger timeframe is not made of whole bars of the smaller one.</exception>
    public static BarSeries Resample(this BarSeries series, Timeframe timeframe, Instant? knownThrough = null)
    {
        if (!series.Timeframe.Divides(timeframe))
        {
            throw new ArgumentException($"{timeframe} bars cannot be made of {series.Timeframe} bars.", nameof(timeframe));
        }

        if (series.Count == 0 || timeframe == series.Timeframe)
        {
            return new BarSeries(series.Symbol, timeframe, series.Side, new BarColumns(
                series.Time.ToArray(), series.Open.ToArray(), series.High.ToArray(), series.Low.ToArray(), series.Close.ToArray(), series.Volume.ToArray()));
        }

        List<(int First, BarInterval Interval)> groups = Groups(series.Time, timeframe);
        Instant known = knownThrough ?? BarClock.End(series.Timeframe, new Instant(series.Time[^1]));
        int count = groups[^1].Interval.End <= known ? groups.Count : groups.Count - 1;
        var columns = BarColumns.OfLength(count);
        for (int g = 0; g < count; g++)
        {
            int end = g + 1 < groups.Count ? groups[g + 1].First : series.Count;
            columns.Set(g, Merge(series, groups[g].First, end, groups[g].Interval.Start));
        }

        return new BarSeries(series.Symbol, timeframe, series.Side, columns);
    }

    private static List<(int First, BarInterval Interval)> Groups(ReadOnlySpan<long> time, Timeframe timeframe)
    {
        var groups = new List<(int, BarInterval)>();
        BarInterval current = default;
        for (int i = 0; i < time.Length; i++)
        {
            if (i == 0 || time[i] >= current.End.Nanoseconds)
            {
                current = BarClock.Containing(timeframe, new Instant(time[i]));
                groups.Add((i, current));
            }
        }

        return groups;
    }

    private static Bar Merge(BarSeries series, int first, int end, Instant start)
    {
        ReadOnlySpan<long> high = series.High[first..end], low = series.Low[first..end];
        ReadOnlySpan<double> volume = series.Volume[first..end];
        (long highest, long lowest, double total) = (high[0], low[0], 0);
        for (int i = 0; i < high.Length; i++)
        {
            highest = Math.Max(highest, high[i]);
            lowest = Math.Min(lowest, low[i]);
            total += volume[i];
        }

        return new Bar(start, new Price(series.Open[first]), new Price(highest), new Price(lowest), new Price(series.Close[end - 1]), total);
    }
}

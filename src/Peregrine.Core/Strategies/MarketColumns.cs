using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;

namespace Peregrine.Core.Strategies;

/// <summary>
/// A bar series as the columns evaluators read: prices in grains and volume as doubles, and the moment each bar closes. Made once and shared by all strategies
/// and threads; it never changes, but for the columns of the calendar, which are kept once somebody asked for them.
/// </summary>
public sealed class MarketColumns
{
    private readonly ArraySegment<double>[] fields;
    private readonly Reach[] reaches;
    private readonly ConcurrentDictionary<(Indicator, Settings), ArraySegment<double>> calendar = new();
    private readonly ConcurrentDictionary<(Indicator, Settings), ArraySegment<ulong>> calendarTruths = new();

    public MarketColumns(BarSeries bars)
    {
        Bars = bars;
        int n = bars.Count;
        fields = [Grains(bars.Open), Grains(bars.High), Grains(bars.Low), Grains(bars.Close), Aligned.Array<double>(n), Aligned.Array<double>(n)];
        Span<double> volume = fields[Lowered.Volume], closeTime = fields[Lowered.CloseTime];
        for (int i = 0; i < n; i++)
        {
            volume[i] = Volume(bars.Volume[i]);
            closeTime[i] = CloseSeconds(bars.Timeframe, new Instant(bars.Time[i]));
        }

        reaches = [.. fields.Select(static f => ReachOf(f))];
    }

    public BarSeries Bars { get; }

    public int Count => Bars.Count;

    /// <summary>The column of a market field (<see cref="Lowered.Open"/> and the others).</summary>
    public ReadOnlySpan<double> Field(int field) => fields[field];

    /// <summary>The same as an array, which nobody may change.</summary>
    internal ArraySegment<double> Column(int field) => fields[field];

    /// <summary>Where the values of a field lie.</summary>
    internal Reach Reach(int field) => reaches[field];

    /// <summary>The volume as evaluators read it: an unknown or negative one is 0.</summary>
    internal static double Volume(double given) => given > 0 ? Math.Min(given, Arithmetic.Bound) : 0;

    internal static double CloseSeconds(Timeframe timeframe, Instant open) => BarClock.End(timeframe, open).UnixSeconds;

    /// <summary>The column of an indicator that reads the bar's closing time alone.</summary>
    internal ArraySegment<double> Calendar(Indicator indicator, Settings settings) => calendar.GetOrAdd((indicator, settings), key =>
    {
        ArraySegment<double> column = Aligned.Array<double>(Count);
        key.Item1.Column(new Inputs(fields[Lowered.CloseTime]), key.Item2, column);
        return column;
    });

    /// <summary>The same of a bool, a bit a bar.</summary>
    internal ArraySegment<ulong> CalendarTruth(Indicator indicator, Settings settings) => calendarTruths.GetOrAdd((indicator, settings), key =>
    {
        ArraySegment<ulong> words = Aligned.Array<ulong>(Bits.WordsOf(Count));
        Span<double> rows = stackalloc double[64];
        for (int i = 0; i < Count; i += rows.Length)
        {
            int count = Math.Min(rows.Length, Count - i);
            key.Item1.Column(new Inputs(fields[Lowered.CloseTime].AsSpan(i, count)), key.Item2, rows[..count]);
            Logic.Differs.Test!(new Inputs(rows[..count], [0]), count, words.AsSpan(i >> 6, 1));
        }

        return words;
    });

    /// <summary>The smallest and the largest of some values; everything when there are none.</summary>
    internal static Reach ReachOf(ReadOnlySpan<double> values)
    {
        if (values.Length == 0)
        {
            return Indicators.Reach.Everything;
        }

        Vector512<double> least = Vector512.Create(values[0]), most = least;
        int i = 0;
        for (; i <= values.Length - Vector512<double>.Count; i += Vector512<double>.Count)
        {
            Vector512<double> v = Vector512.Create(values[i..]);
            least = Vector512.ConditionalSelect(Vector512.LessThan(v, least), v, least);
            most = Vector512.ConditionalSelect(Vector512.LessThan(most, v), v, most);
        }

        (double low, double high) = (values[0], values[0]);
        for (int k = 0; k < Vector512<double>.Count; k++)
        {
            (low, high) = (Math.Min(low, least[k]), Math.Max(high, most[k]));
        }

        for (; i < values.Length; i++)
        {
            (low, high) = (Math.Min(low, values[i]), Math.Max(high, values[i]));
        }

        return new Reach(low, high);
    }

    private static ArraySegment<double> Grains(ReadOnlySpan<long> prices)
    {
        ArraySegment<double> column = Aligned.Array<double>(prices.Length);
        Span<double> rows = column;
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = prices[i];
        }

        return column;
    }
}

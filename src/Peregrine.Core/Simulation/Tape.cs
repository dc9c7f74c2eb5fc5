using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Simulation;

/// <summary>
/// The prices of fill bars as a trade meets them: all of a bar together, so that a trade far from the last one waits for few places of memory instead of one for every column,
/// and the extremes of every 64 bars, so that a search for a level passes over quiet blocks in one step. Prices too far apart for 32 bits are read from the columns.
/// </summary>
internal sealed class Tape
{
    private const int Shift = 6, Size = 1 << Shift;

    private readonly MarketBars bars;
    private readonly Row[] rows;
    private readonly long origin;
    private readonly long[] highestBid, lowestBid, highestAsk, lowestAsk;

    public Tape(MarketBars bars)
    {
        this.bars = bars;
        (highestBid, lowestBid) = Extremes(bars.Bid);
        (highestAsk, lowestAsk) = Extremes(bars.Ask);
        origin = bars.Count == 0 ? 0 : bars.Bid.Open[0];
        rows = Fits(bars.Bid) && Fits(bars.Ask) ? new Row[bars.Count] : [];
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = new Row(
                Near(bars.Bid.Open[i]), Near(bars.Bid.High[i]), Near(bars.Bid.Low[i]), Near(bars.Bid.Close[i]),
                Near(bars.Ask.Open[i]), Near(bars.Ask.High[i]), Near(bars.Ask.Low[i]), Near(bars.Ask.Close[i]));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Price Bid, Price Ask) Close(int bar) => rows.Length > 0
        ? (new Price(origin + rows[bar].BidClose), new Price(origin + rows[bar].AskClose))
        : (new Price(bars.Bid.Close[bar]), new Price(bars.Ask.Close[bar]));

    /// <summary>Open, high and low of the bid or the ask; nothing else of the bar is set.</summary>
    public Bar Range(bool ask, int bar)
    {
        if (rows.Length > 0)
        {
            ref readonly Row r = ref rows[bar];
            return ask
                ? new Bar(default, new Price(origin + r.AskOpen), new Price(origin + r.AskHigh), new Price(origin + r.AskLow), default)
                : new Bar(default, new Price(origin + r.BidOpen), new Price(origin + r.BidHigh), new Price(origin + r.BidLow), default);
        }

        BarSeries series = ask ? bars.Ask : bars.Bid;
        return new Bar(default, new Price(series.Open[bar]), new Price(series.High[bar]), new Price(series.Low[bar]), default);
    }

    /// <summary>True when the low of a bar of the position's exit side is at or below the floor, or its high above the ceiling.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsBeyond(Side position, int bar, (long Floor, long Ceiling) levels)
    {
        if (rows.Length == 0)
        {
            BarSeries series = position == Side.Buy ? bars.Bid : bars.Ask;
            return series.Low[bar] <= levels.Floor || series.High[bar] > levels.Ceiling;
        }

        ref readonly Row r = ref rows[bar];
        return position == Side.Buy
            ? origin + r.BidLow <= levels.Floor || origin + r.BidHigh > levels.Ceiling
            : origin + r.AskLow <= levels.Floor || origin + r.AskHigh > levels.Ceiling;
    }

    /// <summary>
    /// The first bar of [<paramref name="from"/>, <paramref name="end"/>) on which a position of this side leaves because the low is at or below the floor or the high above the ceiling;
    /// <paramref name="end"/> when there is none.
    /// </summary>
    public int FirstBeyond(Side position, int from, int end, (long Floor, long Ceiling) levels)
    {
        int head = Math.Min(end, (from + Size) & -Size);
        int i = Scan(position, from, head, levels);
        if (i < head || i == end)
        {
            return i;
        }

        (long[] highest, long[] lowest) = position == Side.Buy ? (highestBid, lowestBid) : (highestAsk, lowestAsk);
        int block = i >> Shift, last = end >> Shift;
        while (block < last && lowest[block] > levels.Floor && highest[block] <= levels.Ceiling)
        {
            block++;
        }

        return Scan(position, block << Shift, Math.Min(end, (block + 1) << Shift), levels);
    }

    private int Scan(Side position, int from, int end, (long Floor, long Ceiling) levels)
    {
        int i = from;
        if (rows.Length == 0)
        {
            while (i < end && !IsBeyond(position, i, levels))
            {
                i++;
            }

            return i;
        }

        // One bar is one vector: the lanes of its high and low are compared with the levels, the others with what no price reaches.
        const int None = int.MaxValue, Any = int.MinValue;
        (int ceiling, int floor) = (Level(levels.Ceiling), Level(levels.Floor + 1));
        bool isLong = position == Side.Buy;
        Vector256<int> over = isLong ? Vector256.Create(None, ceiling, None, None, None, None, None, None) : Vector256.Create(None, None, None, None, None, ceiling, None, None);
        Vector256<int> under = isLong ? Vector256.Create(Any, Any, floor, Any, Any, Any, Any, Any) : Vector256.Create(Any, Any, Any, Any, Any, Any, floor, Any);
        ReadOnlySpan<Vector256<int>> vectors = MemoryMarshal.Cast<Row, Vector256<int>>(rows.AsSpan(0, end));
        while (i < vectors.Length && (Vector256.GreaterThan(vectors[i], over) | Vector256.LessThan(vectors[i], under)) == Vector256<int>.Zero)
        {
            i++;
        }

        return i;
    }

    private int Level(long price) => price >= origin + int.MaxValue ? int.MaxValue : price <= origin + int.MinValue ? int.MinValue : (int)(price - origin);

    private static (long[] Highest, long[] Lowest) Extremes(BarSeries series)
    {
        int count = series.Count >> Shift;
        (long[] highest, long[] lowest) = (new long[count], new long[count]);
        for (int b = 0; b < count; b++)
        {
            (highest[b], lowest[b]) = (long.MinValue, long.MaxValue);
            for (int i = b << Shift; i < (b + 1) << Shift; i++)
            {
                highest[b] = Math.Max(highest[b], series.High[i]);
                lowest[b] = Math.Min(lowest[b], series.Low[i]);
            }
        }

        return (highest, lowest);
    }

    private bool Fits(BarSeries series)
    {
        for (int i = 0; i < series.Count; i++)
        {
            if (!Fits(series.Open[i]) || !Fits(series.High[i]) || !Fits(series.Low[i]) || !Fits(series.Close[i]))
            {
                return false;
            }
        }

        return true;
    }

    // The outermost values are kept free for levels that no price reaches.
    private bool Fits(long price) => Math.Abs(price - origin) < int.MaxValue;

    private int Near(long price) => (int)(price - origin);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Row(int BidOpen, int BidHigh, int BidLow, int BidClose, int AskOpen, int AskHigh, int AskLow, int AskClose);
}

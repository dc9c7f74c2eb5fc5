using System.Numerics;
using System.Runtime.Intrinsics;
using Peregrine.Core.Market;

namespace Peregrine.Core.Simulation;

/// <summary>The highest high and the lowest low of every 64 bars of a series, so that a search for the first bar beyond a level passes over quiet blocks in one step.</summary>
internal sealed class PriceBlocks
{
    private const int Shift = 6, Size = 1 << Shift;

    private readonly BarSeries bars;
    private readonly long[] highest, lowest;

    public PriceBlocks(BarSeries bars)
    {
        this.bars = bars;
        int count = bars.Count >> Shift;
        (highest, lowest) = (new long[count], new long[count]);
        for (int b = 0; b < count; b++)
        {
            (highest[b], lowest[b]) = (long.MinValue, long.MaxValue);
            for (int i = b << Shift; i < (b + 1) << Shift; i++)
            {
                highest[b] = Math.Max(highest[b], bars.High[i]);
                lowest[b] = Math.Min(lowest[b], bars.Low[i]);
            }
        }
    }

    /// <summary>The first bar of [<paramref name="from"/>, <paramref name="end"/>) whose low is at or below <paramref name="floor"/> or whose high is above <paramref name="ceiling"/>; <paramref name="end"/> when there is none.</summary>
    public int FirstBeyond(int from, int end, long floor, long ceiling)
    {
        int i = Scan(from, Math.Min(end, (from + Size) & -Size), floor, ceiling, out bool found);
        if (found || i == end)
        {
            return i;
        }

        int block = i >> Shift, last = end >> Shift;
        while (block < last && lowest[block] > floor && highest[block] <= ceiling)
        {
            block++;
        }

        return Scan(block << Shift, Math.Min(end, (block + 1) << Shift), floor, ceiling, out _);
    }

    private int Scan(int from, int end, long floor, long ceiling, out bool found)
    {
        ReadOnlySpan<long> highs = bars.High[from..end], lows = bars.Low[from..end];
        Vector256<long> bottom = Vector256.Create(floor), top = Vector256.Create(ceiling);
        int i = 0;
        for (; i <= highs.Length - Vector256<long>.Count; i += Vector256<long>.Count)
        {
            Vector256<long> low = Vector256.Create(lows[i..]), high = Vector256.Create(highs[i..]);
            uint beyond = (Vector256.LessThanOrEqual(low, bottom) | Vector256.GreaterThan(high, top)).ExtractMostSignificantBits();
            if (beyond != 0)
            {
                found = true;
                return from + i + BitOperations.TrailingZeroCount(beyond);
            }
        }

        while (i < highs.Length && lows[i] > floor && highs[i] <= ceiling)
        {
            i++;
        }

        found = i < highs.Length;
        return from + i;
    }
}

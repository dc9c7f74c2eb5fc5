using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>Ticks as parallel columns: nanoseconds since 1970 UTC, bid and ask in grains of 1e-5, volumes in the feed's unit. A view: valid as long as what it came from.</summary>
public readonly ref struct TickSpans
{
    public required ReadOnlySpan<long> Time { get; init; }

    public required ReadOnlySpan<long> Bid { get; init; }

    public required ReadOnlySpan<long> Ask { get; init; }

    public required ReadOnlySpan<float> BidVolume { get; init; }

    public required ReadOnlySpan<float> AskVolume { get; init; }

    public int Count => Time.Length;

    public Quote this[int i] => new(new Instant(Time[i]), new Price(Bid[i]), new Price(Ask[i]), BidVolume[i], AskVolume[i]);

    public TickSpans Slice(int start, int end) => new()
    {
        Time = Time[start..end],
        Bid = Bid[start..end],
        Ask = Ask[start..end],
        BidVolume = BidVolume[start..end],
        AskVolume = AskVolume[start..end],
    };

    /// <summary>Index of the first tick at or after a time; <see cref="Count"/> when there is none.</summary>
    public int LowerBound(long nanoseconds)
    {
        (int low, int high) = (0, Time.Length);
        while (low < high)
        {
            int middle = (int)(((uint)low + (uint)high) >> 1);
            (low, high) = Time[middle] < nanoseconds ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>True when tick <paramref name="i"/> here and tick <paramref name="j"/> there are the same in every column, bit for bit.</summary>
    public bool SameAt(int i, in TickSpans other, int j) =>
        Time[i] == other.Time[j] && Bid[i] == other.Bid[j] && Ask[i] == other.Ask[j]
        && BitConverter.SingleToInt32Bits(BidVolume[i]) == BitConverter.SingleToInt32Bits(other.BidVolume[j])
        && BitConverter.SingleToInt32Bits(AskVolume[i]) == BitConverter.SingleToInt32Bits(other.AskVolume[j]);
}

/// <summary>Tick columns to write to.</summary>
public readonly ref struct TickTarget
{
    public required Span<long> Time { get; init; }

    public required Span<long> Bid { get; init; }

    public required Span<long> Ask { get; init; }

    public required Span<float> BidVolume { get; init; }

    public required Span<float> AskVolume { get; init; }
}

/// <summary>Tick columns that grow: what a source fills and the store writes.</summary>
public sealed class TickColumns
{
    private long[] time = [], bid = [], ask = [];
    private float[] bidVolume = [], askVolume = [];

    public int Count { get; private set; }

    public TickSpans Spans => new()
    {
        Time = time.AsSpan(0, Count),
        Bid = bid.AsSpan(0, Count),
        Ask = ask.AsSpan(0, Count),
        BidVolume = bidVolume.AsSpan(0, Count),
        AskVolume = askVolume.AsSpan(0, Count),
    };

    public void Add(in Quote quote)
    {
        if (Count == time.Length)
        {
            Reserve(1);
        }

        int i = Count++;
        time[i] = quote.Time.Nanoseconds;
        bid[i] = quote.Bid.Grains;
        ask[i] = quote.Ask.Grains;
        bidVolume[i] = quote.BidVolume;
        askVolume[i] = quote.AskVolume;
    }

    public void Add(in TickSpans ticks)
    {
        Reserve(ticks.Count);
        ticks.Time.CopyTo(time.AsSpan(Count));
        ticks.Bid.CopyTo(bid.AsSpan(Count));
        ticks.Ask.CopyTo(ask.AsSpan(Count));
        ticks.BidVolume.CopyTo(bidVolume.AsSpan(Count));
        ticks.AskVolume.CopyTo(askVolume.AsSpan(Count));
        Count += ticks.Count;
    }

    /// <summary>Adds so many ticks of undefined content and returns where to write them; valid until the next change.</summary>
    public TickTarget Extend(int count)
    {
        Reserve(count);
        int start = Count;
        Count += count;
        return new TickTarget
        {
            Time = time.AsSpan(start, count),
            Bid = bid.AsSpan(start, count),
            Ask = ask.AsSpan(start, count),
            BidVolume = bidVolume.AsSpan(start, count),
            AskVolume = askVolume.AsSpan(start, count),
        };
    }

    /// <summary>Takes the last so many ticks away.</summary>
    public void Shrink(int count) => Count -= count;

    public void Clear() => Count = 0;

    /// <summary>Puts the ticks into time order, those of one instant staying as they came; says how many had stood after a later one.</summary>
    public int Sort()
    {
        int late = 0;
        long latest = long.MinValue;
        for (int i = 0; i < Count; i++)
        {
            late += time[i] < latest ? 1 : 0;
            latest = Math.Max(latest, time[i]);
        }

        if (late > 0)
        {
            int[] order = new int[Count];
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = i;
            }

            Array.Sort(order, (a, b) => time[a] != time[b] ? time[a].CompareTo(time[b]) : a.CompareTo(b));
            Rearrange(order);
        }

        return late;
    }

    /// <summary>Drops every tick that repeats the one before it in all columns, the time included; says how many.</summary>
    public int DropRepeats()
    {
        TickSpans all = Spans;
        int kept = 0;
        for (int i = 0; i < all.Count; i++)
        {
            if (kept == 0 || !all.SameAt(i, all, kept - 1))
            {
                (time[kept], bid[kept], ask[kept], bidVolume[kept], askVolume[kept]) = (time[i], bid[i], ask[i], bidVolume[i], askVolume[i]);
                kept++;
            }
        }

        int dropped = Count - kept;
        Count = kept;
        return dropped;
    }

    private void Rearrange(int[] order)
    {
        time = Array.ConvertAll(order, i => time[i]);
        bid = Array.ConvertAll(order, i => bid[i]);
        ask = Array.ConvertAll(order, i => ask[i]);
        bidVolume = Array.ConvertAll(order, i => bidVolume[i]);
        askVolume = Array.ConvertAll(order, i => askVolume[i]);
    }

    /// <summary>Makes room for so many more ticks at once.</summary>
    public void Reserve(int more)
    {
        int needed = checked(Count + more);
        if (needed <= time.Length)
        {
            return;
        }

        int size = Math.Max(needed, Math.Max(1024, time.Length * 2));
        Array.Resize(ref time, size);
        Array.Resize(ref bid, size);
        Array.Resize(ref ask, size);
        Array.Resize(ref bidVolume, size);
        Array.Resize(ref askVolume, size);
    }
}

using System.Text.Json.Serialization;
using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.App.Data;

/// <summary>A damaged file and what is wrong with it.</summary>
public sealed record FaultDocument(string File, string Reason);

/// <summary>What the check of one series found, as scripts see it. Faults are damage; gaps and quality are facts to know.</summary>
public sealed record CheckDocument(StoredSeries Stored, IReadOnlyList<FaultDocument> Faults, IReadOnlyList<GapDocument> Gaps, SortedDictionary<string, long> Quality)
    : SeriesDocument(Stored.Key, Stored)
{
    [JsonIgnore]
    public StoredSeries Stored { get; } = Stored;

    /// <summary>The partitions behind <see cref="Faults"/>.</summary>
    [JsonIgnore]
    public IReadOnlyList<Partition> Damaged { get; init; } = [];
}

/// <summary>Checks one stored series: every file against its checksum and its content's hash, then gaps and oddities of what is sound.</summary>
public static class SeriesCheck
{
    /// <summary>A move between neighbouring bars, or ticks, within ten minutes of this share of the price is counted as a jump.</summary>
    private const double JumpShare = 0.01;

    public static CheckDocument Run(MarketStore store, StoredSeries series, Action fileDone, CancellationToken stop)
    {
        (List<FaultDocument> faults, List<Partition> damaged, List<Partition> sound) = ([], [], []);
        foreach (Partition partition in series.Partitions)
        {
            stop.ThrowIfCancellationRequested();
            if (store.Fault(partition) is { } reason)
            {
                faults.Add(new FaultDocument(partition.File, reason));
                damaged.Add(partition);
            }
            else
            {
                sound.Add(partition);
            }

            fileDone();
        }

        var usable = new StoredSeries(series.Key, sound);
        GapDocument[] gaps = GapDocument.Of(usable.Gaps(Instant.MinValue, Instant.MaxValue));
        return new CheckDocument(series, faults, gaps, sound.Count > 0 ? Quality(store, usable) : []) { Damaged = damaged };
    }

    private static SortedDictionary<string, long> Quality(MarketStore store, StoredSeries series)
    {
        var counts = new SortedDictionary<string, long>(StringComparer.Ordinal);
        if (series.Key.IsTicks)
        {
            foreach (TickBlock block in store.Blocks(series, Instant.MinValue, Instant.MaxValue))
            {
                TickSpans ticks = block.Spans;
                CountTimes(ticks.Time, counts);
                CountJumps(ticks.Time, ticks.Bid, counts);
                Count(counts, "locked quotes, bid equals ask", ticks.Bid.Length - Differing(ticks.Bid, ticks.Ask));
            }

            return counts;
        }

        BarSeries bars = store.Stored(series, Instant.MinValue, Instant.MaxValue);
        CountTimes(series.Key.Anchor.Length == 0 ? bars.Time : [], counts);
        CountJumps(bars.Time, bars.Close, counts);
        Count(counts, "flat bars, open, high, low and close alike", bars.Count - Differing(bars.High, bars.Low));
        if (series.Key.Side == QuoteSide.Bid)
        {
            Count(counts, "bars whose bid closes above the ask of the same source", Crossed(store, series.Key, bars));
        }

        return counts;
    }

    private static void CountTimes(ReadOnlySpan<long> times, SortedDictionary<string, long> counts)
    {
        long closed = 0;
        foreach (long time in times)
        {
            closed += TradingWeek.IsOpen(new Instant(time)) ? 0 : 1;
        }

        Count(counts, "outside the trading week", closed);
    }

    private static void CountJumps(ReadOnlySpan<long> times, ReadOnlySpan<long> prices, SortedDictionary<string, long> counts)
    {
        long near = Duration.FromMinutes(10).Nanoseconds, jumps = 0;
        for (int i = 1; i < times.Length; i++)
        {
            jumps += times[i] - times[i - 1] <= near && Math.Abs(prices[i] - prices[i - 1]) > JumpShare * prices[i - 1] ? 1 : 0;
        }

        Count(counts, "jumps of more than 1 % between neighbours", jumps);
    }

    private static int Differing(ReadOnlySpan<long> a, ReadOnlySpan<long> b)
    {
        int differing = 0;
        for (int i = 0; i < a.Length; i++)
        {
            differing += a[i] != b[i] ? 1 : 0;
        }

        return differing;
    }

    private static long Crossed(MarketStore store, SeriesKey key, BarSeries bid)
    {
        StoredSeries? other = store.Series(key.Symbol).SingleOrDefault(s => s.Key == key with { Side = QuoteSide.Ask });
        if (other is null || other.Partitions.Any(p => store.Fault(p) is not null))
        {
            return 0;
        }

        BarSeries ask = store.Stored(other, Instant.MinValue, Instant.MaxValue);
        (long crossed, int a) = (0, 0);
        for (int b = 0; b < bid.Count; b++)
        {
            while (a < ask.Count && ask.Time[a] < bid.Time[b])
            {
                a++;
            }

            crossed += a < ask.Count && ask.Time[a] == bid.Time[b] && bid.Close[b] > ask.Close[a] ? 1 : 0;
        }

        return crossed;
    }

    private static void Count(SortedDictionary<string, long> counts, string kind, long count)
    {
        if (count > 0)
        {
            counts[kind] = counts.GetValueOrDefault(kind) + count;
        }
    }
}

using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>
/// Writes one symbol. Each call merges what it is given into the stored days or years, writes the new files aside, and makes all of them live in one step:
/// a crash leaves the store as it was before the call or as it is after.
/// </summary>
public sealed class StoreWriter : IDisposable
{
    private readonly MarketStore store;
    private readonly Catalogue catalogue;
    private readonly string root, symbol;
    private readonly ProcessLock held;

    internal StoreWriter(MarketStore store, string root, string symbol)
    {
        (this.store, this.root, this.symbol) = (store, root, symbol);
        catalogue = store.Catalogue;
        held = SymbolLock.Take(Path.Combine(root, symbol), symbol);
        StoreFolder.RemoveLeftovers(root, symbol, catalogue.Partitions(symbol));
    }

    /// <summary>What happens to stored data where incoming data of the same series reach, from their first to their last: kept (and a contradiction counted), or replaced.</summary>
    public bool ReplaceOnConflict { get; internal init; }

    /// <summary>Called at the two points where a crash would hurt most, so that a test can crash there.</summary>
    internal Action<string> AtStage { get; init; } = static _ => { };

    /// <summary>Adds ticks of one source in any order; exact repeats within one instant are kept once.</summary>
    public MergeCount AddTicks(string source, TickColumns ticks)
    {
        ticks.Sort();
        return AddTicks(SeriesKey.Ticks(symbol, StoreNames.Plain(source)), ticks, Replaced(ticks.Spans.Time));
    }

    /// <summary>Adds bars of one source. An anchor names the day boundary of daily bars that do not stand where <see cref="BarClock"/> says.</summary>
    /// <exception cref="ArgumentException">A bar does not open where its timeframe's bars open, and no anchor says why.</exception>
    public MergeCount AddBars(string source, BarSeries bars, string anchor = "") =>
        AddBars(new SeriesKey(symbol, StoreNames.Plain(source), bars.Timeframe, bars.Side, anchor.Length == 0 ? "" : StoreNames.Plain(anchor)), bars, Replaced(bars.Time));

    /// <summary>Adds ticks; of what is stored inside the given stretches nothing stays.</summary>
    internal MergeCount AddTicks(SeriesKey key, TickColumns ticks, Stretches replaced)
    {
        ticks.Sort();
        var total = new MergeCount(0, ticks.DropRepeats(), 0, 0);
        var change = new Change(Live(key));
        foreach (long period in Periods(key, ticks.Spans.Time, change.Live, replaced))
        {
            TickSpans all = ticks.Spans;
            TickSpans day = all.Slice(all.LowerBound(key.PeriodStart(period).Nanoseconds), all.LowerBound(key.PeriodStart(period + 1).Nanoseconds));
            var merged = new TickColumns();
            MergeCount count = TickMerge.Merge(change.Live.TryGetValue(period, out Partition? stored) ? store.Map(stored).Ticks : default, day, replaced, merged);
            total += count;
            if (count.Added + count.Replaced > 0)
            {
                change.Put(period, merged.Count == 0 ? null : WriteFile(key, period, ColumnFile.Pack(merged.Spans), merged.Spans.Time));
            }
        }

        Commit(change, null);
        return total;
    }

    /// <inheritdoc cref="AddTicks(SeriesKey, TickColumns, Stretches)"/>
    internal MergeCount AddBars(SeriesKey key, BarSeries bars, Stretches replaced)
    {
        RefuseMisplaced(bars, key.Anchor);
        MergeCount total = default;
        var change = new Change(Live(key));
        foreach (long period in Periods(key, bars.Time, change.Live, replaced))
        {
            BarSeries year = bars.Between(key.PeriodStart(period), key.PeriodStart(period + 1));
            BarSeries stored = change.Live.TryGetValue(period, out Partition? old) ? Stored(old) : year.Between(Instant.MinValue, Instant.MinValue);
            (BarSeries merged, MergeCount count) = BarMerge.Merge(stored, year, replaced);
            total += count;
            if (count.Added + count.Replaced > 0)
            {
                change.Put(period, merged.Count == 0 ? null : WriteFile(key, period, ColumnFile.Pack(merged), merged.Time));
            }
        }

        Commit(change, null);
        return total;
    }

    /// <summary>Takes what a series has in [from, to) out of the store, and writes into the catalogue that it did. Returns how many ticks or bars that were.</summary>
    public long Remove(StoredSeries series, Instant from, Instant to, Instant now)
    {
        (SeriesKey key, long removed) = (series.Key, 0);
        var change = new Change(Live(key));
        foreach (Partition p in change.Live.Values.Where(p => p.First < to && p.Last >= from).OrderBy(p => p.Period))
        {
            Partition? rest = from <= p.First && p.Last < to ? null : Without(p, from, to);
            removed += p.Count - (rest?.Count ?? 0);
            if (rest != p)
            {
                change.Put(p.Period, rest);
            }
        }

        if (removed > 0)
        {
            Commit(change, new Removal(now, key, from, to, removed, series.Hash));
        }

        return removed;
    }

    /// <summary>Takes a damaged file out of the catalogue and puts it aside under <c>HOME/market/damaged</c>.</summary>
    public void SetAside(Partition partition)
    {
        catalogue.Commit([], [partition], null);
        string path = Path.Combine(root, partition.File);
        if (File.Exists(path))
        {
            string aside = Path.Combine(root, "damaged", partition.File + ".damaged");
            Directory.CreateDirectory(Path.GetDirectoryName(aside)!);
            File.Move(path, aside, overwrite: true);
        }
    }

    public void Dispose() => held.Dispose();

    private Dictionary<long, Partition> Live(SeriesKey key) => catalogue.Partitions(symbol).Where(p => p.Key == key).ToDictionary(p => p.Period);

    private Partition WriteFile(SeriesKey key, long period, byte[] bytes, ReadOnlySpan<long> times)
    {
        string? fault = ColumnFile.ReadHead(bytes, bytes.Length, out ColumnFileHead head);
        if (fault is not null)
        {
            throw new InvalidOperationException($"A file was packed wrong: {fault}.");
        }

        string name = $"{key.PeriodName(period)}-{head.Hash[..12]}{ColumnFile.Extension}";
        string relative = Path.Combine(symbol, key.Folder, name);
        AtStage("write");
        DurableFile.Write(Path.Combine(root, relative), bytes);
        return new Partition(key, period, relative, head.Count, head.First, head.Last, head.Hash, key.GapsBetween(times));
    }

    private void Commit(Change change, Removal? removal)
    {
        if (change.Periods.Count == 0)
        {
            return;
        }

        AtStage("commit");
        Partition[] written = [.. change.Periods.Values.OfType<Partition>()], gone = [.. change.Periods.Where(p => p.Value is null).Select(p => change.Live[p.Key])];
        catalogue.Commit(written, gone, removal);
        foreach ((long period, Partition? now) in change.Periods)
        {
            if (change.Live.TryGetValue(period, out Partition? old) && old.File != now?.File)
            {
                File.Delete(Path.Combine(root, old.File));
            }
        }
    }

    /// <summary>What a call makes of a series' files: those that were live, and per period that changes the new one, or none.</summary>
    private sealed class Change(Dictionary<long, Partition> live)
    {
        public Dictionary<long, Partition> Live { get; } = live;

        public SortedDictionary<long, Partition?> Periods { get; } = [];

        public void Put(long period, Partition? partition) => Periods[period] = partition;
    }

    private Stretches Replaced(ReadOnlySpan<long> times) => ReplaceOnConflict ? Stretches.Of(times) : new Stretches();

    /// <summary>The periods of the times, and those of stored files in which something is replaced.</summary>
    private static SortedSet<long> Periods(SeriesKey key, ReadOnlySpan<long> times, Dictionary<long, Partition> live, Stretches replaced)
    {
        SortedSet<long> periods = [.. live.Values.Where(p => replaced.Overlap(p.First.Nanoseconds, p.Last.Nanoseconds)).Select(p => p.Period)];
        for (long end = long.MinValue; times.Length > 0 && times[^1] >= end;)
        {
            long period = key.PeriodOf(new Instant(times[FirstFrom(times, end)]));
            periods.Add(period);
            end = key.PeriodStart(period + 1).Nanoseconds;
        }

        return periods;
    }

    private static int FirstFrom(ReadOnlySpan<long> times, long time)
    {
        (int low, int high) = (0, times.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = times[middle] < time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private BarSeries Stored(Partition partition) => store.Stored(new StoredSeries(partition.Key, [partition]), Instant.MinValue, Instant.MaxValue);

    /// <summary>A file without what lies in [from, to); itself when there is nothing.</summary>
    private Partition Without(Partition partition, Instant from, Instant to)
    {
        SeriesKey key = partition.Key;
        if (key.IsTicks)
        {
            TickSpans all = store.Map(partition).Ticks;
            var kept = new TickColumns();
            kept.Add(all.Slice(0, all.LowerBound(from.Nanoseconds)));
            kept.Add(all.Slice(all.LowerBound(to.Nanoseconds), all.Count));
            return kept.Count == all.Count ? partition : WriteFile(key, partition.Period, ColumnFile.Pack(kept.Spans), kept.Spans.Time);
        }

        BarSeries bars = Stored(partition);
        Bar[] rest = [.. Enumerable.Range(0, bars.Count).Select(i => bars[i]).Where(b => b.Time < from || b.Time >= to)];
        BarSeries left = BarSeries.FromBars(key.Symbol, bars.Timeframe, bars.Side, rest);
        return left.Count == bars.Count ? partition : WriteFile(key, partition.Period, ColumnFile.Pack(left), left.Time);
    }

    private static void RefuseMisplaced(BarSeries bars, string anchor)
    {
        for (int i = 0; i < bars.Count && anchor.Length == 0; i++)
        {
            var open = new Instant(bars.Time[i]);
            if (BarClock.Start(bars.Timeframe, open) != open)
            {
                throw new ArgumentException($"No {bars.Timeframe} bar opens at {open}.", nameof(bars));
            }
        }
    }
}

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

    /// <summary>What happens to stored data that incoming data of the same source contradicts: kept (and the contradiction counted), or replaced.</summary>
    public bool ReplaceOnConflict { get; internal init; }

    /// <summary>Called at the two points where a crash would hurt most, so that a test can crash there.</summary>
    internal Action<string> AtStage { get; init; } = static _ => { };

    /// <summary>Adds ticks of one source in any order; exact repeats within one instant are kept once.</summary>
    public MergeCount AddTicks(string source, TickColumns ticks)
    {
        SeriesKey key = SeriesKey.Ticks(symbol, StoreNames.Plain(source));
        ticks.Sort();
        int repeats = ticks.DropRepeats();
        var total = new MergeCount(0, repeats, 0, 0);
        var changed = new List<Partition>();
        Dictionary<long, Partition> live = Live(key);
        TickSpans rest = ticks.Spans;
        while (rest.Count > 0)
        {
            long period = key.PeriodOf(new Instant(rest.Time[0]));
            int end = rest.LowerBound(key.PeriodStart(period + 1).Nanoseconds);
            Partition? stored = live.GetValueOrDefault(period);
            var merged = new TickColumns();
            MergeCount count = TickMerge.Merge(stored is null ? default : store.Map(stored).Ticks, rest.Slice(0, end), ReplaceOnConflict, merged);
            total += count;
            if (count.Added > 0)
            {
                changed.Add(WriteFile(key, period, ColumnFile.Pack(merged.Spans), merged.Spans.Time));
            }

            rest = rest.Slice(end, rest.Count);
        }

        Commit(changed, live);
        return total;
    }

    /// <summary>Adds bars of one source. An anchor names the day boundary of daily bars that do not stand where <see cref="BarClock"/> says.</summary>
    /// <exception cref="ArgumentException">A bar does not open where its timeframe's bars open, and no anchor says why.</exception>
    public MergeCount AddBars(string source, BarSeries bars, string anchor = "")
    {
        var key = new SeriesKey(symbol, StoreNames.Plain(source), bars.Timeframe, bars.Side, anchor.Length == 0 ? "" : StoreNames.Plain(anchor));
        RefuseMisplaced(bars, anchor);
        MergeCount total = default;
        var changed = new List<Partition>();
        Dictionary<long, Partition> live = Live(key);
        for (int start = 0; start < bars.Count;)
        {
            long period = key.PeriodOf(new Instant(bars.Time[start]));
            Instant periodEnd = key.PeriodStart(period + 1);
            int end = bars.LowerBound(periodEnd.Nanoseconds);
            BarSeries year = bars.Between(new Instant(bars.Time[start]), periodEnd);
            BarSeries stored = live.TryGetValue(period, out Partition? old)
                ? store.Stored(new StoredSeries(key, [old]), Instant.MinValue, Instant.MaxValue)
                : new BarSeries(symbol, bars.Timeframe, bars.Side, BarColumns.OfLength(0));
            (BarSeries merged, MergeCount count) = BarMerge.Merge(stored, year, ReplaceOnConflict);
            total += count;
            if (count.Added > 0)
            {
                changed.Add(WriteFile(key, period, ColumnFile.Pack(merged), merged.Time));
            }

            start = end;
        }

        Commit(changed, live);
        return total;
    }

    /// <summary>Takes a damaged file out of the catalogue and puts it aside under <c>HOME/market/damaged</c>.</summary>
    public void SetAside(Partition partition)
    {
        catalogue.Remove(partition);
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
        return new Partition(key, period, relative, head.Count, head.First, head.Last, head.Hash, GapMap.Find(times, key.Timeframe));
    }

    private void Commit(List<Partition> changed, Dictionary<long, Partition> live)
    {
        if (changed.Count == 0)
        {
            return;
        }

        AtStage("commit");
        catalogue.Commit(changed);
        foreach (Partition p in changed)
        {
            if (live.TryGetValue(p.Period, out Partition? old) && old.File != p.File)
            {
                File.Delete(Path.Combine(root, old.File));
            }
        }
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

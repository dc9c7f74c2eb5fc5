using System.Numerics;
using System.Runtime.InteropServices;
using Peregrine.Adapters.Sources;
using Peregrine.Adapters.Sources.Dukascopy;
using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Bench.Suites;

/// <summary>How many ticks a second are decoded from real .bi5 files, written to the store and read back. The files come from the folder PEREGRINE_SAMPLES names; without it only the store is measured.</summary>
public static class TicksSuite
{
    private const int Stored = 4_000_000;

    public static IReadOnlyList<Result> Run()
    {
        var results = new List<Result>();
        if (Environment.GetEnvironmentVariable("PEREGRINE_SAMPLES") is { Length: > 0 } samples)
        {
            results.Add(Decode(Path.Combine(samples, "dukascopy", "EURUSD", "2019", "01", "04")));
        }

        string home = Directory.CreateTempSubdirectory("peregrine-bench-").FullName;
        try
        {
            results.AddRange(Store(home));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }

        return results;
    }

    private static Result Decode(string folder)
    {
        (byte[] Packed, DukascopyPath Path)[] files = [.. Directory.GetFiles(folder, "*_ticks.bi5").Order(StringComparer.Ordinal).Select(f => (File.ReadAllBytes(f), DukascopyPath.Parse(f)!))];
        using var lzma = new Lzma();
        int ticks = files.Sum(f => lzma.Decode(f.Packed, int.MaxValue).Length / 20);
        long sink = 0;
        return Contest.Run("decode .bi5 into columns, checked", "ticks", ticks, ("liblzma alone", Unpack), Read) with { Goal = 0.95, GoalIsRatio = true };

        void Unpack()
        {
            foreach ((byte[] packed, _) in files)
            {
                sink += lzma.Decode(packed, int.MaxValue).Length;
            }
        }

        void Read()
        {
            foreach ((byte[] packed, DukascopyPath path) in files)
            {
                var rows = new TickRows(SeriesKey.Ticks("EURUSD", "bench"));
                DukascopyRecords.Ticks(lzma.Decode(packed, int.MaxValue), path, 1, rows);
                sink += rows.Count;
            }
        }
    }

    private static IEnumerable<Result> Store(string home)
    {
        TickColumns ticks = Generate();
        byte[] content = new byte[Stored * 32];
        int run = 0;
        yield return Contest.Run(
            "write to the store, durable", "ticks", Stored, ("the same bytes, written and flushed", () => WriteBare(Path.Combine(home, $"bare-{run++}"), content)), () => Write(Path.Combine(home, $"w-{run++}"), ticks));

        Write(home, ticks);
        using MarketStore store = MarketStore.Open(home);
        long sink = 0;
        yield return Contest.Run(
            "open and verify the files", "ticks", Stored, ("sum of the bytes in memory", () => sink += Sum(content)), () => sink += OpenAndScan(home));
        yield return Contest.Run(
            "scan time, bid and ask of mapped files", "ticks", Stored, ("the same over arrays", () => sink += Scan(ticks.Spans)), () => sink += Scan(store)) with { Goal = 200e6 };
        Quote[] quotes = new Quote[Stored];
        for (int i = 0; i < Stored; i++)
        {
            quotes[i] = ticks.Spans[i];
        }

        yield return Contest.Run(
            "quotes one by one", "ticks", Stored, ("loop over an array of quotes", () => sink += Loop(quotes)), () => sink += OneByOne(store));
    }

    private static TickColumns Generate()
    {
        var rng = new Rng(1);
        var ticks = new TickColumns();
        (Instant at, long bid) = (Instant.FromUtc(2019, 2, 4), 114_000);
        for (int i = 0; i < Stored; i++)
        {
            at += Duration.FromMilliseconds(rng.NextInt(1, 400));
            bid += rng.NextInt(-1, 1);
            ticks.Add(new Quote(at, new Price(bid), new Price(bid + 3), 1, 1));
        }

        return ticks;
    }

    private static void WriteBare(string path, byte[] content)
    {
        using var stream = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    private static void Write(string home, TickColumns ticks)
    {
        var copy = new TickColumns();
        copy.Add(ticks.Spans);
        using MarketStore store = MarketStore.Open(home);
        using StoreWriter writer = store.Write("EURUSD");
        writer.AddTicks("bench", copy);
    }

    private static long OpenAndScan(string home)
    {
        using MarketStore store = MarketStore.Open(home);
        return store.Ticks("EURUSD", Instant.MinValue, Instant.MaxValue).Sum(b => (long)b.Count);
    }

    private static long Scan(MarketStore store)
    {
        long sum = 0;
        foreach (TickBlock block in store.Ticks("EURUSD", Instant.MinValue, Instant.MaxValue))
        {
            sum += Scan(block.Spans);
        }

        return sum;
    }

    private static long Scan(TickSpans ticks) => Sum(ticks.Time) + Sum(ticks.Bid) + Sum(ticks.Ask);

    private static long Sum(byte[] bytes) => Sum(MemoryMarshal.Cast<byte, long>(bytes));

    private static long Sum(ReadOnlySpan<long> column)
    {
        (Vector<long> a, Vector<long> b) = (Vector<long>.Zero, Vector<long>.Zero);
        ReadOnlySpan<Vector<long>> vectors = MemoryMarshal.Cast<long, Vector<long>>(column);
        int i = 0;
        for (; i + 2 <= vectors.Length; i += 2)
        {
            a += vectors[i];
            b += vectors[i + 1];
        }

        for (; i < vectors.Length; i++)
        {
            a += vectors[i];
        }

        long sum = Vector.Sum(a + b);
        foreach (long rest in column[(vectors.Length * Vector<long>.Count)..])
        {
            sum += rest;
        }

        return sum;
    }

    private static long Loop(Quote[] quotes)
    {
        long sum = 0;
        foreach (ref readonly Quote quote in quotes.AsSpan())
        {
            sum += quote.Ask.Grains - quote.Bid.Grains;
        }

        return sum;
    }

    private static long OneByOne(MarketStore store)
    {
        long sum = 0;
        using QuoteReader reader = store.Quotes("EURUSD", Instant.MinValue, Instant.MaxValue);
        while (reader.Read(out Quote quote))
        {
            sum += quote.Ask.Grains - quote.Bid.Grains;
        }

        return sum;
    }
}

using Peregrine.Adapters;
using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.Store;

/// <summary>What goes into the store comes out of it; what is damaged, contradictory or in use elsewhere is refused in words.</summary>
public sealed class StoreTests : IDisposable
{
    private static readonly Instant Start = Instant.FromUtc(2019, 2, 4, 10);
    private static readonly Instant Ever = Instant.FromUtc(2100, 1, 1);
    private readonly TemporaryFolder home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void Ticks_come_back_as_they_went_in_day_by_day()
    {
        TickColumns ticks = Generated.Ticks(new Rng(1), Start, 5000, maxStepMs: 60_000);
        using MarketStore store = MarketStore.Open(home.Path);
        Write(store, w => w.AddTicks("test", Generated.Copy(ticks))).ShouldBe(new MergeCount(5000, 0, 0, 0));

        StoredSeries series = store.Series().ShouldHaveSingleItem();
        series.Key.ShouldBe(SeriesKey.Ticks("EURUSD", "test"));
        series.Key.SideName.ShouldBe("two-sided");
        series.Count.ShouldBe(5000);
        series.Partitions.Count.ShouldBeGreaterThan(1);
        using QuoteReader reader = store.Quotes("eur/usd", Instant.MinValue, Ever);
        for (int i = 0; i < 5000; i++)
        {
            reader.Read(out Quote quote).ShouldBeTrue();
            quote.ShouldBe(ticks.Spans[i]);
        }

        reader.Read(out _).ShouldBeFalse();
    }

    [Fact]
    public void A_reader_starts_at_any_instant_and_allocates_nothing_per_quote()
    {
        TickColumns ticks = Generated.Ticks(new Rng(2), Start, 20_000, maxStepMs: 900);
        using MarketStore store = MarketStore.Open(home.Path);
        Write(store, w => w.AddTicks("test", Generated.Copy(ticks)));
        Instant from = new(ticks.Spans.Time[7000]), to = new(ticks.Spans.Time[12_000]);
        int first = ticks.Spans.LowerBound(from.Nanoseconds), end = ticks.Spans.LowerBound(to.Nanoseconds);

        using QuoteReader reader = store.Quotes("EURUSD", from, to);
        reader.Read(out Quote quote).ShouldBeTrue();
        quote.ShouldBe(ticks.Spans[first]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int count = 1;
        while (count < 5000 && reader.Read(out quote))
        {
            count++;
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
        while (reader.Read(out quote))
        {
            count++;
        }

        count.ShouldBe(end - first);
    }

    [Fact]
    public void Storing_the_same_again_changes_nothing()
    {
        TickColumns ticks = Generated.Ticks(new Rng(3), Start, 3000, maxStepMs: 60_000);
        BarSeries bars = Generated.Minutes(new Rng(3), Start, 3000);
        using MarketStore store = MarketStore.Open(home.Path);
        Write(store, w => w.AddTicks("test", Generated.Copy(ticks)) + w.AddBars("test", bars));
        string[] hashes = [.. store.Series().Select(s => s.Hash)];
        string[] files = Files();

        Write(store, w => w.AddTicks("test", Generated.Copy(ticks)) + w.AddBars("test", bars)).ShouldBe(new MergeCount(0, 6000, 0, 0));
        store.Series().Select(s => s.Hash).ShouldBe(hashes);
        Files().ShouldBe(files);
    }

    [Fact]
    public void The_hash_does_not_depend_on_the_pieces_or_their_order()
    {
        TickColumns ticks = Generated.Ticks(new Rng(4), Start, 6000, maxStepMs: 20_000);
        BarSeries bars = Generated.Minutes(new Rng(4), Instant.FromUtc(2018, 12, 20), 6000);
        using MarketStore whole = MarketStore.Open(home.File("whole"));
        using MarketStore pieces = MarketStore.Open(home.File("pieces"));
        Write(whole, w => w.AddTicks("test", Generated.Copy(ticks)) + w.AddBars("test", bars));
        Instant[] cuts = [.. Enumerable.Range(0, 7).Select(i => new Instant(bars.Time[i * 1000 / 7 * 6]))];
        for (int i = 6; i >= 0; i--)
        {
            TickColumns part = new();
            part.Add(ticks.Spans.Slice(i * 6000 / 7, Math.Min(6000, ((i + 1) * 6000 / 7) + 200)));
            BarSeries some = bars.Between(cuts[i], i < 6 ? cuts[i + 1] : Ever);
            Write(pieces, w => w.AddTicks("test", part) + w.AddBars("test", some));
        }

        pieces.Series().Select(s => s.Hash).ShouldBe(whole.Series().Select(s => s.Hash));
        ContentHash.Of(bars).ShouldBe(whole.Series().Single(s => !s.Key.IsTicks).Hash);
        ContentHash.Of(whole.Ticks("EURUSD", Instant.MinValue, Ever)).ShouldBe(whole.Series().Single(s => s.Key.IsTicks).Hash);
    }

    [Fact]
    public void The_hash_changes_with_any_column_of_any_row()
    {
        BarSeries bars = Generated.Minutes(new Rng(5), Start, 50);
        string[] hashes =
        [
            ContentHash.Of(bars),
            ContentHash.Of(Generated.Change(bars, 17, b => b with { Close = b.Close + new Move(1) })),
            ContentHash.Of(Generated.Change(bars, 17, b => b with { Volume = b.Volume + 1 })),
            ContentHash.Of(bars.Between(Instant.MinValue, new Instant(bars.Time[49]))),
        ];
        hashes.Distinct().Count().ShouldBe(4);
    }

    [Fact]
    public void Bars_that_contradict_stored_ones_are_kept_out_and_counted_unless_replacement_is_asked_for()
    {
        BarSeries bars = Generated.Minutes(new Rng(6), Start, 100);
        BarSeries other = Generated.Change(bars, 40, b => b with { Volume = b.Volume + 1 });
        using MarketStore store = MarketStore.Open(home.Path);
        Write(store, w => w.AddBars("test", bars));
        Write(store, w => w.AddBars("test", other)).ShouldBe(new MergeCount(0, 99, 1, 0));
        store.Bars("EURUSD", Timeframe.M1, QuoteSide.Bid, Start, Ever)[40].ShouldBe(bars[40]);

        using (StoreWriter writer = store.Write("EURUSD", replaceOnConflict: true))
        {
            writer.AddBars("test", other).ShouldBe(new MergeCount(1, 99, 0, 1));
        }

        store.Bars("EURUSD", Timeframe.M1, QuoteSide.Bid, Start, Ever)[40].ShouldBe(other[40]);
    }

    [Fact]
    public void Ticks_that_contradict_a_stored_hour_are_kept_out_and_counted_unless_replacement_is_asked_for()
    {
        TickColumns ticks = Generated.Ticks(new Rng(7), Start, 4000, maxStepMs: 3600);
        TickColumns other = new();
        for (int i = 0; i < 4000; i++)
        {
            Quote quote = ticks.Spans[i];
            other.Add(i == 100 ? quote with { Bid = quote.Bid - new Move(1) } : quote);
        }

        int inFirstHour = ticks.Spans.LowerBound((Start + Duration.FromHours(1)).Nanoseconds);
        using MarketStore store = MarketStore.Open(home.Path);
        Write(store, w => w.AddTicks("test", Generated.Copy(ticks)));
        string hash = store.Series().Single().Hash;
        Write(store, w => w.AddTicks("test", Generated.Copy(other))).ShouldBe(new MergeCount(0, 4000 - inFirstHour, inFirstHour, 0));
        store.Series().Single().Hash.ShouldBe(hash);
        using (StoreWriter writer = store.Write("EURUSD", replaceOnConflict: true))
        {
            writer.AddTicks("test", Generated.Copy(other)).ShouldBe(new MergeCount(inFirstHour, 4000 - inFirstHour, 0, inFirstHour));
        }

        using QuoteReader reader = store.Quotes("EURUSD", new Instant(ticks.Spans.Time[100]), Ever);
        reader.Read(out Quote changed).ShouldBeTrue();
        changed.ShouldBe(other.Spans[100]);
    }

    [Fact]
    public void Sources_and_sides_are_never_joined()
    {
        using MarketStore store = MarketStore.Open(home.Path);
        BarSeries early = Generated.Minutes(new Rng(8), Start, 100), late = Generated.Minutes(new Rng(9), Start + Duration.FromDays(5), 5000);
        Write(store, w => w.AddBars("one", early) + w.AddBars("two", late));
        store.Bars("EURUSD", Timeframe.M1, QuoteSide.Bid, Start, Ever).Count.ShouldBe(5000);
        store.Bars(new BarRequest("EURUSD", Timeframe.M1, QuoteSide.Bid, Start, Ever) { Source = "one" }).Count.ShouldBe(100);
        store.Bars("EURUSD", Timeframe.M1, QuoteSide.Ask, Start, Ever).Count.ShouldBe(0);
        store.Bars("GBPUSD", Timeframe.M1, QuoteSide.Bid, Start, Ever).Count.ShouldBe(0);
    }

    [Theory]
    [InlineData(Timeframe.M5)]
    [InlineData(Timeframe.H4)]
    [InlineData(Timeframe.D1)]
    public void Bars_asked_for_are_made_of_minutes_or_of_ticks_alike(Timeframe timeframe)
    {
        TickColumns ticks = Generated.Ticks(new Rng(10), Start, 30_000, maxStepMs: 20_000);
        using MarketStore store = MarketStore.Open(home.Path);
        Write(store, w => w.AddTicks("ticks", Generated.Copy(ticks)));
        BarSeries minutes = store.Bars("EURUSD", Timeframe.M1, QuoteSide.Ask, Start, Ever);
        Write(store, w => w.AddBars("minutes", minutes));
        var request = new BarRequest("EURUSD", timeframe, QuoteSide.Ask, Start, Start + Duration.FromDays(3));
        BarSeries fromTicks = store.Bars(request with { Source = "ticks" }), fromMinutes = store.Bars(request with { Source = "minutes" });
        fromTicks.Count.ShouldBeGreaterThan(1);
        ContentHash.Of(fromMinutes).ShouldBe(ContentHash.Of(fromTicks));
        fromTicks[0].Time.ShouldBeGreaterThanOrEqualTo(request.From);
        BarClock.End(timeframe, fromTicks[fromTicks.Count - 1].Time).ShouldBeLessThanOrEqualTo(request.To);
    }

    [Fact]
    public void Daily_bars_of_another_day_boundary_are_stored_and_never_taken_for_FX_days()
    {
        BarSeries days = BarSeries.FromBars("EURUSD", Timeframe.D1, QuoteSide.Bid, [new Bar(Instant.FromUtc(2019, 2, 4), new Price(1), new Price(2), new Price(1), new Price(2))]);
        using MarketStore store = MarketStore.Open(home.Path);
        Should.Throw<ArgumentException>(() => Write(store, w => w.AddBars("test", days)));
        Write(store, w => w.AddBars("test", days, "utc")).Added.ShouldBe(1);
        store.Series().Single().Key.Anchor.ShouldBe("utc");
        store.Bars("EURUSD", Timeframe.D1, QuoteSide.Bid, Instant.MinValue, Ever).Count.ShouldBe(0);
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_a_file_is_refused_in_words()
    {
        TickColumns ticks = Generated.Ticks(new Rng(11), Start, 300, maxStepMs: 900);
        using (MarketStore store = MarketStore.Open(home.Path))
        {
            Write(store, w => w.AddTicks("test", ticks));
        }

        string file = Files().Single(f => f.EndsWith(".columns", StringComparison.Ordinal));
        byte[] sound = File.ReadAllBytes(file);
        for (int at = 0; at < sound.Length; at += at < 128 ? 1 : 97)
        {
            byte[] bad = [.. sound];
            bad[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(file, bad);
            RefusalOf(store => store.Ticks("EURUSD", Instant.MinValue, Ever).Count()).ShouldContain(file);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(5000)]
    public void A_truncated_file_is_refused_in_words(int length)
    {
        using (MarketStore store = MarketStore.Open(home.Path))
        {
            Write(store, w => w.AddTicks("test", Generated.Ticks(new Rng(12), Start, 300, maxStepMs: 900)));
        }

        string file = Files().Single(f => f.EndsWith(".columns", StringComparison.Ordinal));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..length]);
        RefusalOf(store => store.Ticks("EURUSD", Instant.MinValue, Ever).Count()).ShouldContain("data check --repair");
    }

    [Theory]
    [InlineData("write")]
    [InlineData("commit")]
    public void A_crash_while_writing_leaves_what_was_there_before(string stage)
    {
        TickColumns first = Generated.Ticks(new Rng(13), Start, 3000, maxStepMs: 60_000);
        TickColumns second = Generated.Ticks(new Rng(14), Start + Duration.FromDays(1) + Duration.FromHours(2), 3000, maxStepMs: 60_000);
        using (MarketStore store = MarketStore.Open(home.Path))
        {
            Write(store, w => w.AddTicks("test", Generated.Copy(first)));
            string hash = store.Series().Single().Hash;
            int calls = 0;
            StoreWriter dying = new(store, home.File("market"), "EURUSD")
            {
                AtStage = s => _ = s == stage && ++calls == (stage == "write" ? 2 : 1) ? throw new InvalidOperationException("crash") : 0,
            };
            Should.Throw<InvalidOperationException>(() => dying.AddTicks("test", Generated.Copy(second)));
            dying.Dispose();
            File.WriteAllText(home.File("market/EURUSD/test/ticks/2019-02-09-aa.columns.partial"), "half a file");
            store.Series().Single().Hash.ShouldBe(hash);
        }

        using (MarketStore store = MarketStore.Open(home.Path))
        {
            Write(store, w => w.AddTicks("test", Generated.Copy(second))).Added.ShouldBe(3000);
            Files().Count(f => f.EndsWith(".columns", StringComparison.Ordinal)).ShouldBe(store.Series().Single().Partitions.Count);
            Files().ShouldNotContain(f => f.EndsWith(".partial", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void One_writer_per_symbol_and_the_second_is_told_who_has_it()
    {
        using MarketStore store = MarketStore.Open(home.Path);
        using (StoreWriter writer = store.Write("EURUSD"))
        {
            using StoreWriter other = store.Write("GBPUSD");
            Should.Throw<KnownFailure>(() => store.Write("EURUSD")).Message.ShouldContain($"process {Environment.ProcessId} is writing it");
        }

        store.Write("EURUSD").Dispose();
    }

    [Fact]
    public void A_lost_catalogue_is_rebuilt_from_the_files()
    {
        string[] hashes;
        using (MarketStore store = MarketStore.Open(home.Path))
        {
            Write(store, w => w.AddTicks("test", Generated.Ticks(new Rng(15), Start, 3000, maxStepMs: 60_000)) + w.AddBars("test", Generated.Minutes(new Rng(15), Start, 10)));
            hashes = [.. store.Series().Select(s => s.Key + s.Hash)];
        }

        foreach (string file in Directory.GetFiles(home.File("market"), "catalogue.db*"))
        {
            File.Delete(file);
        }

        using MarketStore rebuilt = MarketStore.Open(home.Path);
        rebuilt.Series().Select(s => s.Key + s.Hash).ShouldBe(hashes);
    }

    [Fact]
    public void A_damaged_catalogue_is_refused_and_deleting_it_brings_everything_back()
    {
        using (MarketStore store = MarketStore.Open(home.Path))
        {
            Write(store, w => w.AddBars("test", Generated.Minutes(new Rng(16), Start, 10)));
        }

        string catalogue = home.File("market/catalogue.db");
        File.WriteAllText(catalogue, new string('x', 5000));
        Should.Throw<KnownFailure>(() => MarketStore.Open(home.Path)).Message.ShouldContain("delete it");
        File.Delete(catalogue);
        using MarketStore rebuilt = MarketStore.Open(home.Path);
        rebuilt.Series().ShouldHaveSingleItem().Count.ShouldBe(10);
    }

    [Fact]
    public void The_catalogue_knows_the_gaps_within_files_and_between_them()
    {
        Instant friday = Instant.FromUtc(2018, 12, 28, 20), january = Instant.FromUtc(2019, 1, 8, 10);
        TickColumns ticks = new();
        foreach (Instant at in (Instant[])[friday, friday + Duration.FromMinutes(30), january, january + Duration.FromMinutes(5)])
        {
            ticks.Add(new Quote(at, new Price(1), new Price(2)));
        }

        using MarketStore store = MarketStore.Open(home.Path);
        Write(store, w => w.AddTicks("test", ticks));
        Gap[] expected = [new(friday, friday + Duration.FromMinutes(30), GapKind.Hole), new(friday + Duration.FromMinutes(30), january, GapKind.Hole)];
        store.Series().Single().Gaps(Instant.MinValue, Ever).ShouldBe(expected);
        store.Series().Single().Gaps(january, Ever).ShouldBe([]);
    }

    [Fact]
    public void A_newer_catalogue_is_left_alone()
    {
        MarketStore.Open(home.Path).Dispose();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={home.File("market/catalogue.db")};Pooling=False"))
        {
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Should.Throw<KnownFailure>(() => MarketStore.Open(home.Path)).Message.ShouldContain("newer");
    }

    [Fact]
    public void Names_that_are_no_symbols_are_refused_before_they_become_folders()
    {
        foreach (string name in (string[])["../x", "", "a b", "E", ".hidden", new string('A', 25), "EUR\0USD"])
        {
            Should.Throw<KnownFailure>(() => StoreNames.Symbol(name)).Message.ShouldContain("EURUSD");
        }

        StoreNames.Symbol("eur/usd").ShouldBe("EURUSD");
    }

    private static MergeCount Write(MarketStore store, Func<StoreWriter, MergeCount> write)
    {
        using StoreWriter writer = store.Write("EURUSD");
        return write(writer);
    }

    private string RefusalOf(Func<MarketStore, int> read)
    {
        using MarketStore store = MarketStore.Open(home.Path);
        return Should.Throw<KnownFailure>(() => read(store)).Message;
    }

    private string[] Files() => [.. Directory.GetFiles(home.Path, "*", SearchOption.AllDirectories).Where(f => !f.Contains("catalogue", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}

using System.Buffers.Binary;
using Peregrine.Adapters.Sources;
using Peregrine.Adapters.Sources.Dukascopy;
using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.Sources;

/// <summary>Real .bi5 files, sound and damaged.</summary>
public sealed class DukascopyTests : IDisposable
{
    private readonly Imported imported = new();

    public void Dispose() => imported.Dispose();

    [Fact]
    public void Minutes_built_from_a_days_ticks_equal_Dukascopys_own_candles()
    {
        ImportReport report = imported.Run("dukascopy", Path.Combine(Needs.Samples(), "dukascopy/EURUSD/2019/01/04"));
        report.FilesRead.ShouldBe(26);
        report.Refused.ShouldBeEmpty();
        foreach (QuoteSide side in (QuoteSide[])[QuoteSide.Bid, QuoteSide.Ask])
        {
            StoredSeries candles = imported.Store.Series("EURUSD").Single(s => s.Key.Timeframe == Timeframe.M1 && s.Key.Side == side);
            StoredSeries ticks = imported.Store.Series("EURUSD").Single(s => s.Key.IsTicks);
            var request = new BarRequest("EURUSD", Timeframe.M1, side, Imported.Never, Imported.Ever);
            BarSeries built = BarsOfTicks.Build(imported.Store.Blocks(ticks, request.From, request.To), request, ticks.Last);
            BarSeries own = imported.Store.Stored(candles, Imported.Never, Imported.Ever);
            built.Count.ShouldBe(1440);
            own.Count.ShouldBe(1440);
            for (int i = 0; i < 1440; i++)
            {
                (built[i] with { Volume = 0 }).ShouldBe(own[i] with { Volume = 0 });
                built.Volume[i].ShouldBe(own.Volume[i], own.Volume[i] * 1e-6);
            }
        }
    }

    [Fact]
    public void Ticks_have_ask_before_bid_and_months_from_zero()
    {
        imported.Run("dukascopy", Path.Combine(Needs.Samples(), "dukascopy/EURUSD/2019/01/04/00h_ticks.bi5"));
        using QuoteReader quotes = imported.Store.Quotes("EURUSD", Imported.Never, Imported.Ever);
        quotes.Read(out Quote first).ShouldBeTrue();
        first.ShouldBe(new Quote(Instant.Parse("2019-02-04T00:00:00.994Z"), Price.Parse("1.14543"), Price.Parse("1.14545"), 2.06f, 1.0f));
    }

    [Theory]
    [InlineData("dukascopy/GBPJPY/2012/11/03/00h_ticks.bi5", "GBPJPY", "132.141", "132.158")]
    [InlineData("dukascopy/BTCUSD/2023/01/20/12h_ticks.bi5", "BTCUSD", null, null)]
    public void Prices_are_scaled_by_the_instruments_own_divisor(string file, string symbol, string? bid, string? ask)
    {
        imported.Run("dukascopy", Path.Combine(Needs.Samples(), file)).Refused.ShouldBeEmpty();
        using QuoteReader quotes = imported.Store.Quotes(symbol, Imported.Never, Imported.Ever);
        quotes.Read(out Quote first).ShouldBeTrue();
        first.Bid.ShouldBe(bid is null ? first.Bid : Price.Parse(bid));
        first.Ask.ShouldBe(ask is null ? first.Ask : Price.Parse(ask));
        first.Bid.ToDecimal().ShouldBeInRange(100m, 100_000m);
    }

    [Fact]
    public void Candles_that_fill_closed_hours_are_removed_and_counted()
    {
        ImportReport report = imported.Run("dukascopy", Path.Combine(Needs.Samples(), "dukascopy/EURUSD/2019/01/BID_candles_hour_1.bi5"));
        SeriesReport hours = report.Series.ShouldHaveSingleItem();
        hours.Key.Timeframe.ShouldBe(Timeframe.H1);
        hours.Tally.Read.ShouldBe(672);
        hours.Tally.Repaired["filler candle while the market is closed, removed"].ShouldBe(192);
        hours.Count.ShouldBe(480);
        imported.Bars("EURUSD", Timeframe.H1, QuoteSide.Bid).Count.ShouldBe(480);
    }

    [Fact]
    public void Days_that_begin_at_midnight_UTC_are_kept_apart_from_FX_days()
    {
        ImportReport report = imported.Run("dukascopy", Path.Combine(Needs.Samples(), "dukascopy/EURUSD/2019/BID_candles_day_1.bi5"));
        report.Series.ShouldHaveSingleItem().Key.Anchor.ShouldBe("utc");
        report.Series[0].Count.ShouldBe(365 - 52);
        imported.Bars("EURUSD", Timeframe.D1, QuoteSide.Bid).Count.ShouldBe(0);
    }

    [Fact]
    public void Importing_again_adds_nothing_and_leaves_the_hash()
    {
        string folder = Path.Combine(Needs.Samples(), "dukascopy/EURUSD/2019/01/04");
        ImportReport first = imported.Run("dukascopy", folder), second = imported.Run("dukascopy", folder);
        second.Series.Select(s => s.Stored!.Hash).ShouldBe(first.Series.Select(s => s.Stored!.Hash));
        second.Series.ShouldAllBe(s => s.Merge.Added == 0 && s.Merge.Conflicts == 0 && s.Merge.Duplicates == s.Count);
    }

    [Fact]
    public void An_empty_file_says_that_there_were_no_ticks()
    {
        string file = imported.File("EURUSD/2019/01/09/10h_ticks.bi5", []);
        ImportReport report = imported.Run("dukascopy", file);
        (report.FilesRead, report.EmptyFiles, report.Refused.Count, report.Series.Count).ShouldBe((1, 1, 0, 0));
    }

    [Theory]
    [InlineData("DERIVED_truncated_10h_ticks.bi5", "cut off")]
    [InlineData("DERIVED_bitflip_10h_ticks.bi5", "damaged")]
    [InlineData("DERIVED_record_remainder.bi5", "2007 bytes are 100 records and 7 bytes of another")]
    public void Damaged_files_are_refused_with_the_reason_and_nothing_of_them_is_stored(string name, string reason)
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Needs.Samples(), "dukascopy/corner", name));
        string file = imported.File("EURUSD/2019/01/04/10h_ticks.bi5", bytes);
        imported.Refusal("dukascopy", new ImportRequest([file])).ShouldContain(reason);
    }

    [Fact]
    public void Files_that_are_no_market_data_are_skipped_in_folders_and_refused_when_named()
    {
        string corner = Path.Combine(Needs.Samples(), "dukascopy/corner");
        ImportReport folder = imported.Run("dukascopy", corner);
        folder.FilesRead.ShouldBe(0);
        folder.Skipped.Single(s => s.Path.EndsWith("HistoryStart.bi5", StringComparison.Ordinal)).Reason.ShouldContain("no market data");
        imported.Refusal("dukascopy", new ImportRequest([Path.Combine(corner, "HistoryStart.bi5")])).ShouldContain("no market data");
        imported.Refusal("dukascopy", new ImportRequest([Path.Combine(corner, "USDHKD_min_1_undated_flat.bi5")])).ShouldContain("its place does not say");
    }

    [Fact]
    public void A_symbol_whose_scale_is_not_known_is_refused_until_it_is_given()
    {
        byte[] bytes = File.ReadAllBytes(Path.Combine(Needs.Samples(), "dukascopy/EURUSD/2019/01/04/10h_ticks.bi5"));
        string file = imported.File("EURXXX/2019/01/04/10h_ticks.bi5", bytes);
        imported.Refusal("dukascopy", new ImportRequest([file])).ShouldContain("--divisor");
        imported.Run("dukascopy", new ImportRequest([file]) { Divisor = 100_000 }).Series.ShouldHaveSingleItem().Count.ShouldBe(8438);
    }

    [Fact]
    public void Crossed_ticks_are_turned_away_and_locked_ones_counted()
    {
        var rows = new TickRows(SeriesKey.Ticks("EURUSD", "x"));
        DukascopyRecords.Ticks(Records((10, 110_002, 110_001, 1), (20, 110_001, 110_001, 1), (20, 110_000, 110_001, 1), (30, 110_002, 110_000, 0)), Hour, 1, rows);
        TickPiece piece = rows.ToPiece();
        piece.Ticks.Count.ShouldBe(3);
        piece.Ticks.Spans[1].ShouldBe(new Quote(Instant.Parse("2019-02-04T10:00:00.020Z"), new Price(110_001), new Price(110_001), 1, 1));
        piece.Tally.Rejected.ShouldBe(new Dictionary<string, long> { ["crossed: bid above ask"] = 1 });
        piece.Tally.Noted.ShouldBe(new Dictionary<string, long> { ["locked: bid equals ask"] = 1 });
        piece.Tally.Read.ShouldBe(4);
    }

    public static TheoryData<uint, uint, uint, float> Impossible => new()
    {
        { 9u, 110_002u, 110_001u, 1f },              // before the tick before it
        { 3_600_000u, 110_002u, 110_001u, 1f },      // after its hour
        { 10u, 0u, 110_001u, 1f },
        { 10u, 110_002u, 55_000u, 1f },              // half of the first price
        { 10u, 220_005u, 110_001u, 1f },             // more than twice the first price
        { 10u, 110_002u, 110_001u, -1f },
        { 10u, 110_002u, 110_001u, float.NaN },
        { 10u, 110_002u, 110_001u, 1e-12f },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void One_record_that_cannot_be_true_condemns_its_file(uint ms, uint ask, uint bid, float volume) =>
        Should.Throw<RefusedFile>(() => DukascopyRecords.Ticks(Records((10, 110_002, 110_001, 1), (ms, ask, bid, volume)), Hour, 1, new TickRows(SeriesKey.Ticks("EURUSD", "x"))))
            .Message.ShouldContain("record 1 cannot be true");

    [Fact]
    public void One_flipped_bit_is_refused_or_harmless_but_never_changes_prices_unseen()
    {
        byte[] sound = File.ReadAllBytes(Path.Combine(Needs.Samples(), "dukascopy/EURUSD/2019/01/04/22h_ticks.bi5"));
        using var lzma = new Lzma();
        byte[] content = lzma.Decode(sound, 1 << 24).ToArray();
        var rng = new Rng(5);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] flipped = [.. sound];
            flipped[rng.NextInt(flipped.Length)] ^= (byte)(1 << rng.NextInt(8));
            try
            {
                var rows = new TickRows(SeriesKey.Ticks("EURUSD", "x"));
                ReadOnlySpan<byte> decoded = lzma.Decode(flipped, 1 << 24);
                DukascopyRecords.Ticks(decoded, DukascopyPath.Parse("/EURUSD/2019/01/04/22h_ticks.bi5")!, 1, rows);
                decoded.SequenceEqual(content).ShouldBeTrue();
            }
            catch (RefusedFile)
            {
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(390);
    }

    private static readonly DukascopyPath Hour = DukascopyPath.Parse("/EURUSD/2019/01/04/10h_ticks.bi5")!;

    private static byte[] Records(params (uint Ms, uint Ask, uint Bid, float Volume)[] ticks)
    {
        byte[] bytes = new byte[ticks.Length * 20];
        for (int i = 0; i < ticks.Length; i++)
        {
            Span<byte> record = bytes.AsSpan(i * 20, 20);
            BinaryPrimitives.WriteUInt32BigEndian(record, ticks[i].Ms);
            BinaryPrimitives.WriteUInt32BigEndian(record[4..], ticks[i].Ask);
            BinaryPrimitives.WriteUInt32BigEndian(record[8..], ticks[i].Bid);
            BinaryPrimitives.WriteSingleBigEndian(record[12..], ticks[i].Volume);
            BinaryPrimitives.WriteSingleBigEndian(record[16..], ticks[i].Volume);
        }

        return bytes;
    }
}

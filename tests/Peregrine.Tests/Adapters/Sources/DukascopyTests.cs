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
}

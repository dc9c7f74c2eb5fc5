using System.IO.Compression;
using System.Text;
using Peregrine.Adapters.Sources;
using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.Sources;

/// <summary>Lean's quote files: one feed five hours behind UTC and crossed, the other in UTC and clean.</summary>
public sealed class LeanTests : IDisposable
{
    private readonly Imported imported = new();

    public void Dispose() => imported.Dispose();

    [Fact]
    public void Crossed_ticks_are_refused_locked_ones_counted_and_the_clock_is_five_hours_behind()
    {
        ImportReport report = imported.Run("lean", Path.Combine(Needs.Samples(), "fx-ticks/lean/forex/fxcm/tick/eurusd/20140501_quote.zip"));
        SeriesReport ticks = report.Series.ShouldHaveSingleItem();
        ticks.Key.ShouldBe(SeriesKey.Ticks("EURUSD", "lean-fxcm"));
        ticks.Tally.Read.ShouldBe(51_053);
        ticks.Tally.Rejected.ShouldBe(new Dictionary<string, long> { ["crossed: bid above ask"] = 3991 });
        ticks.Tally.Noted.ShouldBe(new Dictionary<string, long> { ["locked: bid equals ask"] = 5409 });
        (ticks.Count + ticks.Merge.Duplicates).ShouldBe(51_053 - 3991);
        using QuoteReader quotes = imported.Store.Quotes("EURUSD", Imported.Never, Imported.Ever);
        quotes.Read(out Quote first).ShouldBeTrue();
        first.ShouldBe(new Quote(Instant.Parse("2014-05-01T05:00:01.787Z"), Price.Parse("1.38727"), Price.Parse("1.38729")));
    }

    [Fact]
    public void The_other_market_is_in_UTC_and_fractions_of_a_millisecond_are_kept()
    {
        imported.Run("lean", Path.Combine(Needs.Samples(), "fx-ticks/lean/cfd/oanda/tick/xauusd/20140501_quote.zip")).Series.Single().Tally.Rejected.ShouldBeEmpty();
        using QuoteReader quotes = imported.Store.Quotes("XAUUSD", Imported.Never, Imported.Ever);
        quotes.Read(out Quote first).ShouldBeTrue();
        first.ShouldBe(new Quote(Instant.Parse("2014-05-01T00:00:00Z") + new Duration(43_142_000), Price.Parse("1291.677"), Price.Parse("1292.033")));
    }

    [Fact]
    public void Both_feeds_of_the_same_days_agree_on_the_hour_once_their_clocks_are_right()
    {
        imported.Run("lean", Path.Combine(Needs.Samples(), "fx-m1/lean/forex"));
        var request = new BarRequest("EURUSD", Timeframe.M1, QuoteSide.Bid, Instant.FromUtc(2014, 5, 5), Instant.FromUtc(2014, 5, 10));
        BarSeries fxcm = imported.Store.Bars(request with { Source = "lean-fxcm" }), oanda = imported.Store.Bars(request with { Source = "lean-oanda" });
        (int compared, int near) = (0, 0);
        for (int i = 0; i < fxcm.Count; i++)
        {
            int j = oanda.LowerBound(fxcm.Time[i]);
            if (j < oanda.Count && oanda.Time[j] == fxcm.Time[i])
            {
                compared++;
                near += Math.Abs(oanda.Close[j] - fxcm.Close[i]) <= 10 ? 1 : 0;
            }
        }

        compared.ShouldBeGreaterThan(5000);
        near.ShouldBeGreaterThan(compared * 95 / 100);
    }

    [Fact]
    public void Bars_with_bid_above_ask_anywhere_are_refused_on_both_sides()
    {
        ImportReport report = imported.Run("lean", Path.Combine(Needs.Samples(), "fx-m1/lean/forex/fxcm/minute/eurusd/20140501_quote.zip"));
        report.Series.Count.ShouldBe(2);
        report.Series.ShouldAllBe(s => s.Tally.Rejected["crossed: bid above ask"] == 126 && s.Count == 1426 - 126);
    }

    [Fact]
    public void Hour_bars_count_their_crossed_ones_and_daily_bars_keep_their_own_day()
    {
        ImportReport report = imported.Run("lean", Path.Combine(Needs.Samples(), "fx-h1/lean/forex/fxcm/hour/eurusd.zip"), Path.Combine(Needs.Samples(), "fx-daily/lean/forex/fxcm/daily/eurusd.zip"));
        SeriesReport hours = report.Series.First(s => s.Key.Timeframe == Timeframe.H1), days = report.Series.First(s => s.Key.Timeframe == Timeframe.D1);
        hours.Tally.Read.ShouldBe(69_928);
        hours.Tally.Rejected.ShouldBe(new Dictionary<string, long> { ["crossed: bid above ask"] = 7636 });
        days.Key.Anchor.ShouldBe("utc-5");
        days.Tally.Rejected["crossed: bid above ask"].ShouldBe(419);
        imported.Bars("EURUSD", Timeframe.H1, QuoteSide.Ask)[0].Time.ShouldBe(Instant.Parse("2007-03-30T09:00Z")); // 04:00 in the file, its first bar that is not crossed
    }

    [Fact]
    public void Seconds_are_merged_into_the_minutes_that_hold_them()
    {
        string file = Zip("forex/oanda/second/eurusd/20140502_quote.zip", "1000,1.1,1.3,1.1,1.2,5,1.2,1.4,1.2,1.3,6\n59000,1.2,1.2,1.0,1.1,1,1.3,1.3,1.1,1.2,2\n60000,1.1,1.1,1.1,1.1,0,1.2,1.2,1.2,1.2,0\n");
        imported.Run("lean", file).Refused.ShouldBeEmpty();
        Instant day = Instant.FromUtc(2014, 5, 2);
        BarSeries bid = imported.Bars("EURUSD", Timeframe.M1, QuoteSide.Bid), ask = imported.Bars("EURUSD", Timeframe.M1, QuoteSide.Ask);
        bid.Count.ShouldBe(2);
        bid[0].ShouldBe(new Bar(day, Price.Parse("1.1"), Price.Parse("1.3"), Price.Parse("1.0"), Price.Parse("1.1"), 6));
        ask[0].ShouldBe(new Bar(day, Price.Parse("1.2"), Price.Parse("1.4"), Price.Parse("1.1"), Price.Parse("1.2"), 8));
        bid[1].Time.ShouldBe(day + Duration.FromMinutes(1));
    }

    [Fact]
    public void Bad_rows_are_rejected_by_kind()
    {
        string file = Zip("forex/oanda/tick/eurusd/20140502_quote.zip", "1,1.1,1.2\n2,1.1\n86400000,1.1,1.2\n3,1.100001,1.2\n4,0,1.2\n5,1.3,1.2\n6,x,1.2\n7,1.1,1.2\n8,1.1,1.2\n9,1.1,1.2\n");
        SeriesReport report = imported.Run("lean", file).Series.Single();
        report.Count.ShouldBe(4);
        report.Tally.Rejected.ShouldBe(new Dictionary<string, long>
        {
            ["crossed: bid above ask"] = 1,
            ["price finer than 0.00001"] = 1,
            ["price not above zero"] = 1,
            ["unreadable row"] = 2,
            ["unreadable time"] = 1,
        });
    }

    [Fact]
    public void A_market_whose_clock_is_not_known_is_refused_until_it_is_given()
    {
        string file = Zip("forex/mybroker/tick/eurusd/20140502_quote.zip", "1,1.1,1.2\n");
        imported.Refusal("lean", new ImportRequest([file])).ShouldContain("--zone");
        imported.Run("lean", new ImportRequest([file]) { Zone = "utc+2" }).Series.Single().Stored!.First.ShouldBe(Instant.Parse("2014-05-01T22:00:00.001Z"));
    }

    private string Zip(string path, string content)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream stream = archive.CreateEntry("table.csv").Open())
        {
            stream.Write(Encoding.ASCII.GetBytes(content));
        }

        return imported.File(path, packed.ToArray());
    }
}

using System.IO.Compression;
using System.Text;
using Peregrine.Adapters;
using Peregrine.Adapters.Sources;
using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.Sources;

/// <summary>Tables with a header, friendly and hostile.</summary>
public sealed class CsvTests : IDisposable
{
    private readonly Imported imported = new();

    public void Dispose() => imported.Dispose();

    [Fact]
    public void Real_bid_and_ask_files_with_offsets_become_two_series()
    {
        string folder = Path.Combine(Needs.Samples(), "fx-m1/fxcm-bidask");
        imported.Run("csv", new ImportRequest([Path.Combine(folder, "gbpusd-m1-bid-2012.csv.gz")]) { Symbol = "GBPUSD" }).Series.Single().Count.ShouldBe(30_117);
        imported.Run("csv", new ImportRequest([Path.Combine(folder, "gbpusd-m1-ask-2012.csv.gz")]) { Symbol = "GBPUSD", Side = QuoteSide.Ask }).Series.Single().Count.ShouldBe(30_117);
        BarSeries bid = imported.Bars("GBPUSD", Timeframe.M1, QuoteSide.Bid), ask = imported.Bars("GBPUSD", Timeframe.M1, QuoteSide.Ask);
        bid[0].Time.ShouldBe(Instant.FromUtc(2012, 2, 1));
        Enumerable.Range(0, bid.Count).Count(i => ask.Close[i] < bid.Close[i]).ShouldBe(347);
    }

    [Theory]
    [InlineData("time,open,high,low,close\n2019-02-04T10:00:00Z,1.1,1.3,1.0,1.2\n2019-02-04T10:05:00Z,1.2,1.2,1.2,1.2\n", Timeframe.M5, 0)]
    [InlineData("Time;Open;High;Low;Close;Volume\n2019-02-04 10:00;1.1;1.3;1.0;1.2;7.5\n2019-02-04 11:00;1.2;1.2;1.2;1.2;1\n", Timeframe.H1, 7.5)]
    [InlineData("volume,close,low,high,open,x,time\n7.5,1.2,1.0,1.3,1.1,?,2019-02-04T12:00:00+02:00\n1,1.2,1.2,1.2,1.2,?,2019-02-04T12:01:00+02:00\n", Timeframe.M1, 7.5)]
    public void Headers_are_read_in_any_order_and_case_and_timeframes_from_the_steps(string table, Timeframe timeframe, double volume)
    {
        imported.Run("csv", Request(table)).Refused.ShouldBeEmpty();
        BarSeries bars = imported.Bars("EURUSD", timeframe, QuoteSide.Bid);
        bars.Count.ShouldBe(2);
        bars[0].ShouldBe(new Bar(Instant.FromUtc(2019, 2, 4, 10), Price.Parse("1.1"), Price.Parse("1.3"), Price.Parse("1.0"), Price.Parse("1.2"), volume));
    }

    [Fact]
    public void Two_sided_bars_become_two_series()
    {
        imported.Run("csv", Request("time,bidOpen,bidHigh,bidLow,bidClose,askOpen,askHigh,askLow,askClose\n2019-02-04T10:00Z,1.1,1.3,1.0,1.2,1.11,1.31,1.01,1.21\n2019-02-04T10:01Z,1.1,1.3,1.0,1.2,1.11,1.31,1.01,1.19\n2019-02-04T10:02Z,1.1,1.3,1.0,1.2,1.11,1.31,1.01,1.21\n"))
            .Series.ShouldAllBe(s => s.Count == 2 && s.Tally.Rejected["crossed: bid above ask"] == 1);
        imported.Bars("EURUSD", Timeframe.M1, QuoteSide.Ask)[0].Close.ShouldBe(Price.Parse("1.21"));
    }

    [Fact]
    public void Ticks_keep_nanoseconds_and_volumes_repeats_are_dropped_and_order_is_restored()
    {
        SeriesReport report = imported.Run("csv", Request(
            "time,bid,ask,bidVolume,askVolume\n2019-02-04T10:00:00.000000001Z,1.1,1.2,0.5,1\n2019-02-04T10:00:02Z,1.1,1.2,,\n2019-02-04T10:00:01Z,1.1,1.2,3,4\n2019-02-04T10:00:01Z,1.1,1.2,3,4\n2019-02-04T10:00:01Z,1.1,1.3,3,4\n")).Series.Single();
        (report.Count, report.Merge.Duplicates).ShouldBe((4, 1));
        report.Tally.Repaired.ShouldBe(new Dictionary<string, long> { ["row out of time order, put in its place"] = 3 });
        using Peregrine.Adapters.Store.QuoteReader quotes = imported.Store.Quotes("EURUSD", Imported.Never, Imported.Ever);
        quotes.Read(out Quote first).ShouldBeTrue();
        first.ShouldBe(new Quote(Instant.FromUtc(2019, 2, 4, 10) + new Duration(1), Price.Parse("1.1"), Price.Parse("1.2"), 0.5f, 1f));
    }

    [Fact]
    public void Daily_bars_at_midnight_UTC_are_kept_apart_and_those_at_17_New_York_are_FX_days()
    {
        imported.Run("csv", Request("time,open,high,low,close\n2019-02-04,1,1,1,1\n2019-02-05,1,1,1,1\n")).Series.Single().Key.Anchor.ShouldBe("utc");
        imported.Run("csv", Request("time,open,high,low,close\n2019-02-04T22:00Z,1,1,1,1\n2019-02-05T22:00Z,1,1,1,1\n")).Series.Single().Key.Anchor.ShouldBe("");
        imported.Bars("EURUSD", Timeframe.D1, QuoteSide.Bid).Count.ShouldBe(2);
    }

    [Fact]
    public void A_zone_reads_times_that_name_no_offset()
    {
        imported.Run("csv", Request("time,open,high,low,close\n2019-07-01T17:00,1,1,1,1\n2019-07-01T17:01,1,1,1,1\n") with { Zone = "new-york" });
        imported.Bars("EURUSD", Timeframe.M1, QuoteSide.Bid)[0].Time.ShouldBe(Instant.FromUtc(2019, 7, 1, 21));
        Should.Throw<KnownFailure>(() => imported.Run("csv", Request("x") with { Zone = "mars" })).Message.ShouldContain("utc-5-europe");
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("\n", "first line")]
    [InlineData("a,b,c\n1,2,3\n", "first line")]
    [InlineData("time,open,high,low,close\nx,1,1,1,1\n", "1 of 1 lines cannot be read")]
    [InlineData("time,open,high,low,close\n2019-02-04T10:00Z,1,1,1,1\n2019-02-04T10:07Z,1,1,1,1\n", "--timeframe")]
    [InlineData("time,bid,ask\n\0\0\0\n\0\n", "2 of 2 lines cannot be read")]
    public void Tables_that_make_no_sense_are_refused(string table, string reason) => imported.Refusal("csv", Request(table)).ShouldContain(reason);

    [Fact]
    public void A_table_without_a_symbol_is_refused_and_a_path_that_is_not_there_is_a_failure()
    {
        string file = imported.File("x.csv", "time,bid,ask\n2019-02-04T10:00Z,1.1,1.2\n");
        imported.Refusal("csv", new ImportRequest([file])).ShouldContain("--symbol");
        Should.Throw<KnownFailure>(() => imported.Run("csv", file + ".nothing")).Message.ShouldContain("no such file");
        Should.Throw<KnownFailure>(() => imported.Run("excel", file)).Message.ShouldContain("csv");
    }

    [Fact]
    public void A_line_without_end_and_an_archive_with_thousands_of_entries_are_refused_early()
    {
        imported.Refusal("csv", Request("time,bid,ask\n" + new string('1', 1 << 20))).ShouldContain("no table");
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int i = 0; i < 1001; i++)
            {
                archive.CreateEntry($"../../{i}.csv");
            }
        }

        imported.Refusal("csv", new ImportRequest([imported.File("many.zip", packed.ToArray())]) { Symbol = "EURUSD" }).ShouldContain("1001 entries");
    }

    [Fact]
    public void A_damaged_gzip_is_refused_before_its_first_row_is_used()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write("time,bid,ask\n"u8);
            for (int i = 0; i < 3000; i++)
            {
                gzip.Write(Encoding.ASCII.GetBytes($"2019-02-04T10:00:00.{i:0000}Z,1.1,1.{i % 89 + 10}\n"));
            }
        }

        byte[] bytes = packed.ToArray();
        imported.Run("csv", new ImportRequest([imported.File("a.csv.gz", bytes)]) { Symbol = "GBPUSD" }).Series.Single().Count.ShouldBeGreaterThan(2900);
        foreach (int length in new[] { bytes.Length - 1, bytes.Length - 8, bytes.Length / 2, 19, 10 })
        {
            imported.Refusal("csv", new ImportRequest([imported.File($"cut-{length}.csv.gz", bytes[..length])]) { Symbol = "EURUSD" }).ShouldMatch("cut off|no sound gzip|damaged");
        }

        bytes[bytes.Length / 2] ^= 16;
        imported.Refusal("csv", new ImportRequest([imported.File("b.csv.gz", bytes)]) { Symbol = "EURUSD" }).ShouldContain("damaged");
    }

    [Fact]
    public void Hostile_bytes_never_do_more_than_be_refused_or_rejected()
    {
        byte[] table = Encoding.ASCII.GetBytes("time,bid,ask,bidVolume,askVolume\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"2019-02-04T10:00:{i:00}.5Z,1.10{i:00},1.20{i:00},1.5,2\n")));
        var rng = new Rng(11);
        for (int i = 0; i < 300; i++)
        {
            byte[] bad = [.. table];
            for (int n = rng.NextInt(1, 20); n > 0; n--)
            {
                bad[rng.NextInt(bad.Length)] = (byte)rng.NextInt(256);
            }

            ImportReport report = imported.Run("csv", new ImportRequest([imported.File("fuzz.csv", bad)]) { Symbol = "FUZZ" });
            (report.FilesRead + report.Refused.Count).ShouldBe(1);
        }
    }

    private ImportRequest Request(string table) => new([imported.File("table.csv", table)]) { Symbol = "EURUSD" };
}

using System.Globalization;
using System.IO.Compression;
using System.Text;
using Peregrine.Adapters.Sources;
using Peregrine.Core;
using Peregrine.Core.Market;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.Sources;

/// <summary>HistData minutes: the clock differs by year, and one hour of 2019 stands in the file twice.</summary>
public sealed class HistDataTests : IDisposable
{
    private readonly Imported imported = new();

    public void Dispose() => imported.Dispose();

    [Fact]
    public void Both_years_of_EURUSD_open_and_close_their_weeks_with_New_York()
    {
        string folder = Path.Combine(Needs.Samples(), "fx-m1/histdata");
        ImportReport report = imported.Run("histdata", new ImportRequest([folder]) { Symbol = "EURUSD" });
        SeriesReport minutes = report.Series.ShouldHaveSingleItem();
        minutes.Tally.Rejected.ShouldBeEmpty();
        minutes.Tally.Repaired.ShouldBe(new Dictionary<string, long> { ["repeated row, kept once"] = 60 });
        minutes.Tally.Clocks["HISTDATA_COM_ASCII_EURUSD_M12018.zip"].ShouldBe("new-york: 52 of 52 week opens and 52 of 52 closes stand at New York's");
        minutes.Tally.Clocks["HISTDATA_COM_ASCII_EURUSD_M12019.zip"].ShouldBe("utc-5-europe: 51 of 52 week opens and 52 of 52 closes stand at New York's");
        minutes.Count.ShouldBe(minutes.Tally.Read - 60);

        BarSeries bars = imported.Bars("EURUSD", Timeframe.M1, QuoteSide.Bid);
        List<string> off = [];
        for (int i = 1; i < bars.Count; i++)
        {
            Instant close = new Instant(bars.Time[i - 1]) + Duration.FromMinutes(1), open = new(bars.Time[i]);
            if (open - close > Duration.FromDays(1))
            {
                AddIfOff(off, close, TradingWeek.NextClose(close - new Duration(1)));
                AddIfOff(off, open, TradingWeek.WeekStart(open));
            }
        }

        // Of 104 opens and 104 closes: New Year, one feed outage on a bank holiday, and a few first or last minutes in which nobody dealt.
        off.ShouldBe(
        [
            "2018-12-31T22:00:00Z, not 2019-01-04T22:00:00Z", "2019-01-01T22:02:00Z, not 2018-12-30T22:00:00Z",
            "2019-03-24T21:05:00Z, not 2019-03-24T21:00:00Z", "2019-05-27T03:00:00Z, not 2019-05-26T21:00:00Z",
            "2019-06-02T21:01:00Z, not 2019-06-02T21:00:00Z", "2019-08-18T21:01:00Z, not 2019-08-18T21:00:00Z",
            "2019-08-30T20:59:00Z, not 2019-08-30T21:00:00Z", "2019-09-01T21:04:00Z, not 2019-09-01T21:00:00Z",
            "2019-09-22T21:01:00Z, not 2019-09-22T21:00:00Z", "2019-12-29T22:03:00Z, not 2019-12-29T22:00:00Z",
        ]);
    }

    [Fact]
    public void Payrolls_of_both_conventions_stand_at_half_past_eight_in_New_York()
    {
        imported.Run("histdata", new ImportRequest([Path.Combine(Needs.Samples(), "fx-m1/histdata")]) { Symbol = "USDJPY" });
        BarSeries bars = imported.Bars("USDJPY", Timeframe.M1, QuoteSide.Bid);
        foreach (string release in (string[])["2018-02-02T13:30Z", "2018-07-06T12:30Z", "2019-03-08T13:30Z", "2019-10-04T12:30Z", "2019-11-01T12:30Z"])
        {
            Instant at = Instant.Parse(release);
            BarSeries day = bars.Between(at - Duration.FromHours(4), at + Duration.FromMinutes(20));
            int widest = Enumerable.Range(0, day.Count).MaxBy(i => day.High[i] - day.Low[i]);
            new Instant(day.Time[widest]).ShouldBe(at);
        }
    }

    [Fact]
    public void The_clock_of_gold_is_found_though_it_opens_an_hour_later_and_pauses_every_day()
    {
        ImportReport report = imported.Run("histdata", Path.Combine(Needs.Samples(), "fx-m1/histdata/HISTDATA_COM_ASCII_XAUUSD_M12018.zip"));
        SeriesReport gold = report.Series.ShouldHaveSingleItem();
        gold.Tally.Clocks.Values.Single().ShouldStartWith("new-york: ");
        gold.Gaps.Count(g => g.Kind == GapKind.DailyBreak).ShouldBeGreaterThan(200);
        gold.Gaps.Count(g => g.Kind == GapKind.Hole).ShouldBeLessThan(30);
    }

    [Theory]
    [InlineData("new-york")]
    [InlineData("utc-5")]
    [InlineData("utc-5-europe")]
    [InlineData("utc")]
    public void A_files_clock_is_found_from_its_weekends(string clock)
    {
        ImportReport report = imported.Run("histdata", Zip("DAT_ASCII_EURUSD_M1_2017.csv", Year(SourceClock.Parse(clock), Instant.FromUtc(2017, 1, 1), 360)));
        report.Refused.ShouldBeEmpty();
        SeriesReport minutes = report.Series.ShouldHaveSingleItem();
        minutes.Tally.Clocks.Values.Single().ShouldStartWith(clock + ": 51 of 51 week opens");
        BarSeries bars = imported.Bars("EURUSD", Timeframe.M1, QuoteSide.Bid);
        bars.Time.ToArray().ShouldAllBe(t => TradingWeek.IsOpen(new Instant(t)));
    }

    [Fact]
    public void A_file_that_cannot_show_its_clock_is_refused_until_it_is_given()
    {
        string file = Zip("DAT_ASCII_EURUSD_M1_201707.csv", Year(SourceClock.NewYork, Instant.FromUtc(2017, 7, 10), 3));
        imported.Refusal("histdata", new ImportRequest([file])).ShouldContain("--zone");
        imported.Run("histdata", new ImportRequest([file]) { Zone = "new-york" }).Series.ShouldHaveSingleItem().Tally.Clocks.Values.ShouldBe(["new-york: as given"]);
    }

    [Fact]
    public void A_winter_file_needs_no_clock_where_all_candidates_agree()
    {
        string file = Zip("DAT_ASCII_EURUSD_M1_201701.csv", Year(SourceClock.NewYork, Instant.FromUtc(2017, 1, 1), 28));
        imported.Run("histdata", file).Series.ShouldHaveSingleItem().Tally.Clocks.Values.Single().ShouldContain("3 of 3 week opens");
    }

    [Fact]
    public void The_second_hour_after_the_clocks_go_back_is_told_apart_by_the_order_of_the_rows()
    {
        var rows = new StringBuilder();
        foreach (string stamp in (string[])["20181104 005900", "20181104 013000", "20181104 015900", "20181104 010000", "20181104 013000", "20181104 020000"])
        {
            rows.Append(stamp).Append(";1.1;1.2;1.0;1.1;0\n");
        }

        ImportReport report = imported.Run("histdata", new ImportRequest([Zip("DAT_ASCII_BTCUSD_M1_2018.csv", rows.ToString())]) { Zone = "new-york" });
        report.Series.Single().Tally.Repaired["row of an hour that occurs twice, told apart by the order of the rows"].ShouldBe(2);
        imported.Bars("BTCUSD", Timeframe.M1, QuoteSide.Bid).Time.ToArray().Select(t => new Instant(t).ToString()).ShouldBe(
            ["2018-11-04T04:59:00Z", "2018-11-04T05:30:00Z", "2018-11-04T05:59:00Z", "2018-11-04T06:00:00Z", "2018-11-04T06:30:00Z", "2018-11-04T07:00:00Z"]);
    }

    [Fact]
    public void Bad_rows_are_rejected_by_kind_and_the_good_ones_kept()
    {
        string[] rows =
        [
            "20190107 100000;1.10000;1.10010;1.09990;1.10000;0",
            "20190107 100100;1.100001;1.10010;1.09990;1.10000;0",
            "20190107 100200;1.10000;1.09990;1.09980;1.10000;0",
            "20190107 106000;1.10000;1.10010;1.09990;1.10000;0",
            "20190107 100400;1.10000;1.10010;0;1.10000;0",
            "20190107 100500;1.10000;1.10010;1.09990;1.10000;nan",
            "20190107 100600;1.10000;1.10010;1.09990;1.10000",
            "20190107 100700;1.1000000;1.10010;1.09990;1.10000;0",
            "20190107 100900;1.10000;1.10010;1.09990;1.10000;0",
            "20190107 100800;1.10000;1.10010;1.09990;1.10000;0",
            "20190107 100800;1.10000;1.10010;1.09990;1.10000;0",
            "20190107 100800;1.10000;1.10010;1.09990;1.10001;0",
            "20190107 101000;1.10000;1.10010;1.09990;1.10000;0",
            "20190310 023000;1.10000;1.10010;1.09990;1.10000;0",
        ];
        SeriesReport report = imported.Run("histdata", new ImportRequest([Zip("DAT_ASCII_EURUSD_M1_2019.csv", string.Join("\r\n", rows))]) { Zone = "new-york" }).Series.Single();
        report.Count.ShouldBe(5);
        report.Tally.Rejected.ShouldBe(new Dictionary<string, long>
        {
            ["high or low contradicts open or close"] = 1,
            ["price finer than 0.00001"] = 1,
            ["price not above zero"] = 1,
            ["second, different bar of the same time"] = 1,
            ["time that the clock skipped"] = 1,
            ["unreadable row"] = 1,
            ["unreadable time"] = 1,
            ["volume that is no amount"] = 1,
        });
        report.Tally.Repaired.ShouldBe(new Dictionary<string, long> { ["repeated row, kept once"] = 1, ["row out of time order, put in its place"] = 1 });
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("hello\nworld\n", "2 of its 2 lines are no bars")]
    public void Tables_that_are_no_bars_are_refused(string content, string reason) =>
        imported.Refusal("histdata", new ImportRequest([Zip("DAT_ASCII_EURUSD_M1_2019.csv", content)])).ShouldContain(reason);

    [Fact]
    public void Damaged_archives_are_refused()
    {
        string sound = Zip("DAT_ASCII_EURUSD_M1_2017.csv", Year(SourceClock.NewYork, Instant.FromUtc(2017, 1, 1), 60));
        byte[] bytes = File.ReadAllBytes(sound);
        imported.Refusal("histdata", new ImportRequest([imported.File("cut.zip", bytes[..(bytes.Length / 2)])])).ShouldContain("no sound zip");
        imported.Refusal("histdata", new ImportRequest([imported.File("empty.zip", [])])).ShouldContain("empty");
        var rng = new Rng(3);
        for (int i = 0; i < 50; i++)
        {
            byte[] flipped = [.. bytes];
            flipped[rng.NextInt(100, bytes.Length - 200)] ^= (byte)(1 << rng.NextInt(8));
            imported.Refusal("histdata", new ImportRequest([imported.File("flip.zip", flipped)])).ShouldNotBeEmpty();
        }
    }

    [Fact]
    public void A_zip_bomb_is_refused_before_it_unfolds()
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = archive.CreateEntry("DAT_ASCII_EURUSD_M1_2019.csv", CompressionLevel.Fastest).Open())
        {
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 256; i++)
            {
                entry.Write(zeros);
            }
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        imported.Refusal("histdata", new ImportRequest([imported.File("bomb.zip", packed.ToArray())])).ShouldContain("no table");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(32 << 20);
    }

    private string Zip(string entry, string content)
    {
        using var packed = new MemoryStream();
        using (var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream stream = archive.CreateEntry(entry).Open())
        {
            stream.Write(Encoding.ASCII.GetBytes(content));
        }

        return imported.File(Path.ChangeExtension(entry, ".zip"), packed.ToArray());
    }

    /// <summary>A bar every ten minutes while the market is open, stamped by a clock.</summary>
    private static string Year(SourceClock clock, Instant start, int days)
    {
        var text = new StringBuilder();
        for (Instant at = start; at < start + Duration.FromDays(days); at += Duration.FromMinutes(10))
        {
            if (TradingWeek.IsOpen(at) || TradingWeek.IsOpen(at + Duration.FromMinutes(5)))
            {
                text.Append(Stamp(clock, at)).Append(";1.1;1.2;1.0;1.1;0\n");
            }

            Instant lastMinute = at + Duration.FromMinutes(9);
            if (TradingWeek.IsOpen(lastMinute) && !TradingWeek.IsOpen(at + Duration.FromMinutes(10)))
            {
                text.Append(Stamp(clock, lastMinute)).Append(";1.1;1.2;1.0;1.1;0\n");
            }
        }

        return text.ToString();
    }

    private static string Stamp(SourceClock clock, Instant at)
    {
        for (long offset = -5; offset <= 0; offset++)
        {
            long local = at.UnixSeconds + (offset * 3600);
            int possible = clock.Instants(local, out long earlier, out long later);
            if (possible > 0 && (earlier == at.UnixSeconds || (possible == 2 && later == at.UnixSeconds)))
            {
                return Instant.FromUnixSeconds(local).ToDateTime().ToString("yyyyMMdd HHmmss", CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException($"No stamp of {clock.Name} means {at}.");
    }

    private static void AddIfOff(List<string> off, Instant actual, Instant expected)
    {
        if (actual != expected)
        {
            off.Add($"{actual}, not {expected}");
        }
    }
}

using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>The catalogue against published columns: two libraries' test data, the StockCharts sheets, and the oracle files. Our convention is named where it differs.</summary>
public sealed class ReferenceTests
{
    private const double Grain = 1e-5;

    [Theory]
    // Both begin where the windows are full: equal from the first value on.
    [InlineData("sma(close, 20)", "sma", "sma", Grain, 0)]
    [InlineData("stdev(close, 14)", "stdev", "stdDev", Grain, 0)]
    [InlineData("zscore(close, 14)", "stdev", "zScore", 1, 0)]
    [InlineData("bollinger_upper(close, 20, 2)", "bb", "upperBand", Grain, 0)]
    [InlineData("bollinger_lower(close, 20, 2)", "bb", "lowerBand", Grain, 0)]
    [InlineData("rsi(close, 14)", "rsi", "rsi", 100, 0)]
    [InlineData("sma(stochastic(14), 3)", "stoch", "oscillator", 100, 0)]
    [InlineData("sma(sma(stochastic(14), 3), 3)", "stoch", "signal", 100, 0)]
    [InlineData("true_range", "atr", "tr", Grain, 1)]
    // The library begins averages with the mean of the first n, or one bar later than we do: compared once that has faded.
    [InlineData("ema(close, 20)", "ema", "ema", Grain, 300)]
    [InlineData("macd(close, 12, 26)", "macd", "macd", Grain, 400)]
    [InlineData("ema(macd(close, 12, 26), 9)", "macd", "signal", Grain, 400)]
    [InlineData("atr(14)", "atr", "atr", Grain, 400)]
    [InlineData("adx(14)", "adx", "adx", 100, 440)]
    public void Agrees_with_Stock_Indicators(string ours, string file, string field, double scale, int skip)
    {
        string folder = Path.Combine(Needs.Samples(), "oracles", "skender");
        BarSeries bars = Quotes(Path.Combine(folder, "quotes", "default.csv"));
        using var stream = new GZipStream(File.OpenRead(Path.Combine(folder, "results", file + ".standard.json.gz")), CompressionMode.Decompress);
        using var document = JsonDocument.Parse(stream);
        JsonElement[] rows = [.. document.RootElement.EnumerateArray().Select(row => row.GetProperty(field))];
        double[] column = Column(ours, bars, out int ready);
        for (int t = Math.Max(ready, skip); t < bars.Count; t++)
        {
            Close(column[t] * scale, rows[t].GetDouble(), 1e-9, $"{ours} at bar {t}");
        }

        if (skip == 0)
        {
            rows[ready - 1].ValueKind.ShouldBe(JsonValueKind.Null, $"{field} is ready before {ours}");
        }
    }

    /// <summary>The RSI sheet is left out: it begins its averages with 0 at the first bar, and its 33 rows are too few for that to fade.</summary>
    [Theory]
    [InlineData("cs-bbands.csv", "sma(close, 20)", 2, Grain, 19)]
    [InlineData("cs-bbands.csv", "stdev(close, 20)", 3, Grain, 19)]
    [InlineData("cs-bbands.csv", "bollinger_upper(close, 20, 2)", 4, Grain, 19)]
    [InlineData("cs-macd.csv", "ema(close, 12)", 2, Grain, 11)]
    [InlineData("cs-macd.csv", "ema(close, 26)", 3, Grain, 25)]
    [InlineData("cs-macd.csv", "macd(close, 12, 26)", 4, Grain, 25)]
    [InlineData("cs-atr.csv", "atr(14)", 5, Grain, 13)]
    public void Agrees_with_the_ChartSchool_sheets(string file, string ours, int field, double scale, int first)
    {
        string[][] rows = [.. File.ReadLines(Path.Combine(Needs.Samples(), "oracles", "chartschool", file)).Skip(1).Select(static line => line.Split(','))];
        bool hasRange = file == "cs-atr.csv";
        BarSeries bars = Daily([.. rows.Select(row => hasRange
            ? (Grains(row[3]), Grains(row[1]), Grains(row[2]), Grains(row[3]))
            : (Grains(row[1]), Grains(row[1]), Grains(row[1]), Grains(row[1])))]);
        double[] column = Column(ours, bars, out int ready);
        ready.ShouldBeLessThanOrEqualTo(first);
        for (int t = first; t < rows.Length; t++)
        {
            // The sheets carry 4 to 10 digits.
            Close(column[t] * scale, double.Parse(rows[t][field], CultureInfo.InvariantCulture), 2e-6, $"{ours} at row {t}");
        }
    }

    [Fact]
    public void Agrees_with_the_oracle_of_incremental_indicators()
    {
        var oracle = OracleCase.Read("c_gp", "indicators_incremental");
        BarSeries bars = Daily([.. oracle.Numbers("close").Select(static c => (long)Math.Round(c / Grain)).Select(static g => (g, g, g, g))]);
        oracle.Check("ema3", Scaled("ema(close, 3)", bars, Grain, 0));
        oracle.Check("rsi4_from_index4", Scaled("rsi(close, 4)", bars, 100, 4));
        oracle.Check("sma3_from_index2", Scaled("sma(close, 3)", bars, Grain, 2));
        oracle.Check("std4_from_index3", Scaled("stdev(close, 4)", bars, Grain, 3));
    }

    [Fact]
    public void Agrees_with_the_oracle_of_efficiency_and_its_average()
    {
        var oracle = OracleCase.Read("e_regime", "efficiency_ratio");
        BarSeries bars = Daily([.. oracle.Numbers("p").Select(static c => (long)Math.Round(c / Grain)).Select(static g => (g, g, g, g))]);
        double efficiency = Column("efficiency(close, 9)", bars, out _)[^1];
        oracle.Check("er", efficiency);
    }

    [Fact]
    public void Agrees_with_the_oracle_of_the_average_true_range()
    {
        var oracle = OracleCase.Read("d_risk", "atr_chandelier");
        BarSeries bars = Daily([.. oracle.Inputs.GetProperty("ohlc").EnumerateArray().Select(static bar => (G(bar[0]), G(bar[1]), G(bar[2]), G(bar[3])))]);
        oracle.Check("tr", Scaled("true_range", bars, Grain, 0));
        oracle.Check("atr_from_index2", Scaled("atr(3)", bars, Grain, 2));
        oracle.Check("chandelier_from_index2", Scaled("chandelier_long(3, 3)", bars, Grain, 2));

        static long G(JsonElement price) => (long)Math.Round(price.GetDouble() / Grain);
    }

    private static double[] Scaled(string ours, BarSeries bars, double scale, int first)
    {
        var columnar = new ColumnarEvaluator(new MarketColumns(bars));
        // Shown from the oracle's first index, which may lie before we call a value ready (an exponential average is called ready with its n-th).
        Lowered program = new();
        int slot = program.Emit(Expression.Parse(ours));
        var stream = new SlotStream(program, bars.Timeframe);
        var values = new double[bars.Count];
        for (int t = 0; t < bars.Count; t++)
        {
            stream.Update(bars[t]);
            values[t] = stream[slot] * scale;
        }

        columnar.Evaluate(Expression.Parse(ours), out int ready)[ready..].Select(v => v * scale).ShouldBe(values[ready..]);
        return values[first..];
    }

    private static double[] Column(string ours, BarSeries bars, out int ready) => new ColumnarEvaluator(new MarketColumns(bars)).Evaluate(Expression.Parse(ours), out ready);

    private static void Close(double actual, double expected, double tolerance, string what) =>
        Math.Abs(actual - expected).ShouldBeLessThanOrEqualTo(tolerance * Math.Max(1, Math.Abs(expected)), $"{what}: {actual:R}, published {expected:R}");

    private static long Grains(string price) => (long)Math.Round(decimal.Parse(price, CultureInfo.InvariantCulture) * Price.GrainsPerUnit);

    private static BarSeries Quotes(string path)
    {
        string[][] rows = [.. File.ReadLines(path).Skip(1).Select(static line => line.Split(','))];
        return Daily([.. rows.Select(static r => (Grains(r[1]), Grains(r[2]), Grains(r[3]), Grains(r[4])))]);
    }

    private static BarSeries Daily((long Open, long High, long Low, long Close)[] rows)
    {
        Instant time = TradingWeek.FxDayStart(Instant.FromUtc(2017, 1, 3));
        var bars = new List<Bar>();
        foreach ((long open, long high, long low, long close) in rows)
        {
            bars.Add(new Bar(time, new Price(open), new Price(high), new Price(low), new Price(close), 1));
            time = TradingWeek.FxDayEnd(time);
        }

        return BarSeries.FromBars("TEST", Timeframe.D1, QuoteSide.Bid, bars);
    }
}

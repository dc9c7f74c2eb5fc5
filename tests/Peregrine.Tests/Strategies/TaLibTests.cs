using System.Diagnostics;
using System.Text.Json;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>
/// The catalogue against TA-Lib (npm talib-web). Where TA-Lib begins a fading average otherwise (with the mean of the first n, or one bar later),
/// only the bars after the beginning has faded are compared; <see cref="Case.Fading"/> says how many are left out. Everywhere else both must be ready at the same bar.
/// </summary>
public sealed class TaLibTests
{
    private const int Count = 2500, Faded = 1500;

    /// <summary>
    /// Our expression and TA-Lib's function; its inputs (o, h, l, c, v), its settings in order, which of how many columns, how many units of TA-Lib's make one of ours,
    /// and the bars after which a difference of the beginnings has faded.
    /// </summary>
    private sealed record Case(string Ours, string Function, string Inputs, double[] Options, int Column = 0, int Columns = 1, double Scale = 1, int Fading = 0);

    internal static IEnumerable<string> Texts => Cases.Select(static c => c.Ours).Append("directional(14)");

    private static readonly Case[] Cases =
    [
        new("sma(close, 20)", "SMA", "c", [20]),
        new("sma(close, 333)", "SMA", "c", [333]),
        new("ema(close, 20)", "EMA", "c", [20], Fading: Faded),
        new("wma(close, 30)", "WMA", "c", [30]),
        new("dema(close, 20)", "DEMA", "c", [20], Fading: Faded),
        new("tema(close, 20)", "TEMA", "c", [20], Fading: Faded),
        new("kama(close, 10)", "KAMA", "c", [10], Fading: 2000),
        new("momentum(close, 10)", "MOM", "c", [10]),
        new("returns(close, 7)", "ROCP", "c", [7]),
        new("macd(close, 12, 26)", "MACD", "c", [12, 26, 9], 0, 3, Fading: Faded),
        new("ema(macd(close, 12, 26), 9)", "MACD", "c", [12, 26, 9], 1, 3, Fading: Faded),
        new("stdev(close, 20)", "STDDEV", "c", [20, 1]),
        new("bollinger_upper(close, 20, 2)", "BBANDS", "c", [20, 2, 2, 0], 0, 3),
        new("bollinger_lower(close, 20, 2)", "BBANDS", "c", [20, 2, 2, 0], 2, 3),
        new("deviation(close, 14)", "AVGDEV", "c", [14]),
        new("highest(close, 48)", "MAX", "c", [48]),
        new("lowest(close, 48)", "MIN", "c", [48]),
        new("donchian(20)", "MIDPRICE", "hl", [20]),
        new("rsi(close, 14)", "RSI", "c", [14], Scale: 0.01),
        new("stochastic(14)", "STOCHF", "hlc", [14, 1, 0], 0, 2, Scale: 0.01),
        new("stochastic(14) - 1", "WILLR", "hlc", [14], Scale: 0.01),
        new("cci(20) / (1 - abs(cci(20)))", "CCI", "hlc", [20], Scale: 0.01),
        new("aroon(25)", "AROONOSC", "hl", [25], Scale: 0.01),
        new("adx(14)", "ADX", "hlc", [14], Scale: 0.01, Fading: Faded),
        new("mfi(14)", "MFI", "hlcv", [14], Scale: 0.01),
        new("forecast(close, 14)", "LINEARREG", "c", [14]),
        new("slope(close, 14)", "LINEARREG_SLOPE", "c", [14]),
        new("correlation(high, volume, 30)", "CORREL", "hv", [30]),
        new("true_range", "TRANGE", "hlc", [], Fading: 1),
        new("atr(14)", "ATR", "hlc", [14], Fading: Faded),
        new("typical", "TYPPRICE", "hlc", []),
        new("hl2", "MEDPRICE", "hl", []),
        new("hlcc4", "WCLPRICE", "hlc", []),
        new("ohlc4", "AVGPRICE", "ohlc", []),
    ];

    [Fact]
    public void The_catalogue_agrees_with_TaLib()
    {
        BarSeries bars = SmoothBars.Series(31, Count);
        var columnar = new ColumnarEvaluator(new MarketColumns(bars));
        double?[][] answers = Ask(bars, Cases);
        for (int k = 0; k < Cases.Length; k++)
        {
            Compare(Cases[k], answers[k], columnar);
        }
    }

    [Fact]
    public void The_directional_movement_is_the_difference_of_its_two_indicators()
    {
        BarSeries bars = SmoothBars.Series(32, Count);
        var up = new Case("directional(14)", "PLUS_DI", "hlc", [14], Scale: 0.01, Fading: Faded);
        double?[][] answers = Ask(bars, up, up with { Function = "MINUS_DI" });
        Compare(up, [.. answers[0].Zip(answers[1], static (a, b) => a - b)], new ColumnarEvaluator(new MarketColumns(bars)));
    }

    private static void Compare(Case c, double?[] answer, ColumnarEvaluator columnar)
    {
        double[] ours = columnar.Evaluate(Expression.Parse(c.Ours), out int ready);
        for (int t = Math.Max(ready, c.Fading); t < Count; t++)
        {
            answer[t].ShouldNotBeNull($"{c.Function} at bar {t}, though {c.Ours} is ready at {ready}");
            double theirs = answer[t]!.Value * c.Scale;
            Math.Abs(ours[t] - theirs).ShouldBeLessThanOrEqualTo(1e-8 * Math.Max(1, Math.Abs(theirs)), $"{c.Ours} and {c.Function} at bar {t}: {ours[t]:R}, {theirs:R}");
        }

        if (c.Fading == 0 && ready > 0)
        {
            answer[ready - 1].ShouldBeNull($"{c.Function} is ready before {c.Ours}");
        }
    }

    /// <summary>TA-Lib's answers bar by bar, null before its first.</summary>
    private static double?[][] Ask(BarSeries bars, params Case[] cases)
    {
        string folder = Needs.NodeOracles();
        var start = new ProcessStartInfo("node", [Path.Combine(Needs.Repository, "tests", "node", "talib.cjs"), folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process node = Process.Start(start)!;
        Task<string> errors = node.StandardError.ReadToEndAsync();
        Task<string> output = node.StandardOutput.ReadToEndAsync();
        var calls = cases.Select(c => new { name = c.Function, inputs = c.Inputs.Select(i => Input(bars, i)), options = c.Options, outputs = c.Columns });
        node.StandardInput.Write(JsonSerializer.Serialize(new { calls }));
        node.StandardInput.Close();
        node.WaitForExit();
        node.ExitCode.ShouldBe(0, errors.Result);
        using var document = JsonDocument.Parse(output.Result);
        return [.. document.RootElement.EnumerateArray().Select((answer, k) =>
            new double?[answer.GetProperty("begin").GetInt32()].Concat(answer.GetProperty("columns")[cases[k].Column].EnumerateArray().Select(static v => (double?)v.GetDouble())).ToArray())];
    }

    private static double[] Input(BarSeries bars, char which) => which switch
    {
        'o' => Column(bars.Open),
        'h' => Column(bars.High),
        'l' => Column(bars.Low),
        'c' => Column(bars.Close),
        _ => bars.Volume.ToArray(),
    };

    private static double[] Column(ReadOnlySpan<long> prices)
    {
        var column = new double[prices.Length];
        for (int i = 0; i < column.Length; i++)
        {
            column[i] = prices[i];
        }

        return column;
    }
}

using System.Collections.Immutable;
using Peregrine.Core.Indicators;
using static Peregrine.Core.Strategies.Dimension;

namespace Peregrine.Core.Strategies;

/// <summary>Averages, changes and channels of a series.</summary>
internal static class AverageRows
{
    public static readonly ImmutableArray<Operator> All =
    [
        .. Row.In("Averages",
            Row.Window("sma", Rolling.Mean, Row.Kept) with { Meaning = "the {n}-bar average of {0}", Source = "Sum / n; over raw prices the sum is exact." },
            Row.Window("ema", Smoothing.Exponential, Row.Kept) with
            {
                Meaning = "the {n}-bar exponential average of {0}",
                Source = "a = 2 / (n + 1), begun with the first value (TA-Lib begins with the mean of the first n).",
            },
            Row.Window("wma", Regression.Weighted, Row.Smooth) with { Meaning = "the {n}-bar weighted average of {0}", Source = "Weights n (newest) to 1." },
            Row.Window("wilder", Smoothing.Wilder, Row.Kept, 14) with
            {
                Meaning = "the {n}-bar Wilder average of {0}",
                Source = "Wilder 1978: a = 1 / n, begun with the mean of the first n values.",
            },
            Row.Window("dema", Row.Smooth, "the {n}-bar double exponential average of {0}", static s => 2 * (s.First - 1), static (to, x, s) =>
            {
                int once = to.Ema(x[0], s.First);
                return to.Add(once, to.Subtract(once, to.Ema(once, s.First)));
            }) with { Source = "Mulloy 1994: 2 ema - ema(ema)." },
            Row.Window("tema", Row.Smooth, "the {n}-bar triple exponential average of {0}", static s => 3 * (s.First - 1), static (to, x, s) =>
            {
                int once = to.Ema(x[0], s.First), twice = to.Ema(once, s.First);
                return to.Add(to.Times(3, to.Subtract(once, twice)), to.Ema(twice, s.First));
            }) with { Source = "Mulloy 1994: 3 ema - 3 ema(ema) + ema(ema(ema))." },
            Row.Window("hull", Row.Smooth, "the {n}-bar Hull average of {0}", static s => s.First - 1 + RootWindow(s.First) - 1, static (to, x, s) =>
            {
                int half = to.Wma(x[0], s.First / 2);
                return to.Wma(to.Add(half, to.Subtract(half, to.Wma(x[0], s.First))), RootWindow(s.First));
            }) with { Parameters = [Parameter.Window(least: 4)], Source = "Hull 2005: wma(2 wma(x, n/2) - wma(x, n), sqrt n), windows rounded down." },
            Row.Window("kama", Row.Smooth, "the {n}-bar adaptive average of {0}", static s => s.First, static (to, x, s) => to.Apply(Kama.Of, x[0], StatisticsRows.Efficiency(to, x[0], s.First)))
                with { Parameters = [Parameter.Window(typical: 10)], Source = "Kaufman 1995, speeds 2/3 and 2/31; begun with the first value that has an efficiency." },
            Row.Window("vwma", Row.Smooth, "the {n}-bar volume-weighted average of {0}", static s => s.First - 1, static (to, x, s) =>
            {
                int weight = to.Sum(Lowered.Volume, s.First), sum = to.Sum(to.Apply(BarFormulas.Product, x[0], Lowered.Volume), s.First);
                return to.Apply(Logic.Choose, weight, to.Divide(sum, weight), to.Mean(x[0], s.First));
            }) with { Source = "Without any volume in the window, the plain average." },
            Row.Window("median", OrderStatistics.Median, Row.Kept) with { Meaning = "the {n}-bar median of {0}" }),
        .. Row.In("Momentum",
            Row.Of("momentum", Lag.Change, Row.Spread) with { Parameters = [Lookback(10)], Meaning = "the change of {0} over {n} bars" },
            Return("returns", BarFormulas.Return, "the {n}-bar return of {0}", "(x - x[n]) / x[n]; 0 when x[n] is 0."),
            Return("log_returns", BarFormulas.LogReturn, "the {n}-bar log return of {0}", "ln(x / x[n]); 0 unless both are above 0."),
            Row.Window("macd", Row.Spread, "the distance of the {n}-bar from the {m}-bar exponential average of {0}", static s => Math.Max(s.First, s.Second) - 1,
                static (to, x, s) => to.Subtract(to.Ema(x[0], s.First), to.Ema(x[0], s.Second))) with
            {
                Parameters = [Parameter.Window(typical: 12), Second("m", 2, 512, 26)],
                Source = "Appel: ema(x, n) - ema(x, m). The signal line is ema(macd(x, n, m), 9).",
            }),
        .. Row.In("Channels",
            Row.Window("highest", Rolling.Highest, Row.Kept) with { Meaning = "the highest value of {0} in {n} bars" },
            Row.Window("lowest", Rolling.Lowest, Row.Kept) with { Meaning = "the lowest value of {0} in {n} bars" },
            Row.Window("donchian", Row.Nothing(Price), "the middle of the {n}-bar channel", static s => s.First - 1,
                static (to, _, s) => to.Apply(BarFormulas.Middle, to.Highest(Lowered.High, s.First), to.Lowest(Lowered.Low, s.First)))
                with { Source = "(highest(high, n) + lowest(low, n)) / 2." },
            Band("bollinger_upper", Banded, "the upper {k}-deviation band of {0} over {n} bars", static s => s.First - 1, static (to, x, s) => Bollinger(to, x[0], s, 1)),
            Band("bollinger_lower", Banded, "the lower {k}-deviation band of {0} over {n} bars", static s => s.First - 1, static (to, x, s) => Bollinger(to, x[0], s, -1)),
            Band("keltner_upper", Row.Nothing(Price), "the upper {k}-range band over {n} bars", static s => s.First - 1, static (to, _, s) => Keltner(to, s, 1)),
            Band("keltner_lower", Row.Nothing(Price), "the lower {k}-range band over {n} bars", static s => s.First - 1, static (to, _, s) => Keltner(to, s, -1)),
            Band("chandelier_long", Row.Nothing(Price), "{k} average ranges below the {n}-bar high", static s => s.First - 1,
                static (to, _, s) => to.Subtract(to.Highest(Lowered.High, s.First), to.Times(s.Constant, to.Atr(s.First)))) with { Source = "Le Beau: highest(high, n) - k atr(n)." },
            Band("chandelier_short", Row.Nothing(Price), "{k} average ranges above the {n}-bar low", static s => s.First - 1,
                static (to, _, s) => to.Add(to.Lowest(Lowered.Low, s.First), to.Times(s.Constant, to.Atr(s.First)))) with { Source = "Le Beau: lowest(low, n) + k atr(n)." }),
    ];

    internal static Parameter Lookback(int typical) => Parameter.Window(least: 1, typical: typical);

    internal static Parameter Second(string name, int least, int most, int typical) => new(name, Setting.Second, least, most, typical) { Proportional = true };

    private static ImmutableArray<Signature> Banded => [Signature.Of(Price, Price), .. Row.Keeping(1, Difference, Ratio, Volume)];

    private static int RootWindow(int n) => (int)Math.Sqrt(n);

    private static Operator Return(string name, Indicator formula, string meaning, string source) =>
        Row.Window(name, [Signature.Of(Ratio, Price), Signature.Of(Ratio, Volume)], meaning, static s => s.First, (to, x, s) => to.Apply(formula, x[0], to.Lag(x[0], s.First)))
            with { Parameters = [Lookback(1)], Source = source };

    private static Operator Band(string name, ImmutableArray<Signature> signatures, string meaning, Func<Settings, int> warmUp, Lowering lower) =>
        Row.Window(name, signatures, meaning, warmUp, lower) with
        {
            Parameters = [Parameter.Window(), new Parameter("k", Setting.Constant, 0, 10, 2)],
            Weight = 2,
            Source = name.StartsWith("bollinger", StringComparison.Ordinal) ? "Bollinger: sma(x, n) +/- k stdev(x, n)." : "Keltner, Raschke: ema(close, n) +/- k atr(n).",
        };

    private static int Bollinger(Lowered to, int x, Settings s, int side) =>
        to.Add(to.Mean(x, s.First), to.Times(side * s.Constant, to.Apply(Spread.Deviation, new Settings(s.First), x)));

    private static int Keltner(Lowered to, Settings s, int side) => to.Add(to.Ema(Lowered.Close, s.First), to.Times(side * s.Constant, to.Atr(s.First)));
}

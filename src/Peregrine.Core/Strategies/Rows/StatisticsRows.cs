using System.Collections.Immutable;
using Peregrine.Core.Indicators;
using static Peregrine.Core.Strategies.Dimension;

namespace Peregrine.Core.Strategies;

/// <summary>How much the market moves, and how it moves.</summary>
internal static class StatisticsRows
{
    public static readonly ImmutableArray<Operator> All =
    [
        .. Row.In("Volatility",
            Row.Window("atr", Row.Nothing(Difference), "the {n}-bar average true range", static s => s.First - 1, static (to, _, s) => to.Atr(s.First))
                with { Parameters = [Parameter.Window(typical: 14)], Source = "Wilder 1978: Wilder's average of the true range, begun with the mean of the first n." },
            Row.Window("stdev", Spread.Deviation, Row.Spread) with { Meaning = "the {n}-bar standard deviation of {0}", Source = "Population form: divided by n." },
            Row.Window("deviation", OrderStatistics.MeanDistance, Row.Spread) with { Meaning = "the {n}-bar mean deviation of {0}", Source = "Mean of |x - sma(x, n)|." },
            PerBar("realised", "the {n}-bar realised volatility", static to => to.Apply(BarFormulas.Square, to.Apply(BarFormulas.LogReturn, Lowered.Close, to.Lag(Lowered.Close, 1))))
                with { WarmUp = static s => s.First, Source = "Root of the mean squared log return, per bar." },
            PerBar("parkinson", "the {n}-bar Parkinson volatility", static to => to.Apply(BarFormulas.Parkinson, Lowered.High, Lowered.Low))
                with { Source = "Parkinson 1980, per bar." },
            PerBar("garman_klass", "the {n}-bar Garman-Klass volatility", static to => to.Apply(BarFormulas.GarmanKlass, Lowered.Open, Lowered.High, Lowered.Low, Lowered.Close))
                with { Source = "Garman and Klass 1980, per bar; 0 when the mean is negative." }),
        .. Row.In("Statistics",
            Row.Window("zscore", Spread.ZScore, Row.Pure(Ratio), 96) with { Meaning = "the {n}-bar z-score of {0}", Source = "(x - mean) / stdev; 0 in a flat window." },
            Row.Window("rank", OrderStatistics.Rank, Row.Pure(Unit), 96) with
            {
                Meaning = "the rank of {0} among {n} bars",
                Weight = 2,
                Source = "Share of the n - 1 values before that lie below, equals counting half.",
            },
            Row.Window("slope", Regression.Slope, Row.Spread) with { Meaning = "the {n}-bar regression slope of {0}", Source = "Least squares, per bar." },
            Row.Window("slope_t", Regression.T, Row.Pure(Ratio)) with
            {
                Parameters = [Parameter.Window(least: 3)],
                Meaning = "the t-statistic of the {n}-bar slope of {0}",
                Source = "r sqrt((n - 2) / (1 - r^2)), 1 - r^2 at least 1e-12; 0 in a flat window.",
            },
            Row.Window("r_squared", Regression.Explained, Row.Pure(Unit)) with { Meaning = "the share of {0} that its {n}-bar trend line explains", Source = "0 in a flat window." },
            Row.Window("forecast", Regression.End, Row.Smooth) with { Meaning = "the end of the {n}-bar regression line of {0}", Source = "Least squares, at the newest bar." },
            Row.Of("correlation", Correlation.Pearson, Pairs) with
            {
                Parameters = [Parameter.Window(typical: 48)],
                Meaning = "the {n}-bar correlation of {0} and {1}",
                Weight = 2,
                Source = "Pearson; 0 when either is flat in the window.",
            },
            Row.Window("autocorrelation", Row.Pure(Signed), "the {n}-bar correlation of {0} with itself {m} bars before", static s => s.First - 1 + s.Second,
                static (to, x, s) => to.Apply(Correlation.Pearson, new Settings(s.First), x[0], to.Lag(x[0], s.Second))) with
            {
                Parameters = [Parameter.Window(typical: 48), AverageRows.Second("m", 1, 256, 1)],
                Weight = 2,
                Source = "correlation(x, x[m], n).",
            },
            Row.Window("efficiency", Row.Pure(Unit), "the {n}-bar efficiency of {0}", static s => s.First, static (to, x, s) => Efficiency(to, x[0], s.First)) with
            {
                Parameters = [Parameter.Window(typical: 32)],
                Source = "Kaufman 1995: |x - x[n]| / sum of |x - x[1]| over n bars; 0 when nothing moved.",
            },
            Row.Window("variance_ratio", Row.Pure(Ratio), "the variance ratio of {0} over {m} bars, measured on {n}", static s => s.First - 1 + s.Second, static (to, x, s) => VarianceRatio(to, x[0], s)) with
            {
                Parameters = [Parameter.Window(least: 8, typical: 96), AverageRows.Second("m", 2, 32, 4)],
                Weight = 2,
                Source = "Lo and MacKinlay 1988, plain: var(x - x[m]) / (m var(x - x[1])), each over n values; 0 in a flat window.",
            },
            Row.Window("entropy", PermutationEntropy.Of, Row.Pure(Unit), 64) with
            {
                Parameters = [Parameter.Window(least: 8, typical: 64)],
                Meaning = "the {n}-bar permutation entropy of {0}",
                Source = "Bandt and Pompe 2002, order 3, divided by ln 6.",
            }),
    ];

    internal static int Efficiency(Lowered to, int x, int n)
    {
        int path = to.Sum(to.Abs(to.Change(x, 1)), n);
        // Rounding in the sum may leave it a hair below the distance.
        return to.Apply(Arithmetic.Min, to.Divide(to.Abs(to.Change(x, n)), path), to.Constant(1));
    }

    private static ImmutableArray<Signature> Pairs =>
    [
        .. from a in (Dimension[])[Price, Difference, Ratio, Volume] from b in (Dimension[])[Price, Difference, Ratio, Volume] select Signature.Of(Signed, a, b),
    ];

    private static Operator PerBar(string name, string meaning, Func<Lowered, int> variance) =>
        Row.Window(name, Row.Nothing(Ratio), meaning, static s => s.First - 1, (to, _, s) => to.Apply(Arithmetic.SquareRoot, to.Mean(variance(to), s.First)));

    private static int VarianceRatio(Lowered to, int x, Settings s)
    {
        int ratio = to.Divide(
            to.Apply(Spread.Deviation, new Settings(s.First), to.Change(x, s.Second)),
            to.Apply(Spread.Deviation, new Settings(s.First), to.Change(x, 1)));
        return to.Times(1.0 / s.Second, to.Multiply(ratio, ratio));
    }
}

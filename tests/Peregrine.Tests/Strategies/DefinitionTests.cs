using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>Operators without a published column against their definition, written out over the plain window with the platform's own mathematics.</summary>
public sealed class DefinitionTests
{
    private const int Count = 700;

    /// <summary>The bars as doubles, and windows of them, oldest first.</summary>
    private sealed class Market(BarSeries bars)
    {
        public double[] O { get; } = Column(bars.Open);

        public double[] H { get; } = Column(bars.High);

        public double[] L { get; } = Column(bars.Low);

        public double[] C { get; } = Column(bars.Close);

        public double[] V { get; } = bars.Volume.ToArray();

        public double TrueRange(int t) => Math.Max(H[t], C[t - 1]) - Math.Min(L[t], C[t - 1]);

        private static double[] Column(ReadOnlySpan<long> prices) => [.. prices.ToArray().Select(static p => (double)p)];
    }

    private static readonly Dictionary<string, Func<Market, int, double>> Definitions = new(StringComparer.Ordinal)
    {
        ["range"] = static (m, t) => m.H[t] - m.L[t],
        ["body"] = static (m, t) => m.C[t] - m.O[t],
        ["upper_wick"] = static (m, t) => m.H[t] - Math.Max(m.O[t], m.C[t]),
        ["lower_wick"] = static (m, t) => Math.Min(m.O[t], m.C[t]) - m.L[t],
        ["gap"] = static (m, t) => m.O[t] - m.C[t - 1],
        ["close_location"] = static (m, t) => (m.C[t] - m.L[t]) / (m.H[t] - m.L[t]),
        ["log_returns(close, 5)"] = static (m, t) => Math.Log(m.C[t] / m.C[t - 5]),
        ["median(close, 7)"] = static (m, t) => W(m.C, t, 7).Order().ElementAt(3),
        ["median(close, 8)"] = static (m, t) => W(m.C, t, 8).Order().Skip(3).Take(2).Average(),
        ["vwma(close, 20)"] = static (m, t) => W(m.C, t, 20).Zip(W(m.V, t, 20), static (c, v) => c * v).Sum() / W(m.V, t, 20).Sum(),
        ["hull(close, 16)"] = static (m, t) => Weighted(4, k => (2 * Weighted(8, j => m.C[t - 4 + k - 8 + j])) - Weighted(16, j => m.C[t - 4 + k - 16 + j])),
        ["keltner_upper(20, 1.5)"] = static (m, t) => Faded(m.C, t, 2.0 / 21) + (1.5 * Wilder(m, t, 20)),
        ["keltner_lower(20, 1.5)"] = static (m, t) => Faded(m.C, t, 2.0 / 21) - (1.5 * Wilder(m, t, 20)),
        ["chandelier_long(22, 3)"] = static (m, t) => W(m.H, t, 22).Max() - (3 * Wilder(m, t, 22)),
        ["chandelier_short(22, 3)"] = static (m, t) => W(m.L, t, 22).Min() + (3 * Wilder(m, t, 22)),
        ["wilder(volume, 9)"] = static (m, t) => WilderOf(m.V, t, 9),
        ["realised(30)"] = static (m, t) => Math.Sqrt(Enumerable.Range(t - 29, 30).Average(i => Math.Pow(Math.Log(m.C[i] / m.C[i - 1]), 2))),
        ["parkinson(30)"] = static (m, t) => Math.Sqrt(Enumerable.Range(t - 29, 30).Average(i => Math.Pow(Math.Log(m.H[i] / m.L[i]), 2)) / (4 * Math.Log(2))),
        ["garman_klass(30)"] = static (m, t) => Math.Sqrt(Enumerable.Range(t - 29, 30).Average(i =>
            (0.5 * Math.Pow(Math.Log(m.H[i] / m.L[i]), 2)) - (((2 * Math.Log(2)) - 1) * Math.Pow(Math.Log(m.C[i] / m.O[i]), 2)))),
        ["zscore(close, 25)"] = static (m, t) => (m.C[t] - W(m.C, t, 25).Average()) / Math.Sqrt(Variance(25, i => m.C[t - i])),
        ["rank(close, 25)"] = static (m, t) => W(m.C, t, 25)[..^1].Average(c => c < m.C[t] ? 1.0 : c == m.C[t] ? 0.5 : 0),
        ["position(close, 25)"] = static (m, t) => (m.C[t] - W(m.C, t, 25).Min()) / (W(m.C, t, 25).Max() - W(m.C, t, 25).Min()),
        ["r_squared(close, 18)"] = static (m, t) => Math.Pow(Pearson([.. Enumerable.Range(0, 18).Select(static i => (double)i)], W(m.C, t, 18)), 2),
        ["slope_t(close, 18)"] = static (m, t) => Pearson([.. Enumerable.Range(0, 18).Select(static i => (double)i)], W(m.C, t, 18)) is var r ? r * Math.Sqrt(16 / (1 - (r * r))) : 0,
        ["autocorrelation(close, 40, 3)"] = static (m, t) => Pearson(W(m.C, t, 40), W(m.C, t - 3, 40)),
        ["efficiency(close, 32)"] = static (m, t) => Math.Abs(m.C[t] - m.C[t - 32]) / Enumerable.Range(t - 31, 32).Sum(i => Math.Abs(m.C[i] - m.C[i - 1])),
        ["variance_ratio(close, 96, 4)"] = static (m, t) => Variance(96, i => m.C[t - i] - m.C[t - i - 4]) / (4 * Variance(96, i => m.C[t - i] - m.C[t - i - 1])),
        ["entropy(close, 64)"] = static (m, t) => Entropy(m.C, t, 64),
        ["tsi(close, 25, 13)"] = static (m, t) => TrueStrength(m.C, t, 25, 13),
        ["volume_flow(20)"] = static (m, t) => Enumerable.Range(t - 19, 20).Sum(i => Math.Sign(m.C[i] - m.C[i - 1]) * m.V[i]) / W(m.V, t, 20).Sum(),
    };

    public static TheoryData<string> Names => [.. Definitions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Equals_its_definition(string text)
    {
        BarSeries bars = SmoothBars.Series(41, Count);
        var market = new Market(bars);
        double[] column = new ColumnarEvaluator(new MarketColumns(bars)).Evaluate(Expression.Parse(text), out int ready);
        ready.ShouldBeLessThan(Count / 2);
        for (int t = ready; t < Count; t++)
        {
            double expected = Definitions[text](market, t);
            Math.Abs(column[t] - expected).ShouldBeLessThanOrEqualTo(1e-8 * Math.Max(Math.Abs(expected), 1e-3), $"{text} at bar {t}: {column[t]:R}, by definition {expected:R}");
        }
    }

    private static double[] W(double[] x, int t, int n) => x[(t - n + 1)..(t + 1)];

    /// <summary>Weights 1 to n over value(1) to value(n), oldest first.</summary>
    private static double Weighted(int n, Func<int, double> value) => Enumerable.Range(1, n).Sum(k => k * value(k)) / (n * (n + 1) / 2.0);

    private static double Faded(double[] x, int t, double a, int from = 0)
    {
        double level = x[from];
        for (int i = from; i <= t; i++)
        {
            level = (a * x[i]) + ((1 - a) * level);
        }

        return level;
    }

    private static double Wilder(Market m, int t, int n) => WilderOf([m.H[0] - m.L[0], .. Enumerable.Range(1, Count - 1).Select(m.TrueRange)], t, n);

    private static double WilderOf(double[] x, int t, int n)
    {
        double level = x[..n].Average();
        for (int i = n; i <= t; i++)
        {
            level = ((level * (n - 1)) + x[i]) / n;
        }

        return level;
    }

    private static double Variance(int n, Func<int, double> value)
    {
        double[] values = [.. Enumerable.Range(0, n).Select(value)];
        double mean = values.Average();
        return values.Average(v => (v - mean) * (v - mean));
    }

    private static double Pearson(double[] x, double[] y)
    {
        (double mx, double my) = (x.Average(), y.Average());
        double xy = x.Zip(y, (a, b) => (a - mx) * (b - my)).Sum();
        return xy / Math.Sqrt(x.Sum(a => (a - mx) * (a - mx)) * y.Sum(b => (b - my) * (b - my)));
    }

    private static double Entropy(double[] x, int t, int n)
    {
        var orders = Enumerable.Range(t - n + 1, n).Select(i => string.Concat(Enumerable.Range(0, 3).OrderBy(k => x[i - 2 + k]).Select(static k => (char)('0' + k))));
        return orders.CountBy(static o => o).Sum(o => -o.Value / (double)n * Math.Log(o.Value / (double)n)) / Math.Log(6);
    }

    private static double TrueStrength(double[] x, int t, int n, int m)
    {
        double[] changes = [.. Enumerable.Range(1, x.Length - 1).Select(i => x[i] - x[i - 1])];
        return Twice(changes) / Twice([.. changes.Select(Math.Abs)]);

        double Twice(double[] values)
        {
            double[] once = [.. Enumerable.Range(n - 1, values.Length - n + 1).Select(i => Faded(values, i, 2.0 / (n + 1)))];
            return Faded(once, t - 1 - (n - 1), 2.0 / (m + 1));
        }
    }
}

using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>A long series goes through in passes: windows begin anew in each, averages are carried from one to the next, and every bit is that of the whole column.</summary>
[Trait("Category", "Determinism")]
public sealed class PassTests
{
    private const int Rows = 1500;

    private static readonly Indicator[] Windowed =
    [
        Rolling.Sum, Rolling.Mean, Rolling.Highest, Rolling.Lowest, Regression.Slope, Regression.End, Regression.Explained, Regression.T, Regression.Weighted, Spread.Deviation, Spread.ZScore,
        ExtremeAge.SinceHighest, ExtremeAge.SinceLowest, Correlation.Pearson, PermutationEntropy.Of, OrderStatistics.Rank, OrderStatistics.Median, OrderStatistics.MeanDistance, Lag.Past, Lag.Change,
        Smoothing.Exponential, Smoothing.Wilder, TrueRange.Of,
    ];

    [Theory]
    [InlineData(64)]
    [InlineData(192)]
    [InlineData(512)]
    public void Every_operator_gives_the_same_in_passes(int passRows)
    {
        var rng = new Rng(41);
        var market = new MarketColumns(RandomBars.Series(rng, Rows));
        foreach (Operator op in Catalogue.Operators.Where(static o => o != Catalogue.Side))
        {
            for (ulong round = 0; round < 4; round++)
            {
                Rng own = rng.Fork(op.Code, round);
                Signature signature = op.Signatures[own.NextInt(op.Signatures.Length)];
                Expression[] arguments = [.. signature.Arguments.Select(d => RandomStrategies.Expression(own, d, 2))];
                Settings settings = round == 0 ? Longest(op) : RandomStrategies.Settings(own, op);
                var expression = Expression.Of(op, settings, arguments);
                double[] whole = new ColumnarEvaluator(market).Evaluate(expression, out int ready), passes = new ColumnarEvaluator(market, passRows: passRows).Evaluate(expression, out _);
                int differs = Enumerable.Range(ready, Math.Max(0, Rows - ready)).FirstOrDefault(t => BitConverter.DoubleToInt64Bits(whole[t]) != BitConverter.DoubleToInt64Bits(passes[t]), -1);
                differs.ShouldBe(-1, $"the first bar on which {expression}, ready at {ready}, is not the same in passes of {passRows}");
            }
        }
    }

    /// <summary>Windows as long as the rows allow, down to two: those of a few rows go several blocks to a lane, the longest leave some lanes to compute what others have.</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(111)]
    [InlineData(187)]
    [InlineData(374)]
    public void A_window_of_any_length_is_the_streams(int n)
    {
        BarSeries bars = RandomBars.Series(new Rng(42), Rows);
        foreach (string op in (string[])["sma(close, n)", "highest(high, n)", "aroon(n)", "stdev(close, n)", "slope(close, n)", "correlation(open, close, n)"])
        {
            TwoForms.ShouldAgree(Expression.Parse(op.Replace("n)", $"{n})", StringComparison.Ordinal)), bars);
        }
    }

    /// <summary>Where windowed results lie is said without looking at them, so it must be true of any.</summary>
    [Fact]
    public void Windowed_results_lie_within_their_bounds()
    {
        var rng = new Rng(43);
        for (int round = 0; round < 300; round++)
        {
            double scale = rng.NextInt(4) switch { 0 => 1e-3, 1 => 1, 2 => 1e6, _ => 1e15 }, shift = rng.NextInt(3) * scale * 1e3;
            double[] Drawn() => [.. Enumerable.Range(0, 400).Select(_ => shift + (scale * (rng.NextInt(5) == 0 ? 0 : rng.NextUnit() - 0.3)))];
            double[] low = Drawn(), close = [.. low.Select(x => x + (scale * rng.NextUnit()))], high = [.. close.Select(x => x + (scale * rng.NextUnit()))];
            Reach Of(double[] x) => new(x.Min(), x.Max());
            foreach (Indicator indicator in Windowed)
            {
                double[][] given = indicator.InputCount == 1 ? [low] : indicator.InputCount == 2 ? [low, close] : [high, low, close];
                var settings = new Settings(rng.NextInt(3, 60));
                Reach bounds = indicator.Reach!([.. given.Select(Of)], out _);
                double[] y = new double[low.Length];
                indicator.Column(new Inputs(given[0], given.Length > 1 ? given[1] : [], given.Length > 2 ? given[2] : []), settings, y);
                int ready = indicator.WarmUp(settings);
                y.Skip(ready).ShouldAllBe(v => bounds.Contains(v), $"{indicator} of {settings.First} from {Of(low)}: {new Reach(y.Skip(ready).Min(), y.Skip(ready).Max())} is not in {bounds}");
            }
        }
    }

    private static Settings Longest(Operator op)
    {
        var s = default(Settings);
        foreach (Parameter p in op.Parameters)
        {
            s = p.Setting switch
            {
                Setting.First => s with { First = (int)Math.Min(p.Most, 300) },
                Setting.Second => s with { Second = (int)Math.Min(p.Most, 30) },
                _ => s with { Constant = p.Typical },
            };
        }

        return s;
    }
}

using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>Many strategies at a time, in blocks of any length and with room for few columns or many: every decision is the stream's.</summary>
[Trait("Category", "Determinism")]
public sealed class BatchTests
{
    private static readonly Generator Generator = new(new SizeLimits { Window = 40 }, "TEST", Timeframe.M15);

    /// <summary>Rows, columns that fit into the bytes, rows of a block: none of the lengths is a multiple of another but by the last case's choice.</summary>
    [Theory]
    [InlineData(1, 4, 64)]
    [InlineData(63, 40, 64)]
    [InlineData(700, 0, 64)]
    [InlineData(701, 3, 128)]
    [InlineData(1300, 16, 512)]
    [InlineData(1300, 4000, 1024)]
    [InlineData(1024, 100, 512)]
    [InlineData(700, 3, 64, 64)]
    [InlineData(1300, 40, 64, 192)]
    [InlineData(1300, 4000, 128, 512)]
    public void A_batch_decides_as_each_strategy_would_alone_bar_by_bar(int rows, int columns, int blockRows, int? passRows = null)
    {
        var rng = new Rng(31);
        BarSeries bars = RandomBars.Series(rng.Fork((ulong)rows), rows);
        var evaluator = new ColumnarEvaluator(new MarketColumns(bars), (long)columns * rows * sizeof(double), blockRows, passRows);
        for (ulong round = 0; round < 3; round++)
        {
            Plan[] batch = [.. Strategies(rng.Fork(round, 1), 40).Select(static s => new Plan(s))];
            int expected = 0;
            evaluator.Evaluate(batch, (i, signals) =>
            {
                i.ShouldBe(expected++);
                StreamSaysTheSame(batch[i].Strategy, signals, bars);
            });
            expected.ShouldBe(batch.Length);
        }
    }

    [Fact]
    public void A_strategy_evaluated_after_others_decides_as_in_an_evaluator_of_its_own()
    {
        var rng = new Rng(32);
        BarSeries bars = RandomBars.Series(rng, 900);
        var market = new MarketColumns(bars);
        var used = new ColumnarEvaluator(market, 900 * 8 * 20);
        foreach (Strategy strategy in Strategies(rng.Fork(1), 200))
        {
            SignalColumns shared = used.Evaluate(new Plan(strategy)), alone = new ColumnarEvaluator(market).Evaluate(strategy);
            for (int t = 0; t < bars.Count; t++)
            {
                shared[t].ShouldBe(alone[t], $"bar {t} of\n{strategy}");
            }
        }
    }

    /// <summary>Few columns, so that strategies often do not fit together: what the one left out would have used must not stay.</summary>
    [Theory]
    [InlineData(24)]
    [InlineData(40)]
    [InlineData(150)]
    public void Columns_are_kept_within_the_bytes_given(int columns)
    {
        const int rows = 1000;
        var rng = new Rng(33);
        BarSeries bars = RandomBars.Series(rng, rows);
        long budget = columns * rows * sizeof(double);
        var evaluator = new ColumnarEvaluator(new MarketColumns(bars), budget);
        Plan[] batch = [.. Enumerable.Range(0, 400).Select(i => new Plan(Generator.Strategy(rng.Fork((ulong)i % 300)).Strategy))];
        long most = 0, own = 0;
        evaluator.Evaluate(batch, (_, _) => most = Math.Max(most, evaluator.HeldBytes));
        var alone = new ColumnarEvaluator(evaluator.Market, 0);
        foreach (Plan plan in batch)
        {
            alone.Evaluate(plan);
            own = Math.Max(own, alone.HeldBytes);
        }

        // A single strategy may need more numbers than fit, beside as many bits as fit.
        most.ShouldBeInRange(budget / 2, Math.Max(budget, own + (budget / 8)));
    }

    [Fact]
    public void A_column_asked_for_again_is_not_computed_again()
    {
        BarSeries bars = RandomBars.Series(new Rng(34), 300);
        var evaluator = new ColumnarEvaluator(new MarketColumns(bars));
        Strategy one = Strategy.Parse("strategy a\nmarket TEST M15\nlong when close > ema(close, 20)\nstop 2 atr(14)");
        Strategy other = Strategy.Parse("strategy b\nmarket TEST M15\nshort when close < ema(close, 20)\nstop 3 atr(14)");
        evaluator.Evaluate(new Plan(one));
        long before = evaluator.HeldBytes;
        evaluator.Evaluate(new Plan(other));
        (evaluator.HeldBytes - before).ShouldBe(3 * Bits.WordsOf(bars.Count) * sizeof(ulong), "only bits are new: of the comparison, of the stop and of both");
    }

    /// <summary>The plain form of arithmetic is taken where no result can saturate; results at the edge show that it is taken nowhere else.</summary>
    [Theory]
    [InlineData("(body * 1000000000) * 1000000000")]
    [InlineData("(body * 1000000000) * 1000000000 + body")]
    [InlineData("body / (body - body)")]
    [InlineData("body / range")]
    [InlineData("volume / volume")]
    [InlineData("close / close[1]")]
    [InlineData("abs(body) * 1000000000 / 0.000000001 / 0.000000001")]
    public void What_may_saturate_or_divide_by_nothing_does_so_alike_in_both_forms(string text)
    {
        TwoForms.ShouldAgree(Expression.Parse(text), RandomBars.Series(new Rng(35), 500));
    }

    /// <summary>Operations that are fused with those they read are rounded after each all the same, whichever they are and on whichever side.</summary>
    [Fact]
    public void Fused_operations_give_the_bits_of_one_after_another()
    {
        var rng = new Rng(37);
        BarSeries bars = RandomBars.Series(rng, 700);
        var market = new MarketColumns(bars);
        for (ulong round = 0; round < 200; round++)
        {
            Expression tree = Arithmetical(rng.Fork(round), 4);
            double[] values = new ColumnarEvaluator(market).Evaluate(tree, out int ready);
            var program = new Lowered();
            int slot = program.Emit(tree);
            var stream = new SlotStream(program, bars.Timeframe);
            for (int t = 0; t < bars.Count; t++)
            {
                stream.Update(bars[t]);
                (t < ready || BitConverter.DoubleToInt64Bits(stream[slot]) == BitConverter.DoubleToInt64Bits(values[t])).ShouldBeTrue($"{tree} at bar {t}");
            }
        }
    }

    /// <summary>A ratio of quotients of prices, joined by anything.</summary>
    private static Expression Arithmetical(Rng rng, int depth)
    {
        Expression Price() => Expression.Parse(((string[])["open", "high", "low", "close", "close[3]"])[rng.NextInt(5)]);
        return depth == 0 || rng.NextInt(5) == 0
            ? Expression.Of(Catalogue.Find("/", Notation.Infix), default, Price(), Price())
            : Expression.Of(Catalogue.Find(((string[])["+", "-", "*", "/"])[rng.NextInt(4)], Notation.Infix), default, Arithmetical(rng, depth - 1), Arithmetical(rng, depth - 1));
    }

    /// <summary>Where the inputs lie bounds where the results lie, and a rule that calls inputs plain is right.</summary>
    [Fact]
    public void Bounds_hold_and_plain_forms_give_the_same_bits()
    {
        Indicator[] all = [Arithmetic.Add, Arithmetic.Subtract, Arithmetic.Multiply, Arithmetic.Divide, Arithmetic.Share, Arithmetic.Min, Arithmetic.Max, Arithmetic.Absolute, Arithmetic.Negate,
            Arithmetic.Sign, Arithmetic.Clamp, Arithmetic.Squash];
        var rng = new Rng(36);
        int plainForms = 0;
        for (int round = 0; round < 20_000; round++)
        {
            Indicator indicator = all[rng.NextInt(all.Length)];
            Reach[] within = [.. Enumerable.Range(0, indicator.InputCount).Select(_ => Interval(rng))];
            Reach result = indicator.Reach!(within, out bool plain);
            double[] x = [.. within.Select(r => rng.NextInt(4) switch { 0 => r.Least, 1 => r.Most, _ => Math.Clamp(r.Least + (rng.NextUnit() * (r.Most - r.Least)), r.Least, r.Most) })];
            double y = indicator.Update(x, default, []);
            result.Contains(y).ShouldBeTrue($"{indicator} of {string.Join(", ", x)} is {y}, not in {result}");
            if (plain && indicator.Plain is { } kernel)
            {
                plainForms++;
                double[] other = new double[1];
                kernel(new Inputs(x.AsSpan(0, 1), x.AsSpan(1, 1)), default, other);
                BitConverter.DoubleToInt64Bits(other[0]).ShouldBe(BitConverter.DoubleToInt64Bits(y), $"{indicator} of {string.Join(", ", x)}");
            }
        }

        plainForms.ShouldBeGreaterThan(1000);
    }

    private static Reach Interval(Rng rng)
    {
        double a = Number(rng), b = Number(rng);
        return new Reach(Math.Min(a, b), Math.Max(a, b));
    }

    private static double Number(Rng rng) => (rng.NextUnit() - 0.5) * rng.NextInt(6) switch { 0 => 0, 1 => 1e-300, 2 => 1, 3 => 1e9, 4 => 1e17, _ => 4e18 };

    private static IEnumerable<Strategy> Strategies(Rng rng, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Rng own = rng.Fork((ulong)i);
            yield return i % 2 == 0 ? Generator.Strategy(own).Strategy : RandomStrategies.Strategy(own);
        }
    }

    private static void StreamSaysTheSame(Strategy strategy, SignalColumns columns, BarSeries bars)
    {
        var streaming = new StreamingEvaluator(strategy);
        for (int t = 0; t < bars.Count; t++)
        {
            Decision decision = streaming.Update(bars[t]);
            if (decision != columns[t])
            {
                Assert.Fail($"bar {t} of\n{strategy}\nstreaming {decision}\ncolumnar  {columns[t]}");
            }
        }
    }
}

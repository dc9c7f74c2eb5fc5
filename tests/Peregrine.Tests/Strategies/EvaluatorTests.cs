using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>One semantics: the stream and the columns say the same to the last bit.</summary>
[Trait("Category", "Determinism")]
public sealed class EvaluatorTests
{
    [Fact]
    public void Random_strategies_decide_the_same_streaming_and_columnar()
    {
        var rng = new Rng(11);
        for (ulong round = 0; round < 40; round++)
        {
            var columnar = new ColumnarEvaluator(new MarketColumns(RandomBars.Series(rng.Fork(round), 260)));
            for (ulong i = 0; i < 100; i++)
            {
                Strategy strategy = RandomStrategies.Strategy(rng.Fork(round, i + 1));
                StreamingSaysTheSame(strategy, columnar.Evaluate(strategy), columnar.Market.Bars);
            }
        }
    }

    private static void StreamingSaysTheSame(Strategy strategy, SignalColumns columns, BarSeries bars)
    {
        var streaming = new StreamingEvaluator(strategy);
        for (int t = 0; t < columns.Count; t++)
        {
            Decision decision = streaming.Update(bars[t]);
            if (!Same(decision, columns[t]))
            {
                Assert.Fail($"bar {t} of\n{strategy}\nstreaming {decision}\ncolumnar  {columns[t]}");
            }
        }
    }

    [Fact]
    public void A_strategy_restored_from_a_snapshot_goes_on_as_if_never_stopped()
    {
        var rng = new Rng(12);
        for (ulong i = 0; i < 300; i++)
        {
            BarSeries bars = RandomBars.Series(rng.Fork(i), 200);
            Strategy strategy = RandomStrategies.Strategy(rng.Fork(i, 1));
            SignalColumns columns = ColumnarEvaluator.Evaluate(strategy, bars);
            int stop = rng.NextInt(bars.Count);
            var before = new StreamingEvaluator(strategy);
            for (int t = 0; t < stop; t++)
            {
                before.Update(bars[t]);
            }

            var after = new StreamingEvaluator(Strategy.Parse(strategy.ToString()));
            after.Restore(before.Snapshot());
            for (int t = stop; t < bars.Count; t++)
            {
                Same(after.Update(bars[t]), columns[t]).ShouldBeTrue($"bar {t}, stopped at {stop}, of\n{strategy}");
            }
        }
    }

    [Fact]
    public void A_snapshot_of_another_strategy_is_refused()
    {
        Strategy one = Strategy.Parse("strategy a\nmarket EURUSD H1\nlong when close > sma(close, 20)\nstop 2 atr(14)");
        Strategy other = Strategy.Parse("strategy a\nmarket EURUSD H1\nlong when close < sma(close, 20)\nstop 2 atr(14)");
        byte[] snapshot = new StreamingEvaluator(one).Snapshot();
        Should.Throw<FormatException>(() => new StreamingEvaluator(other).Restore(snapshot)).Message.ShouldContain("does not belong to strategy a");
    }

    [Fact]
    public void The_future_never_changes_the_past()
    {
        var rng = new Rng(13);
        for (ulong i = 0; i < 300; i++)
        {
            BarSeries bars = RandomBars.Series(rng.Fork(i), 200);
            int cut = rng.NextInt(1, bars.Count - 1);
            BarSeries shorter = bars.Between(Instant.MinValue, bars[cut].Time);
            Strategy strategy = RandomStrategies.Strategy(rng.Fork(i, 1));
            SignalColumns whole = ColumnarEvaluator.Evaluate(strategy, bars), part = ColumnarEvaluator.Evaluate(strategy, shorter);
            for (int t = 0; t < cut; t++)
            {
                Same(whole[t], part[t]).ShouldBeTrue($"bar {t}, cut at {cut}, of\n{strategy}");
            }
        }
    }

    [Fact]
    public void An_update_allocates_nothing()
    {
        var rng = new Rng(14);
        BarSeries bars = RandomBars.Series(rng, 400);
        var evaluator = new StreamingEvaluator(RandomStrategies.Strategy(rng));
        for (int t = 0; t < 200; t++)
        {
            evaluator.Update(bars[t]);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int t = 200; t < 400; t++)
        {
            evaluator.Update(bars[t]);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static bool Same(Decision a, Decision b) =>
        (a.Ready, a.Long, a.Short, a.ExitLong, a.ExitShort) == (b.Ready, b.Long, b.Short, b.ExitLong, b.ExitShort)
        && Bits(a.Stop) == Bits(b.Stop) && Bits(a.Target) == Bits(b.Target) && Bits(a.Trail) == Bits(b.Trail);

    private static long Bits(double x) => BitConverter.DoubleToInt64Bits(x);
}

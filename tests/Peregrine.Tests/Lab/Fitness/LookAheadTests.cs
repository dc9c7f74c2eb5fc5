using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Tests.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Fitness;

public sealed class LookAheadTests
{
    private static readonly BarSeries Bars = ResearchMarkets.Of(3, 2_000, null).Bars;
    private static readonly int[] Lengths = LookAhead.Lengths(new Rng(1), 2_000, 3);

    [Fact]
    public void A_rule_that_knows_the_next_close_is_found() => LookAhead.IsIn(Buying(static (b, i) => i + 1 < b.Count && b.Close[i + 1] > b.Close[i]), Bars, Lengths).ShouldBeTrue();

    [Fact]
    public void So_is_one_that_measures_by_the_whole_series()
    {
        LookAhead.IsIn(Buying(static (b, i) => b.Close[i] > Mean(b)), Bars, Lengths).ShouldBeTrue();

        static double Mean(BarSeries bars)
        {
            double sum = 0;
            foreach (long close in bars.Close)
            {
                sum += close;
            }

            return sum / bars.Count;
        }
    }

    [Fact]
    public void So_is_a_stop_that_does()
    {
        SignalColumns Decided(BarSeries bars) => Buying(static (_, i) => i % 50 == 0)(bars) with { Stop = new Distances(1, [.. Enumerable.Range(0, bars.Count).Select(i => (double)(i + 60 < bars.Count ? 30 : 40))]) };
        LookAhead.IsIn(Decided, Bars, Lengths).ShouldBeTrue();
    }

    [Fact]
    public void A_rule_that_knows_the_last_close_is_not() => LookAhead.IsIn(Buying(static (b, i) => i > 0 && b.Close[i] > b.Close[i - 1]), Bars, Lengths).ShouldBeFalse();

    [Fact]
    public void No_strategy_of_the_language_looks_ahead()
    {
        for (ulong seed = 0; seed < 60; seed++)
        {
            Strategy strategy = RandomStrategies.Strategy(new Rng(seed));
            LookAhead.IsIn(b => ColumnarEvaluator.Evaluate(strategy, b), Bars, Lengths).ShouldBeFalse(strategy.ToString());
        }
    }

    [Fact]
    public void Lengths_lie_in_the_second_half()
    {
        Lengths.ShouldAllBe(static n => n >= 1_000 && n < 2_000);
        LookAhead.Lengths(new Rng(1), 1, 2).ShouldBe([0, 0]);
    }

    private static Func<BarSeries, SignalColumns> Buying(Func<BarSeries, int, bool> when) => bars =>
    {
        Bits Empty() => new(bars.Count);
        Bits buys = Empty();
        for (int i = 0; i < bars.Count; i++)
        {
            buys[i] = when(bars, i);
        }

        return new SignalColumns { FirstReady = 0, Long = buys, Short = Empty(), ExitLong = Empty(), ExitShort = Empty(), Stop = new Distances(1, 50), Target = default, Trail = default };
    };
}

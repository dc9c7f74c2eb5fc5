using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
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

    /// <summary>The canary: on noise, at full costs, whoever sees one bar ahead is rich, and whoever sees the last one is poor. A pipeline in which this one does not sing measures nothing.</summary>
    [Fact]
    public void And_earns_what_nobody_can_while_the_same_rule_a_bar_later_loses()
    {
        ResearchMarket market = ResearchMarkets.Of(3, 2_000, null);

        // Mean of what its trades made after costs, in standard errors.
        double Made(int shift)
        {
            SignalColumns signals = Buying((b, i) => i + shift < b.Count && i + shift > 0 && b.Close[i + shift] > b.Close[i + shift - 1])(market.Bars);
            var setup = new FastSetup
            {
                Strategy = "canary", Instrument = market.Instrument, Costs = market.Costs, Deposit = new Money(1_000_000m, Currency.Usd),
                Sizing = new SizingRule { Fixed = Quantity.FromUnits(1_000) }, Limits = new Limits { MaxTotalLoss = 1_000m }, HoldBars = 1,
            };
            double[] made = [.. FastLoop.Run(setup, signals, market.Map, ..).Trades.Select(static t => (double)t.Net.Amount)];
            made.Length.ShouldBeGreaterThan(500);
            return made.Average() / Math.Sqrt(made.Average(x => (x - made.Average()) * (x - made.Average())) / made.Length);
        }

        Made(1).ShouldBeGreaterThan(5);
        Made(0).ShouldBeLessThan(1);
    }

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

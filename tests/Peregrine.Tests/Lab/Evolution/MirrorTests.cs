using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Tests.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Evolution;

public sealed class MirrorTests
{
    private const int Count = 1500;

    [Theory]
    [InlineData("close crosses above highest(high, 48)[1]", "close crosses below lowest(low, 48)[1]")]
    [InlineData("close > sma(close, 50) + 2 * atr(14)", "close < sma(close, 50) - 2 * atr(14)")]
    [InlineData("close - open > 0.5 * atr(14) and volume > sma(volume, 20)", "-(close - open) > 0.5 * atr(14) and volume > sma(volume, 20)")]
    [InlineData("momentum(close, 10) > zero", "momentum(close, 10) < zero")]
    [InlineData("squash(momentum(close, 10) / atr(14)) < -0.4", "squash(momentum(close, 10) / atr(14)) > 0.4")]
    [InlineData("if(close > open, high, low) > close[3]", "if(close < open, low, high) < close[3]")]
    public void The_mirror_image_reads_as_a_person_would_write_it(string rule, string image) =>
        Mirror.Of(Expression.Parse(rule)).ShouldBe(Expression.Parse(image));

    [Theory]
    [InlineData("close / open > 1.001")]
    [InlineData("close > clamp(close, low[1], high[1])")]
    public void A_rule_without_a_known_image_has_none_rather_than_a_wrong_one(string rule) => Mirror.Of(Expression.Parse(rule)).ShouldBeNull();

    [Fact]
    public void Every_image_decides_in_the_mirrored_market_as_the_rule_does_in_the_real_one()
    {
        BarSeries bars = RandomMarket.Bars(new Rng(11), RandomMarket.EurUsd, Timeframe.M15, Count).Bid;
        var real = new ColumnarEvaluator(new MarketColumns(bars));
        var mirrored = new ColumnarEvaluator(new MarketColumns(Mirrored(bars)));
        var generator = new Generator(new SizeLimits { Window = 60 }, "TEST", Timeframe.M15);
        var seen = new HashSet<string>();
        for (ulong seed = 0; seed < 3_000; seed++)
        {
            Expression rule = generator.Rule(new Rng(seed), Clause.Long);
            if (Mirror.Of(rule) is not { } image)
            {
                continue;
            }

            double[] here = real.Evaluate(rule, out int ready);
            double[] there = mirrored.Evaluate(image, out int readyThere);
            readyThere.ShouldBe(ready, rule.ToString());
            // Sums of C − p round differently from sums of p, so a comparison on the edge may differ, once in a while.
            int different = Enumerable.Range(0, Count).Count(i => here[i] != there[i]);
            different.ShouldBeLessThanOrEqualTo(Count / 50, $"{rule}\n{image}");
            seen.UnionWith(rule.Nodes.Select(n => n.Operator.Name));
        }

        seen.Count.ShouldBeGreaterThan(Catalogue.Operators.Select(o => o.Name).Distinct().Count() / 2);
    }

    [Fact]
    public void The_mirror_of_the_mirror_is_the_rule()
    {
        var generator = new Generator(new SizeLimits(), "TEST", Timeframe.M15);
        int same = 0, all = 0;
        for (ulong seed = 0; seed < 3_000; seed++)
        {
            Expression rule = generator.Rule(new Rng(seed), Clause.Long);
            if (Mirror.Of(rule) is { } image)
            {
                all++;
                same += rule.Equals(Mirror.Of(image)) ? 1 : 0;
            }
        }

        all.ShouldBeGreaterThan(1_000);
        same.ShouldBeGreaterThan(all * 9 / 10);
    }

    private static BarSeries Mirrored(BarSeries bars)
    {
        const long C = 220_000;
        var columns = BarColumns.OfLength(bars.Count);
        for (int i = 0; i < bars.Count; i++)
        {
            Bar b = bars[i];
            columns.Set(i, new Bar(b.Time, Upside(b.Open), Upside(b.Low), Upside(b.High), Upside(b.Close), b.Volume));
        }

        return new BarSeries(bars.Symbol, bars.Timeframe, bars.Side, columns);

        static Price Upside(Price p) => new(C - p.Grains);
    }
}

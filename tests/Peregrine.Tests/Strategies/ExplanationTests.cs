using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

public sealed class ExplanationTests
{
    private static readonly Strategy Breakout = Strategy.Parse("""
        strategy breakout-7f3a
        market   EURUSD M15
        long     when close crosses above highest(high, 48)[1] and efficiency(close, 32) > 0.35 and session(london)
        short    when close crosses below lowest(low, 48)[1] and (efficiency(close, 32) > 0.35 or session(newyork))
        exit     when zscore(close, 96) * side < -0.4
        stop     2.5 atr(14)
        target   6 atr(14)
        hold     at most 96 bars
        """);

    [Fact]
    public void A_strategy_is_told_in_sentences() => Explanation.Sentences(Breakout).ShouldBe(
    [
        "Trades EURUSD on M15 bars.",
        "Buys when the close crosses above the highest value of the high in 48 bars 1 bar ago and the 32-bar efficiency of the close is above 0.35 and London is in session.",
        "Sells when the close crosses below the lowest value of the low in 48 bars 1 bar ago and (the 32-bar efficiency of the close is above 0.35 or New York is in session).",
        "Leaves a trade when the 96-bar z-score of the close times the side of the trade (+1 long, -1 short) is below -0.4.",
        "Stops out at 2.5 times the 14-bar average true range from the entry.",
        "Takes profit at 6 times the 14-bar average true range from the entry.",
        "Leaves after at most 96 bars.",
        "Speaks after 95 bars of warm-up.",
    ]);

    [Fact]
    public void An_expression_is_drawn_as_a_tree() => Explanation.Tree(Breakout.Short!).ShouldBe(
    [
        "and : bool",
        "├ crosses below : bool",
        "│ ├ close : price",
        "│ └ [1] : price",
        "│   └ lowest(48) : price",
        "│     └ low : price",
        "└ or : bool",
        "  ├ > : bool",
        "  │ ├ efficiency(32) : unit",
        "  │ │ └ close : price",
        "  │ └ 0.35 : ratio",
        "  └ session(newyork) : bool",
    ]);

    [Fact]
    public void The_last_bars_are_shown_with_every_condition_and_both_of_its_sides()
    {
        BarSeries bars = SmoothBars.Series(51, 200);
        Trace trace = Trace.Last(Breakout, bars, 3);
        trace.Bars.Length.ShouldBe(3);
        trace.Bars[^1].Close.ShouldBe(BarClock.End(Timeframe.M15, bars[199].Time));
        trace.Terms.Where(static t => t.Clause == "long").Select(static t => t.Text).ShouldBe(
            ["close crosses above highest(high, 48)[1]", "close", "highest(high, 48)[1]", "efficiency(close, 32) > 0.35", "efficiency(close, 32)", "session(london)"]);
        trace.Terms.Select(static t => t.Clause).Distinct().ShouldBe(["long", "short", "exit long", "exit short", "stop", "target"]);
        SignalColumns signals = ColumnarEvaluator.Evaluate(Breakout, bars);
        for (int k = 0; k < 3; k++)
        {
            TracedBar row = trace.Bars[k];
            row.Decision.ShouldBe(signals[197 + k]);
            double?[] conditions = [.. row.Values.Zip(trace.Terms).Where(static v => v.Second is { Clause: "long", Dimension: Dimension.Bool }).Select(static v => v.First)];
            conditions.All(static c => c == 1).ShouldBe(row.Decision.Long);
        }
    }

    [Fact]
    public void Before_it_is_ready_a_term_has_no_value()
    {
        Trace trace = Trace.Last(Breakout, SmoothBars.Series(51, 20), 50);
        trace.Bars.Length.ShouldBe(20);
        int stop = trace.Terms.IndexOf(trace.Terms.Single(static t => t.Clause == "stop"));
        trace.Bars[12].Values[stop].ShouldBeNull();
        trace.Bars[13].Values[stop].ShouldNotBeNull();
        trace.Bars[13].Decision.Ready.ShouldBeFalse();
    }

    [Fact]
    public void Every_random_strategy_can_be_told()
    {
        var rng = new Rng(52);
        for (ulong i = 0; i < 500; i++)
        {
            Strategy strategy = RandomStrategies.Strategy(rng.Fork(i));
            string told = string.Join('\n', Explanation.Sentences(strategy));
            told.ShouldNotContain("{", Case.Sensitive, strategy.ToString());
            strategy.Expressions().ShouldAllBe(e => Explanation.Tree(e).Length == e.Count);
        }
    }

    [Fact]
    public void The_tree_of_a_distance_begins_with_its_multiple()
    {
        Strategy strategy = Strategy.Parse("strategy s\nmarket EURUSD H1\nlong when close > open\nstop 2.5 atr(14)\ntrail 1 atr(8)\n");
        Explanation.Tree(strategy.Stop).ShouldBe(["2.5 times : difference", "└ atr(14) : difference"]);
        Explanation.Tree(strategy.Trail!).ShouldBe(["atr(8) : difference"]);
    }
}

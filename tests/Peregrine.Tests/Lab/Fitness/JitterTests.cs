using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Evolution;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Populations;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Fitness;

public sealed class JitterTests
{
    private static readonly Strategy Written = Strategy.Parse(
        """
        strategy t
        market EURUSD H1
        long when close > highest(high, 203)[1] and rsi(close, 102) < 0.6 and session(london)
        short when close < lowest(low, 203)[1] and rsi(close, 102) > 0.4 and weekday(tuesday)
        exit when zscore(close, 144) * side < -0.5
        stop 4 atr(102)
        target 8 atr(102)
        trail 6 atr(102)
        hold at most 300 bars
        """);

    [Fact]
    public void Any_strategy_with_its_numbers_off_is_one_of_the_language_and_keeps_its_words()
    {
        var generator = new Generator(new SizeLimits(), "EURUSD", Timeframe.H1);
        int moved = 0;
        for (ulong seed = 0; seed < 3_000; seed++)
        {
            Strategy strategy = generator.Strategy(new Rng(seed)).Strategy, shaken = Jitter.Of(new Rng(seed), strategy, 0.3);
            Strategy.Parse(shaken.Checked().ToString()).ShouldBe(shaken);
            Words(shaken).ShouldBe(Words(strategy));
            Jitter.Of(new Rng(seed), strategy, 0.3).ShouldBe(shaken);
            moved += shaken == strategy ? 0 : 1;
        }

        moved.ShouldBeGreaterThan(2_950);
    }

    [Fact]
    public void Without_width_nothing_but_round_numbers_stays()
    {
        Jitter.Of(new Rng(1), Written, 0).Long!.ShouldNotBe(Written.Long, "a number near 0 must move too");
        Words(Jitter.Of(new Rng(1), Written, 0)).ShouldBe(Words(Written));
        (Jitter.Of(new Rng(1), Written, 0) with { Long = Written.Long, Short = Written.Short, Exit = Written.Exit }).ShouldBe(Written);
    }

    [Fact]
    public void Every_number_is_off_by_the_width_and_around_itself()
    {
        const int draws = 4_000;
        const double width = 0.1;
        Strategy[] shaken = [.. Enumerable.Range(0, draws).Select(i => Jitter.Of(new Rng((ulong)i), Written, width))];
        double[] windows = [.. shaken.Select(static s => Math.Log(s.Long!.Nodes.First(static n => n.Operator.Name == "highest").First / 203.0))];
        double[] multiples = [.. shaken.Select(static s => Math.Log(s.Stop.Multiple / 4))], holds = [.. shaken.Select(static s => Math.Log(s.HoldBars!.Value / 300.0))];
        foreach (double[] steps in (double[][])[windows, multiples, holds])
        {
            steps.Average().ShouldBe(0, 4 * width / Math.Sqrt(draws));
            Math.Sqrt(steps.Average(static s => s * s)).ShouldBe(width, 0.008, "windows go to the nearest rung, which widens their steps by a twentieth");
        }

        // 0.6, off by a tenth of itself and a hundredth.
        double[] numbers = [.. shaken.Select(static s => s.Long!.Nodes.First(static n => n.Operator == Catalogue.Number).Constant - 0.6)];
        Math.Sqrt(numbers.Average(static s => s * s)).ShouldBe(0.07, 0.004);
    }

    [Fact]
    public void What_one_side_waits_for_is_what_the_other_waits_for()
    {
        for (ulong seed = 0; seed < 100; seed++)
        {
            Strategy s = Jitter.Of(new Rng(seed), Written, 0.2);
            Windows(s.Short!).ShouldBe(Windows(s.Long!));
        }
    }

    [Fact]
    public void What_holds_only_at_its_very_numbers_loses_and_what_holds_around_them_keeps_its_score()
    {
        ResearchMarket market = ResearchMarkets.Of(3, 12_000, ResearchMarkets.Obvious);
        Strategy rule = Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when close > highest(high, 48)[1]\nshort when close < lowest(low, 48)[1]\nstop 8 atr(48)\nhold at most 24 bars");

        // True by a hair: with the numbers a little off half of the siblings never trade.
        Strategy narrow = Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when close > highest(high, 48)[1] and 2 > 1.99\nshort when close < lowest(low, 48)[1] and 2 > 1.99\nstop 8 atr(48)\nhold at most 24 bars");
        foreach ((Strategy strategy, double least, double most) in ((Strategy, double, double)[])[(rule, 0.75, 1), (narrow, 0.2, 0.7)])
        {
            Appraisal plain = new Appraiser([market], Quiet with { Jitters = 0 }).Appraise(strategy, static _ => null), shaken = new Appraiser([market], Quiet).Appraise(strategy, static _ => null);
            plain.Shaken.ShouldBeNull();
            plain.Score.ShouldBeGreaterThan(1);
            shaken.Shaken.ShouldNotBeNull();
            shaken.Score.ShouldBe(Math.Min(plain.Score, Math.Max(Quiet.JittersAbove, shaken.Shaken!.Value)));
            (shaken.Plain, shaken.Siblings, plain.Siblings).ShouldBe((plain.Score, 4, 0));
            (shaken.Score / plain.Score).ShouldBeInRange(least, most);
            (shaken.Figures, shaken.WorstThird).ShouldBe((plain.Figures, plain.WorstThird), "figures for people are those of the strategy itself");
        }
    }

    [Fact]
    public void Only_what_scores_enough_is_tried_so_and_has_no_less_than_what_was_not()
    {
        ResearchMarket market = ResearchMarkets.Of(3, 6_000, ResearchMarkets.Obvious);
        Strategy rule = Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when close > highest(high, 48)[1]\nstop 8 atr(48)\nhold at most 24 bars");
        double plain = new Appraiser([market], Quiet with { Jitters = 0 }).Appraise(rule, static _ => null).Score;
        new Appraiser([market], Quiet with { JittersAbove = plain + 0.01 }).Appraise(rule, static _ => null).Shaken.ShouldBeNull();
        Appraisal near = new Appraiser([market], Quiet with { JittersAbove = plain - 0.001, JitterWidth = 0.5 }).Appraise(rule, static _ => null);
        near.Score.ShouldBeInRange(plain - 0.001, plain);
    }

    [Fact]
    public void Adversaries_are_met_by_who_would_lead_alone_and_nobody_recalls_it_of_the_dead()
    {
        ResearchMarket market = ResearchMarkets.Of(3, 12_000, ResearchMarkets.Obvious);
        Strategy rule = Strategy.Parse("strategy t\nmarket EURUSD H1\nlong when close > highest(high, 48)[1]\nshort when close < lowest(low, 48)[1]\nstop 8 atr(48)\nhold at most 24 bars");
        var appraiser = new Appraiser([market], new FitnessRules());
        Appraisal Of(Appraisal? known, Standing standing) => appraiser.Appraise([rule], _ => known, (_, _) => standing)[0];
        Appraisal lost = Of(null, Standing.Lost), alone = Of(null, Standing.Lives), met = Of(null, Standing.Leads);
        (alone.MetAdversaries, alone.UnderAttack.Length, alone.IsLasting).ShouldBe((false, 0, true));
        (met.MetAdversaries, met.UnderAttack.Length, met.IsLasting).ShouldBe((true, 8, false));
        (alone.Siblings, met.Siblings).ShouldBe((4, 16));
        met.Score.ShouldBeLessThanOrEqualTo(met.Shaken!.Value);
        Of(met, Standing.Lost).ShouldBeSameAs(met);
        (Of(alone, Standing.Leads).Score, Of(alone, Standing.Leads).Shaken).ShouldBe((met.Score, met.Shaken));

        // Whoever cannot live is not tried so, and what is known from another time changes nothing of that.
        (lost.Siblings, lost.Shaken, lost.Score).ShouldBe((0, null, alone.Plain));
        (Of(alone, Standing.Lost).Siblings, Of(alone, Standing.Lost).Shaken, Of(alone, Standing.Lost).Score).ShouldBe((0, null, alone.Plain));
        (Of(lost, Standing.Lives).Score, Of(lost, Standing.Lives).Siblings).ShouldBe((alone.Score, alone.Siblings));
    }

    private static FitnessRules Quiet => new() { AdversariesAbove = double.PositiveInfinity };

    private static int[] Windows(Expression e) => [.. e.Nodes.Where(static n => n.Operator.Parameters.Any(static p => p.Proportional)).Select(static n => (int)n.First)];

    private static string[] Words(Strategy s) =>
        [.. s.Expressions().SelectMany(static e => e.Nodes).Select(static n => n.Operator.Name + (n.Operator.Parameters.Any(static p => !p.Choices.IsEmpty) ? "|" + n.First : ""))];
}

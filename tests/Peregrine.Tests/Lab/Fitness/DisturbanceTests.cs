using Peregrine.Core;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Fitness.Adversaries;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Fitness;

public sealed class DisturbanceTests
{
    private static readonly ResearchMarket Market = ResearchMarkets.Of(3, 4_000, ResearchMarkets.Obvious);
    private static readonly Strategy Rule = Strategy.Parse("strategy mine\nmarket EURUSD H1\nlong when close > highest(high, 40)[1]\nshort when close < lowest(low, 40)[1]\nstop 4 atr(14)\nhold at most 40 bars\n");

    [Fact]
    public void Each_draw_is_another_history_and_the_same_seed_the_same()
    {
        Appraiser appraiser = new([Market], new FitnessRules());
        double[] plain = appraiser.Trade(Rule, ..).Returns;
        foreach ((Adversary adversary, _) in Disturbances.All.DistinctBy(static d => d.Adversary.Name))
        {
            double[] one = appraiser.Trade(Rule, adversary, 1).Returns, same = new Appraiser([Market], new FitnessRules()).Trade(Rule, adversary, 1).Returns, other = appraiser.Trade(Rule, adversary, 2).Returns;
            one.Length.ShouldBe(plain.Length);
            one.ShouldBe(same);
            one.ShouldNotBe(plain, adversary.Name);
            one.SequenceEqual(other).ShouldBe(adversary.Name == "one bar late", adversary.Name);
        }

        appraiser.Trade(Rule, ..).Returns.ShouldBe(plain, "nothing of it stays behind");
    }

    [Fact]
    public void After_a_late_start_the_first_trades_are_missing_and_nothing_is_traded_before_it()
    {
        Appraiser appraiser = new([Market], new FitnessRules());
        Trade[] plain = [.. appraiser.Trade(Rule, ..).Trades];
        Adversary late = Disturbances.All.First(static d => d.Adversary.Name == "late start").Adversary;
        Instant[] firsts = [.. Enumerable.Range(1, 8).Select(seed => appraiser.Trade(Rule, late, (ulong)seed).Trades[0].EntryTime)];
        long first = plain[0].EntryTime.Nanoseconds, tenth = Market.Bars.Time[(Market.Bars.Count / 10) + 200];
        firsts.Count(t => t.Nanoseconds > first).ShouldBeGreaterThan(5, "most begin after its first trade");
        firsts.Distinct().Count().ShouldBeGreaterThan(4, "each draw begins elsewhere");
        firsts.ShouldAllBe(t => t.Nanoseconds >= first && t.Nanoseconds < tenth, "at most a tenth of the time is lost");
    }

    [Fact]
    public void There_are_forty_and_each_is_drawn_once()
    {
        Disturbances.All.Count.ShouldBe(40);
        Disturbances.All.Distinct().Count().ShouldBe(40);
    }

    [Fact]
    public void The_gate_asks_for_most_of_the_Sharpe_and_for_most_of_the_draws()
    {
        double[] good = [.. Enumerable.Repeat(1.5, 33), .. Enumerable.Repeat(-0.1, 7)], often = [.. Enumerable.Repeat(1.5, 31), .. Enumerable.Repeat(-0.1, 9)], weak = [.. Enumerable.Repeat(0.9, 40)];
        LuckGates.Noise(2, good).Pass.ShouldBe(true);
        LuckGates.Noise(2, often).Pass.ShouldBe(false, "one draw in five may lose, not more");
        LuckGates.Noise(2, weak).Pass.ShouldBe(false, "half of it is not most of it");
        LuckGates.Noise(-1, good).ShouldSatisfyAllConditions(static g => g.Pass.ShouldBeNull("what is undefined refutes nothing"), static g => g.Statistic.Reason.ShouldContain("does not earn"));
    }
}

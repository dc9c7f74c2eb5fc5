using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class RandomEntriesTests
{
    /// <summary>On a walk nobody can time, so p is below a tenth for a tenth of those who try.</summary>
    [Fact]
    public void Who_enters_by_chance_is_told_apart_no_more_often_than_the_level_says()
    {
        var rng = new Rng(21);
        int below = 0;
        const int Times = 300;
        for (ulong i = 0; i < Times; i++)
        {
            Rng own = rng.Fork(i);
            double[] prices = Walk(own, 600, 0);
            below += RandomEntries.Of([(prices, Held(own, 600, 30))], own.Fork(1), 199).P.Value <= 0.1 ? 1 : 0;
        }

        below.ShouldBeInRange(17, 45, "30 expected");
    }

    /// <summary>What the gate's power is told by: a rule whose Sharpe ratio of 2 is all timing is found in four cases of five in 1.55 years, as by a test of its returns.</summary>
    [Fact]
    public void A_rule_that_is_all_timing_is_told_from_chance_as_often_as_its_years_say()
    {
        const int Times = 300, Trades = 100, Bars = 20, Count = 9_600;
        double drift = 2 * Math.Sqrt(BestOfMany.YearsNeeded(2, 1, 0.05, 0.8)) / Math.Sqrt(Trades * Bars);
        int found = 0;
        for (ulong i = 0; i < Times; i++)
        {
            Rng own = new Rng(23).Fork(i);
            HeldPosition[] held = [.. Enumerable.Range(0, Trades).Select(t => (t * (Count / Trades)) + own.NextInt(70)).Select(at => new HeldPosition(at, at + Bars, own.NextBool() ? Side.Buy : Side.Sell, 1))];
            double[] moves = new double[Count];
            foreach (HeldPosition h in held)
            {
                Array.Fill(moves, h.Side == Side.Buy ? drift : -drift, h.Entry + 1, Bars);
            }

            double price = 1_000;
            found += RandomEntries.Of([([.. moves.Select(m => price += m + Normal.Draw(own))], held)], own.Fork(1), 199).P.Value <= 0.05 ? 1 : 0;
        }

        found.ShouldBeInRange(219, 261, "240 expected, within three standard deviations");
    }

    /// <summary>A market that only rises pays whoever buys: entries by chance earn as much, and the timing is worth nothing.</summary>
    [Fact]
    public void What_the_market_pays_to_everybody_is_no_timing()
    {
        var rng = new Rng(22);
        double[] rising = Walk(rng, 2_000, 0.5);
        HeldPosition[] buys = [.. Held(rng, 2_000, 60).Select(static h => h with { Side = Side.Buy })];
        RandomEntries.Of([(rising, buys)], rng.Fork(1), 999).P.Value!.Value.ShouldBeGreaterThan(0.05);
    }

    [Fact]
    public void Who_knows_what_comes_is_told_from_chance()
    {
        var rng = new Rng(23);
        double[] prices = Walk(rng, 2_000, 0);
        HeldPosition[] knows = [.. Held(rng, 2_000, 60).Select(h => h with { Side = prices[h.Exit] > prices[h.Entry] ? Side.Buy : Side.Sell })];
        RandomEntries.Of([(prices, knows)], rng.Fork(1), 999).P.Value!.Value.ShouldBe(0.001, 1e-12, "none of 999 is as good");
        HeldPosition[] wrong = [.. knows.Select(static h => h with { Side = h.Side == Side.Buy ? Side.Sell : Side.Buy })];
        RandomEntries.Of([(prices, wrong)], rng.Fork(1), 999).P.Value!.Value.ShouldBe(1);
    }

    /// <summary>One bar of hundred moves. A position of ten bars that is put anywhere meets it in ten of ninety places.</summary>
    [Fact]
    public void A_position_is_put_anywhere_it_fits_and_keeps_its_length_side_and_weight()
    {
        double[] prices = [.. Enumerable.Range(0, 100).Select(static i => i < 50 ? 100.0 : 103)];
        Figure(RandomEntries.Of([(prices, [new HeldPosition(45, 55, Side.Buy, 2)])], new Rng(4), 20_000)).ShouldBe(10 / 90.0, 0.01);
        Figure(RandomEntries.Of([(prices, [new HeldPosition(45, 55, Side.Sell, 2)])], new Rng(4), 2_000)).ShouldBe(1, 1e-12, "any place is as good as one that loses");

        static double Figure(RandomEntryTest test) => test.P.Value!.Value;
    }

    /// <summary>Three positions that leave three bars free hold the one bar that moves nearly always, and one of them alone: they are put one after another, not on top of each other.</summary>
    [Fact]
    public void Positions_are_held_one_at_a_time()
    {
        double[] prices = [.. Enumerable.Range(0, 100).Select(static i => i < 50 ? 100.0 : 103)];
        HeldPosition[] held = [new(0, 32, Side.Buy, 1), new(33, 65, Side.Buy, 1), new(66, 98, Side.Buy, 1)];
        RandomEntryTest test = RandomEntries.Of([(prices, held)], new Rng(6), 1_000);
        test.P.Value!.Value.ShouldBeGreaterThan(0.9);
        test.Middle.Value.ShouldBe(3);
        test.Earned.ShouldBe(3);
        Should.Throw<ArgumentException>(() => RandomEntries.Of([(prices, [new(0, 60, Side.Buy, 1), new(40, 98, Side.Buy, 1)])], new Rng(6), 10));
    }

    [Fact]
    public void A_position_held_from_end_to_end_or_none_at_all_leaves_nothing_to_compare()
    {
        double[] prices = Walk(new Rng(5), 50, 0);
        RandomEntries.Of([(prices, [new HeldPosition(0, 49, Side.Buy, 1)])], new Rng(4), 99).P.Reason.ShouldContain("always");
        RandomEntries.Of([(prices, [])], new Rng(4), 99).P.Reason.ShouldContain("no trade");
    }

    private static double[] Walk(Rng rng, int n, double drift)
    {
        double price = 1_000;
        return [.. Enumerable.Range(0, n).Select(_ => price += drift + Normal.Draw(rng))];
    }

    private static HeldPosition[] Held(Rng rng, int n, int count)
    {
        int slot = n / count;
        return [.. Enumerable.Range(0, count).Select(i => new HeldPosition((i * slot) + rng.NextInt(3), (i * slot) + 3 + rng.NextInt(slot - 4), rng.NextBool() ? Side.Buy : Side.Sell, 0.5 + rng.NextUnit()))];
    }
}

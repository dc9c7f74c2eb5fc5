using FsCheck;
using FsCheck.Fluent;
using Peregrine.Core;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class StationaryBootstrapTests
{
    [Fact]
    public void Days_follow_each_other_until_a_block_begins()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "stationary_bootstrap_indices");
        int[] indices = StationaryBootstrap.Indices(oracle.Numbers("u1"), oracle.Numbers("u2"), (int)oracle.Number("n"), oracle.Number("p"));
        oracle.Check("indices", [.. indices.Select(static i => (double)i)]);
        Should.Throw<ArgumentException>(() => StationaryBootstrap.Indices([0.5], [0.5, 0.5], 4, 0.1));
    }

    [Fact]
    public void A_draw_takes_two_numbers_for_every_day_and_counts_are_of_the_same_draw() => Prop.ForAll(
        Gen.Choose(1, 60).SelectMany(static days => Gen.Choose(10, 200).Select(block => (Days: days, Block: block / 10.0))).ToArbitrary(),
        static c =>
        {
            var numbers = new Rng(3);
            double[] restarts = new double[c.Days], starts = new double[c.Days];
            for (int t = 0; t < c.Days; t++)
            {
                (restarts[t], starts[t]) = (numbers.NextUnit(), numbers.NextUnit());
            }

            int[] drawn = StationaryBootstrap.Indices(new Rng(3), c.Days, c.Block);
            drawn.ShouldBe(StationaryBootstrap.Indices(restarts, starts, c.Days, 1 / c.Block));
            int[] counts = [.. Enumerable.Repeat(7, c.Days)];
            StationaryBootstrap.Counts(new Rng(3), c.Block, counts);
            counts.ShouldBe(Enumerable.Range(0, c.Days).Select(day => drawn.Count(i => i == day)));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(2.5)]
    [InlineData(20)]
    public void Blocks_are_as_long_as_asked_and_every_day_is_as_likely(double block)
    {
        const int Days = 500, Draws = 400;
        int followed = 0;
        var seen = new int[Days];
        for (ulong b = 0; b < Draws; b++)
        {
            int[] drawn = StationaryBootstrap.Indices(new Rng(9).Fork(b), Days, block);
            followed += Enumerable.Range(1, Days - 1).Count(t => drawn[t] == (drawn[t - 1] + 1) % Days);
            Array.ForEach(drawn, day => seen[day]++);
        }

        // A day follows the one before unless a block begins, and then by chance. Four standard deviations of some 200 000 draws are at most 0.0045.
        double expected = 1 - (1 / block) + (1 / block / Days);
        ((double)followed / (Draws * (Days - 1))).ShouldBe(expected, 0.0045);

        // 400 times each on average, with a standard deviation of 20 for single days and less than √(2 block) times that for blocks.
        seen.ShouldAllBe(n => Math.Abs(n - Draws) < 4.5 * 20 * Math.Sqrt(2 * block));
    }

    [Fact]
    public void A_block_shorter_than_a_day_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => StationaryBootstrap.Indices(new Rng(1), 10, 0.9));
        Should.Throw<ArgumentOutOfRangeException>(() => StationaryBootstrap.Counts(new Rng(1), double.NaN, new int[10]));
        StationaryBootstrap.Indices(new Rng(1), 0, 5).ShouldBeEmpty();
    }
}

using Peregrine.Core;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class BlockLengthTests
{
    [Fact]
    public void Length_of_an_autoregression_is_that_of_arch()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "politis_white_block");
        BlockLength found = BlockLength.Of(oracle.Numbers("x"));
        oracle.Check("stationary", found.Stationary.Value!.Value);
        oracle.Check("circular", found.Circular.Value!.Value);
        oracle.Check("m", found.Lags);
    }

    [Fact]
    public void It_is_the_same_at_any_level_and_in_any_unit()
    {
        double[] series = Sluggish(new Rng(1), 400, 0.5);
        BlockLength plain = BlockLength.Of(series), other = BlockLength.Of([.. series.Select(static x => 7 - (300 * x))]);
        other.Stationary.Value!.Value.ShouldBe(plain.Stationary.Value!.Value, 1e-9);
        other.Circular.Value!.Value.ShouldBe(plain.Circular.Value!.Value, 1e-9);
        (plain.Circular.Value / plain.Stationary.Value).ShouldNotBeNull().ShouldBe(Math.Cbrt(1.5), 1e-12);
    }

    [Fact]
    public void The_longer_returns_remember_the_longer_the_blocks()
    {
        // Theory for an autoregression of 0.3 and 10 000 values: (ρ ÷ (1 − ρ²))^⅔ · 2^⅔ · n^⅓ = 15.2; for 0.7 it is 39.8.
        Mean(0.3).ShouldBe(Math.Cbrt(10_000 * Math.Pow(2 * 0.3 / (1 - 0.09), 2)), 2);
        Mean(0.7).ShouldBe(Math.Cbrt(10_000 * Math.Pow(2 * 0.7 / (1 - 0.49), 2)), 4);
        static double Mean(double memory) => Enumerable.Range(0, 20).Average(s => BlockLength.Of(Sluggish(new Rng((ulong)s), 10_000, memory)).Stationary.Value!.Value);
    }

    [Fact]
    public void What_takes_back_all_it_gives_has_the_longest_blocks_allowed()
    {
        // The mean of what is taken back the day after has hardly a variance of its own.
        static double Most(int days) => Enumerable.Range(0, 50).Max(s =>
        {
            double[] noise = Noise.Row(new Rng((ulong)s), days + 1);
            return BlockLength.Of([.. Enumerable.Range(0, days).Select(t => noise[t + 1] - noise[t])]).Stationary.Value!.Value;
        });
        Most(100).ShouldBe(30, "three times the root of 100");
        Most(40).ShouldBe(14, "a third of 40, rounded up");

        double[] turning = [.. Enumerable.Range(0, 100).Select(static t => t % 2 == 0 ? 1.0 : -1)];
        BlockLength.Of(turning).Lags.ShouldBe(15, "all that were looked at: the root of 100, and five");
    }

    [Fact]
    public void Without_variation_or_enough_values_there_is_no_length_and_a_reason()
    {
        double[] noise = Noise.Row(new Rng(2), BlockLength.LeastObservations);
        BlockLength.Of(noise).Stationary.Value.ShouldNotBeNull();
        BlockLength.Of(noise.AsSpan(1)).Stationary.Reason.ShouldBe("fewer than 11 values");
        BlockLength still = BlockLength.Of([.. Enumerable.Repeat(0.1, 50)]);
        (still.Stationary.Value, still.Circular.Value, still.Lags).ShouldBe((null, null, 0));
        still.Circular.Reason.ShouldBe("all values are the same");
    }

    [Fact]
    public void All_are_resampled_with_the_longest_that_one_asks_for()
    {
        double[] quick = Noise.Row(new Rng(3), 300), slow = Sluggish(new Rng(4), 300, 0.8), still = new double[300];
        double longest = BlockLength.Of(slow).Stationary.Value!.Value;
        BlockLength.Longest([quick, slow, still]).ShouldBe(longest);
        BlockLength.Longest([quick, slow], longest + 1).ShouldBe(longest + 1);
        BlockLength.Longest([still]).ShouldBe(1);
        BlockLength.Longest([]).ShouldBe(1);
        Should.Throw<ArgumentOutOfRangeException>(() => BlockLength.Longest([quick], 0.5));
    }

    private static double[] Sluggish(Rng rng, int days, double memory)
    {
        double last = 0;
        return [.. Noise.Row(rng, days).Select(x => last = (memory * last) + x)];
    }
}

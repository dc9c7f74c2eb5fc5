using FsCheck;
using FsCheck.Fluent;
using Peregrine.Core.Numerics;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Numerics;

public sealed class SidakTests
{
    [Theory] // Python's decimal at 80 digits, from the doubles written here.
    [InlineData(1e-17, 1.00000000000000006654e-17)]
    [InlineData(1e-10, 9.99999999950000036436e-11)]
    [InlineData(-1e-10, -1.00000000005000003644e-10)]
    [InlineData(1e-5, 9.99995000033333165138e-6)]
    [InlineData(-0.25, -2.87682072451780927439e-1)]
    [InlineData(0.4, 3.36472236621212946365e-1)]
    [InlineData(-0.9, -2.30258509299404590606)]
    [InlineData(-0.999999, -1.38155105579355184396e1)]
    [InlineData(3, 1.38629436111989061883)]
    [InlineData(1e10, 2.30258509300404568402e1)]
    public void The_logarithm_beside_one_keeps_its_digits(double x, double expected) => Elementary.LogP1(x).ShouldBe(expected, 9e-16 * Math.Abs(expected));

    [Theory] // As above.
    [InlineData(1e-17, 1.00000000000000007654e-17)]
    [InlineData(-1e-10, -9.99999999950000036434e-11)]
    [InlineData(1e-5, 1.00000500001666679014e-5)]
    [InlineData(-0.3, -2.59181779318282125708e-1)]
    [InlineData(0.3, 3.49858807576003088997e-1)]
    [InlineData(1, 1.71828182845904523536)]
    [InlineData(-1, -6.32120558828557678404e-1)]
    [InlineData(-30, -9.99999999999906423770e-1)]
    [InlineData(-50, -1)]
    [InlineData(300, 1.94242639524125593658e130)]
    public void The_power_less_one_keeps_its_digits(double x, double expected) => Elementary.ExpM1(x).ShouldBe(expected, 9e-16 * Math.Abs(expected));

    [Fact]
    public void At_the_edges_both_are_what_they_tend_to()
    {
        Elementary.LogP1(-1).ShouldBe(double.NegativeInfinity);
        Elementary.LogP1(-1.1).ShouldBe(double.NaN);
        Elementary.LogP1(0).ShouldBe(0);
        Elementary.ExpM1(0).ShouldBe(0);
        Elementary.ExpM1(double.NegativeInfinity).ShouldBe(-1);
        Elementary.ExpM1(1000).ShouldBe(double.PositiveInfinity);
        Elementary.ExpM1(double.NaN).ShouldBe(double.NaN);
    }

    [Theory] // As above; 1 − Math.Pow(1 − p, n) has no digit right in the first, second and fifth.
    [InlineData(1e-12, 1e6, 9.99999500000666646012e-7)]
    [InlineData(1e-15, 3.5, 3.49999999999999589697e-15)]
    [InlineData(1e-9, 1e9, 6.32120559012497421979e-1)]
    [InlineData(0.05, 10, 4.01263060761621111243e-1)]
    [InlineData(1e-17, 12345.678, 1.23456779999992387497e-13)]
    [InlineData(0.05, 0.001, 5.12919789090178121397e-5)]
    [InlineData(0.05, 1, 0.05)]
    [InlineData(0.3, 2.5, 5.90036586998302965235e-1)]
    [InlineData(1e-6, 1e7, 9.99954600297236747775e-1)]
    [InlineData(0, 5, 0)]
    [InlineData(1, 5, 1)]
    public void A_probability_over_many_trials_keeps_its_digits(double p, double trials, double expected) =>
        Sidak.Adjusted(p, trials).ShouldBe(expected, 1e-300 + (3e-15 * expected));

    [Fact]
    public void The_level_of_one_trial_undoes_the_adjustment_and_more_trials_never_lower_it() => Prop.ForAll(
        Gen.Choose(1, 999_999).SelectMany(static p => Gen.Choose(0, 600).Select(n => (Level: p * 1e-6, Trials: Math.Pow(10, n / 100.0)))).ToArbitrary(),
        static c =>
        {
            double level = Sidak.Level(c.Level, c.Trials);
            Sidak.Adjusted(level, c.Trials).ShouldBe(c.Level, 1e-13 * c.Level / (1 - c.Level));
            level.ShouldBeLessThanOrEqualTo(c.Level);
            Sidak.Adjusted(level, c.Trials + 0.5).ShouldBeGreaterThanOrEqualTo(Sidak.Adjusted(level, c.Trials));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_no_probability_or_no_trial_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Sidak.Adjusted(-1e-9, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => Sidak.Adjusted(1.1, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => Sidak.Adjusted(double.NaN, 2));
        Should.Throw<ArgumentOutOfRangeException>(() => Sidak.Adjusted(0.1, 0));
    }
}

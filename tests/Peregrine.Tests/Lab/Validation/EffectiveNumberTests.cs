using FsCheck;
using FsCheck.Fluent;
using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class EffectiveNumberTests
{
    [Theory]
    [InlineData("meff_rho0.5_N10")]
    [InlineData("meff_rho0.0_N8")]
    public void Equicorrelated_series_count_as_the_published_formulas_say(string id)
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", id);
        int count = (int)oracle.Number("N");
        double rho = oracle.Number("rho");
        double[] matrix = [.. Enumerable.Range(0, count * count).Select(k => k / count == k % count ? 1 : rho)];
        Check(oracle, EffectiveNumber.OfEigenvalues(SymmetricEigenvalues.Of(matrix, count), rho));

        // And from returns that correlate by just as much: what all share, and beside it what each has for itself, at right angles to one another.
        double[][] own = Orthogonal(count + 1);
        Check(oracle, EffectiveNumber.Of([.. own[1..].Select((row, k) => row.Select((x, t) => 0.001 + ((k + 1) * ((Math.Sqrt(1 - rho) * x) + (Math.Sqrt(rho) * own[0][t])))).ToArray())]));
    }

    [Fact]
    public void Strategies_as_alike_as_those_of_one_search_count_as_ten_or_as_one()
    {
        // Of 50 that correlate by 0.9: eigenvalues 45.1 and 49 times 0.1.
        EffectiveNumber alike = EffectiveNumber.OfEigenvalues([45.1, .. Enumerable.Repeat(0.1, 49)], 0.9);
        Value(alike.Galwey).ShouldBe(9.86, 0.05);
        Value(alike.LiJi).ShouldBe(6.0, 1e-9);
        Value(alike.Participation).ShouldBe(1.23, 0.005);
    }

    [Fact]
    public void Copies_count_once_by_the_estimates_that_can_see_it_on_fewer_days_than_series_too()
    {
        // Four independent series ten times over, on 16 days, at sizes of their own and half of them upside down: four eigenvalues of 10.
        double[][] four = Orthogonal(4);
        EffectiveNumber copies = EffectiveNumber.Of([.. Enumerable.Range(0, 40).Select(k => four[k % 4].Select(x => (k + 1) * (k % 8 < 4 ? x : -x)).ToArray())]);
        copies.Series.ShouldBe(40);
        foreach (Figure figure in new[] { copies.LiJi, copies.Galwey, copies.Participation, copies.Entropy })
        {
            Value(figure).ShouldBe(4, 1e-9);
        }

        Value(copies.Nyholt).ShouldBe(31, 1e-9);

        // Upside down and upright cancel: the mean correlation is −1 ÷ 39, and none is below none.
        Value(copies.Linear).ShouldBe(40, 1e-9);

        // 300 of one and the same, whose one eigenvalue of 300 must not be taken for 299 and a rest.
        double[] one = Noise.Row(new Rng(2), 700);
        EffectiveNumber same = EffectiveNumber.Of([.. Enumerable.Range(1, 300).Select(k => one.Select(x => x * k).ToArray())]);
        All(same).ShouldAllBe(static x => Math.Abs(x - 1) < 1e-6);
    }

    [Fact]
    public void Each_is_between_one_and_all_and_they_stand_in_order() => Prop.ForAll(
        Gen.Choose(1, 40).SelectMany(static n => Gen.Choose(3, 60).SelectMany(days => Gen.Choose(0, 10_000).Select(seed => (Series: n, Days: days, Seed: (ulong)seed)))).ToArbitrary(),
        static c =>
        {
            var rng = new Rng(c.Seed);
            double[] shared = Noise.Row(rng, c.Days);
            double weight = 3 * rng.NextUnit();
            double[][] returns = [.. Noise.Of(rng, c.Series, c.Days).Select(row => row.Select((x, t) => 1e-3 * (x + (weight * shared[t]))).ToArray())];
            EffectiveNumber number = EffectiveNumber.Of(returns);
            All(number).ShouldAllBe(x => x >= 1 - 1e-9 && x <= c.Series + 1e-9);

            // Orders 2, 1 and ½ of one family, which falls with the order; none sees more than days less one.
            (double galwey, double entropy, double participation) = (Value(number.Galwey), Value(number.Entropy), Value(number.Participation));
            participation.ShouldBeLessThanOrEqualTo(entropy + 1e-9);
            entropy.ShouldBeLessThanOrEqualTo(galwey + 1e-9);
            galwey.ShouldBeLessThanOrEqualTo(c.Days - 1 + 1e-9);

            // The same by the reference's correlations and eigenvalues, and whatever the order, the size and the mean of the series.
            All(Reference(returns)).ShouldBe(All(number), 1e-6);
            All(EffectiveNumber.Of([.. returns.Reverse().Select((row, k) => row.Select(x => 5 + ((k + 1) * x)).ToArray())])).ShouldBe(All(number), 1e-6);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Series_that_never_vary_are_left_out_and_counted()
    {
        double[][] noise = Noise.Of(new Rng(4), 5, 60);
        double[] flat = [.. Enumerable.Repeat(0.001, 60)], idle = new double[60];
        EffectiveNumber with = EffectiveNumber.Of([flat, .. noise, idle]);
        with.ShouldBe(EffectiveNumber.Of(noise) with { Constant = 2 });
        with.Series.ShouldBe(5);
        EffectiveNumber.Of(noise).Constant.ShouldBe(0);
        All(EffectiveNumber.Of([flat, noise[0]])).ShouldAllBe(static x => Math.Abs(x - 1) < 1e-12);
    }

    [Fact]
    public void Without_a_series_that_varies_there_is_no_number_and_a_reason()
    {
        Reason(EffectiveNumber.Of([])).ShouldBe("no series");
        Reason(EffectiveNumber.OfEigenvalues([], 0)).ShouldBe("no series");
        Reason(EffectiveNumber.Of([[0.1], [0.2]])).ShouldBe("fewer than two days");
        EffectiveNumber flat = EffectiveNumber.Of([[0.1, 0.1], [0, 0]]);
        Reason(flat).ShouldBe("no series varies");
        flat.Constant.ShouldBe(2);
        EffectiveNumber.OfEigenvalues([0.5, 1.5], Figure.Undefined("not known")).Linear.Reason.ShouldBe("not known");

        static string Reason(EffectiveNumber n) => new[] { n.Nyholt, n.LiJi, n.Galwey, n.Participation, n.Entropy, n.Linear }.Select(static f => f.Reason).Distinct().Single();
    }

    [Fact]
    public void What_is_no_correlation_is_refused()
    {
        Should.Throw<ArgumentException>(static () => EffectiveNumber.Of([[1, 2], [1, 2, 3]]));
        Should.Throw<ArgumentException>(static () => EffectiveNumber.Of([[1, double.NaN]]));
        Should.Throw<ArgumentException>(static () => EffectiveNumber.OfEigenvalues([1, 1.1], 0));
        Should.Throw<ArgumentException>(static () => EffectiveNumber.OfEigenvalues([-0.5, 2.5], 0));
        Should.Throw<ArgumentException>(static () => EffectiveNumber.OfEigenvalues([double.NaN, 1], 0));
    }

    /// <summary>Rows of 16 days, of ±1, at right angles to one another and to their mean: Walsh's functions.</summary>
    private static double[][] Orthogonal(int rows) =>
        [.. Enumerable.Range(1, rows).Select(static k => Enumerable.Range(0, 16).Select(t => int.PopCount(k & t) % 2 == 0 ? 1.0 : -1).ToArray())];

    private static EffectiveNumber Reference(double[][] returns)
    {
        var matrix = MathNet.Numerics.Statistics.Correlation.PearsonMatrix(returns);
        double count = returns.Length;
        double[] eigenvalues = [.. matrix.Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric).EigenValues.Select(static z => z.Real)];
        return EffectiveNumber.OfEigenvalues(eigenvalues, count > 1 ? (matrix.Enumerate().Sum() - count) / (count * (count - 1)) : 0);
    }

    private static void Check(OracleCase oracle, EffectiveNumber number)
    {
        oracle.Check("nyholt", Value(number.Nyholt));
        oracle.Check("li_ji", Value(number.LiJi));
        oracle.Check("galwey", Value(number.Galwey));
        oracle.Check("participation", Value(number.Participation));
        oracle.Check("entropy", Value(number.Entropy));
        oracle.Check("linear", Value(number.Linear));
    }

    private static double[] All(EffectiveNumber n) => [Value(n.Nyholt), Value(n.LiJi), Value(n.Galwey), Value(n.Participation), Value(n.Entropy), Value(n.Linear)];

    private static double Value(Figure figure) => figure.Value.ShouldNotBeNull(figure.Reason);
}

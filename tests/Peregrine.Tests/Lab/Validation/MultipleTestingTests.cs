using FsCheck;
using FsCheck.Fluent;
using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class MultipleTestingTests
{
    [Fact]
    public void Adjusted_probabilities_are_those_of_statsmodels()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "multiple_testing");
        double[] p = oracle.Numbers("p");
        oracle.Check("bonferroni", MultipleTesting.Bonferroni(p));
        oracle.Check("holm", MultipleTesting.Holm(p));
        oracle.Check("fdr_bh", MultipleTesting.BenjaminiHochberg(p));
        oracle.Check("fdr_by", MultipleTesting.BenjaminiYekutieli(p));
    }

    [Fact]
    public void They_do_not_depend_on_the_order_and_keep_theirs_and_the_milder_never_says_more() => Prop.ForAll(
        Gen.Choose(1, 40).SelectMany(static n => Gen.Choose(0, 10_000).Select(seed => (Tests: n, Seed: (ulong)seed))).ToArbitrary(),
        static c =>
        {
            // Some equal, some 0 and some 1.
            var rng = new Rng(c.Seed);
            double[] p = [.. Enumerable.Range(0, c.Tests).Select(_ => Math.Pow(rng.NextInt(0, 20) / 20.0, 4))];
            Func<IReadOnlyList<double>, double[]>[] ways = [MultipleTesting.Bonferroni, MultipleTesting.Holm, MultipleTesting.BenjaminiHochberg, MultipleTesting.BenjaminiYekutieli];
            int[] order = [.. Enumerable.Range(0, c.Tests).OrderBy(_ => rng.NextUnit())];
            foreach (Func<IReadOnlyList<double>, double[]> way in ways)
            {
                double[] adjusted = way(p);
                way([.. order.Select(k => p[k])]).ShouldBe(order.Select(k => adjusted[k]), 1e-15);
                adjusted.Zip(p).ShouldAllBe(static a => a.First >= a.Second && a.First <= 1);
                Enumerable.Range(0, c.Tests).OrderBy(k => p[k]).Select(k => adjusted[k]).ShouldBe(adjusted.Order(), 1e-15);
            }

            (double[] bonferroni, double[] holm, double[] bh, double[] by) = (ways[0](p), ways[1](p), ways[2](p), ways[3](p));
            for (int k = 0; k < c.Tests; k++)
            {
                holm[k].ShouldBeLessThanOrEqualTo(bonferroni[k]);
                bh[k].ShouldBeLessThanOrEqualTo(holm[k] + 1e-15);
                by[k].ShouldBeGreaterThanOrEqualTo(bh[k]);
                Sidak.Adjusted(p[k], c.Tests).ShouldBeLessThanOrEqualTo(bonferroni[k] + 1e-15);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Holm_rejects_the_best_of_noise_and_Benjamini_falsely_as_often_as_their_levels_say()
    {
        // 2000 sets of 20 tests, half of them of noise and half far from it: the share of sets with a false rejection, and the mean share of false ones among the rejected.
        const int Sets = 2_000;
        double any = 0, falseShare = 0;
        for (ulong set = 0; set < Sets; set++)
        {
            var rng = new Rng(5).Fork(set);
            double[] p = [.. Enumerable.Range(0, 20).Select(k => k < 10 ? rng.NextUnit() : 1e-6 * rng.NextUnit())];
            any += MultipleTesting.Holm(p).Take(10).Any(static a => a <= 0.05) ? 1 : 0;
            double[] adjusted = MultipleTesting.BenjaminiHochberg(p);
            falseShare += adjusted.Take(10).Count(static a => a <= 0.1) / (double)adjusted.Count(static a => a <= 0.1);
        }

        // With every true edge rejected Holm spends its level on the ten that are left, 1 − .995¹⁰ = .049; Benjamini and Hochberg's mean share is half of q. Four standard errors.
        (any / Sets).ShouldBe(0.049, 0.02);
        (falseShare / Sets).ShouldBe(0.05, 0.006);
    }

    [Fact]
    public void None_are_none_and_what_is_no_probability_is_refused()
    {
        MultipleTesting.Holm([]).ShouldBeEmpty();
        MultipleTesting.BenjaminiYekutieli([]).ShouldBeEmpty();
        Should.Throw<ArgumentOutOfRangeException>(() => MultipleTesting.Holm([0.1, 1.1]));
        Should.Throw<ArgumentOutOfRangeException>(() => MultipleTesting.BenjaminiHochberg([-0.1]));
        Should.Throw<ArgumentOutOfRangeException>(() => MultipleTesting.Bonferroni([double.NaN]));
    }
}

using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class SuperiorityTests
{
    [Fact]
    public void With_given_resamples_every_figure_is_that_of_the_formula()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "rc_spa_fixed_indices");
        double[][] days = oracle.Inputs.GetProperty("f").Deserialize<double[][]>()!;
        int[][] resamples = oracle.Inputs.GetProperty("bootstrap_row_indices").Deserialize<int[][]>()!;
        var test = new SuperiorityTest(Transposed(days), oracle.Number("block"));
        oracle.Check("d", [.. test.Means]);
        oracle.Check("omega", [.. test.Omegas.Select(static o => o!.Value)]);
        oracle.Check("V", test.Largest.Value!.Value);
        oracle.Check("T_spa", test.LargestStudentised.Value!.Value);

        SuperiorityTally tally = test.Count(resamples);
        tally.Resamples.ShouldBe(resamples.Length);
        oracle.Check("rc_p", (double)tally.Plain.Upper / resamples.Length);
        Shares(oracle, "spa_p", tally.Studentised);
        Shares(oracle, "arch_unstudentised_p", tally.Plain);

        // In production one more is counted on either side: the data themselves.
        Superiority found = test.Judge(tally);
        found.RealityCheck.Value!.Value.ShouldBe((1 + (oracle.Expected.GetProperty("rc_p").GetDouble() * 25)) / 26, 1e-12);
        found.Studentised.Consistent.Value!.Value.ShouldBe((1 + (0.72 * 25)) / 26, 1e-12);
    }

    [Fact]
    public void All_figures_are_those_of_the_formulas_written_out() => Prop.ForAll(
        Gen.Choose(1, 9).SelectMany(static n => Gen.Choose(1, 30).SelectMany(b => Gen.Choose(0, 10_000).Select(seed => (Strategies: n, Resamples: b, Seed: (ulong)seed)))).ToArbitrary(),
        static c =>
        {
            // Of very different size and luck, so that all three ways of centring differ and several steps reject.
            var rng = new Rng(c.Seed);
            double[][] rows = [.. Noise.Of(rng, c.Strategies, 23).Select(r => { double luck = (rng.NextUnit() - 0.4) * 3, size = 0.1 + rng.NextUnit(); return r.Select(x => size * (x + luck)).ToArray(); })];
            int[][] resamples = [.. Enumerable.Range(0, c.Resamples).Select(b => StationaryBootstrap.Indices(rng.Fork((ulong)b, 1), 23, 3))];
            var test = new SuperiorityTest(rows, 3);
            SuperiorityTally tally = test.Count(resamples);
            Written reference = new(rows, [.. test.Omegas.Select(static o => o!.Value)], resamples);
            tally.Plain.ShouldBe(reference.Plain());
            tally.Studentised.ShouldBe(reference.Studentised());
            foreach (double level in (double[])[0.04, 0.05, 0.1, 0.2, 0.5])
            {
                test.Judge(tally).Survivors(level).ShouldBe(reference.StepM(level));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_error_is_that_of_the_resampled_mean()
    {
        double last = 0;
        double[] row = [.. Noise.Row(new Rng(5), 120).Select(x => last = (0.6 * last) + x)];
        const int Draws = 6_000;
        double mean = row.Average(), square = Enumerable.Range(0, Draws).Sum(b => Math.Pow(StationaryBootstrap.Indices(new Rng(6).Fork((ulong)b), 120, 6).Average(i => row[i]) - mean, 2));

        // The relative standard deviation of a variance of 6000 draws is 1.8 %, of its root 0.9 %.
        double omega = new SuperiorityTest([row], 6).Omegas[0]!.Value;
        Math.Sqrt(120 * square / Draws).ShouldBe(omega, 0.04 * omega);
    }

    [Fact]
    public void Any_division_into_ranges_adds_up_to_the_same()
    {
        double[][] rows = Noise.Of(new Rng(7), 13, 90);
        var test = new SuperiorityTest(rows, 4);
        SuperiorityTally whole = test.Count(new Rng(8), 0, 101);
        foreach (int cut in (int[])[0, 1, 7, 8, 9, 50, 100, 101])
        {
            SuperiorityTally parts = test.Count(new Rng(8), cut, 101 - cut) + test.Count(new Rng(8), 0, cut);
            (parts.Resamples, parts.Studentised, parts.Plain).ShouldBe((101, whole.Studentised, whole.Plain));
            parts.StepDown.ShouldBe(whole.StepDown);
        }

        test.Judge(whole).StepDown.ShouldBe(SuperiorityTest.Of(new Rng(8), rows, 101, 4).StepDown);
    }

    [Fact]
    public void Noise_is_rejected_as_often_as_the_level_says()
    {
        OracleCase oracle = OracleCase.Read("b_selection", "reality_check_size");
        const int Runs = 200;
        int plain = 0, consistent = 0, any = 0;
        for (ulong run = 0; run < Runs; run++)
        {
            Superiority found = SuperiorityTest.Of(new Rng(11).Fork(run), Noise.Of(new Rng(12).Fork(run), 30, 250), 199, 1);
            plain += found.RealityCheck.Value <= 0.05 ? 1 : 0;
            consistent += found.Studentised.Consistent.Value <= 0.05 ? 1 : 0;
            any += found.Survivors(0.05).Count > 0 ? 1 : 0;
        }

        // The case's own tolerance, two standard errors, about the level; three for the two it does not speak of.
        oracle.Expected.GetProperty("reject_share").GetDouble().ShouldBe(0.05, 0.031);
        ((double)plain / Runs).ShouldBe(0.05, 0.031);
        ((double)consistent / Runs).ShouldBe(0.05, 0.047);
        ((double)any / Runs).ShouldBe(0.05, 0.047);
    }

    [Fact]
    public void Those_with_an_edge_survive_and_hopeless_company_does_not_hide_them()
    {
        double[][] good = Noise.Of(new Rng(13), 3, 500, 0.25), idle = Noise.Of(new Rng(14), 20, 500), bad = Noise.Of(new Rng(15), 20, 500, -0.5);
        Superiority found = SuperiorityTest.Of(new Rng(16), [.. idle, .. good, .. bad], 499, 2);
        found.Survivors(0.05).ShouldBe([20, 21, 22]);
        found.Studentised.Consistent.Value.ShouldBe(1.0 / 500);

        // The least adjusted p is that of the whole family, and with the hopeless of greater spread the upper bound loses what the consistent test keeps.
        found.StepDown.Min(static p => p.Value).ShouldBe(found.Studentised.Upper.Value);
        double[][] wild = [.. bad.Select(static r => r.Select(static x => 40 * x).ToArray())];
        Superiority hidden = SuperiorityTest.Of(new Rng(16), [.. good, .. wild], 499, 2);
        hidden.RealityCheck.Value.ShouldNotBeNull().ShouldBeGreaterThan(0.5);
        hidden.Plain.Consistent.Value.ShouldNotBeNull().ShouldBeLessThan(0.01);
    }

    [Fact]
    public void None_is_surer_than_one_that_did_better()
    {
        // Of two that are nearly equal the better one has the better of both to beat, the other only itself: alone it would look the surer.
        for (ulong seed = 0; seed < 40; seed++)
        {
            double[] one = Noise.Row(new Rng(seed), 120, 0.15);
            double[] other = [.. Noise.Row(new Rng(seed).Fork(1), 120)];
            double shift = (Sharpe.PerPeriod(one)!.Value * 0.999 * Moments.StandardDeviation(other)) - Moments.Mean(other);
            var test = new SuperiorityTest([one, [.. other.Select(x => x + shift)]], 1);
            Superiority found = test.Judge(test.Count(new Rng(seed).Fork(2), 0, 199));
            double[] heights = [.. test.Means.Zip(test.Omegas, static (m, o) => m / o!.Value)];
            int better = heights[0] >= heights[1] ? 0 : 1;
            found.StepDown[1 - better].Value!.Value.ShouldBeGreaterThanOrEqualTo(found.StepDown[better].Value!.Value);
        }
    }

    [Fact]
    public void What_never_varies_takes_no_part_and_alone_is_no_test()
    {
        double[][] rows = Noise.Of(new Rng(17), 5, 60);
        Superiority with = SuperiorityTest.Of(new Rng(18), [new double[60], .. rows, [.. Enumerable.Repeat(0.3, 60)]], 99, 2), without = SuperiorityTest.Of(new Rng(18), rows, 99, 2);
        with.Studentised.ShouldBe(without.Studentised);
        with.Plain.ShouldBe(without.Plain);
        with.StepDown.Select(static p => p.Value).ShouldBe([null, .. without.StepDown.Select(static p => p.Value), null]);
        with.StepDown[0].Reason.ShouldBe("the difference does not vary");

        var still = new SuperiorityTest([new double[60]], 2);
        still.Largest.Reason.ShouldBe("no strategy's difference varies");
        still.Judge(still.Count(new Rng(1), 0, 9)).Studentised.Lower.Reason.ShouldBe("no strategy's difference varies");
        SuperiorityTest.Of(new Rng(1), [[1, 2]], 9, 1).RealityCheck.Reason.ShouldBe("fewer than three days");
        SuperiorityTest.Of(new Rng(1), [], 9, 1).RealityCheck.Value.ShouldBeNull();
        Should.Throw<ArgumentException>(() => new SuperiorityTest([[1, 2, 3], [1, 2]], 1));
        Should.Throw<ArgumentException>(() => new SuperiorityTest(rows, 1).Count([new int[59]]));
        Should.Throw<ArgumentOutOfRangeException>(() => new SuperiorityTest([[1, 2, 3]], 0.5));
    }

    [Fact]
    public void A_strategy_that_loses_is_never_sure()
    {
        Superiority found = SuperiorityTest.Of(new Rng(19), Noise.Of(new Rng(20), 4, 200, -0.3), 99, 1);
        found.Studentised.ShouldBe(new Centred<Core.Performance.Figure>(1, 1, 1));
        found.Survivors(0.5).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Category", "Determinism")]
    public void Every_machine_counts_the_same()
    {
        var test = new SuperiorityTest(Noise.Of(new Rng(21), 11, 70, 0.1), 3.5);
        SuperiorityTally tally = test.Count(new Rng(22), 0, 59);
        int[] counts = [.. tally.StepDown, tally.Plain.Lower, tally.Plain.Consistent, tally.Plain.Upper, tally.Studentised.Lower, tally.Studentised.Consistent, tally.Studentised.Upper];
        Noise.Hash([.. test.Omegas.Select(static o => o!.Value), .. counts.Select(static c => (double)c)]).ShouldBe("e2a33b0822ce8533");
    }

    private static void Shares(OracleCase oracle, string name, Centred<int> counts)
    {
        JsonElement expected = oracle.Expected.GetProperty(name);
        (counts.Lower / 25.0).ShouldBe(expected.GetProperty("lower").GetDouble(), oracle.Rtol);
        (counts.Consistent / 25.0).ShouldBe(expected.GetProperty("consistent").GetDouble(), oracle.Rtol);
        (counts.Upper / 25.0).ShouldBe(expected.GetProperty("upper").GetDouble(), oracle.Rtol);
    }

    private static double[][] Transposed(double[][] days) => [.. Enumerable.Range(0, days[0].Length).Select(k => days.Select(d => d[k]).ToArray())];

    /// <summary>The tests as their papers have them, resample by resample.</summary>
    private sealed class Written
    {
        private readonly double[] means, omegas;
        private readonly double[][] resampled;
        private readonly double root;

        public Written(double[][] rows, double[] omegas, int[][] resamples)
        {
            (this.omegas, root) = (omegas, Math.Sqrt(rows[0].Length));
            means = [.. rows.Select(static r => r.Average())];
            resampled = [.. resamples.Select(days => rows.Select(r => days.Average(i => r[i])).ToArray())];
        }

        public Centred<int> Plain() => Centrings(static _ => 1, means.Max(d => root * d), double.NegativeInfinity);

        public Centred<int> Studentised() => Centrings(k => omegas[k], Math.Max(0, means.Select((d, k) => root * d / omegas[k]).Max()), 0);

        /// <summary>All above the critical value of those not yet rejected are, until none is; the critical value leaves so few resamples as high that (1 + them) ÷ (1 + all) is at most the level.</summary>
        public int[] StepM(double level)
        {
            List<int> left = [.. Enumerable.Range(0, means.Length)];
            while (true)
            {
                double[] highest = [.. resampled.Select(m => left.Select(k => root * (m[k] - means[k]) / omegas[k]).DefaultIfEmpty().Max())];
                int rejected = left.RemoveAll(k => (1.0 + highest.Count(h => h >= root * means[k] / omegas[k])) / (1.0 + highest.Length) <= level);
                if (rejected == 0 || left.Count == 0)
                {
                    return [.. Enumerable.Range(0, means.Length).Except(left)];
                }
            }
        }

        private Centred<int> Centrings(Func<int, double> scale, double observed, double floor)
        {
            double bound = -Math.Sqrt(2 * Math.Log(Math.Log(root * root)));
            int Count(Func<int, double> centre) => resampled.Count(m => Math.Max(floor, m.Select((x, k) => root * (x - centre(k)) / scale(k)).Max()) >= observed);
            return new(Count(k => Math.Max(means[k], 0)), Count(k => root * means[k] / omegas[k] >= bound ? means[k] : 0), Count(k => means[k]));
        }
    }
}

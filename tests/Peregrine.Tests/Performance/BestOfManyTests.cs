using System.Text.Json;
using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Shouldly;
using Xunit;
using Shape = Peregrine.Core.Performance.SharpeInference.Shape;

namespace Peregrine.Tests.Performance;

public sealed class BestOfManyTests
{
    [Fact]
    public void Thresholds_and_false_rejections_of_independent_trials()
    {
        OracleCase oracle = OracleCase.Read("b_selection", "dsr_gate_true_fwer");
        double[] trials = oracle.Numbers("N");
        oracle.Check("dsr95_threshold", [.. trials.Select(static n => BestOfMany.DeflatedThreshold(n, 0.05))]);
        oracle.Check("fwer_of_dsr95", [.. trials.Select(static n => BestOfMany.FalseRejection(BestOfMany.DeflatedThreshold(n, 0.05), n))]);
        oracle.Check("sidak5_threshold", [.. trials.Select(static n => BestOfMany.SidakThreshold(n, 0.05))]);
        oracle.Check("emax_approx", [.. trials.Select(SharpeInference.ExpectedMaximum)]);
        oracle.Check("emax_exact", [.. trials.Select(BestOfMany.ExactExpectedMaximum)]);
    }

    [Theory] // Closed forms: 1/√π, 3/(2√π), 3/(2√π)·(1 + (2/π) asin ⅓), 5/(4√π)·(1 + (6/π) asin ⅓).
    [InlineData(1, 0)]
    [InlineData(2, 0.56418958354775628695)]
    [InlineData(3, 0.84628437532163443042)]
    [InlineData(4, 1.02937537300396413930)]
    [InlineData(5, 1.16296447364051969150)]
    public void The_mean_of_the_largest_of_a_few_draws_is_known_in_closed_form(double trials, double expected) =>
        BestOfMany.ExactExpectedMaximum(trials).ShouldBe(expected, 1e-13);

    [Fact]
    public void The_mean_of_the_largest_grows_with_the_draws_and_meets_its_approximation()
    {
        double last = 0;
        for (double trials = 1.5; trials < 1e15; trials *= 1.7)
        {
            double mean = BestOfMany.ExactExpectedMaximum(trials);
            mean.ShouldBeGreaterThan(last);
            last = mean;
            if (trials > 10)
            {
                mean.ShouldBe(SharpeInference.ExpectedMaximum(trials), 0.04);
            }
        }
    }

    [Fact]
    public void Deflated_sharpe_of_the_paper()
    {
        OracleCase oracle = OracleCase.Read("a_sharpe_inference", "dsr_paper");
        double periods = oracle.Number("periods"), variance = oracle.Number("var_trials_annual") / periods, trials = oracle.Number("N");
        var shape = new Shape((int)oracle.Number("T"), oracle.Number("skew"), oracle.Number("kurt"));
        oracle.Check("sr0_annual", BestOfMany.Benchmark(trials, variance) * Math.Sqrt(periods));
        oracle.Check("dsr", BestOfMany.Deflated(oracle.Number("sr_annual") / Math.Sqrt(periods), shape, trials, variance));

        // One trial is not deflated, and never is fewer than two a help.
        BestOfMany.Deflated(0.1, shape, 1, variance).ShouldBe(SharpeInference.Probabilistic(0.1, 0, shape));
        BestOfMany.Benchmark(1.2, variance).ShouldBe(0);
    }

    [Fact]
    public void On_noise_the_best_of_a_hundred_passes_undeflated_and_never_deflated()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "noise_calibration_mc");
        (int trials, int days, int runs) = ((int)oracle.Number("N"), (int)oracle.Number("T"), 40);
        int naive = 0, deflated = 0;
        for (int run = 0; run < runs; run++)
        {
            double[][] noise = [.. Enumerable.Range(0, trials).Select(k => Noise(new Rng(99).Fork((ulong)run, (ulong)k), days))];
            double[] sharpes = [.. noise.Select(static r => Sharpe.PerPeriod(r)!.Value)];
            double best = sharpes.Max(), spread = Moments.StandardDeviation(sharpes);
            Shape shape = Shape.Of(noise[Array.IndexOf(sharpes, best)]);
            naive += SharpeInference.Probabilistic(best, 0, shape) > 0.95 ? 1 : 0;
            deflated += BestOfMany.Deflated(best, shape, trials, spread * spread) > 0.95 ? 1 : 0;
        }

        // The case says 99.5 % and none of 400; 95 % of 40 is 38, and 5 % is 2.
        naive.ShouldBeGreaterThanOrEqualTo(38);
        deflated.ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void A_backtest_of_forty_five_trials_needs_five_years()
    {
        BestOfMany.MinimumBacktestYears(1, 45).ShouldBe(4.998, 5e-4);
        BestOfMany.MinimumBacktestYears(2, 45).ShouldBe(BestOfMany.MinimumBacktestYears(1, 45) / 4, 1e-12);
        BestOfMany.MinimumBacktestYears(1, 1).ShouldBe(0);
        BestOfMany.MinimumBacktestYears(0, 45).ShouldBe(double.PositiveInfinity);
        BestOfMany.MinimumBacktestYears(-1, 45).ShouldBe(double.PositiveInfinity);
        Should.Throw<ArgumentOutOfRangeException>(() => BestOfMany.MinimumBacktestYears(1, 0.5));
    }

    [Fact]
    public void Years_needed_to_find_an_edge_of_a_given_size()
    {
        OracleCase oracle = OracleCase.Read("b_selection", "power_years");
        double[] sharpes = oracle.Numbers("sr"), trials = oracle.Numbers("N");
        JsonElement expected = oracle.Expected.GetProperty("years");
        expected.GetArrayLength().ShouldBe(sharpes.Length);
        for (int i = 0; i < sharpes.Length; i++)
        {
            for (int j = 0; j < trials.Length; j++)
            {
                double years = expected[i][j].GetDouble();
                BestOfMany.YearsNeeded(sharpes[i], trials[j], 0.05, 0.8).ShouldBe(years, oracle.Atol + (oracle.Rtol * years));
                BestOfMany.SharpeShown(years, trials[j], 0.05, 0.8).ShouldBe(sharpes[i], oracle.Atol + (oracle.Rtol * sharpes[i]));
            }
        }

        BestOfMany.YearsNeeded(0, 100, 0.05, 0.8).ShouldBe(double.PositiveInfinity);
        BestOfMany.SharpeShown(0, 100, 0.05, 0.8).ShouldBe(double.PositiveInfinity);
    }

    private static double[] Noise(Rng rng, int days) => [.. Enumerable.Range(0, days).Select(_ => Normal.Draw(rng))];
}

using FsCheck;
using FsCheck.Fluent;
using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class ExpectedSharpeTests
{
    [Fact]
    public void It_is_the_posterior_of_the_published_case()
    {
        OracleCase oracle = OracleCase.Read("b_selection", "expected_oos_sharpe");
        MeasuredSharpe measured = MeasuredSharpe.Of(oracle.Number("s"), new SharpeInference.Shape((int)oracle.Number("T"), oracle.Number("skew"), oracle.Number("kurt")));
        ExpectedSharpe expected = ExpectedSharpe.Of(measured, new SharpePrior(oracle.Number("mu"), oracle.Number("tau")));
        oracle.Check("se", measured.Error);
        oracle.Check("post_mean", Value(expected.Mean));
        oracle.Check("post_sd", Value(expected.Deviation));
        oracle.Check("prob_pos", Value(expected.Positive));
        oracle.Check("annual", Value(expected.Annual(oracle.Number("P")).Mean));
        oracle.Check("annual_in_sample", measured.Sharpe * Math.Sqrt(oracle.Number("P")));

        // The 10 % and the 90 % quantile of that posterior, and all of it per year but the probability.
        MathNet.Numerics.Distributions.Normal posterior = new(Value(expected.Mean), Value(expected.Deviation));
        Value(expected.Low).ShouldBe(posterior.InverseCumulativeDistribution(0.1), 1e-12);
        Value(expected.High).ShouldBe(posterior.InverseCumulativeDistribution(0.9), 1e-12);
        ExpectedSharpe four = expected.Annual(4);
        All(four).ShouldBe([2 * Value(expected.Mean), 2 * Value(expected.Deviation), Value(expected.Positive), 2 * Value(expected.Low), 2 * Value(expected.High)]);
    }

    [Fact]
    public void A_prior_without_spread_leaves_its_mean_and_a_wide_one_what_was_measured()
    {
        All(ExpectedSharpe.Of(new(0.2, 0.05), new SharpePrior(0.01, 0))).ShouldBe([0.01, 0, 1, 0.01, 0.01]);
        Value(ExpectedSharpe.Of(new(0.2, 0.05), new SharpePrior(-0.01, 0)).Positive).ShouldBe(0);
        Value(ExpectedSharpe.Of(new(0.2, 0.05), new SharpePrior(0, 0)).Positive).ShouldBe(0);
        ExpectedSharpe wide = ExpectedSharpe.Of(new(0.2, 0.05), new SharpePrior(0.01, 1e6));
        Value(wide.Mean).ShouldBe(0.2, 1e-12);
        Value(wide.Deviation).ShouldBe(0.05, 1e-12);
    }

    [Fact]
    public void With_equal_errors_both_fits_are_worked_by_hand() => Prop.ForAll(
        Gen.Choose(SharpePrior.FewestTrials, 60).SelectMany(static n => Gen.Choose(0, 10_000).Select(seed => (Trials: n, Seed: (ulong)seed))).ToArbitrary(),
        static c =>
        {
            var rng = new Rng(c.Seed);
            double tau = 2 * rng.NextUnit(), error = 0.001 + rng.NextUnit();
            double[] sharpes = [.. Enumerable.Range(0, c.Trials).Select(_ => 0.3 + (tau * Normal.Draw(rng)))];
            MeasuredSharpe[] trials = [.. sharpes.Select(s => new MeasuredSharpe(s, error))];
            double squares = Math.Pow(Moments.StandardDeviation(sharpes), 2) * (c.Trials - 1);
            (SharpePrior moments, SharpePrior likelihood) = (SharpePrior.ByMoments(trials), SharpePrior.ByLikelihood(trials));
            Value(moments.Mean).ShouldBe(Moments.Mean(sharpes), 1e-12);
            Value(likelihood.Mean).ShouldBe(Moments.Mean(sharpes), 1e-12);
            Math.Pow(Value(moments.Deviation), 2).ShouldBe(Math.Max(0, (squares / (c.Trials - 1)) - (error * error)), 1e-12);
            Math.Pow(Value(likelihood.Deviation), 2).ShouldBe(Math.Max(0, (squares / c.Trials) - (error * error)), 1e-12);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Nothing_nearby_is_likelier_and_the_weighted_squares_are_their_degrees_of_freedom() => Prop.ForAll(
        Gen.Choose(SharpePrior.FewestTrials, 60).SelectMany(static n => Gen.Choose(0, 10_000).Select(seed => (Trials: n, Seed: (ulong)seed))).ToArbitrary(),
        static c =>
        {
            MeasuredSharpe[] trials = Draw(new Rng(c.Seed), c.Trials, 0.01, 0.04).Measured;
            SharpePrior likeliest = SharpePrior.ByLikelihood(trials), moments = SharpePrior.ByMoments(trials);
            (double mu, double tau) = (Value(likeliest.Mean), Value(likeliest.Deviation));
            double most = LogLikelihood(trials, mu, tau);
            foreach (double step in new[] { 1e-4, 1e-3, 0.01, 0.1, 1 })
            {
                foreach ((double m, double t) in new[] { (mu + step, tau), (mu - step, tau), (mu, tau + step), (mu, Math.Abs(tau - step)) })
                {
                    LogLikelihood(trials, m, t).ShouldBeLessThanOrEqualTo(most + 1e-9);
                }
            }

            double variance = Math.Pow(Value(moments.Deviation), 2), weighted = trials.Sum(t => Math.Pow(t.Sharpe - Value(moments.Mean), 2) / (variance + (t.Error * t.Error)));
            if (variance > 0)
            {
                weighted.ShouldBe(c.Trials - 1, 1e-9);
            }
            else
            {
                weighted.ShouldBeLessThanOrEqualTo(c.Trials - 1);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Both_fits_find_the_prior_the_true_ones_were_drawn_from()
    {
        // 20 000 trials: τ to about (τ² + e²) ÷ τ ÷ √2n, 3 % of it at most.
        foreach ((double mu, double tau) in new[] { (0.0, 0.02), (-0.01, 0.05), (0.02, 0.01) })
        {
            MeasuredSharpe[] trials = Draw(new Rng(17), 20_000, mu, tau).Measured;
            foreach (SharpePrior prior in new[] { SharpePrior.ByMoments(trials), SharpePrior.ByLikelihood(trials) })
            {
                Value(prior.Mean).ShouldBe(mu, 0.001);
                Value(prior.Deviation).ShouldBe(tau, 0.1 * tau);
            }
        }

        // Where chance alone differs little or nothing is left: of 40 sets half have a τ of 0.
        double[] none = [.. Enumerable.Range(0, 40).Select(static k => Value(SharpePrior.ByMoments(Draw(new Rng(18).Fork((ulong)k), 500, 0, 0).Measured).Deviation))];
        none.Count(static t => t == 0).ShouldBeInRange(10, 30);
        none.Max().ShouldBeLessThan(0.015);
    }

    [Fact]
    public void The_best_of_many_turns_out_as_expected_though_it_was_chosen_for_being_the_best()
    {
        // 1500 searches of 100 trials each with a prior fitted to all of them: what the best of them truly has, against what was measured, what is expected, and the band.
        const int Searches = 1_500;
        double measured = 0, expected = 0, real = 0, within = 0, positive = 0, isPositive = 0, error = 0;
        for (ulong k = 0; k < Searches; k++)
        {
            (MeasuredSharpe[] trials, double[] truth) = Draw(new Rng(19).Fork(k), 100, -0.03, 0.02);
            int best = Enumerable.Range(0, trials.Length).MaxBy(i => trials[i].Sharpe);
            ExpectedSharpe found = ExpectedSharpe.Of(trials[best], SharpePrior.ByMoments(trials));
            measured += trials[best].Sharpe / Searches;
            expected += Value(found.Mean) / Searches;
            real += truth[best] / Searches;
            error += Value(found.Deviation) / Searches;
            within += truth[best] >= Value(found.Low) && truth[best] <= Value(found.High) ? 1.0 / Searches : 0;
            positive += Value(found.Positive) / Searches;
            isPositive += truth[best] > 0 ? 1.0 / Searches : 0;
        }

        measured.ShouldBeGreaterThan(real + 0.03);
        expected.ShouldBe(real, 0.002);
        within.ShouldBe(0.8, 0.1);
        positive.ShouldBe(isPositive, 0.05);
        error.ShouldBeInRange(0.01, 0.02);
    }

    [Fact]
    public void Too_few_trials_are_no_prior_and_what_rests_on_it_says_so()
    {
        SharpePrior few = SharpePrior.ByMoments(Draw(new Rng(1), SharpePrior.FewestTrials - 1, 0, 0.1).Measured);
        few.Mean.Value.ShouldBeNull();
        few.Deviation.Reason.ShouldContain("9 trials");
        SharpePrior.ByLikelihood([]).ShouldBe(SharpePrior.ByMoments([]));
        ExpectedSharpe none = ExpectedSharpe.Of(new(0.1, 0.02), few);
        none.Mean.Reason.ShouldContain("9 trials");
        none.Annual(252).ShouldBe(none);
        ExpectedSharpe.Of(new(0.1, 0.02), new SharpePrior(0, Figure.Undefined("unknown"))).High.Reason.ShouldBe("unknown");
    }

    [Fact]
    public void All_the_same_have_no_spread_beside_chance()
    {
        MeasuredSharpe[] same = [.. Enumerable.Repeat(new MeasuredSharpe(0.05, 0.02), 12)];
        SharpePrior.ByMoments(same).ShouldBe(SharpePrior.ByLikelihood(same));
        Value(SharpePrior.ByMoments(same).Deviation).ShouldBe(0);
    }

    [Fact]
    public void What_is_no_measured_Sharpe_ratio_is_refused()
    {
        foreach (MeasuredSharpe bad in new MeasuredSharpe[] { new(double.NaN, 0.1), new(double.PositiveInfinity, 0.1), new(0.1, 0), new(0.1, -0.1), new(0.1, double.NaN), default })
        {
            Should.Throw<ArgumentException>(() => ExpectedSharpe.Of(bad, new SharpePrior(0, 0.1)));
            Should.Throw<ArgumentException>(() => SharpePrior.ByMoments([bad]));
            Should.Throw<ArgumentException>(() => SharpePrior.ByLikelihood([bad]));
        }

        Should.Throw<ArgumentOutOfRangeException>(static () => ExpectedSharpe.Of(new(0.1, 0.02), new SharpePrior(0, 0.1)).Annual(0));
    }

    /// <summary>True Sharpe ratios drawn around <paramref name="mu"/>, and what is measured of each with an error of 0.01 to 0.05.</summary>
    private static (MeasuredSharpe[] Measured, double[] True) Draw(Rng rng, int count, double mu, double tau)
    {
        double[] truth = [.. Enumerable.Range(0, count).Select(_ => mu + (tau * Normal.Draw(rng)))];
        return ([.. truth.Select(s => 0.01 + (0.04 * rng.NextUnit()) is var error ? new MeasuredSharpe(s + (error * Normal.Draw(rng)), error) : default)], truth);
    }

    private static double LogLikelihood(MeasuredSharpe[] trials, double mu, double tau) =>
        trials.Sum(t => MathNet.Numerics.Distributions.Normal.PDFLn(mu, Math.Sqrt((tau * tau) + (t.Error * t.Error)), t.Sharpe));

    private static double[] All(ExpectedSharpe e) => [Value(e.Mean), Value(e.Deviation), Value(e.Positive), Value(e.Low), Value(e.High)];

    private static double Value(Figure figure) => figure.Value.ShouldNotBeNull(figure.Reason);
}

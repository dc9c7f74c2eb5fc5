using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Lab.Validation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Lab.Validation;

public sealed class JudgedSharpeTests
{
    /// <summary>Against the posterior summed over a fine grid.</summary>
    [Theory]
    [InlineData(1.2, 0.55, 0.1, 1.6)]
    [InlineData(-0.4, 0.55, 0.1, 1.6)]
    [InlineData(0.3, 0.2, 0, 0.2)]
    [InlineData(4.5, 0.7, 0.3, 5)]
    public void It_is_the_posterior_of_a_spike_and_a_slab(double sharpe, double error, double drag, double inSample)
    {
        double top = Math.Max(0.5, inSample), step = 1e-4;
        (double Theta, double Weight)[] grid = [.. Enumerable.Range(-30_000, 100_000).Select(i =>
        {
            double theta = i * step, spike = Normal.Density((theta + drag) / 0.1) / 0.1, slab = theta >= -drag && theta <= top ? 1 / (top + drag) : 0;
            return (theta, (spike + slab) / 2 * Normal.Density((sharpe - theta) / error));
        })];
        double all = grid.Sum(static g => g.Weight), below = 0, low = double.NaN, high = double.NaN;
        foreach ((double theta, double weight) in grid)
        {
            below += weight / all;
            (low, high) = (double.IsNaN(low) && below >= 0.1 ? theta : low, double.IsNaN(high) && below >= 0.9 ? theta : high);
        }

        JudgedSharpe judged = JudgedSharpe.Of(new MeasuredSharpe(sharpe, error), drag, inSample);
        judged.Mean.ShouldBe(grid.Sum(static g => g.Theta * g.Weight) / all, 1e-3);
        judged.Low.ShouldBe(low, 1e-3);
        judged.High.ShouldBe(high, 1e-3);
    }

    /// <summary>Where truth is as the prior says, four of five bands hold it.</summary>
    [Fact]
    public void Its_band_holds_the_truth_in_four_of_five_cases_when_the_prior_is_right()
    {
        var rng = new Rng(8);
        int held = 0, edges = 0;
        double chances = 0;
        const int Cases = 4_000;
        for (int i = 0; i < Cases; i++)
        {
            bool edge = rng.NextBool();
            double truth = edge ? -0.1 + (2.1 * rng.NextUnit()) : -0.1 + (0.1 * Normal.Draw(rng)), error = 0.3 + (0.5 * rng.NextUnit());
            JudgedSharpe judged = JudgedSharpe.Of(new MeasuredSharpe(truth + (error * Normal.Draw(rng)), error), 0.1, 2);
            held += truth >= judged.Low && truth <= judged.High ? 1 : 0;
            edges += edge ? 1 : 0;
            chances += judged.Edge;
        }

        (held / (double)Cases).ShouldBeInRange(0.78, 0.82);
        (chances / Cases).ShouldBe(edges / (double)Cases, 0.02);
    }

    [Fact]
    public void However_far_out_the_figures_stay_finite_and_in_order()
    {
        foreach (double sharpe in (double[])[-60, -5, 0, 5, 60])
        {
            JudgedSharpe judged = JudgedSharpe.Of(new MeasuredSharpe(sharpe, 0.3), 0.2, 1);
            judged.Low.ShouldBeLessThanOrEqualTo(judged.High);
            judged.Mean.ShouldBeInRange(-60, 60);
            judged.Edge.ShouldBeInRange(0, 1);
        }

        Should.Throw<ArgumentException>(static () => JudgedSharpe.Of(new MeasuredSharpe(double.NaN, 1), 0, 1));
    }
}

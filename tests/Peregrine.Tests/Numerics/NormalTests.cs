using Peregrine.Core.Numerics;
using Shouldly;
using Xunit;
using Reference = MathNet.Numerics;

namespace Peregrine.Tests.Numerics;

public class NormalTests
{
    [Fact]
    public void Cdf_agrees_with_the_reference_to_the_far_tails()
    {
        for (double x = -37; x <= 10; x += 0.01)
        {
            double expected = 0.5 * Reference.SpecialFunctions.Erfc(-x / Math.Sqrt(2));
            Normal.Cdf(x).ShouldBe(expected, 1e-300 + (4e-13 * expected), $"at {x}");
        }
    }

    [Theory] // Φ at round points, to the digits of Abramowitz and Stegun's table 26.1 and of mpmath.
    [InlineData(0, 0.5)]
    [InlineData(1, 0.84134474606854294859)]
    [InlineData(-1.9599639845400545, 0.025)]
    [InlineData(-6, 9.8658764503769814e-10)]
    [InlineData(-20, 2.7536241186062337e-89)]
    public void Cdf_at_known_points(double x, double expected) => Normal.Cdf(x).ShouldBe(expected, 5e-14 * expected);

    [Fact]
    public void Inverse_agrees_with_the_reference_and_undoes_the_cdf()
    {
        foreach (double p in new[] { 1e-300, 1e-50, 1e-12, 1e-6, 0.001, 0.05, 0.074, 0.0751, 0.3, 0.5, 0.7, 0.925, 0.95, 0.999999 })
        {
            double x = Normal.InverseCdf(p);
            Normal.Cdf(x).ShouldBe(p, 5e-13 * p, $"at {p}");
            if (p > 1e-10)
            {
                x.ShouldBe(Reference.Distributions.Normal.InvCDF(0, 1, p), 1e-10, $"at {p}");
            }
        }

        Normal.InverseCdf(0).ShouldBe(double.NegativeInfinity);
        Normal.InverseCdf(1).ShouldBe(double.PositiveInfinity);
        Should.Throw<ArgumentOutOfRangeException>(() => Normal.InverseCdf(1.1));
    }

    [Fact]
    public void Density_agrees_with_the_reference()
    {
        for (double x = -8; x <= 8; x += 0.25)
        {
            Normal.Density(x).ShouldBe(Reference.Distributions.Normal.PDF(0, 1, x), 1e-15, $"at {x}");
        }
    }
}

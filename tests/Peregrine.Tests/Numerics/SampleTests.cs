using Peregrine.Core;
using Peregrine.Core.Numerics;
using Shouldly;
using Xunit;
using Reference = MathNet.Numerics.Statistics;

namespace Peregrine.Tests.Numerics;

public class SampleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(500)]
    public void Quantiles_agree_with_the_reference(int count)
    {
        double[] sample = Draw(count);
        for (double p = 0; p <= 1; p += 0.05)
        {
            Quantile.Of(sample, p).ShouldBe(Reference.Statistics.QuantileCustom(sample, p, Reference.QuantileDefinition.R7), 1e-12);
        }
    }

    [Fact]
    public void A_quantile_of_nothing_is_refused() => Should.Throw<ArgumentException>(() => Quantile.Of([], 0.5));

    [Fact]
    public void Moments_agree_with_the_reference()
    {
        double[] sample = Draw(400);
        Moments.Mean(sample).ShouldBe(Reference.Statistics.Mean(sample), 1e-14);
        Moments.StandardDeviation(sample).ShouldBe(Reference.Statistics.StandardDeviation(sample), 1e-13);
        Moments.Skewness(sample).ShouldBe(Reference.Statistics.PopulationSkewness(sample), 1e-12);
        Moments.Kurtosis(sample).ShouldBe(Reference.Statistics.PopulationKurtosis(sample) + 3, 1e-11);
        Moments.StandardDeviation([1.0]).ShouldBe(double.NaN);
    }

    [Fact]
    public void Autocorrelation_of_an_alternating_series_is_worked_by_hand() =>
        Moments.Autocorrelations([1, -1, 1, -1], 3).ShouldBe([-0.75, 0.5, -0.25]);

    private static double[] Draw(int count)
    {
        var rng = new Rng(11);
        return [.. Enumerable.Range(0, count).Select(_ => Normal.InverseCdf((rng.NextUnit() * 0.999998) + 1e-6) * (1 + rng.NextUnit()))];
    }
}

using System.Text.Json;
using Peregrine.Core.Numerics;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Numerics;

public sealed class BinomialTests
{
    [Fact]
    public void So_many_of_many_trials_are_chance()
    {
        OracleCase oracle = OracleCase.Read("b_overfitting", "noise_gate_binomial");
        oracle.Check("k", [.. oracle.Inputs.GetProperty("cases").Deserialize<double[][]>()!.Select(static c => (double)Binomial.Quantile(0.99, (int)c[0], c[1]))]);
    }

    [Theory]
    [InlineData(0.5, 10, 0, 0)]
    [InlineData(0.5, 10, 1, 10)]
    [InlineData(0.5, 0, 0.3, 0)]
    [InlineData(0.01, 200, 0.05, 4)]
    [InlineData(0.5, 1, 0.5, 0)]
    [InlineData(0.51, 1, 0.5, 1)]
    [InlineData(0.5, 100000, 0.5, 50000)]
    public void The_ends_and_the_middle_are_where_they_belong(double share, int trials, double p, int times) => Binomial.Quantile(share, trials, p).ShouldBe(times);

    [Fact]
    public void What_is_no_probability_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(static () => Binomial.Quantile(1, 10, 0.5));
        Should.Throw<ArgumentOutOfRangeException>(static () => Binomial.Quantile(0.5, 10, 1.5));
        Should.Throw<ArgumentOutOfRangeException>(static () => Binomial.Quantile(0.5, -1, 0.5));
    }
}

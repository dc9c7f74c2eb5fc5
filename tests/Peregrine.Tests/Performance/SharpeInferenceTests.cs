using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Shouldly;
using Xunit;
using Shape = Peregrine.Core.Performance.SharpeInference.Shape;

namespace Peregrine.Tests.Performance;

public class SharpeInferenceTests
{
    private const string Oracle = "a_sharpe_inference";

    [Theory]
    [InlineData("lo2002_eta_q12_ar0.2")]
    [InlineData("lo2002_eta_q12_ar-0.2")]
    [InlineData("lo2002_eta_q12_ar0.9")]
    [InlineData("lo2002_eta_q12_ar0.0")]
    public void Eta_of_an_autoregression_is_that_of_the_paper(string id)
    {
        OracleCase oracle = OracleCase.Read(Oracle, id);
        (int q, double rho) = ((int)oracle.Number("q"), oracle.Number("rho"));
        double[] correlations = [.. Enumerable.Range(1, q - 1).Select(k => Math.Pow(rho, k))];
        oracle.Check("eta", SharpeInference.Eta(correlations, q, taper: false)!.Value);
        oracle.Check("iid", SharpeInference.Eta([], q, taper: true)!.Value);
    }

    [Fact]
    public void Eta_of_a_sample()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "lo2002_sample");
        double[] returns = oracle.Numbers("returns");
        double[] rho = Moments.Autocorrelations(returns, (int)oracle.Number("lags"));
        oracle.Check("rho", rho);
        oracle.Check("eta", SharpeInference.Eta(rho, (int)oracle.Number("q"), taper: false)!.Value);
        oracle.Check("sharpe_per_period", Sharpe.PerPeriod(returns)!.Value);

        // The taper is there because the raw sum nearly vanishes on a small sample.
        SharpeInference.Eta(rho, 12, taper: true)!.Value.ShouldBeInRange(3.4641, 7);
        SharpeInference.Eta([-0.9], 12, taper: false).ShouldBeNull();
    }

    [Fact]
    public void Probabilistic_sharpe_of_the_paper()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "psr_paper");
        var shape = new Shape((int)oracle.Number("T"), oracle.Number("skew"), oracle.Number("kurt"));
        oracle.Check("psr", SharpeInference.Probabilistic(oracle.Number("sr"), oracle.Number("benchmark"), shape));
    }

    [Fact]
    public void Expected_maximum_of_many_trials()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "expected_max");
        oracle.Check("z", [.. oracle.Numbers("N").Select(SharpeInference.ExpectedMaximum)]);
    }

    [Fact]
    public void Deflated_sharpe_of_the_paper()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "dsr_paper");
        double root = Math.Sqrt(oracle.Number("periods"));
        double best = Math.Sqrt(oracle.Number("var_trials_annual")) * SharpeInference.ExpectedMaximum(oracle.Number("N"));
        var shape = new Shape((int)oracle.Number("T"), oracle.Number("skew"), oracle.Number("kurt"));
        oracle.Check("sr0_annual", best);
        oracle.Check("dsr", SharpeInference.Probabilistic(oracle.Number("sr_annual") / root, best / root, shape));
    }

    [Fact]
    public void Minimum_track_length_of_the_paper()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "mintrl_paper");
        double[] years = [.. oracle.Inputs.GetProperty("cases").EnumerateArray().Select(c =>
        {
            double Of(string name) => c.GetProperty(name).GetDouble();
            double root = Math.Sqrt(Of("P"));
            var shape = new Shape(0, Of("skew"), Of("kurt"));
            return SharpeInference.MinimumTrackLength(Of("sr_ann") / root, Of("b_ann") / root, shape, oracle.Number("prob")) / Of("P");
        })];
        oracle.Check("years", years);
        SharpeInference.MinimumTrackLength(0, 0.1, new Shape(9, 0, 3), 0.95).ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void Standard_errors()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "sr_stderr");
        double[] returns = oracle.Numbers("returns");
        double sharpe = Sharpe.PerPeriod(returns)!.Value;
        oracle.Check("sr", sharpe);
        oracle.Check("se_lo", SharpeInference.NormalError(sharpe, returns.Length));
        oracle.Check("se_mertens", SharpeInference.MertensError(sharpe, Shape.Of(returns)));
        oracle.Check("psr0", SharpeInference.Probabilistic(sharpe, 0, Shape.Of(returns)));
    }

    [Fact]
    public void No_case_of_the_oracle_is_left_out() => OracleCase.Ids(Oracle).ShouldBe(
    [
        "lo2002_eta_q12_ar0.2", "lo2002_eta_q12_ar-0.2", "lo2002_eta_q12_ar0.9", "lo2002_eta_q12_ar0.0", "lo2002_sample",
        "psr_paper", "expected_max", "dsr_paper", "mintrl_paper", "sr_stderr",
    ]);
}

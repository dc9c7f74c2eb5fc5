using System.Text.Json;
using Peregrine.Core.Market;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Performance;

/// <summary>Every performance figure against published values and against values derived elsewhere from the stated formula.</summary>
public class MetricsOracleTests
{
    private const string Oracle = "a_performance";

    [Fact]
    public void Mixed_daily_returns()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "empyrical_mixed_daily");
        double[] returns = oracle.Numbers("returns");
        MetricSet metrics = Records.Measured(returns);

        // The published figure annualises over nine periods, because its series begins with a blank.
        double annual = Growth.Annual(returns, 252 * 8 / oracle.Number("n_for_annualisation")).Value!.Value;
        oracle.Check("annual_return", annual);
        oracle.Check("calmar", annual / metrics["maxDrawdown"].Value!.Value);
        oracle.Check("annual_vol", metrics["volatility"].Value!.Value);
        oracle.Check("sharpe", metrics["sharpe"].Value!.Value);
        oracle.Check("sortino", metrics["sortino"].Value!.Value);
        oracle.Check("max_drawdown", -metrics["maxDrawdown"].Value!.Value);
        oracle.Check("omega_rf_0p01", Ratios.Omega(returns, 0.01).Value!.Value);
        oracle.Check("omega_annual_required_1000pct", Ratios.Omega(returns, Elementary.Pow(11, 1 / 252.0) - 1).Value!.Value);
    }

    [Fact]
    public void Growth_is_annualised_over_the_returns_there_are()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "ours_mixed_daily_n8");
        double annual = Growth.Annual(oracle.Numbers("returns"), 252).Value!.Value;
        oracle.Check("annual_return", annual);
        oracle.Check("calmar", annual / Records.Measured(oracle.Numbers("returns"))["maxDrawdown"].Value!.Value);
    }

    [Fact]
    public void Returns_of_one_sign()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "empyrical_positive_negative");
        MetricSet positive = Records.Measured(oracle.Numbers("positive")), negative = Records.Measured(oracle.Numbers("negative"));
        oracle.Check("sharpe_positive", positive["sharpe"].Value!.Value);
        oracle.Check("sharpe_negative", negative["sharpe"].Value!.Value);
        oracle.Check("sortino_negative", negative["sortino"].Value!.Value);
        oracle.Check("mdd_positive", positive["maxDrawdown"].Value!.Value);
        oracle.Check("mdd_negative", -negative["maxDrawdown"].Value!.Value);

        // Where the published figure is infinite ours says why there is none.
        positive["sortino"].ShouldBe(Figure.Undefined("no return below zero"));
    }

    [Fact]
    public void Sharpe_of_a_difference_and_of_other_periods()
    {
        OracleCase excess = OracleCase.Read(Oracle, "empyrical_excess_sharpe");
        double[] returns = excess.Numbers("returns");
        excess.Check("ir_zero", Sharpe.PerPeriod(returns)!.Value);
        excess.Check("ir_flat", Sharpe.PerPeriod([.. returns.Select(r => r - excess.Number("benchmark_flat"))])!.Value);

        OracleCase yearly = OracleCase.Read(Oracle, "pypbo_sharpe");
        yearly.Check("sharpe", Sharpe.PerPeriod([.. yearly.Numbers("returns").Select(r => r - yearly.Number("rf"))])!.Value);

        OracleCase sortino = OracleCase.Read(Oracle, "pypbo_sortino");
        sortino.Check("sortino", Ratios.Sortino(sortino.Numbers("returns"), 1).Value!.Value);
    }

    [Fact]
    public void Quantiles()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "empyrical_var");
        double[] returns = oracle.Numbers("returns");
        oracle.Check("q0.1", Quantile.Of(returns, 0.1));
        oracle.Check("q0.2", Quantile.Of(returns, 0.2));
        oracle.Check("q0.3", Quantile.Of(returns, 0.3));
    }

    [Fact]
    public void Twenty_four_bars_in_full()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "r24_full");
        double[] returns = oracle.Numbers("returns");
        TrackRecord record = TrackRecord.Of(Records.Daily(returns));
        MetricSet metrics = Metrics.Measure(record);
        double Of(string name) => metrics[name].Value!.Value;
        double cagr = Growth.Annual(returns, 252).Value!.Value;

        oracle.Check("total_return", Of("totalReturn"));
        oracle.Check("cagr", cagr);
        oracle.Check("vol", Of("volatility"));
        oracle.Check("sharpe", Of("sharpe"));
        oracle.Check("sortino", Of("sortino"));
        oracle.Check("max_dd", -Of("maxDrawdown"));
        oracle.Check("max_dd_trough_index", record.Drawdown.Trough);
        oracle.Check("longest_underwater_bars", LongestRun(record.Drawdown.Depth));
        oracle.Check("calmar", cagr / Of("maxDrawdown"));
        oracle.Check("ulcer", Of("ulcer"));
        oracle.Check("pain", Moments.Mean(record.Drawdown.Depth));
        oracle.Check("upi", cagr / Of("ulcer"));
        oracle.Check("omega0", Of("omega"));
        oracle.Check("gain_to_pain", Of("omega") - 1);
        oracle.Check("tail_ratio", Of("tailRatio"));
        oracle.Check("var5", Of("var95"));
        oracle.Check("cvar5", Of("cvar95"));
        oracle.Check("skew", Of("skew"));
        oracle.Check("kurtosis", Of("kurtosis"));

        // The same returns reverse, so the error is Mertens's own, and the probability that of the inference oracle. An interval takes more returns.
        OracleCase.Read("a_sharpe_inference", "sr_stderr").Check("psr0", Of("psr"));
        metrics["sharpeLow"].Reason.ShouldBe("too short to judge: 24 returns, and 30 are the fewest for an interval");
    }

    [Fact]
    public void Excursions_and_risk_multiples()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "mae_mfe_long");
        Price At(string name) => Price.Parse(oracle.Inputs.GetProperty(name).GetRawText());
        Price entry = At("entry");
        double risk = (double)(entry - At("stop")).ToDecimal(), gain = (double)(At("exit") - entry).ToDecimal();
        Excursion seen = default, mirrored = default;
        foreach (JsonElement bar in oracle.Inputs.GetProperty("bars").EnumerateArray())
        {
            Price high = Price.Parse(bar.GetProperty("h").GetRawText()), low = Price.Parse(bar.GetProperty("l").GetRawText());
            seen = seen.Seen(Side.Buy, entry, high, low);
            mirrored = mirrored.Seen(Side.Sell, entry, entry + (entry - low), entry - (high - entry));
        }

        mirrored.ShouldBe(seen);
        (double mae, double mfe) = ((double)seen.Mae.ToDecimal(), (double)seen.Mfe.ToDecimal());
        oracle.Check("mae", mae);
        oracle.Check("mfe", mfe);
        oracle.Check("mae_R", mae / risk);
        oracle.Check("mfe_R", mfe / risk);
        oracle.Check("edge_capture", gain / mfe);

        Trade trade = Records.Trade(10_000 * (decimal)gain) with { InitialRisk = new Money(10_000 * (decimal)risk, Currency.Usd) };
        oracle.Check("R", trade.R!.Value);
    }

    [Fact]
    public void Turnover_and_time_in_market()
    {
        OracleCase oracle = OracleCase.Read(Oracle, "turnover_exposure");

        // The same five weights as trades: asset A holds 0.5 and sells 0.4 of it at bar 3, asset B is long 0.2 and then short 0.2.
        Trade Holding(decimal weight, int from, int to) => Records.Trade(0, from, to) with { Notional = new Money(weight * 1000, Currency.Usd) };
        Trade[] trades = [Holding(0.4m, 1, 3), Holding(0.1m, 1, 4), Holding(0.2m, 1, 2), Holding(0.2m, 2, 3)];
        TrackRecord record = TrackRecord.Of(Records.Hourly(1000, 1000, 1000, 1000, 1000), trades);

        oracle.Check("time_in_market", Activity.Exposure(record).Value!.Value);
        oracle.Check("total_two_way", Activity.Turnover(record).Value!.Value * record.Returns.Count / 252);
    }

    [Fact]
    public void No_case_of_the_oracle_is_left_out() => OracleCase.Ids(Oracle).ShouldBe(
    [
        "empyrical_mixed_daily", "ours_mixed_daily_n8", "empyrical_positive_negative", "empyrical_excess_sharpe", "empyrical_var",
        "pypbo_sharpe", "pypbo_sortino", "r24_full", "mae_mfe_long", "turnover_exposure",
    ]);

    private static double LongestRun(double[] depth)
    {
        (int longest, int run) = (0, 0);
        foreach (double d in depth)
        {
            run = d > 0 ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        return longest;
    }
}

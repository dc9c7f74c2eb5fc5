using Peregrine.Core;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Performance;

public class MetricsTests
{
    [Fact]
    public void Names_and_order_are_those_scripts_rely_on() => string.Join(", ", Metrics.All.Select(m => m.Name)).ShouldBe(
        "totalReturn, cagr, volatility, sharpe, sharpeLow, sharpeHigh, sharpeLo, psr, sortino, calmar, omega, maxDrawdown, maxDrawdownDays, ulcer, tailRatio, "
        + "skew, kurtosis, var95, cvar95, trades, winRate, profitFactor, payoff, expectancy, sqn, avgBars, exposure, turnover, grossProfit, commission, swap, slippageCost");

    [Fact]
    public void Nothing_measured_is_undefined_with_a_reason_everywhere()
    {
        MetricSet metrics = Records.Measured();
        foreach ((Metric metric, Figure figure) in metrics.All)
        {
            figure.Value.ShouldBeNull(metric.Name);
            figure.Reason.ShouldNotBeNullOrWhiteSpace(metric.Name);
        }
    }

    [Theory]
    [InlineData("cagr", "less than one year: 3 returns of 252")]
    [InlineData("calmar", "less than one year: 3 returns of 252")]
    [InlineData("sharpe", "all returns are the same")]
    [InlineData("sharpeLow", "all returns are the same")]
    [InlineData("sharpeLo", "all returns are the same")]
    [InlineData("psr", "all returns are the same")]
    [InlineData("skew", "all returns are the same")]
    [InlineData("kurtosis", "all returns are the same")]
    [InlineData("omega", "no return below zero")]
    [InlineData("sortino", "no return below zero")]
    [InlineData("trades", "only returns are known, not trades")]
    [InlineData("grossProfit", "only returns are known, not trades")]
    [InlineData("exposure", "only returns are known, not trades")]
    public void Equal_returns_leave_these_undefined(string name, string reason) =>
        Records.Measured(0.01, 0.01, 0.01)[name].ShouldBe(Figure.Undefined(reason));

    [Theory]
    [InlineData("volatility")]
    [InlineData("sharpe")]
    [InlineData("sharpeHigh")]
    [InlineData("tailRatio")]
    [InlineData("var95")]
    [InlineData("cvar95")]
    public void One_return_has_no_spread(string name) => Records.Measured(0.01)[name].ShouldBe(Figure.Undefined("fewer than two returns"));

    [Fact]
    public void A_flat_account_has_no_tails_and_no_drawdown()
    {
        MetricSet metrics = Records.Measured(new double[300]);
        metrics["tailRatio"].Value.ShouldBeNull();
        metrics["maxDrawdown"].Value.ShouldBe(0);
        metrics["maxDrawdownDays"].Value.ShouldBe(0);
        metrics["totalReturn"].Value.ShouldBe(0);
        metrics["calmar"].ShouldBe(Figure.Undefined("no drawdown"));
    }

    [Fact]
    public void A_ruined_account_does_not_grow()
    {
        double[] returns = [.. Enumerable.Repeat(0.0, 260), -1];
        Records.Measured(returns)["cagr"].ShouldBe(Figure.Undefined("equity fell to zero"));
        Records.Measured(returns)["totalReturn"].Value.ShouldBe(-1);
    }

    [Fact]
    public void Trades_are_judged_after_costs()
    {
        // Net 190, 90, -110, -10 with 100 at risk each.
        Trade[] trades = [Records.Trade(200, commission: 10), Records.Trade(100, commission: 10), Records.Trade(-100, 3, 7, 10), Records.Trade(5, commission: 15)];
        MetricSet metrics = Metrics.Measure(TrackRecord.Of(Records.Hourly(10_000, 10_100), trades));
        metrics["trades"].Value.ShouldBe(4);
        metrics["winRate"].Value.ShouldBe(0.5);
        metrics["profitFactor"].Value!.Value.ShouldBe(280 / 120.0, 1e-12);
        metrics["payoff"].Value!.Value.ShouldBe(140 / 60.0, 1e-12);
        metrics["expectancy"].Value!.Value.ShouldBe(0.4, 1e-12);
        metrics["sqn"].Value!.Value.ShouldBe(0.4 / 1.2909944487358056 * 2, 1e-12);
        metrics["avgBars"].Value.ShouldBe(1.75);
        metrics["grossProfit"].Value.ShouldBe(205);
        metrics["commission"].Value.ShouldBe(45);
        metrics["swap"].Value.ShouldBe(0);
        metrics["slippageCost"].Value.ShouldBe(4);
        metrics["turnover"].Value!.Value.ShouldBe(4 * 2 * (5_000 / 10_100.0) * 252, 1e-9);
    }

    [Fact]
    public void Sqn_counts_no_more_than_a_hundred_trades()
    {
        Trade[] trades = [.. Enumerable.Range(0, 400).Select(i => Records.Trade(i % 2 == 0 ? 120 : -80))];
        double capped = Metrics.Measure(TrackRecord.Of(Records.Hourly(10_000, 10_100), trades))["sqn"].Value!.Value;
        capped.ShouldBe(0.2 / 1.0012523486435 * 10, 1e-9);
    }

    [Theory]
    [InlineData("profitFactor", "no losing trade")]
    [InlineData("payoff", "no losing trade")]
    [InlineData("sqn", "fewer than two trades")]
    public void Undefined_of_a_single_winner(string name, string reason) =>
        Metrics.Measure(TrackRecord.Of(Records.Hourly(10_000, 10_100), [Records.Trade(100)]))[name].ShouldBe(Figure.Undefined(reason));

    [Fact]
    public void Undefined_without_trades_or_without_stops()
    {
        MetricSet none = Metrics.Measure(TrackRecord.Of(Records.Hourly(10_000, 10_000), []));
        none["trades"].Value.ShouldBe(0);
        none["exposure"].Value.ShouldBe(0);
        none["turnover"].Value.ShouldBe(0);
        none["commission"].Value.ShouldBe(0);
        none["winRate"].ShouldBe(Figure.Undefined("no trades"));
        none["expectancy"].ShouldBe(Figure.Undefined("no trades"));

        Trade[] unprotected = [Records.Trade(100) with { InitialRisk = null, Notional = null }, Records.Trade(-50)];
        MetricSet some = Metrics.Measure(TrackRecord.Of(Records.Hourly(10_000, 10_050), unprotected));
        some["expectancy"].ShouldBe(Figure.Undefined("a trade had no stop, so its risk is not known"));
        some["turnover"].ShouldBe(Figure.Undefined("the value of a position in account currency is not known"));
        some["winRate"].Value.ShouldBe(0.5);
    }

    [Fact]
    public void Dependent_returns_widen_the_interval_and_lower_the_adjusted_ratio()
    {
        var rng = new Rng(3);
        double[] independent = new double[1500], trending = new double[1500];
        for (int i = 0; i < independent.Length; i++)
        {
            independent[i] = 0.0005 + (0.01 * (rng.NextUnit() - 0.5));
            trending[i] = (i == 0 ? 0 : 0.5 * (trending[i - 1] - 0.0005)) + independent[i];
        }

        MetricSet calm = Records.Measured(independent), slow = Records.Measured(trending);
        double Width(MetricSet m) => m["sharpeHigh"].Value!.Value - m["sharpeLow"].Value!.Value;
        Width(slow).ShouldBeGreaterThan(1.4 * Width(calm));
        (slow["sharpeLo"].Value!.Value / slow["sharpe"].Value!.Value).ShouldBeLessThan(0.75);
        (calm["sharpeLo"].Value!.Value / calm["sharpe"].Value!.Value).ShouldBeInRange(0.85, 1.2);
        slow["psr"].Value!.Value.ShouldBeInRange(0.5, 1);
    }

    [Fact]
    public void A_figure_is_never_infinite_and_names_are_not_guessed()
    {
        Should.Throw<ArgumentException>(() => Figure.Of(double.NaN));
        Should.Throw<ArgumentException>(() => Records.Measured(0.1)["sharp"]);
        default(Figure).Reason.ShouldNotBeEmpty();
    }
}

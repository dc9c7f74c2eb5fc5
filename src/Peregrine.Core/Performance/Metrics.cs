using System.Collections.Immutable;

namespace Peregrine.Core.Performance;

/// <summary>Every metric, one row each: the order and the names are those of the command line's <c>metrics{}</c>. Losses and costs are positive.</summary>
public static class Metrics
{
    public static readonly ImmutableArray<Metric> All =
    [
        new("totalReturn", "Total return", MetricUnit.Fraction, "All returns compounded.", Growth.TotalReturn) { Sense = MetricSense.Gain },
        new("cagr", "Growth per year", MetricUnit.Fraction, "The steady yearly return that gives the same total.", Growth.Cagr) { Sense = MetricSense.Gain },
        new("volatility", "Volatility", MetricUnit.Fraction, "Standard deviation of returns, per year.", Dispersion.Volatility),
        new("sharpe", "Sharpe", MetricUnit.Ratio, "Mean ÷ standard deviation of returns, per year; interest is already in the swaps, so nothing is subtracted.", Sharpe.Annual),
        new("sharpeLow", "Sharpe, low", MetricUnit.Ratio, "Lower end of the 95 % interval of the Sharpe ratio.", Sharpe.Low),
        new("sharpeHigh", "Sharpe, high", MetricUnit.Ratio, "Upper end of the 95 % interval of the Sharpe ratio.", Sharpe.High),
        new("sharpeLo", "Sharpe, Lo", MetricUnit.Ratio, "Sharpe corrected for returns that depend on those before (Lo 2002).", Sharpe.Lo),
        new("psr", "Chance that Sharpe > 0", MetricUnit.Fraction, "Probability that the true Sharpe is above zero, if this had been the only strategy tried.", Sharpe.Probabilistic),
        new("sortino", "Sortino", MetricUnit.Ratio, "Mean ÷ downside deviation of returns, per year.", Ratios.Sortino),
        new("calmar", "Calmar", MetricUnit.Ratio, "Growth per year ÷ maximum drawdown.", Ratios.Calmar),
        new("omega", "Omega", MetricUnit.Ratio, "Sum of gains ÷ sum of losses over returns.", Ratios.Omega),
        new("maxDrawdown", "Max drawdown", MetricUnit.Fraction, "Largest fall of marked equity below its highest point so far.", Falls.Maximum) { Sense = MetricSense.Loss },
        new("maxDrawdownDays", "Longest under water", MetricUnit.Days, "Longest time from a high to the return to it, in calendar days; one still open counts.", Falls.LongestDays),
        new("ulcer", "Ulcer", MetricUnit.Fraction, "Root mean square of drawdown at the end of every return.", Falls.Ulcer),
        new("tailRatio", "Tail ratio", MetricUnit.Ratio, "95 % quantile of returns ÷ 5 % quantile, without signs.", Dispersion.TailRatio),
        new("skew", "Skew", MetricUnit.Ratio, "Asymmetry of returns; negative has the longer tail of losses.", Dispersion.Skew),
        new("kurtosis", "Kurtosis", MetricUnit.Ratio, "Weight of the tails of returns; 3 for a normal distribution.", Dispersion.Kurtosis),
        new("var95", "Value at risk, 95 %", MetricUnit.Fraction, "The loss that one return in twenty exceeded.", Dispersion.ValueAtRisk) { Sense = MetricSense.Loss },
        new("cvar95", "Shortfall, 95 %", MetricUnit.Fraction, "Mean loss of the worst twentieth of returns.", Dispersion.ExpectedShortfall) { Sense = MetricSense.Loss },
        new("trades", "Trades", MetricUnit.Count, "Positions opened and closed.", TradeFigures.Count),
        new("winRate", "Winners", MetricUnit.Fraction, "Share of trades with a net profit.", TradeFigures.WinRate),
        new("profitFactor", "Profit factor", MetricUnit.Ratio, "Net profit of winners ÷ net loss of losers.", TradeFigures.ProfitFactor),
        new("payoff", "Payoff", MetricUnit.Ratio, "Average winner ÷ average loser.", TradeFigures.Payoff),
        new("expectancy", "Expectancy", MetricUnit.R, "Mean net profit per trade in units of its initial risk.", TradeFigures.Expectancy) { Sense = MetricSense.Gain },
        new("sqn", "SQN", MetricUnit.Ratio, "√min(trades, 100) × mean R ÷ standard deviation of R (Van Tharp).", TradeFigures.Sqn),
        new("avgBars", "Bars held", MetricUnit.Count, "Mean number of bars a trade was open.", TradeFigures.AverageBars),
        new("exposure", "Time in market", MetricUnit.Fraction, "Share of marks at which a position was open.", Activity.Exposure),
        new("turnover", "Turnover", MetricUnit.Ratio, "Value bought and sold ÷ equity, per year.", Activity.Turnover),
        new("grossProfit", "Gross profit", MetricUnit.Money, "Profit of all trades before commission and swap; spread and slippage are inside.", Costs.GrossProfit) { Sense = MetricSense.Gain },
        new("commission", "Commission", MetricUnit.Money, "Commission paid.", Costs.Commission) { Sense = MetricSense.Loss },
        new("swap", "Swap", MetricUnit.Money, "Nightly interest paid; negative was received.", Costs.Swap) { Sense = MetricSense.Loss },
        new("slippageCost", "Slippage", MetricUnit.Money, "Cost of fills away from the quote, already inside gross profit.", Costs.Slippage) { Sense = MetricSense.Loss },
    ];

    /// <summary>Every metric of a record.</summary>
    public static MetricSet Measure(TrackRecord record) => new([.. All.Select(metric => metric.Measure(record))]);

    /// <summary>The metric of a name.</summary>
    /// <exception cref="ArgumentException">No metric has that name.</exception>
    public static Metric Named(string name) => All[IndexOf(name)];

    internal static int IndexOf(string name)
    {
        for (int i = 0; i < All.Length; i++)
        {
            if (string.Equals(All[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        throw new ArgumentException($"No metric is named '{name}'.", nameof(name));
    }
}

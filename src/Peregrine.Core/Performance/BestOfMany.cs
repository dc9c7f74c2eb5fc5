using Peregrine.Core.Numerics;

namespace Peregrine.Core.Performance;

/// <summary>
/// What the best of N independent trials looks like when none has an edge, and what it takes to stand out from that. Heights are in standard errors (z);
/// N is at least 1 and need not be a whole number, for the number of independent trials is an estimate.
/// </summary>
public static class BestOfMany
{
    // Where the integrand of the mean of the maximum is not yet, or no longer, above 1e-22, and the step: the trapezoidal rule is then exact to rounding up to 1e15 trials.
    private const double From = -10, To = 40, Step = 1.0 / 32;

    /// <summary>
    /// ∫ x N φ(x) Φ(x)^(N − 1) dx: the largest of N independent standard normal draws, on average, to about 1e-13; what <see cref="SharpeInference.ExpectedMaximum"/>
    /// is an approximation of, 2 % above at N = 10 and 0.1 % at a million. 0 for one draw.
    /// </summary>
    public static double ExactExpectedMaximum(double trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        double sum = 0;
        for (double x = From; x <= To; x += Step)
        {
            double logBelow = x < 0 ? Elementary.Log(Normal.Cdf(x)) : Elementary.LogP1(-Normal.Cdf(-x));
            sum += x * trials * Normal.Density(x) * Elementary.Exp((trials - 1) * logBelow);
        }

        return sum * Step;
    }

    /// <summary>√V · E[max]: the per-period Sharpe that the best of N trials without an edge reaches on average, V being the variance of their per-period Sharpe ratios. Bailey and López de Prado (2014).</summary>
    public static double Benchmark(double trials, double variance) => Math.Sqrt(variance) * Height(trials);

    /// <summary>
    /// PSR(√V · E[max]): the deflated Sharpe ratio, the probability that the true per-period Sharpe exceeds what the best of N trials without an edge reaches on average.
    /// Bailey and López de Prado (2014). A headline, not a test: see <see cref="FalseRejection"/>.
    /// </summary>
    public static double Deflated(double sharpe, SharpeInference.Shape shape, double trials, double variance) =>
        SharpeInference.Probabilistic(sharpe, Benchmark(trials, variance), shape);

    /// <summary>E[max] + Φ⁻¹(1 − level): how high the best of N trials must be for its deflated Sharpe ratio to exceed 1 − <paramref name="level"/>, when V is what chance alone gives.</summary>
    public static double DeflatedThreshold(double trials, double level) => Height(trials) - Normal.InverseCdf(level);

    /// <summary>Φ⁻¹((1 − level)^(1/N)): how high the best of N trials without an edge is in a share <paramref name="level"/> of cases. Šidák (1967).</summary>
    public static double SidakThreshold(double trials, double level) => 0 - Normal.InverseCdf(Sidak.Level(level, trials));

    /// <summary>1 − Φ(threshold)ᴺ: how often the best of N independent trials without an edge is above <paramref name="threshold"/>.</summary>
    public static double FalseRejection(double threshold, double trials) => Sidak.Adjusted(Normal.Cdf(-threshold), trials);

    /// <summary>
    /// (E[max] ÷ SR)²: years of data below which the best of N trials without an edge reaches an annual Sharpe as high, on average. Bailey, Borwein, López de Prado and Zhu (2014).
    /// Infinite when the Sharpe is not above 0.
    /// </summary>
    public static double MinimumBacktestYears(double annualSharpe, double trials)
    {
        double root = Height(trials) / annualSharpe;
        return annualSharpe > 0 ? root * root : double.PositiveInfinity;
    }

    /// <summary>
    /// ((z of the level + z of the power) ÷ SR)²: years of data in which a true annual Sharpe is found with a probability <paramref name="power"/>, by a one-sided test whose level
    /// holds for N independent trials together (Šidák 1967). Infinite when the Sharpe is not above 0.
    /// </summary>
    public static double YearsNeeded(double annualSharpe, double trials, double level, double power)
    {
        double root = (SidakThreshold(trials, level) + Normal.InverseCdf(power)) / annualSharpe;
        return annualSharpe > 0 ? root * root : double.PositiveInfinity;
    }

    /// <summary>
    /// (z of the level + z of the power) ÷ √years: the true annual Sharpe that so many years find with a probability <paramref name="power"/>, by the same test. Infinite when there are none.
    /// </summary>
    public static double SharpeShown(double years, double trials, double level, double power) =>
        years > 0 ? (SidakThreshold(trials, level) + Normal.InverseCdf(power)) / Math.Sqrt(years) : double.PositiveInfinity;

    /// <summary>The published approximation, which falls below zero for fewer than two trials, where the mean of the maximum does not: one trial has nothing to be deflated by.</summary>
    private static double Height(double trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        return Math.Max(0, SharpeInference.ExpectedMaximum(trials));
    }
}

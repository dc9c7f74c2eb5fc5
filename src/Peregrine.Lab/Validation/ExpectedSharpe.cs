using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>A measured per-period Sharpe ratio and its standard error, above 0.</summary>
public readonly record struct MeasuredSharpe(double Sharpe, double Error)
{
    /// <summary>No returns are so many that a Sharpe ratio were surer.</summary>
    private const double LeastError = 1e-9;

    /// <summary>A finite Sharpe ratio with a finite error above 0.</summary>
    public bool IsKnown => double.IsFinite(Sharpe) && double.IsFinite(Error) && Error >= LeastError;

    /// <summary>With Mertens's error, from the shape of the returns.</summary>
    public static MeasuredSharpe Of(double sharpe, SharpeInference.Shape shape) => new(sharpe, SharpeInference.MertensError(sharpe, shape));
}

/// <summary>How the true per-period Sharpe ratios of all that were tried are spread: normally, or, undefined, for a reason. A deviation of 0 says that chance alone explains how they differ.</summary>
/// <param name="Mean">μ.</param>
/// <param name="Deviation">τ.</param>
/// <remarks>
/// Fitted as if the errors of different trials were independent. Those of trials that correlate are not: μ then holds the luck they share and τ comes out too small, which brings
/// the best of them too near to the rest. So clusters are counted, not copies.
/// </remarks>
public sealed record SharpePrior(Figure Mean, Figure Deviation)
{
    /// <summary>A spread of fewer means nothing.</summary>
    public const int FewestTrials = 10;

    private const int Grid = 40, Halvings = 200;

    /// <summary>
    /// The τ at which the weighted squares around μ, w = 1 ÷ (τ² + error²), sum to what n − 1 degrees of freedom give on average, and μ the weighted mean. Paule and Mandel (1982).
    /// </summary>
    /// <param name="trials">All that were tried, survivors or not.</param>
    /// <exception cref="ArgumentException">A Sharpe ratio is not finite, or an error not above 0.</exception>
    public static SharpePrior ByMoments(IReadOnlyList<MeasuredSharpe> trials) => Fitted(trials, static all =>
        Root(v => Sums.Of(all, v).Squares - (all.Length - 1), 0, Spread(all)));

    /// <summary>
    /// The μ and τ under which the Sharpe ratios found are the likeliest, each drawn around μ with the variance τ² + error²: the best of a grid of τ, refined where the likelihood's
    /// slope is 0. With equal errors τ² is that of <see cref="ByMoments"/> with n for n − 1.
    /// </summary>
    /// <param name="trials">All that were tried, survivors or not.</param>
    /// <exception cref="ArgumentException">A Sharpe ratio is not finite, or an error not above 0.</exception>
    public static SharpePrior ByLikelihood(IReadOnlyList<MeasuredSharpe> trials) => Fitted(trials, Likeliest);

    private static SharpePrior Fitted(IReadOnlyList<MeasuredSharpe> trials, Func<MeasuredSharpe[], double> variance)
    {
        if (!trials.All(static t => t.IsKnown))
        {
            throw new ArgumentException("Sharpe ratios are finite, and their errors above 0.", nameof(trials));
        }

        if (trials.Count < FewestTrials)
        {
            Figure none = Figure.Undefined($"{trials.Count} trials, and {FewestTrials} are the fewest that a prior is fitted to");
            return new SharpePrior(none, none);
        }

        MeasuredSharpe[] all = [.. trials];
        double found = variance(all);
        return new SharpePrior(Sums.Of(all, found).Mean, Math.Sqrt(found));
    }

    /// <summary>The sample variance of the Sharpe ratios: τ² is no larger.</summary>
    private static double Spread(MeasuredSharpe[] all) => Moments.StandardDeviation([.. all.Select(static t => t.Sharpe)]) is var s ? s * s : 0;

    private static double Likeliest(MeasuredSharpe[] all)
    {
        // No likeliest τ is above the range. From there down by halves, and last of all 0.
        double range = all.Max(static t => t.Sharpe) - all.Min(static t => t.Sharpe);
        double[] grid = [.. Enumerable.Range(0, Grid).Select(k => Math.ScaleB(range * range, -k)), 0];
        int best = grid.Length - 1;
        for (int k = grid.Length - 1; k >= 0; k--)
        {
            best = Sums.Of(all, grid[k]).Likelihood > Sums.Of(all, grid[best]).Likelihood ? k : best;
        }

        bool rises = Sums.Of(all, grid[best]).Slope > 0;
        (double low, double high) = rises ? (grid[best], grid[Math.Max(best - 1, 0)]) : (grid[Math.Min(best + 1, grid.Length - 1)], grid[best]);
        return Root(v => Sums.Of(all, v).Slope, low, high);
    }

    /// <summary>Where what is above 0 from <paramref name="low"/> on falls below it; <paramref name="low"/> itself where it is not above 0 there.</summary>
    private static double Root(Func<double, double> falling, double low, double high)
    {
        if (!(falling(low) > 0))
        {
            return low;
        }

        for (int i = 0; i < Halvings; i++)
        {
            double middle = low + ((high - low) / 2);
            (low, high) = falling(middle) > 0 ? (middle, high) : (low, middle);
        }

        return low + ((high - low) / 2);
    }

    /// <summary>What the trials say of a variance of true Sharpe ratios: the weighted mean, Σ w (s − μ)², and the logarithm of the likelihood and its slope by that variance, each doubled and less a constant.</summary>
    private readonly record struct Sums(double Mean, double Squares, double Likelihood, double Slope)
    {
        public static Sums Of(MeasuredSharpe[] all, double variance)
        {
            double weights = 0, weighted = 0;
            foreach (MeasuredSharpe t in all)
            {
                double w = 1 / (variance + (t.Error * t.Error));
                (weights, weighted) = (weights + w, weighted + (w * t.Sharpe));
            }

            double mean = weighted / weights, squares = 0, likelihood = 0, slope = 0;
            foreach (MeasuredSharpe t in all)
            {
                double w = 1 / (variance + (t.Error * t.Error)), square = w * (t.Sharpe - mean) * (t.Sharpe - mean);
                squares += square;
                likelihood += Elementary.Log(w) - square;
                slope += w * (square - 1);
            }

            return new Sums(mean, squares, likelihood, slope);
        }
    }
}

/// <summary>
/// What is to be expected of a true Sharpe ratio once it was measured, given how those of all that were tried are spread: the posterior of a normal prior. That the one at hand
/// was chosen for being the highest makes no difference to it, if the prior is right. Undefined where the prior is.
/// </summary>
/// <param name="Mean">(μ error² + s τ²) ÷ (τ² + error²): the Sharpe to expect.</param>
/// <param name="Deviation">τ error ÷ √(τ² + error²); the uncertainty of μ and τ themselves is not in it.</param>
/// <param name="Positive">The probability that the true Sharpe ratio is above 0.</param>
/// <param name="Low">The true Sharpe ratio is below with a probability of 10 %.</param>
/// <param name="High">The true Sharpe ratio is above with a probability of 10 %.</param>
public sealed record ExpectedSharpe(Figure Mean, Figure Deviation, Figure Positive, Figure Low, Figure High)
{
    /// <summary>Φ⁻¹(0.9).</summary>
    private const double Z = 1.2815515655446004;

    /// <summary>Per period, as measured. Bayes; Efron and Morris (1973).</summary>
    /// <exception cref="ArgumentException">The Sharpe ratio is not finite, or its error not above 0.</exception>
    public static ExpectedSharpe Of(MeasuredSharpe measured, SharpePrior prior)
    {
        if (!measured.IsKnown)
        {
            throw new ArgumentException("A Sharpe ratio is finite, and its error above 0.", nameof(measured));
        }

        if (prior.Mean.Value is not { } mu || prior.Deviation.Value is not { } tau)
        {
            Figure none = Figure.Undefined(prior.Mean.Value is null ? prior.Mean.Reason : prior.Deviation.Reason);
            return new ExpectedSharpe(none, none, none, none, none);
        }

        double error = measured.Error, kept = tau * tau / ((tau * tau) + (error * error)), mean = mu + ((measured.Sharpe - mu) * kept), deviation = error * Math.Sqrt(kept);
        double positive = deviation > 0 ? Normal.Cdf(mean / deviation) : mean > 0 ? 1 : 0;
        return new ExpectedSharpe(mean, deviation, positive, mean - (Z * deviation), mean + (Z * deviation));
    }

    /// <summary>Per year of so many periods.</summary>
    public ExpectedSharpe Annual(double periodsPerYear)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(periodsPerYear);
        Figure Times(Figure figure) => figure.Value is { } x ? x * Math.Sqrt(periodsPerYear) : figure;
        return new ExpectedSharpe(Times(Mean), Times(Deviation), Positive, Times(Low), Times(High));
    }
}

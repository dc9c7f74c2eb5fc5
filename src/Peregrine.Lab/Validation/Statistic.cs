using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>A figure beside the gates, which decides nothing by itself, and how to read it, in one sentence.</summary>
public sealed record Statistic(string Name, Figure Value, string Note);

/// <summary>What the literature asks of a strategy that was chosen from many, beside what the gates ask. Sharpe ratios are annual, lengths in years; errors are those of the gates, widened where days depend on those before.</summary>
public static class Statistics
{
    /// <summary>The probability with which a track record is to be above zero, and a test's level.</summary>
    private const double Probability = 0.95;

    private static readonly double Root = Math.Sqrt(ReturnSeries.DaysPerYear);

    /// <summary>Of the strategy on the data it was chosen by.</summary>
    /// <param name="own">Its daily returns.</param>
    /// <param name="trials">Independent trials it is the best of.</param>
    public static IEnumerable<Statistic> Chosen(double[] own, double trials)
    {
        Figure sharpe = Annual(own);
        double[] rho = Moments.Autocorrelations(own, (int)Math.Min(ReturnSeries.DaysPerYear - 1, Math.Sqrt(own.Length)));
        yield return new("probabilistic", Known(sharpe, x => Normal.Cdf(x / Root / OutOfSample.Error(own, x / Root))), "the probability that its Sharpe ratio is above zero, as if it had been the only strategy ever tried (PSR)");
        yield return new("dependence", sharpe.Value is { } s && SharpeInference.Eta(rho, (int)ReturnSeries.DaysPerYear, taper: true) is { } eta ? s / Root * eta : sharpe.Value is null ? sharpe : Figure.Undefined("its returns reverse so strongly that a year of them has no variance"), "its Sharpe ratio in-sample, allowing for returns that depend on those before (Lo)");
        yield return new(
            "least-backtest", Known(sharpe, static s => s > 0 ? null : "it does not earn", s => BestOfMany.MinimumBacktestYears(s, Math.Max(1, trials))),
            "years below which the best of as many trials without an edge reaches its Sharpe ratio on average (MinBTL)");
        double fell = TradeLuck.DeepestFall(own, [.. Enumerable.Range(0, own.Length)]);
        yield return new(
            "fall-by-luck", Known(sharpe, _ => Falls.WithoutDrift(Moments.StandardDeviation(own), own.Length)),
            FormattableString.Invariant($"how far, as a share of the deposit, what is as restless would have fallen in-sample on average without an edge; it fell {fell:0.000}"));
    }

    /// <summary>Of how those that were tried were put together: whether groups of the alike are apart from each other.</summary>
    public static Statistic Grouped(Grouping grouping, int groups) => new(
        "grouping", grouping.Quality, $"mean ÷ deviation of the silhouettes of {grouping.Silhouettes.Count} trials in {groups} groups of the alike: below zero they are nearer to others than to their own, and their number says little");

    /// <summary>Of the strategy among all that were tried.</summary>
    /// <param name="own">Its daily returns on the data it was chosen by.</param>
    /// <param name="ideas">Those of every idea that was tried.</param>
    /// <param name="trials">Independent trials it is the best of.</param>
    public static IEnumerable<Statistic> Among(double[] own, IReadOnlyList<double[]> ideas, double trials)
    {
        double[] sharpes = [.. ideas.Select(static r => Sharpe.PerPeriod(r)).OfType<double>()];
        Figure benchmark = sharpes.Length < 2 ? Figure.Undefined("fewer than two ideas were tried") : BestOfMany.Benchmark(Math.Max(1, trials), Square(Moments.StandardDeviation(sharpes)));
        Figure deflated = Sharpe.PerPeriod(own) is not { } sharpe ? Figure.Undefined("its returns do not vary") : Known(benchmark, b => Normal.Cdf((sharpe - b) / OutOfSample.Error(own, sharpe)));
        yield return new("best-by-luck", Known(benchmark, static b => b * Root), "the Sharpe ratio that the best of as many independent trials, spread as these are, reaches on average without an edge");
        yield return new("deflated", deflated, "the probability that its Sharpe ratio is above that (DSR); above .95 asks far more than a test of one in twenty");
    }

    /// <summary>Of tests over all that were tried.</summary>
    /// <param name="test">Hansen's, White's, and Romano and Wolf's.</param>
    /// <param name="own">Where the strategy is among them; below 0 where it is not.</param>
    public static IEnumerable<Statistic> Tests(Superiority test, int own)
    {
        yield return new("reality-check", test.RealityCheck, $"p of White's reality check over {test.StepDown.Count} trials; stricter than Hansen's test, because hopeless ones count");
        yield return new(
            "step-down", own < 0 ? Figure.Undefined("it is not among the sample and the leaders") : test.StepDown[own],
            $"p of the strategy among them, adjusted for all (Romano and Wolf); {test.Survivors(1 - Probability).Count} of {test.StepDown.Count} stand at one in twenty");
    }

    /// <summary>Of choosing the best of what was tried.</summary>
    public static IEnumerable<Statistic> Choosing(Overfitting splits, ChosenPaths paths)
    {
        string between = paths.Least.Value is { } least && paths.Most.Value is { } most ? FormattableString.Invariant($", {least * Root:0.00} to {most * Root:0.00}") : "";
        yield return new("loss", splits.LossShare, "share of the splits of the time in which the best of one half loses in the other");
        yield return new("slope", splits.Slope, "by how much the Sharpe ratio of the best in one half rises in the other as it rises by one: below zero, who looks better does worse");
        yield return new("chosen-paths", Known(paths.Middle, static m => m * Root), $"Sharpe ratio of choosing the best on other days, the middle of {paths.Paths} paths{between} (combinatorial purged cross-validation); it flatters, because all were bred on these days");
    }

    /// <summary>Of the strategy on days that had no part in choosing it.</summary>
    public static IEnumerable<Statistic> Fresh(double[] returns)
    {
        yield return new(
            "least-record", Known(Annual(returns), static s => s > 0 ? null : "it does not earn there", s => OutOfSample.Widening(returns) * SharpeInference.MinimumTrackLength(s / Root, 0, SharpeInference.Shape.Of(returns), Probability) / ReturnSeries.DaysPerYear),
            FormattableString.Invariant($"years of such days until its Sharpe ratio is above zero with a probability of {Probability:0.00} (MinTRL); there are {returns.Length / ReturnSeries.DaysPerYear:0.0}"));
    }

    private static Figure Annual(double[] returns) => Sharpe.PerPeriod(returns) is { } sharpe ? sharpe * Root : Figure.Undefined("its returns do not vary");

    private static Figure Known(Figure figure, Func<double, double> then) => Known(figure, static _ => null, then);

    private static Figure Known(Figure figure, Func<double, string?> objection, Func<double, double> then) =>
        figure.Value is not { } value ? figure : objection(value) is { } reason ? Figure.Undefined(reason) : then(value);

    private static double Square(double x) => x * x;
}

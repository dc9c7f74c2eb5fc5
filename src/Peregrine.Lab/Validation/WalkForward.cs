using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>One window of a walk forward: where the search was repeated, where what it found was then traded, and what came of it.</summary>
/// <param name="From">Where the search's data begin.</param>
/// <param name="Trained">Where they end.</param>
/// <param name="Tested">Where the test begins.</param>
/// <param name="To">Where it ends.</param>
/// <param name="InSample">Return a year in-sample of what it found, side by side.</param>
/// <param name="Returns">Daily returns in the test, side by side; zeros where it found nothing.</param>
/// <param name="Found">How many strategies it found.</param>
/// <param name="Trades">How many trades they made in the test.</param>
public sealed record WalkForwardStep(Instant From, Instant Trained, Instant Tested, Instant To, double InSample, double[] Returns, int Found, int Trades);

/// <summary>
/// A procedure that was repeated in so many windows, each time with a training window of the same length (rolling) or from the first day on (anchored), and all its tests one after the other.
/// What is tested is the search, not a strategy: each window has its own.
/// </summary>
public sealed record WalkForward(int Windows, bool Anchored, IReadOnlyList<WalkForwardStep> Steps)
{
    /// <summary>The fewest and most windows that can be asked for.</summary>
    public const int Fewest = 2, Most = 24;

    private const double TrainingShare = 0.5, EmbargoShare = 0.01;

    /// <summary>The daily returns of all tests, in their order.</summary>
    public double[] Returns => [.. Steps.SelectMany(static s => s.Returns)];

    /// <summary>Return a year of the tests.</summary>
    public Figure Return => Returns is { Length: > 0 } all ? Moments.Mean(all) * ReturnSeries.DaysPerYear : Figure.Undefined("there are no days");

    public Figure Sharpe => Core.Performance.Sharpe.PerPeriod(Returns) is { } sharpe ? sharpe * Math.Sqrt(ReturnSeries.DaysPerYear) : Figure.Undefined("the returns do not vary");

    /// <summary>The probability of such returns without an edge.</summary>
    public Figure P => OutOfSample.Chance(Returns);

    /// <summary>Walk-forward efficiency: what a year of the tests returned, as a share of what a year in-sample did on average.</summary>
    public Figure Efficiency => Steps.Average(static s => s.InSample) is > 0 and var inSample && Return.Value is { } tested ? tested / inSample : Figure.Undefined("nothing was earned in-sample");

    /// <summary>How many tests earned.</summary>
    public int Earning => Steps.Count(static s => s.Returns.Sum() > 0);

    /// <summary>
    /// The windows over so many days: training has half of them, a hundredth lies between it and its test, and the rest falls into tests of equal length, each day at most once.
    /// </summary>
    public static IReadOnlyList<WalkForwardWindow> Over(int days, int windows, bool anchored)
    {
        int training = (int)(days * TrainingShare), embargo = (int)Math.Ceiling(days * EmbargoShare), test = (days - training - embargo) / windows;
        var walk = new WalkForwardWindows(training, test, test, embargo);
        return [.. (anchored ? walk.Anchored(days) : walk.Rolling(days)).Take(windows)];
    }
}

using Peregrine.Core;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;

namespace Peregrine.Lab.Validation;

/// <summary>
/// Whether the best of many strategies earned more than its benchmark by more than the best of as many without an edge would, however they depend on each other:
/// White's reality check (2000), Hansen's test for superior predictive ability (2005, studentised) and, for each strategy, the step-down test of Romano and Wolf (2005, 2016, studentised).
/// Resamples come from the stationary bootstrap, one draw for all strategies; p = (1 + resamples as high or higher) ÷ (1 + resamples).
/// A strategy whose difference never varies, or whose resampled mean never does, says nothing about chance and takes no part.
/// </summary>
/// <remarks>Not changed by what is asked of it: ranges of resamples may be counted at the same time and their tallies added.</remarks>
public sealed class SuperiorityTest
{
    /// <summary>The consistent test needs ln ln of the days.</summary>
    public const int LeastDays = 3;

    /// <summary>A share of a row's variance below which what is left of the variance of its mean is rounding.</summary>
    private const double Nothing = 1e-12;

    private const string Still = "the difference does not vary", TooShort = "fewer than three days";

    private readonly double meanBlockDays;
    private readonly int strategies;

    // Of those that take part, in ascending order of the studentised mean, so that those a step-down test has not yet rejected come before.
    private readonly int[] tested;
    private readonly double[] errors, studentised;
    private readonly PackedRows rows;

    /// <param name="differences">For each strategy its return less the benchmark's on every day; against doing nothing, its return.</param>
    /// <param name="meanBlockDays">Mean length of a block, at least 1 (<see cref="BlockLength.Longest"/>).</param>
    /// <exception cref="ArgumentException">Rows differ in length.</exception>
    public SuperiorityTest(IReadOnlyList<double[]> differences, double meanBlockDays)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(meanBlockDays, 1);
        Days = differences.Count == 0 ? 0 : differences[0].Length;
        if (differences.Any(d => d.Length != Days))
        {
            throw new ArgumentException("Every strategy has a return for every day.", nameof(differences));
        }

        (this.meanBlockDays, strategies) = (meanBlockDays, differences.Count);
        Means = [.. differences.Select(static d => d.Length == 0 ? 0 : Moments.Mean(d))];
        Omegas = Days < LeastDays ? new double?[strategies] : Errors(differences);
        tested = [.. Enumerable.Range(0, strategies).Where(k => Omegas[k] is not null).OrderBy(Studentised)];
        errors = [.. tested.Select(k => Omegas[k]!.Value)];
        studentised = [.. tested.Select(Studentised)];
        rows = new PackedRows([.. tested.Select(k => differences[k])], [.. tested.Select(k => Means[k])]);
    }

    public int Days { get; }

    /// <summary>Mean difference a day of each strategy.</summary>
    public IReadOnlyList<double> Means { get; }

    /// <summary>ω: the standard deviation of √days × the resampled mean; null where a strategy takes no part.</summary>
    public IReadOnlyList<double?> Omegas { get; }

    /// <summary>√days × the largest mean: the statistic of the reality check.</summary>
    public Figure Largest => tested.Length == 0 ? Reason() : Root * tested.Max(k => Means[k]);

    /// <summary>The largest of √days × mean ÷ ω, or 0 where none is above: the statistic of the test for superior predictive ability.</summary>
    public Figure LargestStudentised => tested.Length == 0 ? Reason() : Math.Max(0, studentised[^1]);

    private double Root => Math.Sqrt(Days);

    /// <summary>All in one: <paramref name="resamples"/> resamples counted and judged.</summary>
    public static Superiority Of(Rng rng, IReadOnlyList<double[]> differences, int resamples, double meanBlockDays)
    {
        var test = new SuperiorityTest(differences, meanBlockDays);
        return test.Judge(test.Count(rng, 0, resamples));
    }

    /// <summary>Counts the resamples from <paramref name="first"/> on. Each depends on its number alone, so any division into ranges adds up to the same.</summary>
    public SuperiorityTally Count(Rng rng, int first, int resamples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        return Count(resamples, (b, counts) => StationaryBootstrap.Counts(rng.Fork((ulong)(first + b)), meanBlockDays, counts));
    }

    /// <summary>Counts given resamples, each the days drawn.</summary>
    /// <exception cref="ArgumentException">A resample has not as many days as there are.</exception>
    public SuperiorityTally Count(IReadOnlyList<int[]> resamples)
    {
        if (resamples.Any(days => days.Length != Days))
        {
            throw new ArgumentException("A resample has as many days as there are.", nameof(resamples));
        }

        return Count(resamples.Count, (b, counts) =>
        {
            counts.Clear();
            foreach (int day in resamples[b])
            {
                counts[day]++;
            }
        });
    }

    /// <summary>The probabilities that a tally of all resamples gives.</summary>
    public Superiority Judge(SuperiorityTally tally)
    {
        Figure P(int asHigh) => tested.Length == 0 ? Reason() : (1.0 + asHigh) / (1.0 + tally.Resamples);
        Centred<Figure> All(Centred<int> counts) => new(P(counts.Lower), P(counts.Consistent), P(counts.Upper));

        // From the best down, none is surer than one before it.
        var steps = new Figure[strategies];
        Array.Fill(steps, Figure.Undefined(Days < LeastDays ? TooShort : Still));
        double last = 0;
        for (int i = tested.Length - 1; i >= 0; i--)
        {
            last = Math.Max(last, P(tally.StepDown[tested[i]]).Value!.Value);
            steps[tested[i]] = last;
        }

        return new Superiority(All(tally.Studentised), All(tally.Plain), steps);
    }

    private Figure Reason() => Figure.Undefined(Days < LeastDays ? TooShort : "no strategy's difference varies");

    private double Studentised(int strategy) => Root * Means[strategy] / Omegas[strategy]!.Value;

    /// <summary>ω² = γ₀ + 2 Σ κ_i γ_i with κ_i = (1 − i/n)(1 − p)^i + (i/n)(1 − p)^(n − i), p being 1 ÷ the mean block: the variance that the stationary bootstrap has. Politis and Romano (1994).</summary>
    private double?[] Errors(IReadOnlyList<double[]> differences)
    {
        double stay = 1 - (1 / meanBlockDays);
        var powers = new double[Days + 1];
        powers[0] = 1;
        for (int i = 1; i <= Days; i++)
        {
            powers[i] = powers[i - 1] * stay;
        }

        double[] kernel = [.. Enumerable.Range(1, Days - 1).Select(i => ((1 - ((double)i / Days)) * powers[i]) + ((double)i / Days * powers[Days - i]))];
        var all = new PackedRows(differences, Means);
        double[] variances = all.LongRunVariances([]), longRun = all.LongRunVariances(kernel);
        return [.. differences.Select((d, k) => Sharpe.PerPeriod(d) is not null && longRun[k] > Nothing * variances[k] ? Math.Sqrt(longRun[k]) : (double?)null)];
    }

    private delegate void Draw(int resample, Span<int> counts);

    private SuperiorityTally Count(int resamples, Draw draw)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(resamples);
        var count = new SuperiorityCount(rows, studentised, errors);
        var drawn = new int[Days];
        for (int b = 0; b < resamples && tested.Length > 0; b++)
        {
            draw(b, drawn);
            count.Add(drawn);
        }

        count.Finish();
        var steps = new int[strategies];
        for (int i = 0; i < tested.Length; i++)
        {
            steps[tested[i]] = count.StepDown[i];
        }

        return new SuperiorityTally(resamples, count.Studentised, count.Plain, steps);
    }
}

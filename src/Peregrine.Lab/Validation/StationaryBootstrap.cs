using Peregrine.Core;

namespace Peregrine.Lab.Validation;

/// <summary>
/// Days drawn with replacement in blocks of geometric length, the last day being followed by the first, so that what is drawn depends on its past as the days did. Politis and Romano (1994).
/// One draw serves every strategy of a test: so what they have in common is kept too.
/// </summary>
public static class StationaryBootstrap
{
    /// <summary>The days of one resample, as many as there are, in the order drawn.</summary>
    /// <param name="rng">Two numbers are taken for every day.</param>
    /// <param name="days">How many there are.</param>
    /// <param name="meanBlockDays">Mean length of a block, at least 1; at 1 days are drawn one by one.</param>
    public static int[] Indices(Rng rng, int days, double meanBlockDays)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(meanBlockDays, 1);
        var indices = new int[days];
        for (int t = 0, last = -1; t < days; t++)
        {
            indices[t] = last = Next(last, days, rng.NextUnit() < 1 / meanBlockDays, rng.NextUnit());
        }

        return indices;
    }

    /// <summary>The days of one resample from given numbers in [0, 1): a block begins where the first is below <paramref name="restart"/>, at the share of the days that the second says.</summary>
    /// <exception cref="ArgumentException">There is not one of each for every day.</exception>
    public static int[] Indices(ReadOnlySpan<double> restarts, ReadOnlySpan<double> starts, int days, double restart)
    {
        if (restarts.Length != starts.Length)
        {
            throw new ArgumentException("Every day has two numbers.", nameof(starts));
        }

        var indices = new int[starts.Length];
        for (int t = 0, last = -1; t < indices.Length; t++)
        {
            indices[t] = last = Next(last, days, restarts[t] < restart, starts[t]);
        }

        return indices;
    }

    /// <summary>How often each day is in the resample that <see cref="Indices(Rng, int, double)"/> gives for the same numbers: a resampled sum is the product of a row and these.</summary>
    /// <param name="rng">Two numbers are taken for every day.</param>
    /// <param name="meanBlockDays">Mean length of a block, at least 1.</param>
    /// <param name="counts">One for each day; overwritten.</param>
    public static void Counts(Rng rng, double meanBlockDays, Span<int> counts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(meanBlockDays, 1);
        counts.Clear();
        for (int t = 0, last = -1; t < counts.Length; t++)
        {
            last = Next(last, counts.Length, rng.NextUnit() < 1 / meanBlockDays, rng.NextUnit());
            counts[last]++;
        }
    }

    private static int Next(int last, int days, bool restarts, double start)
    {
        if (last < 0 || restarts)
        {
            return (int)(start * days);
        }

        return last + 1 == days ? 0 : last + 1;
    }
}

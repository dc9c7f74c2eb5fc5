namespace Peregrine.Core.Numerics;

/// <summary>
/// What a probability becomes over many independent trials, after Šidák (1967), exact to about 1e-15 of the result however small the probability and however many the trials;
/// trials need not be a whole number, for the number of independent ones is an estimate.
/// </summary>
public static class Sidak
{
    /// <summary>1 − (1 − p)ⁿ: the probability that what happens with probability <paramref name="p"/> happens in at least one of n trials.</summary>
    public static double Adjusted(double p, double trials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        return 0 - Elementary.ExpM1(trials * Elementary.LogP1(-p));
    }

    /// <summary>1 − (1 − α)^(1/n): the level of each of n trials at which α is that of all together; rounding never makes it larger than α.</summary>
    public static double Level(double level, double trials) => trials >= 1 ? Math.Min(level, Adjusted(level, 1 / trials)) : Adjusted(level, 1 / trials);
}

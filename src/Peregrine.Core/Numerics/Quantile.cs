namespace Peregrine.Core.Numerics;

/// <summary>Sample quantiles by linear interpolation of order statistics: Hyndman and Fan (1996), type 7.</summary>
public static class Quantile
{
    /// <summary>The quantile at probability <paramref name="p"/> in [0, 1] of values in any order.</summary>
    /// <exception cref="ArgumentException">No values.</exception>
    public static double Of(ReadOnlySpan<double> values, double p)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return OfSorted(sorted, p);
    }

    /// <summary>The quantile at probability <paramref name="p"/> in [0, 1] of values in ascending order.</summary>
    /// <exception cref="ArgumentException">No values.</exception>
    public static double OfSorted(ReadOnlySpan<double> ascending, double p)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(p, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(p, 1);
        if (ascending.IsEmpty)
        {
            throw new ArgumentException("A quantile needs at least one value.", nameof(ascending));
        }

        double position = p * (ascending.Length - 1);
        int below = (int)Math.Floor(position);
        int above = Math.Min(below + 1, ascending.Length - 1);
        return ascending[below] + ((position - below) * (ascending[above] - ascending[below]));
    }
}

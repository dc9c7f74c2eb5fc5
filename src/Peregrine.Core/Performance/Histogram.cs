namespace Peregrine.Core.Performance;

/// <summary>
/// Counts of values in bins of one round width whose edges are multiples of it. The bins span all but the lowest and the highest hundredth; what lies beyond is counted in the end bins,
/// which are then open (<see cref="OpenLow"/>, <see cref="OpenHigh"/>), so that one outlier does not hide the shape.
/// </summary>
public sealed record Histogram(double Low, double Width, IReadOnlyList<int> Counts, bool OpenLow, bool OpenHigh)
{
    /// <summary>About <paramref name="bins"/> bins; null when there are no values.</summary>
    public static Histogram? Of(ReadOnlySpan<double> values, int bins = 24)
    {
        if (values.IsEmpty)
        {
            return null;
        }

        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        int beyond = sorted.Length / 100;
        (double low, double high) = (sorted[beyond], sorted[^(beyond + 1)]);
        double width = RoundUp(Math.Max(high - low, 1e-9 * Math.Max(1, Math.Abs(high))) / bins);
        double first = Math.Floor(low / width);
        var counts = new int[(int)(Math.Floor(high / width) - first) + 1];
        foreach (double value in sorted)
        {
            counts[(int)Math.Clamp(Math.Floor(value / width) - first, 0, counts.Length - 1)]++;
        }

        return new Histogram(first * width, width, counts, sorted[0] < first * width, sorted[^1] >= (first + counts.Length) * width);
    }

    /// <summary>The smallest of 1, 2 and 5 times a power of ten that is not below a positive value.</summary>
    public static double RoundUp(double value)
    {
        double power = 1;
        while (power * 10 <= value)
        {
            power *= 10;
        }

        while (power > value)
        {
            power /= 10;
        }

        return power >= value ? power : power * 2 >= value ? power * 2 : power * 5 >= value ? power * 5 : power * 10;
    }
}

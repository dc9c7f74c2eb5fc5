namespace Peregrine.App.Reports;

/// <summary>Fewer points that look the same: a chart has only so many pixels, and each keeps what happened in it.</summary>
public static class Downsample
{
    /// <summary>
    /// Indices to draw of a line given at ascending <paramref name="x"/>: of every one of <paramref name="columns"/> equal spans the first, lowest, highest and last point,
    /// in order, so that no extreme is lost. All of them when there are few.
    /// </summary>
    public static IReadOnlyList<int> MinMax(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int columns)
    {
        var kept = new List<int>();
        if (x.Length <= columns * 4)
        {
            kept.AddRange(Enumerable.Range(0, x.Length));
            return kept;
        }

        double span = (x[^1] - x[0]) / columns;
        int start = 0;
        for (int column = 0; column < columns && start < x.Length; column++)
        {
            double end = column == columns - 1 ? double.PositiveInfinity : x[0] + ((column + 1) * span);
            (int low, int high, int next) = (start, start, start);
            for (; next < x.Length && x[next] < end; next++)
            {
                (low, high) = (y[next] < y[low] ? next : low, y[next] > y[high] ? next : high);
            }

            if (next > start)
            {
                kept.AddRange(new SortedSet<int> { start, low, high, next - 1 });
            }

            start = next;
        }

        return kept;
    }
}

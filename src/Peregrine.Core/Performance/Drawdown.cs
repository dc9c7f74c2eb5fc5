namespace Peregrine.Core.Performance;

/// <summary>
/// How far a line of wealth fell below its highest point so far, the start included. Depths are fractions of that high, never negative.
/// A spell under water lasts from the high to the first mark back at it; one that has not ended lasts to the last mark.
/// </summary>
public sealed class Drawdown
{
    private Drawdown(double[] depth, double deepest, int trough, Duration longest) =>
        (Depth, Deepest, Trough, Longest) = (depth, deepest, trough, longest);

    /// <summary>The fall below the running high at every mark; the first is 0.</summary>
    public double[] Depth { get; }

    /// <summary>The largest fall.</summary>
    public double Deepest { get; }

    /// <summary>Index of the mark at which the fall was largest; 0 when there was none.</summary>
    public int Trough { get; }

    /// <summary>The longest spell under water, in calendar time.</summary>
    public Duration Longest { get; }

    /// <summary>Drawdown of wealth, one value per mark, the first positive and before any return; marks in time order.</summary>
    public static Drawdown Of(IReadOnlyList<Instant> times, ReadOnlySpan<double> wealth)
    {
        var depth = new double[wealth.Length];
        int high = 0, trough = 0;
        Duration longest = Duration.Zero;
        for (int i = 1; i < wealth.Length; i++)
        {
            bool underWater = wealth[i] < wealth[high];
            bool wasUnderWater = high < i - 1 && depth[i - 1] > 0;
            if ((underWater || wasUnderWater) && times[i] - times[high] > longest)
            {
                longest = times[i] - times[high];
            }

            if (!underWater)
            {
                high = i;
                continue;
            }

            depth[i] = 1 - (wealth[i] / wealth[high]);
            trough = depth[i] > depth[trough] ? i : trough;
        }

        return new Drawdown(depth, depth.Length == 0 ? 0 : depth[trough], trough, longest);
    }
}

using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Fitness;

/// <summary>
/// Whether decisions depend on bars that were not there yet: a series that ends earlier must give the same ones. The language has no way to look ahead; this is asked of the finished
/// thing, evaluator included, because a result that knows tomorrow is worth nothing.
/// </summary>
public static class LookAhead
{
    /// <summary>How many lengths are tried, and the stream of random numbers that chooses them: no adversary's.</summary>
    internal const int Cuts = 3, Stream = 255;

    /// <summary>
    /// True when some decision on a series cut short differs from that on the whole: rules on every bar, distances on every bar that is ready.
    /// </summary>
    /// <param name="decide">The decisions on a series, in arrays of their own.</param>
    /// <param name="bars">The whole series.</param>
    /// <param name="lengths">How many of the first bars to keep, each time anew.</param>
    public static bool IsIn(Func<BarSeries, SignalColumns> decide, BarSeries bars, IEnumerable<int> lengths)
    {
        SignalColumns whole = decide(bars);
        return lengths.Any(n => n > 0 && n < bars.Count && !Agree(whole, decide(bars.Between(new Instant(long.MinValue), new Instant(bars.Time[n]))), n));
    }

    /// <summary>Lengths that end inside the data at random: in the second half, where most is ready.</summary>
    public static int[] Lengths(Rng rng, int bars, int count) => [.. Enumerable.Range(0, count).Select(_ => bars < 2 ? 0 : rng.NextInt(bars / 2, bars - 1))];

    private static bool Agree(SignalColumns whole, SignalColumns part, int n)
    {
        if (Math.Min(whole.FirstReady, n) != Math.Min(part.FirstReady, n))
        {
            return false;
        }

        for (int i = part.FirstReady; i < n; i++)
        {
            if (whole[i] != part[i])
            {
                return false;
            }
        }

        return true;
    }
}

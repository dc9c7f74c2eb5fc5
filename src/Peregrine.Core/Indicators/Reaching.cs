namespace Peregrine.Core.Indicators;

/// <summary>
/// Where windowed results lie. Windows have at most a thousand rows, whose sums are off by a billionth at the very most, so what is said here is wider than that by far.
/// </summary>
internal static class Reaching
{
    private const double LongestWindow = 1000, Slack = 1e-6;

    /// <summary>One of the values themselves.</summary>
    public static Reach Same(ReadOnlySpan<Reach> x, out bool plain) => As(x[0], out plain);

    /// <summary>0 to 1, but for rounding.</summary>
    public static Reach UpToOne(ReadOnlySpan<Reach> x, out bool plain) => As(new Reach(-Slack, 1 + Slack), out plain);

    public static Reach WithinOne(ReadOnlySpan<Reach> x, out bool plain) => As(new Reach(-1 - Slack, 1 + Slack), out plain);

    /// <summary>As far as any quotient may go.</summary>
    public static Reach Bounded(ReadOnlySpan<Reach> x, out bool plain) => As(new Reach(-Arithmetic.Bound, Arithmetic.Bound), out plain);

    /// <summary>No larger than a few times the largest difference of two values.</summary>
    public static Reach OfDifferences(ReadOnlySpan<Reach> x, out bool plain)
    {
        double most = 4 * (x[0] - x[0]).Most;
        return As(new Reach(-most, most), out plain);
    }

    /// <summary>No farther from the values than a few times their largest difference.</summary>
    public static Reach Near(ReadOnlySpan<Reach> x, out bool plain) => As(x[0] + OfDifferences(x, out _), out plain);

    public static Reach Summed(Reach x, out bool plain)
    {
        double most = LongestWindow * Math.Max(Math.Abs(x.Least), Math.Abs(x.Most));
        return As(new Reach(x.Least < 0 ? -most : 0, x.Most > 0 ? most : 0), out plain);
    }

    public static Reach As(Reach result, out bool plain)
    {
        plain = false;
        return result;
    }
}

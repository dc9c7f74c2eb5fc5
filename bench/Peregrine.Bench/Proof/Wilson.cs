namespace Peregrine.Bench.Proof;

/// <summary>The interval of 95 % for a share of successes (Wilson 1927), which holds for few trials too.</summary>
public static class Wilson
{
    private const double Z = 1.959963984540054;

    public static (double Low, double High) Interval(int successes, int trials)
    {
        if (trials == 0)
        {
            return (0, 1);
        }

        double p = (double)successes / trials, n = trials, z2 = Z * Z;
        double middle = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        double half = Z / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        return (Math.Max(0, middle - half), Math.Min(1, middle + half));
    }
}

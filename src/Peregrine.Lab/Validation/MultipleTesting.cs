namespace Peregrine.Lab.Validation;

/// <summary>
/// Probabilities of many tests, each adjusted for the others: the least level at which that test is still rejected. Given in any order, answered in the same.
/// Bonferroni and Holm, as <see cref="Core.Numerics.Sidak"/>, bound the probability of a single false rejection, Benjamini and the like the share of false ones among the rejected.
/// </summary>
public static class MultipleTesting
{
    /// <summary>n p, at most 1. Holds however the tests depend on each other.</summary>
    public static double[] Bonferroni(IReadOnlyList<double> p) => Adjusted(p, static (sorted, i) => sorted.Length * sorted[i], stepsUp: null);

    /// <summary>(n − i + 1) p₍ᵢ₎, never below that of a smaller p. Holds however the tests depend on each other, and rejects no fewer than Bonferroni. Holm (1979).</summary>
    public static double[] Holm(IReadOnlyList<double> p) => Adjusted(p, static (sorted, i) => (sorted.Length - i) * sorted[i], stepsUp: false);

    /// <summary>n p₍ᵢ₎ ÷ i, never above that of a larger p. Holds for tests that are independent or depend on each other positively. Benjamini and Hochberg (1995).</summary>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> p) => Adjusted(p, static (sorted, i) => (double)sorted.Length / (i + 1) * sorted[i], stepsUp: true);

    /// <summary>As <see cref="BenjaminiHochberg"/>, times Σ 1/i over the tests. Holds however they depend on each other. Benjamini and Yekutieli (2001).</summary>
    public static double[] BenjaminiYekutieli(IReadOnlyList<double> p)
    {
        double harmonic = 0;
        for (int i = 1; i <= p.Count; i++)
        {
            harmonic += 1.0 / i;
        }

        return Adjusted(p, (sorted, i) => harmonic * sorted.Length / (i + 1) * sorted[i], stepsUp: true);
    }

    /// <param name="p">Probabilities.</param>
    /// <param name="formula">What the i-th smallest of all, counted from 0, becomes by itself.</param>
    /// <param name="stepsUp">Null: each for itself; true: none above one of a larger p; false: none below one of a smaller p.</param>
    private static double[] Adjusted(IReadOnlyList<double> p, Func<double[], int, double> formula, bool? stepsUp)
    {
        foreach (double one in p)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(one, 0, nameof(p));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(one, 1, nameof(p));
        }

        int[] order = [.. Enumerable.Range(0, p.Count).OrderBy(k => p[k])];
        double[] sorted = [.. order.Select(k => p[k])], own = [.. Enumerable.Range(0, p.Count).Select(i => Math.Min(1, formula(sorted, i)))];
        for (int i = own.Length - 2; i >= 0 && stepsUp == true; i--)
        {
            own[i] = Math.Min(own[i], own[i + 1]);
        }

        for (int i = 1; i < own.Length && stepsUp == false; i++)
        {
            own[i] = Math.Max(own[i], own[i - 1]);
        }

        var adjusted = new double[p.Count];
        for (int i = 0; i < own.Length; i++)
        {
            adjusted[order[i]] = own[i];
        }

        return adjusted;
    }
}

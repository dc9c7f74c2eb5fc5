using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Validation;

/// <summary>Trials that are alike, taken for one.</summary>
public static class Ideas
{
    /// <summary>The trial that alike ones amount to: their returns with weights that are to each other as 1 ÷ variance, and sum to one. López de Prado and Lewis (2019).</summary>
    /// <param name="alike">At least one, each with a return for every day; those that never vary have no weight, unless none does.</param>
    /// <exception cref="ArgumentException">There is none, or rows differ in length.</exception>
    public static double[] Together(IReadOnlyList<double[]> alike)
    {
        if (alike.Count == 0 || alike.Any(r => r.Length != alike[0].Length))
        {
            throw new ArgumentException("There is at least one, and every one has a return for every day.", nameof(alike));
        }

        double[] weights = [.. alike.Select(static r => Moments.StandardDeviation(r) is > 0 and var s ? 1 / (s * s) : 0)];
        double all = weights.Sum();
        var together = new double[alike[0].Length];
        for (int k = 0; k < alike.Count; k++)
        {
            double share = all > 0 ? weights[k] / all : 1.0 / alike.Count;
            for (int i = 0; i < together.Length; i++)
            {
                together[i] += share * alike[k][i];
            }
        }

        return together;
    }
}

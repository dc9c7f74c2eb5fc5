namespace Peregrine.Bench.Proof.Regression;

/// <summary>The line y ≈ offset + Σ slopeₖ · summandₖ over the summands at the root of a formula: what linear scaling gives the whole, each of them has for itself.</summary>
public readonly record struct SumScaling(double Offset, double[] Slopes)
{
    private const int MostDenominator = 12;
    private const double Near = 1e-9;

    /// <summary>The formula with the slopes and the offset written into it; those that are nearly a small fraction are that fraction.</summary>
    public Formula Written(Formula formula)
    {
        var genes = new List<Gene>();
        ReadOnlySpan<int> roots = formula.Summands;
        for (int k = 0; k < roots.Length; k++)
        {
            double slope = Tidy(Slopes[k]);
            if (slope == 0)
            {
                continue;
            }

            int start = genes.Count;
            genes.AddRange(formula.Subtree(roots[k]));
            if (slope != 1)
            {
                genes.Add(Gene.Number(slope));
                genes.Add(new Gene(Symbol.Multiply, 0, (ushort)(genes.Count - start + 1), 0));
            }

            Join(genes, start);
        }

        double offset = Tidy(Offset);
        if (offset != 0 || genes.Count == 0)
        {
            int start = genes.Count;
            genes.Add(Gene.Number(offset));
            Join(genes, start);
        }

        return new Formula([.. genes]);
    }

    private static void Join(List<Gene> genes, int start)
    {
        if (start > 0)
        {
            genes.Add(new Gene(Symbol.Add, 0, (ushort)(genes.Count + 1), 0));
        }
    }

    private static double Tidy(double x)
    {
        for (int d = 1; d <= MostDenominator; d++)
        {
            double nearest = Math.Round(x * d) / d;
            if (Math.Abs(x - nearest) <= Near * Math.Max(1, Math.Abs(x)))
            {
                return nearest + 0.0;
            }
        }

        return x;
    }
}

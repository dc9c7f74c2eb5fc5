using Peregrine.Core;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>The small formulas of one unit, the smallest first.</summary>
public sealed class Shelf
{
    private readonly List<Gene[]> formulas = [];

    // Where the formulas of a size begin; the size of the largest ones is one below the length.
    private readonly List<int> begins = [0];

    /// <summary>Adds one no smaller than those here.</summary>
    public void Add(Gene[] formula)
    {
        while (begins.Count <= formula.Length)
        {
            begins.Add(formulas.Count);
        }

        formulas.Add(formula);
    }

    /// <summary>One with at most so many nodes, every size as likely as another; null where there is none.</summary>
    public Gene[]? Draw(Rng rng, int nodes)
    {
        int most = Math.Min(nodes, begins.Count - 1), sizes = 0;
        for (int s = 1; s <= most; s++)
        {
            sizes += End(s) > begins[s] ? 1 : 0;
        }

        int left = sizes == 0 ? -1 : rng.NextInt(sizes), size = 0;
        while (left >= 0)
        {
            size++;
            left -= End(size) > begins[size] ? 1 : 0;
        }

        return sizes == 0 ? null : formulas[rng.NextInt(begins[size], End(size) - 1)];
    }

    private int End(int size) => size + 1 < begins.Count ? begins[size + 1] : formulas.Count;
}

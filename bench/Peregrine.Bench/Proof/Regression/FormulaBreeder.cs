using System.Collections.Immutable;
using Peregrine.Core;
using Peregrine.Lab.Populations;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>Makes formulas for one problem: grown and varied with units closed, refused where an operator may be undefined over the problem's box, their numbers fitted to the rows the search sees.</summary>
/// <param name="problem">What the formulas are for.</param>
/// <param name="training">The rows the search sees.</param>
/// <param name="grower">Grows parts and wholes.</param>
public sealed class FormulaBreeder(Problem problem, FormulaEvaluation training, FormulaGrower grower) : IBreeder<Formula>
{
    private const int Attempts = 12, FittingSteps = 8, QuickSteps = 3;
    private const double FittedShare = 0.1;

    /// <summary>The small formulas that fit best.</summary>
    public IReadOnlyList<Formula> Seeds => [.. (grower.Small?.Best ?? []).Select(f => f.Scaled(IsWhole))];

    public FormulaGrower Grower => grower;

    public bool HasOffset => problem.Units.IsNone;

    public Formula Found(Rng rng, int island)
    {
        Formula? last = null;
        for (int i = 0; i < Attempts; i++)
        {
            last = Of([.. rng.NextBool() ? grower.Sum(rng, problem.Units, rng.NextInt(2, 4)) : grower.Grow(rng, problem.Units, rng.NextInt(3, 15))]);
            if (IsSafe(last))
            {
                break;
            }
        }

        return last!;
    }

    public Offspring<Formula>? Vary(Rng rng, Formula parent, Formula mate)
    {
        for (int i = 0; i < Attempts; i++)
        {
            FormulaOperator op = FormulaVariation.Draw(rng);
            if (op.Vary(rng, parent, mate, grower) is { } child && child.Key != parent.Key && IsSafe(child))
            {
                Formula fitted = problem.HasNumbers && rng.NextBool(FittedShare) ? Fitted(child, QuickSteps) : child;
                return new Offspring<Formula>(fitted, op.Name, op.TakesTwo);
            }
        }

        return null;
    }

    public Formula? Tune(Rng rng, Formula genome)
    {
        if (!problem.HasNumbers)
        {
            return null;
        }

        Formula start = rng.NextBool() ? genome : FormulaVariation.All[^1].Vary(rng, genome, genome, grower) ?? genome;
        Formula tuned = IsSafe(start) ? Fitted(start, FittingSteps) : genome;
        return tuned.Key == genome.Key ? null : tuned;
    }

    public Formula Adopt(Formula genome, int island) => genome;

    public Formula Parse(string text) => Formula.Parse(text);

    /// <summary>True where one slope is given to a whole formula, false where every summand has its own.</summary>
    public bool IsWhole { get; init; }

    private Formula Of(ImmutableArray<Gene> genes) => new(genes, IsWhole);

    private bool IsSafe(Formula formula) => Reach.Of(formula.Genes.AsSpan(), problem.Box) is not null;

    /// <summary>The formula with its numbers fitted to the rows the search sees; itself where numbers are not free.</summary>
    public Formula Fitted(Formula formula, int steps)
    {
        if (!problem.HasNumbers)
        {
            return formula;
        }

        Formula fitted = LevenbergMarquardt.Fit(formula, training, HasOffset, steps);
        return IsSafe(fitted) ? fitted : formula;
    }
}

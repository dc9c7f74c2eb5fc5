using System.Collections.Immutable;
using Peregrine.Core;
using Peregrine.Lab.Populations;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>Makes a child of a genome (and its mate, where it takes two); null when it cannot be applied to these.</summary>
public delegate Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator);

/// <summary>A variation operator: its name in the lineage, how often it is tried, and whether it takes two parents.</summary>
public sealed record VariationRow(string Name, double Weight, bool TakesTwo, Vary Vary)
{
    /// <summary>A child within the generator's limits; null when the operator cannot be applied to these parents, or its child would break the limits.</summary>
    public Genome? Apply(Rng rng, Genome parent, Genome mate, Generator generator) =>
        Vary(rng, parent, mate, generator) is { } child && generator.Limits.Admit(child, parent, mate) ? child : null;
}

/// <summary>Every variation operator, one row each.</summary>
public static class VariationTable
{
    private const int Attempts = 24;

    /// <summary>Share of children that are varied twice.</summary>
    private const double Twice = 0.25;

    public static readonly ImmutableArray<VariationRow> Rows =
    [
        new("crossover", 0.36, true, Crossover.Vary),
        new("exchange", 0.15, true, ClauseExchange.Vary),
        new("subtree", 0.08, false, SubtreeMutation.Vary),
        new("point", 0.10, false, PointMutation.Vary),
        new("hoist", 0.05, false, Hoist.Vary),
        new("insert", 0.05, false, Insertion.Vary),
        new("delete", 0.04, false, Deletion.Vary),
        new("constant", 0.08, false, ConstantMove.Vary),
        new("window", 0.10, false, WindowMove.Vary),
        new("distance", 0.06, false, DistanceMove.Vary),
        new("toggle", 0.05, false, ClauseToggle.Vary),
        new("rearrange", 0.02, false, ClauseRearrangement.Vary),
        new("mirror", 0.03, false, Mirroring.Vary),
        new("filter", 0.08, false, Filtering.Vary),
    ];

    /// <summary>A child that differs from its parent; null when no row could make one. Some are varied twice, so that a step that brings nothing alone is taken with the one that makes it pay.</summary>
    public static Offspring<Genome>? Breed(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        Offspring<Genome>? first = Once(rng, parent, mate, generator);
        return first is { } once && rng.NextBool(Twice) && Once(rng, once.Child, mate, generator) is { } again && again.Child.Strategy != parent.Strategy
            ? new Offspring<Genome>(again.Child, $"{once.Operator} {again.Operator}", once.TakesTwo || again.TakesTwo)
            : first;
    }

    private static Offspring<Genome>? Once(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        for (int i = 0; i < Attempts; i++)
        {
            VariationRow row = Draw(rng);
            if (row.Apply(rng, parent, mate, generator) is { } child && child.Strategy != parent.Strategy)
            {
                return new Offspring<Genome>(child, row.Name, row.TakesTwo);
            }
        }

        return null;
    }

    private static VariationRow Draw(Rng rng)
    {
        double left = rng.NextUnit() * Rows.Sum(static r => r.Weight);
        foreach (VariationRow row in Rows)
        {
            left -= row.Weight;
            if (left < 0)
            {
                return row;
            }
        }

        return Rows[^1];
    }
}

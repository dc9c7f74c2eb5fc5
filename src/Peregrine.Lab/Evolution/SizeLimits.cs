using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>How large evolved expressions may grow, how long their windows, and whether they may read the volume.</summary>
public sealed record SizeLimits
{
    /// <summary>The most nodes in a rule (long, short or exit).</summary>
    public int RuleNodes { get; init; } = 24;

    /// <summary>The most nodes in the measure of a stop, target or trail.</summary>
    public int MeasureNodes { get; init; } = 5;

    /// <summary>The most nodes from a root to a leaf.</summary>
    public int Depth { get; init; } = 7;

    /// <summary>The fewest bars that the measure of a stop, target or trail looks at: one that follows single bars fits their noise.</summary>
    public int MeasureBars { get; init; } = 8;

    /// <summary>The longest window, in bars.</summary>
    public int Window { get; init; } = 256;

    /// <summary>False where the data give no volume: what reads it would be constant, or another operator in disguise.</summary>
    public bool Volume { get; init; } = true;

    /// <summary>What makes strategies within these limits impossible, in one sentence; null when nothing does.</summary>
    public string? Fault => RuleNodes < 3 || MeasureNodes < 1 || Depth < 2 || Window < 16 ? "Rules need room: at least 3 nodes, depth 2 and windows of 16 bars." : null;

    public int Nodes(Clause clause) => clause.IsDistance() ? MeasureNodes : RuleNodes;

    /// <summary>
    /// True when the expression may stand in the clause: small enough, and, for a distance, a size without a direction measured over enough bars. Strategies written by hand may be larger
    /// than evolved ones: what descends from <paramref name="parents"/> may be as large as theirs, and an expression of theirs may stay as it is.
    /// </summary>
    public bool Admits(Clause clause, Expression expression, params ReadOnlySpan<Genome> parents)
    {
        (int nodes, int depth, bool inherited) = (Nodes(clause), Depth, false);
        foreach (Genome parent in parents)
        {
            if (parent[clause] is { } old)
            {
                (nodes, depth) = (Math.Max(nodes, old.Count), Math.Max(depth, old.Depth));
                inherited |= old.Equals(expression);
            }
        }

        bool measures = !clause.IsDistance() || inherited || (expression.WarmUp >= MeasureBars - 1 && Mirror.IsEven(expression));
        bool known = Volume || inherited || !expression.Nodes.Any(static n => Catalogue.ReadsVolume(n.Operator));
        return known && expression.Count <= nodes && expression.Depth <= depth && expression.Dimension == clause.Dimension() && (clause.MayUseSide() || !expression.UsesSide) && measures;
    }

    /// <summary>True when every clause is admitted.</summary>
    public bool Admit(Genome genome, params ReadOnlySpan<Genome> parents)
    {
        foreach (Clause clause in Clauses.All)
        {
            if (genome[clause] is { } expression && !Admits(clause, expression, parents))
            {
                return false;
            }
        }

        return true;
    }
}

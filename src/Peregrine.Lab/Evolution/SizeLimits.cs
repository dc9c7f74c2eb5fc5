using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>How large evolved expressions may grow, and how long their windows.</summary>
public sealed record SizeLimits
{
    /// <summary>The most nodes in a rule (long, short or exit).</summary>
    public int RuleNodes { get; init; } = 24;

    /// <summary>The most nodes in the measure of a stop, target or trail.</summary>
    public int MeasureNodes { get; init; } = 5;

    /// <summary>The most nodes from a root to a leaf.</summary>
    public int Depth { get; init; } = 7;

    /// <summary>The longest window, in bars.</summary>
    public int Window { get; init; } = 256;

    public int Nodes(Clause clause) => clause.IsDistance() ? MeasureNodes : RuleNodes;

    /// <summary>True when the expression may stand in the clause: small enough, and, for a distance, a size without a direction.</summary>
    public bool Admits(Clause clause, Expression expression) =>
        expression.Count <= Nodes(clause) && expression.Depth <= Depth && expression.Dimension == clause.Dimension()
        && (clause.MayUseSide() || !expression.UsesSide) && (!clause.IsDistance() || Mirror.IsEven(expression));

    /// <summary>True when every clause is admitted.</summary>
    public bool Admit(Genome genome)
    {
        foreach (Clause clause in Clauses.All)
        {
            if (genome[clause] is { } expression && !Admits(clause, expression))
            {
                return false;
            }
        }

        return true;
    }
}

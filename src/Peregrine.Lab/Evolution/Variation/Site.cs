using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>A place in a genome: a node of the expression of one clause, which is also the subtree that ends there.</summary>
internal readonly record struct Site(Clause Clause, Expression Expression, int Node)
{
    public Node Root => Expression.Nodes[Node];

    public Dimension Dimension => Expression.DimensionOf(Node);

    /// <summary>Nodes from the root of the expression down to this one, both counted.</summary>
    public int Level
    {
        get
        {
            int level = 0;
            for (int k = Node; k < Expression.Count; k++)
            {
                level += Expression.Start(k) <= Expression.Start(Node) ? 1 : 0;
            }

            return level;
        }
    }

    /// <summary>The most nodes that may stand here.</summary>
    public int Nodes(SizeLimits limits) => Root.Length + Math.Max(0, limits.Nodes(Clause) - Expression.Count);

    /// <summary>One of the places that suit, each as likely as any other; null when none does.</summary>
    public static Site? Draw(Rng rng, Genome genome, Func<Site, bool> suits)
    {
        int count = 0;
        foreach (Site site in All(genome))
        {
            count += suits(site) ? 1 : 0;
        }

        int left = count == 0 ? 0 : rng.NextInt(count);
        foreach (Site site in All(genome))
        {
            if (suits(site) && left-- == 0)
            {
                return site;
            }
        }

        return null;
    }

    /// <summary>The genome with another subtree here; null when the limits do not admit it.</summary>
    public Genome? Put(Genome genome, Expression subtree, SizeLimits limits)
    {
        Expression changed = Expression.Replace(Node, subtree);
        return limits.Admits(Clause, changed, genome) ? genome.With(Clause, changed) : null;
    }

    private static IEnumerable<Site> All(Genome genome)
    {
        foreach (Clause clause in genome.Clauses())
        {
            Expression expression = genome[clause]!;
            for (int i = 0; i < expression.Count; i++)
            {
                yield return new Site(clause, expression, i);
            }
        }
    }
}

using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>
/// Entries asked for under a second condition as traders know it: a time, or the kind of market there is. What knows no direction is mostly asked of both sides, and half of the time ends the trade as well.
/// </summary>
internal static class Filtering
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        Expression filter = Patterns.Filter(rng, generator.Limits.Window);
        Strategy s = parent.Strategy;
        bool undirected = Mirror.IsEven(filter), both = undirected && rng.NextBool(0.7), first = rng.NextBool();
        if (parent.IsMirrored)
        {
            Expression rule = And(s.Long!, filter);
            return generator.Limits.Admits(Clause.Long, rule, parent) ? Leaving(rng, parent.With(Clause.Long, rule), filter, undirected) : null;
        }

        bool buys = s.Long is not null && (both || first || s.Short is null), sells = s.Short is not null && (both || !buys);
        return Leaving(rng, Genome.Of(s with { Long = buys ? And(s.Long!, filter) : s.Long, Short = sells ? And(s.Short!, filter) : s.Short }), filter, undirected);
    }

    private static Genome Leaving(Rng rng, Genome child, Expression filter, bool undirected) =>
        undirected && rng.NextBool() ? Genome.Of(child.Strategy with { Exit = Expression.Of(Catalogue.Find("not", Notation.Prefix), default, filter) }) : child;

    private static Expression And(Expression rule, Expression filter) => Expression.Of(Catalogue.Find("and", Notation.Infix), default, rule, filter);
}

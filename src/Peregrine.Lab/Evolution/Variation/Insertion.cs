using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>An operator put between a subtree and what reads it; its other arguments are freshly grown.</summary>
internal static class Insertion
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        SizeLimits limits = generator.Limits;
        if (Site.Draw(rng, parent, s => s.Expression.Count < limits.Nodes(s.Clause) && s.Root.Operator.Notation != Notation.Literal) is not { } place)
        {
            return null;
        }

        int free = limits.Nodes(place.Clause) - place.Expression.Count;
        var room = new Room(limits.Depth - place.Level + 1, free + 1, place.Clause.MayUseSide()) { Volume = limits.Volume };
        Dimension d = place.Dimension;
        if (Production.Draw(rng, d, room with { Nodes = int.MaxValue }, p => p.Signature.Arguments.Any(a => a.Accepts(d)) && p.LeastNodes - 1 <= free) is not { } around)
        {
            return null;
        }

        int[] places = [.. Enumerable.Range(0, around.Operator.Arity).Where(i => around.Signature.Arguments[i].Accepts(d))];
        int chosen = places[rng.NextInt(places.Length)];
        var arguments = new Expression[around.Operator.Arity];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = i == chosen
                ? place.Expression.Subtree(place.Node)
                : generator.Grow(rng, around.Signature.Arguments[i], room with { Depth = room.Depth - 1, Nodes = Math.Max(1, free / arguments.Length) });
        }

        return place.Put(parent, Expression.Of(around.Operator, Settled.Of(rng, around.Operator, limits.Window), arguments), limits);
    }
}

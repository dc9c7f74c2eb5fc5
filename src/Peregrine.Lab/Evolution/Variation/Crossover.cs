using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>A subtree of one parent in place of one of the other, of a like dimension and at most twice as large: size-fair crossover (Langdon 2000).</summary>
internal static class Crossover
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        bool inner = rng.NextBool(0.9);
        if ((Site.Draw(rng, parent, s => s.Root.Length > 1 == inner) ?? Site.Draw(rng, parent, static _ => true)) is not { } place)
        {
            return null;
        }

        int largest = Math.Min((2 * place.Root.Length) + 1, place.Nodes(generator.Limits));
        Site? donor = Site.Draw(rng, mate, s => s.Root.Length <= largest && s.Dimension.IsExchangeable(place.Dimension));
        return donor is { } d ? place.Put(parent, d.Expression.Subtree(d.Node), generator.Limits) : null;
    }
}

using Peregrine.Core;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>A freshly grown subtree in place of an old one, of about its size.</summary>
internal static class SubtreeMutation
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        if (Site.Draw(rng, parent, static _ => true) is not { } place)
        {
            return null;
        }

        SizeLimits limits = generator.Limits;
        int nodes = Math.Min((2 * place.Root.Length) + 3, place.Nodes(limits));
        var room = new Room(limits.Depth - place.Level + 1, nodes, place.Clause.MayUseSide());
        return place.Put(parent, generator.Grow(rng, place.Dimension, room), limits);
    }
}

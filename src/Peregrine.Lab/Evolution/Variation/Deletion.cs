using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>One of an operator's arguments in place of the operator.</summary>
internal static class Deletion
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        if (Site.Draw(rng, parent, static s => Kept(s).Length > 0) is not { } place)
        {
            return null;
        }

        int[] kept = Kept(place);
        return place.Put(parent, place.Expression.Subtree(kept[rng.NextInt(kept.Length)]), generator.Limits);
    }

    private static int[] Kept(Site s) => [.. s.Expression.Arguments(s.Node).Where(i => s.Expression.DimensionOf(i).IsExchangeable(s.Dimension))];
}

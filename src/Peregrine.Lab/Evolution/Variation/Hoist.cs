using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>A subtree in place of a larger one that holds it: what lies between goes.</summary>
internal static class Hoist
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        if (Site.Draw(rng, parent, static s => s.Root.Length > 1) is not { } place)
        {
            return null;
        }

        Site? inside = Site.Draw(rng, parent, s => s.Clause == place.Clause && s.Node < place.Node && s.Node >= place.Expression.Start(place.Node)
            && s.Dimension.IsExchangeable(place.Dimension) && s.Root.Operator.Notation != Notation.Literal);
        return inside is { } kept ? place.Put(parent, place.Expression.Subtree(kept.Node), generator.Limits) : null;
    }
}

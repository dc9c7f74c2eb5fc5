using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>A number moved a little: normal, a tenth of its size and a hundredth wide.</summary>
internal static class ConstantMove
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        if (Site.Draw(rng, parent, static s => s.Root.Operator == Catalogue.Number) is not { } place)
        {
            return null;
        }

        double old = place.Root.Constant;
        Parameter range = Catalogue.Number.Parameters[0];
        double moved = Math.Round(old + (((0.1 * Math.Abs(old)) + 0.01) * Settled.NearNormal(rng)), 3);
        return place.Put(parent, Settled.Literal(Math.Clamp(moved, range.Least, range.Most)), generator.Limits);
    }
}

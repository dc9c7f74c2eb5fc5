using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>The other side made the mirror image of one; of a mirrored strategy one side alone.</summary>
internal static class Mirroring
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        Strategy s = parent.Strategy;
        bool fromLong = s.Short is null || (s.Long is not null && rng.NextBool());
        if (parent.IsMirrored)
        {
            return Genome.Of(fromLong ? s with { Short = null } : s with { Long = null });
        }

        Expression? twin = Mirror.Of(fromLong ? s.Long! : s.Short!);
        return twin is null ? null : Genome.Of(fromLong ? s with { Short = twin } : s with { Long = twin });
    }
}

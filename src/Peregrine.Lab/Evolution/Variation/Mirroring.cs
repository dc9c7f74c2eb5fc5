using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>The other side made the mirror image of one; of a mirrored strategy one side alone; a rule without direction changed over to the other side, if that has none.</summary>
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

        Expression rule = fromLong ? s.Long! : s.Short!;
        Expression? twin = Mirror.Of(rule);
        if (rule.Equals(twin))
        {
            return s.Long is null || s.Short is null ? Genome.Of(s with { Long = s.Short, Short = s.Long }) : null;
        }

        return twin is null ? null : Genome.Of(fromLong ? s with { Short = twin } : s with { Long = twin });
    }
}

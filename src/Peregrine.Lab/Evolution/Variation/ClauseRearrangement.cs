using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>Clauses of one strategy in other places: buying and selling changed over, an entry rule as the exit, two distances' measures exchanged.</summary>
internal static class ClauseRearrangement
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        Strategy s = parent.Strategy;
        Strategy? child = rng.NextInt(4) switch
        {
            0 or 1 => s with { Long = s.Short, Short = s.Long },
            2 => s with { Exit = rng.NextBool() ? s.Long ?? s.Short : s.Short ?? s.Long },
            _ => s.Target is { } target ? s with { Stop = s.Stop with { Measure = target.Measure }, Target = target with { Measure = s.Stop.Measure } }
                : s.Trail is { } trail ? s with { Stop = s.Stop with { Measure = trail.Measure }, Trail = trail with { Measure = s.Stop.Measure } }
                : null,
        };
        return child is null ? null : Genome.Of(child);
    }
}

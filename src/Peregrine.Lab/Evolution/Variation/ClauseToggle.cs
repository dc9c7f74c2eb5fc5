using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>An optional clause (exit, target, trail, hold, one of the sides) left out, or freshly made where there was none.</summary>
internal static class ClauseToggle
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        Strategy s = parent.Strategy;
        Strategy toggled = rng.NextInt(6) switch
        {
            0 => s with { Exit = s.Exit is null ? generator.Rule(rng, Clause.Exit) : null },
            1 => s with { Target = s.Target is null ? generator.Distance(rng) : null },
            2 => s with { Trail = s.Trail is null ? generator.Distance(rng) : null },
            3 => s with { HoldBars = s.HoldBars is null ? Settled.HoldBars(rng) : null },
            4 => s with { Long = s.Long is null ? generator.Rule(rng, Clause.Long) : s.Short is null ? s.Long : null },
            _ => s with { Short = s.Short is null ? generator.Rule(rng, Clause.Short) : s.Long is null ? s.Short : null },
        };
        return Genome.Of(toggled);
    }
}

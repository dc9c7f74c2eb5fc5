using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>An optional clause (exit, target, trail, hold) left out, or freshly made where there was none.</summary>
internal static class ClauseToggle
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        Strategy s = parent.Strategy;
        Strategy toggled = rng.NextInt(4) switch
        {
            0 => s with { Exit = s.Exit is null ? generator.Rule(rng, Clause.Exit) : null },
            1 => s with { Target = s.Target is null ? generator.Distance(rng) : null },
            2 => s with { Trail = s.Trail is null ? generator.Distance(rng) : null },
            _ => s with { HoldBars = s.HoldBars is null ? Settled.HoldBars(rng) : null },
        };
        return Genome.Of(toggled);
    }
}

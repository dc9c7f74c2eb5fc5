using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>Whole clauses taken from the mate: its entries, or one or all of its ways out.</summary>
internal static class ClauseExchange
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        (Strategy s, Strategy other) = (parent.Strategy, mate.Strategy);
        Strategy child = rng.NextInt(7) switch
        {
            0 or 1 => s with { Long = other.Long, Short = other.Short },
            2 => s with { Exit = other.Exit },
            3 => s with { Stop = other.Stop },
            4 => s with { Target = other.Target },
            5 => s with { Trail = other.Trail },
            _ => s with { HoldBars = other.HoldBars },
        };
        return Genome.Of(child);
    }
}

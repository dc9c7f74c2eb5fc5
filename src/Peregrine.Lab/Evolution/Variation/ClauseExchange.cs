using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>Whole clauses taken from the mate: its entries, one of them alone, or one of its ways out.</summary>
internal static class ClauseExchange
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        (Strategy s, Strategy other) = (parent.Strategy, mate.Strategy);
        Strategy child = rng.NextInt(9) switch
        {
            0 => s with { Long = other.Long, Short = other.Short },
            1 or 2 => s with { Long = other.Long ?? s.Long },
            3 or 4 => s with { Short = other.Short ?? s.Short },
            5 => s with { Exit = other.Exit },
            6 => s with { Stop = other.Stop, Trail = other.Trail },
            7 => s with { Target = other.Target },
            _ => s with { HoldBars = other.HoldBars },
        };
        return Genome.Of(child);
    }
}

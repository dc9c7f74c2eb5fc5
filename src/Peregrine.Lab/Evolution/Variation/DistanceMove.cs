using Peregrine.Core;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>The multiple of a stop, target or trail, or the holding time, moved a step over its logarithm.</summary>
internal static class DistanceMove
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        Strategy s = parent.Strategy;
        Strategy? moved = rng.NextInt(4) switch
        {
            0 => s with { Stop = Moved(rng, s.Stop) },
            1 => s.Target is { } target ? s with { Target = Moved(rng, target) } : null,
            2 => s.Trail is { } trail ? s with { Trail = Moved(rng, trail) } : null,
            _ => s.HoldBars is { } bars ? s with { HoldBars = Moved(rng, bars) } : null,
        };
        return moved is null ? null : Genome.Of(moved);
    }

    private static Distance Moved(Rng rng, Distance old) =>
        old with { Multiple = Math.Round(Math.Clamp(Settled.Near(rng, old.Multiple, 0.2), Jitter.LeastMultiple, Jitter.MostMultiple), 2) };

    private static int Moved(Rng rng, int old)
    {
        int moved = (int)Math.Round(Settled.Near(rng, old, 0.3));
        return Math.Clamp(moved == old ? old + (rng.NextBool() ? 1 : -1) : moved, 1, 1000);
    }
}

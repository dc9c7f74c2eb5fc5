using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>A window moved some rungs of its ladder, at least one; any other integer setting drawn anew.</summary>
internal static class WindowMove
{
    public static Genome? Vary(Rng rng, Genome parent, Genome mate, Generator generator)
    {
        if (Site.Draw(rng, parent, static s => s.Root.Operator.Parameters.Any(static p => p.IsInteger)) is not { } place)
        {
            return null;
        }

        Node root = place.Root;
        Parameter[] movable = [.. root.Operator.Parameters.Where(static p => p.IsInteger)];
        Parameter chosen = movable[rng.NextInt(movable.Length)];
        int longest = generator.Limits.Window;
        double value = chosen.Proportional ? Moved(rng, (int)chosen.Of(root), chosen, longest) : Settled.Value(rng, chosen, longest);
        Settings settings = chosen.In(new Settings(root.First, root.Second, root.Constant), value);
        return place.Put(parent, place.Expression.With(place.Node, settings).Subtree(place.Node), generator.Limits);
    }

    private static double Moved(Rng rng, int old, Parameter p, int longest)
    {
        (int least, int most) = ((int)p.Least, (int)Math.Max(p.Least, Math.Min(p.Most, longest)));
        int moved = WindowLadder.Nearest(Settled.Near(rng, old, 0.25), least, most);
        return moved == old ? WindowLadder.Next(old, rng.NextBool(), least, most) : moved;
    }
}

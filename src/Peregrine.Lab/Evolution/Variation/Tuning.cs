using Peregrine.Core;

namespace Peregrine.Lab.Evolution.Variation;

/// <summary>A strategy with its numbers, windows, multiples and holding time moved, one to three of them at a time, by large and small steps.</summary>
internal static class Tuning
{
    private const int Attempts = 16;

    private static readonly VariationRow[] Moves = [.. VariationTable.Rows.Where(static r => r.Name is "constant" or "window" or "distance")];

    /// <summary>The tuned strategy; null when there is nothing in it to move.</summary>
    public static Genome? Of(Rng rng, Genome genome, Generator generator)
    {
        Genome tuned = genome;
        int moves = 1 + rng.NextInt(3), done = 0;
        for (int i = 0; i < Attempts && done < moves; i++)
        {
            if (Moves[rng.NextInt(Moves.Length)].Apply(rng, tuned, tuned, generator) is { } next && next.Strategy != tuned.Strategy)
            {
                (tuned, done) = (next, done + 1);
            }
        }

        return done == 0 || tuned.Key == genome.Key ? null : tuned;
    }
}

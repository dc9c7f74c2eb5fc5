using Peregrine.Adapters.Store.Library;
using Peregrine.Core;
using Peregrine.Lab.Evolution;

namespace Peregrine.App.Evolution;

/// <summary>
/// Which seeds of a run may have been chosen by somebody who knew something of its years. What is written out anew, simplified, changed a little, or taken apart cannot be told from what was found, so no
/// likeness is asked for: a seed that was given before anybody had looked is free of it, and no other.
/// </summary>
internal sealed class SeedOrigins(StrategyLibrary library, RunSpan span, IReadOnlyCollection<string> symbols)
{
    private RunRow[] Runs => [.. library.Runs().Where(r => r.Span is { } s && s.First < span.Lockbox && s.Last > span.First).Reverse()];

    /// <summary>When exactly these seeds were first given to a run over these years; null when there are none, or they never were.</summary>
    public Instant? Given(IReadOnlyList<Genome> seeds) => seeds.Count == 0 ? null : Runs.Where(r => IsGiven(r, seeds)).Select(static r => (Instant?)r.Started).Min();

    /// <summary>In words, for each seed that came too late, what was known by then.</summary>
    public IEnumerable<string> Told(IReadOnlyList<Genome> seeds)
    {
        Instant first = Given(seeds) ?? Instant.MaxValue;
        RunRow[] before = [.. Runs.Where(r => r.Finished <= first && !IsGiven(r, seeds))];
        foreach (Genome seed in seeds)
        {
            if (before.FirstOrDefault(r => library.Front(r.Id).Any(f => f.Strategy == seed.Id)) is { } chose)
            {
                yield return $"the seed {seed.Strategy.Name} comes from run {chose.Id} over data of these years: the verdict rests on data that had a part in choosing it";
            }
            else if (before is [var earlier, ..])
            {
                yield return $"the seed {seed.Strategy.Name} was first given after run {earlier.Id} over these years had ended: what that found may have had a part in choosing it";
            }
            else if (library.LookedAt(symbols, span.Split, span.Lockbox, first).Count is > 0 and var looks)
            {
                yield return $"the seed {seed.Strategy.Name} was first given after {CommandLine.Figures.Counted(looks, "strategy", "strategies")} had been traded by hand on the days that judge it: what was seen there may have had a part in choosing it";
            }
        }
    }

    /// <summary>The very same seeds were given to it; whoever gives some of them, or others beside them, may have chosen among them by what came out.</summary>
    private static bool IsGiven(RunRow run, IReadOnlyList<Genome> seeds) =>
        run.Settings.Split('\n').Where(static line => line.Length == 64 && line.All(char.IsAsciiHexDigitLower)).ToHashSet().SetEquals(seeds.Select(static g => g.Id));
}

using Peregrine.Core;

namespace Peregrine.Lab.Populations;

/// <summary>The candidates of one generation while they are made: numbered, each from a stream of random numbers of its own, and of texts not seen before.</summary>
internal sealed class Brood<TGenome>(Rng rng, int generation, int firstNumber, int room, SeenSet seen) where TGenome : IGenome
{
    private const int Attempts = 8;

    private readonly List<Candidate<TGenome>> candidates = [];
    private readonly HashSet<UInt128> together = [];

    public IReadOnlyList<Candidate<TGenome>> Candidates => candidates;

    public int Generation => generation;

    /// <summary>A stream for what concerns the whole generation and no candidate.</summary>
    public Rng Stream(int island, int layer) => rng.Fork(1 + ((ulong)island << 8) + (ulong)layer, ulong.MaxValue);

    /// <summary>Adds so many, as long as the search may still appraise any: each the first that <paramref name="make"/> makes of a new text, or after some attempts whatever comes last.</summary>
    public void Add(int count, Func<Rng, int, (TGenome Genome, Lineage Lineage, Place Place)> make)
    {
        for (int i = 0; i < count && candidates.Count < room; i++)
        {
            Rng own = rng.Fork((ulong)candidates.Count);
            for (int attempt = 0; ; attempt++)
            {
                (TGenome genome, Lineage lineage, Place place) = make(own, i);
                if ((together.Add(genome.Key) && !seen.Contains(genome.Key)) || attempt == Attempts)
                {
                    candidates.Add(new Candidate<TGenome>(firstNumber + candidates.Count, generation, genome, lineage, place));
                    break;
                }
            }
        }
    }

    /// <summary>True when a genome of this text is among the candidates.</summary>
    public bool Holds(TGenome genome) => together.Contains(genome.Key);

    /// <summary>Adds a given genome, seen before or not.</summary>
    public void Add(TGenome genome, Lineage lineage, Place place)
    {
        if (candidates.Count < room)
        {
            together.Add(genome.Key);
            candidates.Add(new Candidate<TGenome>(firstNumber + candidates.Count, generation, genome, lineage, place));
        }
    }
}

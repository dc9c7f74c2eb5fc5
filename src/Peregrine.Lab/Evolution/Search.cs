using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Core;
using Peregrine.Lab.Evolution.Variation;
using Peregrine.Lab.Fitness;

namespace Peregrine.Lab.Evolution;

/// <summary>
/// The search as a state machine without threads, clock or market: <see cref="Propose"/> deals out the candidates of a generation, whoever can appraises them in any order,
/// <see cref="Absorb"/> takes the results in the order of the candidates. Every candidate is bred from a stream of random numbers of its own, so nothing depends on who appraises what when.
/// </summary>
public sealed class Search
{
    /// <summary>The most memory that appraisals kept for recall take, in bytes.</summary>
    public const long CacheBytes = 500L * AppraisalCache.Capacity;

    private const int Attempts = 8;

    private readonly SearchSettings settings;
    private readonly Rng rng;
    private readonly Generator generator;
    private readonly SeenSet strategies, behaviours;
    private readonly AppraisalCache cache;
    private List<Member> population = [];
    private IReadOnlyList<Candidate> proposed = [];
    private double best = double.NegativeInfinity;
    private int stagnant;
    private bool beginAgain = true;

    /// <summary>A new search.</summary>
    /// <exception cref="ArgumentException">The settings have a fault.</exception>
    public Search(SearchSettings settings)
        : this(settings, [], [])
    {
    }

    /// <summary>A search that goes on where <paramref name="state"/> was taken: its result is that of a search that was never interrupted.</summary>
    /// <exception cref="ArgumentException">The settings have a fault.</exception>
    /// <exception cref="FormatException">The state holds a text that is no strategy.</exception>
    public Search(SearchSettings settings, SearchState state)
        : this(settings, state.Strategies, state.Behaviours)
    {
        (Generation, Evaluations, best, stagnant, beginAgain) = (state.Generation, state.Evaluations, state.Best, state.Stagnant, state.BeginAgain);
        population = [.. state.Population.Select(static m => m.ToMember())];
    }

    private Search(SearchSettings settings, IEnumerable<UInt128> strategies, IEnumerable<UInt128> behaviours)
    {
        this.settings = settings.Fault is { } fault ? throw new ArgumentException(fault, nameof(settings)) : settings;
        rng = new Rng(settings.Seed);
        generator = new Generator(settings.Limits, settings.Symbol, settings.Timeframe);
        (this.strategies, this.behaviours) = (new SeenSet(strategies), new SeenSet(behaviours));
        cache = new AppraisalCache();
    }

    /// <summary>Generations absorbed.</summary>
    public int Generation { get; private set; }

    /// <summary>Candidates appraised.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Behaviours seen: what the search has tried, and what a verdict must pay for.</summary>
    public int DistinctTrials => behaviours.Count;

    public bool IsDone => Evaluations >= settings.Evaluations || Generation >= settings.Generations;

    /// <summary>The living, fittest first.</summary>
    public IReadOnlyList<Member> Population => population;

    /// <summary>The result: the fittest of each idea, none of them alike, at most <see cref="SearchSettings.FrontSize"/>.</summary>
    public IReadOnlyList<Member> Front => Survival.Leaders(population, settings.FrontSize, settings.Alike);

    /// <summary>The appraisal of a behaviour that was seen lately, or null. Safe to ask from any thread between <see cref="Propose"/> and <see cref="Absorb"/>.</summary>
    public Appraisal? Recall(UInt128 behaviour) => cache.Find(behaviour);

    /// <summary>The candidates of the next generation; none when the search is done.</summary>
    public IReadOnlyList<Candidate> Propose()
    {
        int count = IsDone ? 0 : Math.Min(beginAgain ? settings.Founders : settings.Brood, settings.Evaluations - Evaluations);
        var brood = new List<Candidate>(count);
        var together = new HashSet<UInt128>();
        for (int i = 0; i < count; i++)
        {
            brood.Add(New(rng.Fork((ulong)Generation, (ulong)i), i, together));
        }

        return proposed = brood;
    }

    /// <summary>Takes the appraisals of the candidates proposed last, in their order, and returns a ledger row for each.</summary>
    /// <exception cref="ArgumentException">There are more or fewer appraisals than candidates.</exception>
    public IReadOnlyList<Trial> Absorb(IReadOnlyList<Appraisal> appraisals)
    {
        if (appraisals.Count != proposed.Count || proposed.Count == 0)
        {
            throw new ArgumentException($"{appraisals.Count} appraisals do not fit {proposed.Count} candidates.", nameof(appraisals));
        }

        var trials = new List<Trial>(proposed.Count);
        var born = new List<Member>();
        for (int i = 0; i < proposed.Count; i++)
        {
            (Candidate candidate, Appraisal a) = (proposed[i], appraisals[i]);
            strategies.Add(KeyOf(candidate));
            bool distinct = behaviours.Add(a.Behaviour);
            cache.Add(a);
            trials.Add(new Trial(
                candidate.Number, candidate.Generation, candidate.Id, candidate.Lineage, a.Behaviour, distinct, a.Rejection, a.Score, a.Figures.Sharpe, a.Figures.Trades,
                candidate.Genome.Complexity));
            if (a.IsAccepted)
            {
                born.Add(new Member(candidate, a));
            }
        }

        Evaluations += proposed.Count;
        Generation++;
        proposed = [];
        population = Survival.Of(population.Concat(born), settings);
        Watch();
        return trials;
    }

    /// <summary>Everything that the rest of the search depends on, between two generations.</summary>
    public SearchState State() => new()
    {
        Generation = Generation,
        Evaluations = Evaluations,
        Best = best,
        Stagnant = stagnant,
        BeginAgain = beginAgain,
        Population = [.. population.Select(SavedMember.Of)],
        Strategies = strategies.InOrder,
        Behaviours = behaviours.InOrder,
    };

    /// <summary>SHA-256, in lower-case hexadecimal, of what the search has come to: its counts and every living candidate with the bits of its score.</summary>
    public string Hash()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Generation} {Evaluations} {DistinctTrials}\n");
        foreach (Member m in population)
        {
            text.Append(CultureInfo.InvariantCulture, $"{m.Candidate.Number} {m.Candidate.Id} {m.Appraisal.Behaviour:x32} {BitConverter.DoubleToInt64Bits(m.Appraisal.Score):x16}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Begins again from fresh founders, the fittest of each idea kept, once a number of generations brought nothing better.</summary>
    private void Watch()
    {
        double fittest = population.Count == 0 ? double.NegativeInfinity : population[0].Fitness(settings.Parsimony);
        stagnant = fittest > best ? 0 : stagnant + 1;
        best = Math.Max(best, fittest);
        beginAgain = population.Count < 2 || stagnant >= settings.Patience;
        if (beginAgain)
        {
            stagnant = 0;
            population = Survival.Leaders(population, Math.Max(settings.FrontSize, settings.Population / 10), settings.Alike);
        }
    }

    /// <summary>A candidate whose text is new; after some attempts, whatever comes last.</summary>
    private Candidate New(Rng own, int index, HashSet<UInt128> together)
    {
        int number = Evaluations + index;
        if (Generation == 0 && index < settings.Seeds.Length)
        {
            Genome seed = Genome.Of(settings.Seeds[index] with { Symbol = settings.Symbol, Timeframe = settings.Timeframe });
            return new Candidate(number, Generation, seed, new Lineage("seed"));
        }

        bool fresh = beginAgain || own.NextBool(settings.Immigrants);
        for (int i = 0; ; i++)
        {
            (Genome genome, Lineage lineage) = (fresh ? null : Bred(own)) ?? (generator.Strategy(own), new Lineage(beginAgain ? "founder" : "immigrant"));
            var candidate = new Candidate(number, Generation, genome, lineage);
            UInt128 key = KeyOf(candidate);
            if ((together.Add(key) && !strategies.Contains(key)) || i == Attempts)
            {
                return candidate;
            }
        }
    }

    private (Genome, Lineage)? Bred(Rng own)
    {
        Member parent = Chosen(own), mate = Chosen(own);
        if (VariationTable.Breed(own, parent.Candidate.Genome, mate.Candidate.Genome, generator) is not { } bred)
        {
            return null;
        }

        return (bred.Child, new Lineage(bred.Row.Name, parent.Candidate.Id, bred.Row.TakesTwo ? mate.Candidate.Id : null));
    }

    private Member Chosen(Rng own)
    {
        // The population is sorted, so the fittest of some is the one that comes first.
        int first = population.Count - 1;
        for (int i = 0; i < settings.Tournament; i++)
        {
            first = Math.Min(first, own.NextInt(population.Count));
        }

        return population[first];
    }

    private static UInt128 KeyOf(Candidate candidate) => UInt128.Parse(candidate.Id.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Core;
using Peregrine.Lab.Populations.Selection;

namespace Peregrine.Lab.Populations;

/// <summary>
/// The search as a state machine without threads, clock or market: <see cref="Propose"/> deals out the candidates of a generation, whoever can appraises them in any order,
/// <see cref="Absorb"/> takes the results in the order of the candidates. Every candidate is bred from a stream of random numbers of its own, so nothing depends on who appraises what when.
/// </summary>
public class Search<TGenome, TWorth> where TGenome : IGenome where TWorth : class, IWorth
{
    private readonly SearchSettings settings;
    private readonly Rng rng;
    private readonly IBreeder<TGenome> breeder;
    private readonly SeenSet texts, behaviours;
    private readonly AppraisalCache<TWorth> cache = new();
    private readonly EffectiveTrials ideas;
    private readonly Island<TGenome, TWorth>[] islands;
    private IReadOnlyList<Candidate<TGenome>> proposed = [];
    private Dictionary<UInt128, TWorth> living = [];

    /// <summary>A new search.</summary>
    /// <exception cref="ArgumentException">The settings have a fault.</exception>
    public Search(SearchSettings settings, IBreeder<TGenome> breeder)
    {
        (this.settings, this.breeder, rng) = (Sound(settings), breeder, new Rng(settings.Seed));
        (texts, behaviours, ideas) = (new SeenSet([]), new SeenSet([]), new EffectiveTrials(Draws, settings.Alike));
        islands = [.. Enumerable.Range(0, settings.Islands).Select(i => new Island<TGenome, TWorth>(i, settings, breeder))];
    }

    /// <summary>A search that goes on where <paramref name="state"/> was taken: its result is that of a search that was never interrupted.</summary>
    /// <exception cref="ArgumentException">The settings have a fault, or are not those of the state.</exception>
    /// <exception cref="FormatException">The state holds a text that is no genome.</exception>
    public Search(SearchSettings settings, IBreeder<TGenome> breeder, SearchState<TWorth> state)
    {
        (this.settings, this.breeder, rng) = (Sound(settings), breeder, new Rng(settings.Seed));
        if (state.Islands.Length != settings.Islands || state.Islands.Any(i => i.Layers.Length != settings.Layers))
        {
            throw new ArgumentException("The state is of a search with other islands or layers.", nameof(state));
        }

        (texts, behaviours, ideas) = (new SeenSet(state.Texts), new SeenSet(state.Behaviours), new EffectiveTrials(Draws, settings.Alike, state.Sample, state.Sampled));
        islands = [.. state.Islands.Select((s, i) => new Island<TGenome, TWorth>(i, settings, breeder, s))];
        (Generation, Evaluations) = (state.Generation, state.Evaluations);
        living = Living();
    }

    public SearchSettings Settings => settings;

    /// <summary>Generations absorbed.</summary>
    public int Generation { get; private set; }

    /// <summary>Candidates appraised.</summary>
    public int Evaluations { get; private set; }

    /// <summary>Behaviours seen: what the search has tried, and what a verdict must pay for.</summary>
    public int DistinctTrials => behaviours.Count;

    /// <summary>How many independent ideas the distinct trials amount to: an estimate.</summary>
    public int IndependentIdeas => ideas.Estimate();

    /// <summary>A uniform sample of the distinct trials that had a path: what tests that need to know every trial are made on.</summary>
    public IReadOnlyList<SampledTrial> Sample => ideas.Sample;

    /// <summary>Distinct trials that traded: what the sample is drawn from.</summary>
    public int Traded => ideas.Seen;

    /// <summary>The groups of the like that the sample falls into.</summary>
    public int IdeasInSample => ideas.InSample;

    public bool IsDone => Evaluations >= settings.Evaluations || Generation >= settings.Generations;

    /// <summary>The living, island by island, layer by layer.</summary>
    public IReadOnlyList<Member<TGenome, TWorth>> Population => [.. islands.SelectMany(static i => i.Members)];

    /// <summary>The fittest of each idea that each island has ever seen, up to twice <see cref="SearchSettings.FrontSize"/> of each: of one island none are alike, of two some may be. The fittest first.</summary>
    public IReadOnlyList<Member<TGenome, TWorth>> Leaders => Survival.Ordered(islands.SelectMany(static i => i.Leaders), settings.Parsimony);

    /// <summary>The first of the leaders that are unlike each other, at most <see cref="SearchSettings.FrontSize"/>.</summary>
    public IReadOnlyList<Member<TGenome, TWorth>> Front => Survival.Leaders(Leaders, settings.FrontSize, settings.Alike);

    /// <summary>How different the living are: the mean of 1 − likeness over pairs of up to sixty of them; 0 when fewer than two live.</summary>
    public double Diversity
    {
        get
        {
            Member<TGenome, TWorth>[] some = [.. Population.Where((_, i) => i % Math.Max(1, (settings.Population / 60) + 1) == 0)];
            double sum = 0;
            foreach ((Member<TGenome, TWorth> a, int i) in some.Select(static (m, i) => (m, i)))
            {
                sum += some.Take(i).Sum(b => 1 - a.Likeness(b));
            }

            return some.Length < 2 ? 0 : sum / (some.Length * (some.Length - 1) / 2.0);
        }
    }

    private Rng Draws => rng.Fork(ulong.MaxValue);

    /// <summary>
    /// The appraisal of a behaviour that lives or leads, or was seen lately, or null. One that depended on rivals is recalled of the living and the leaders alone, which are part of the state:
    /// a search that was resumed knows the same. Safe to ask from any thread between <see cref="Propose"/> and <see cref="Absorb"/>.
    /// </summary>
    public TWorth? Recall(UInt128 behaviour) => living.GetValueOrDefault(behaviour) ?? cache.Find(behaviour);

    /// <summary>
    /// What a candidate of this worth would be now on its island. It would lead if none of the leaders there that is like it is as fit, and it is fitter than the last of them.
    /// Safe to ask from any thread between <see cref="Propose"/> and <see cref="Absorb"/>.
    /// </summary>
    public Standing StandingOf(Candidate<TGenome> candidate, TWorth worth) => islands[candidate.Place.Island].StandingOf(new Member<TGenome, TWorth>(candidate, worth));

    /// <summary>The candidates of the next generation; none when the search is done.</summary>
    public IReadOnlyList<Candidate<TGenome>> Propose()
    {
        if (IsDone)
        {
            return proposed = [];
        }

        var brood = new Brood<TGenome>(rng.Fork((ulong)Generation), Generation, Evaluations, settings.Evaluations - Evaluations, texts);
        for (int i = 0; Generation == 0 && i < breeder.Seeds.Count; i++)
        {
            int island = i % settings.Islands;
            TGenome here = breeder.Adopt(breeder.Seeds[i], island);
            if (!brood.Holds(here))
            {
                brood.Add(here, new Lineage("seed"), new Place(island, settings.Layers - 1, 0));
            }
        }

        foreach (Island<TGenome, TWorth> island in islands)
        {
            island.Propose(brood);
        }

        return proposed = brood.Candidates;
    }

    /// <summary>Takes the appraisals of the candidates proposed last, in their order, and returns a ledger row for each.</summary>
    /// <exception cref="ArgumentException">There are more or fewer appraisals than candidates.</exception>
    public IReadOnlyList<Trial<TGenome, TWorth>> Absorb(IReadOnlyList<TWorth> appraisals)
    {
        if (appraisals.Count != proposed.Count || proposed.Count == 0)
        {
            throw new ArgumentException($"{appraisals.Count} appraisals do not fit {proposed.Count} candidates.", nameof(appraisals));
        }

        var trials = new List<Trial<TGenome, TWorth>>(proposed.Count);
        var born = new List<Member<TGenome, TWorth>>();
        var together = new Dictionary<UInt128, TWorth>();
        for (int i = 0; i < proposed.Count; i++)
        {
            Candidate<TGenome> candidate = proposed[i];

            // Who behaves as another of the same generation takes over what that one is worth, as it does from those before.
            TWorth a = together.TryAdd(appraisals[i].Behaviour, appraisals[i]) ? appraisals[i] : together[appraisals[i].Behaviour];
            texts.Add(candidate.Genome.Key);
            bool distinct = behaviours.Add(a.Behaviour);
            if (a.IsLasting)
            {
                cache.Add(a);
            }

            trials.Add(new Trial<TGenome, TWorth>(candidate, a, distinct));
            if (distinct)
            {
                ideas.Add(new SampledTrial(candidate.Genome.Text, a.Path));
            }

            if (a.IsAccepted)
            {
                born.Add(new Member<TGenome, TWorth>(candidate, a));
            }
        }

        Evaluations += proposed.Count;
        proposed = [];
        Settle(born);
        Generation++;
        return trials;
    }

    /// <summary>Everything that the rest of the search depends on, between two generations.</summary>
    public SearchState<TWorth> State() => new()
    {
        Generation = Generation,
        Evaluations = Evaluations,
        Islands = [.. islands.Select(static i => i.State())],
        Sample = ideas.Sample,
        Sampled = ideas.Seen,
        Texts = texts.InOrder,
        Behaviours = behaviours.InOrder,
    };

    /// <summary>SHA-256, in lower-case hexadecimal, of what the search has come to: its counts, and every leader and living candidate with the bits of its score.</summary>
    public string Hash()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Generation} {Evaluations} {DistinctTrials}\n");
        foreach (Member<TGenome, TWorth> m in Leaders.Concat(Population))
        {
            text.Append(CultureInfo.InvariantCulture, $"{m.Candidate.Number} {m.Candidate.Id} {m.Appraisal.Behaviour:x32} {BitConverter.DoubleToInt64Bits(m.Appraisal.Score):x16}\n");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private void Settle(List<Member<TGenome, TWorth>> born)
    {
        ILookup<int, Member<TGenome, TWorth>> to = born.ToLookup(static m => m.Candidate.Place.Island);
        foreach ((Island<TGenome, TWorth> island, int i) in islands.Select(static (island, i) => (island, i)))
        {
            island.Absorb(to[i], Generation);
        }

        living = Living();
        if (islands.Length > 1 && settings.MigrationGap > 0 && (Generation + 1) % settings.MigrationGap == 0)
        {
            IReadOnlyList<Member<TGenome, TWorth>>[] leaving = [.. islands.Select(static i => i.Emigrants())];
            for (int i = 0; i < islands.Length; i++)
            {
                islands[(i + 1) % islands.Length].Welcome(leaving[i]);
            }
        }
    }

    /// <summary>What is known of each behaviour that lives or leads; where two behave the same, of the fitter leader, then of the first.</summary>
    private Dictionary<UInt128, TWorth> Living()
    {
        var found = new Dictionary<UInt128, TWorth>();
        foreach (Member<TGenome, TWorth> member in Leaders.Concat(Population))
        {
            found.TryAdd(member.Appraisal.Behaviour, member.Appraisal);
        }

        return found;
    }

    private static SearchSettings Sound(SearchSettings settings) => settings.Fault is { } fault ? throw new ArgumentException(fault, nameof(settings)) : settings;
}

using Peregrine.Core;
using Peregrine.Lab.Populations.Selection;

namespace Peregrine.Lab.Populations;

/// <summary>One population of a search, in age layers: it breeds, it lets live, and it begins again when it gets no further.</summary>
internal sealed class Island<TGenome, TWorth> where TGenome : IGenome where TWorth : IWorth
{
    private readonly int index;
    private readonly SearchSettings settings;
    private readonly IBreeder<TGenome> breeder;
    private readonly List<Member<TGenome, TWorth>>[] layers;
    private List<Member<TGenome, TWorth>> arrivals = [], leaders = [];
    private double best = double.NegativeInfinity;
    private int stagnant;
    private bool beginAgain = true;

    public Island(int index, SearchSettings settings, IBreeder<TGenome> breeder)
    {
        (this.index, this.settings, this.breeder) = (index, settings, breeder);
        layers = [.. Enumerable.Range(0, settings.Layers).Select(static _ => new List<Member<TGenome, TWorth>>())];
    }

    /// <summary>An island as it was.</summary>
    public Island(int index, SearchSettings settings, IBreeder<TGenome> breeder, IslandState<TWorth> state)
        : this(index, settings, breeder)
    {
        (best, stagnant, beginAgain) = (state.Best, state.Stagnant, state.BeginAgain);
        layers = [.. state.Layers.Select(l => l.Select(m => m.ToMember(breeder)).ToList())];
        arrivals = [.. state.Arrivals.Select(m => m.ToMember(breeder))];
        leaders = [.. state.Leaders.Select(m => m.ToMember(breeder))];
    }

    /// <summary>All who live here, the lowest layer first, in each the best first.</summary>
    public IEnumerable<Member<TGenome, TWorth>> Members => layers.SelectMany(static l => l);

    /// <summary>The fittest of each idea ever born here, none of them alike.</summary>
    public IReadOnlyList<Member<TGenome, TWorth>> Leaders => leaders;

    // Twice the front: what is pushed out by a likeness to a newcomer has neighbours that may come back.
    private int Leading => 2 * settings.FrontSize;

    /// <summary>What a candidate of this island would be now.</summary>
    public Standing StandingOf(Member<TGenome, TWorth> candidate)
    {
        double fitness = candidate.Fitness(settings.Parsimony);
        bool leads = leaders.TrueForAll(l => l.Fitness(settings.Parsimony) < fitness || l.Likeness(candidate) <= settings.Alike)
            && (leaders.Count < Leading || leaders[^1].Fitness(settings.Parsimony) < fitness);
        return leads ? Standing.Leads : fitness > LeastFitness(candidate.Candidate.Place.Layer) ? Standing.Lives : Standing.Lost;
    }

    /// <summary>The fitness of the least of those who live in a layer, if it is full, the fittest live there and none leaves for its age; else there is room for anyone.</summary>
    private double LeastFitness(int layer) =>
        layer == layers.Length - 1 && settings.Survival == SurvivalRule.Fittest && layers[layer].Count >= settings.Capacity ? layers[layer][settings.Capacity - 1].Fitness(settings.Parsimony) : double.NegativeInfinity;

    /// <summary>Its share of something that is divided among all islands.</summary>
    private int Share(int all) => (all / settings.Islands) + (index < all % settings.Islands ? 1 : 0);

    private bool Refills(int generation) => settings.Layers > 1 && generation % settings.AgeGap == 0;

    /// <summary>Adds this island's candidates of the next generation.</summary>
    public void Propose(Brood<TGenome> brood)
    {
        Settle(brood);
        if (beginAgain)
        {
            brood.Add(Share(settings.Founders), (own, _) => Fresh(own, brood.Generation, "founder"));
            return;
        }

        int room = Share(settings.Brood);
        if (settings.TuningGap > 0 && brood.Generation % settings.TuningGap == 0)
        {
            room -= Tune(brood, (int)(room * settings.TuningShare));
        }

        int[] inhabited = [.. Enumerable.Range(0, layers.Length).Where(l => layers[l].Count > 0 || (l == 0 && settings.Layers > 1))];
        for (int k = 0; k < inhabited.Length; k++)
        {
            Breed(brood, inhabited[k], (room / inhabited.Length) + (k < room % inhabited.Length ? 1 : 0));
        }
    }

    /// <summary>Takes what was born here, lets the old move up a layer, and lets the rest of each layer compete.</summary>
    public void Absorb(IEnumerable<Member<TGenome, TWorth>> born, int generation)
    {
        Member<TGenome, TWorth>[] all = [.. born];
        arrivals = [];
        leaders = Survival.Leaders(Survival.Ordered(leaders.Concat(all), settings.Parsimony), Leading, settings.Alike);
        ILookup<int, Member<TGenome, TWorth>> to = all.ToLookup(static m => m.Candidate.Place.Layer);
        List<Member<TGenome, TWorth>> rising = [];
        for (int l = 0; l < layers.Length; l++)
        {
            int limit = AgeLimits.Of(l, layers.Length, settings.AgeGap);
            bool refilled = l == 0 && Refills(generation);
            List<Member<TGenome, TWorth>> pool = [.. layers[l], .. to[l], .. rising];
            bool IsOld(Member<TGenome, TWorth> m) => generation - m.Candidate.Place.Born > limit || (refilled && m.Candidate.Place.Born < generation);
            rising = [.. pool.Where(IsOld).Select(m => m with { Candidate = m.Candidate with { Place = m.Candidate.Place with { Layer = l + 1 } } })];
            layers[l] = Survival.Of(pool.Where(m => !IsOld(m)), settings);
        }

        Watch();
    }

    /// <summary>Its best, who leave for another island and stay here too.</summary>
    public IReadOnlyList<Member<TGenome, TWorth>> Emigrants()
    {
        List<Member<TGenome, TWorth>> ordered = Survival.Ordered(Members, settings.Parsimony);
        return [.. ordered.Take(Math.Max(1, (int)(settings.Migrants * ordered.Count)))];
    }

    /// <summary>Takes migrants, who live here from the next generation on.</summary>
    public void Welcome(IEnumerable<Member<TGenome, TWorth>> migrants) => arrivals.AddRange(migrants);

    public IslandState<TWorth> State() => new()
    {
        Best = best,
        Stagnant = stagnant,
        BeginAgain = beginAgain,
        Layers = [.. layers.Select(static l => l.Saved())],
        Arrivals = arrivals.Saved(),
        Leaders = leaders.Saved(),
    };

    /// <summary>
    /// Migrants to whom this island is no other world live on as they are; the others are appraised here first, and stay arrivals until they are: a search that is stopped meanwhile proposes them again.
    /// </summary>
    private void Settle(Brood<TGenome> brood)
    {
        var abroad = new List<Member<TGenome, TWorth>>();
        foreach (Member<TGenome, TWorth> migrant in arrivals)
        {
            Place place = migrant.Candidate.Place with { Island = index, Layer = Math.Min(migrant.Candidate.Place.Layer, layers.Length - 1) };
            TGenome here = breeder.Adopt(migrant.Candidate.Genome, index);
            if (here.Key == migrant.Candidate.Genome.Key)
            {
                layers[place.Layer].Add(migrant with { Candidate = migrant.Candidate with { Place = place } });
            }
            else
            {
                brood.Add(here, new Lineage("migrant", migrant.Candidate.Id), place);
                abroad.Add(migrant);
            }
        }

        arrivals = abroad;
    }

    private int Tune(Brood<TGenome> brood, int count)
    {
        List<Member<TGenome, TWorth>> elites = Survival.Leaders(Survival.Ordered(Members, settings.Parsimony), settings.TunedElites, settings.Alike);
        int before = brood.Candidates.Count;
        if (elites.Count > 0)
        {
            brood.Add(count, (own, i) => Tuned(own, elites[i % elites.Count], brood.Generation));
        }

        return brood.Candidates.Count - before;
    }

    private (TGenome, Lineage, Place) Tuned(Rng own, Member<TGenome, TWorth> elite, int generation) => breeder.Tune(own, elite.Candidate.Genome) is { } tuned
        ? (tuned, new Lineage("tuned", elite.Candidate.Id), elite.Candidate.Place with { Island = index })
        : Fresh(own, generation, "immigrant");

    private void Breed(Brood<TGenome> brood, int layer, int count)
    {
        IEnumerable<Member<TGenome, TWorth>> near = layer == 0 ? layers[0] : layers[layer].Concat(layers[layer - 1]);
        if ((layer == 0 && Refills(brood.Generation)) || !near.Any())
        {
            brood.Add(count, (own, _) => Fresh(own, brood.Generation, "founder"));
            return;
        }

        var pool = new ParentPool<TGenome, TWorth>(brood.Stream(index, layer), near, settings);
        brood.Add(count, (own, _) => (layer == 0 && own.NextBool(settings.Immigrants) ? null : Bred(own, pool, layer)) ?? Fresh(own, brood.Generation, "immigrant"));
    }

    private (TGenome, Lineage, Place)? Bred(Rng own, ParentPool<TGenome, TWorth> pool, int layer)
    {
        Candidate<TGenome> parent = pool.Choose(own).Candidate, mate = pool.Choose(own).Candidate;
        if (breeder.Vary(own, parent.Genome, mate.Genome) is not { } bred)
        {
            return null;
        }

        int since = bred.TakesTwo ? Math.Min(parent.Place.Born, mate.Place.Born) : parent.Place.Born;
        return (bred.Child, new Lineage(bred.Operator, parent.Id, bred.TakesTwo ? mate.Id : null), new Place(index, layer, since));
    }

    private (TGenome, Lineage, Place) Fresh(Rng own, int generation, string word) => (breeder.Found(own, index), new Lineage(word), new Place(index, 0, generation));

    /// <summary>Begins again from fresh founders, the fittest of each idea kept, once a number of generations brought nothing better.</summary>
    private void Watch()
    {
        List<Member<TGenome, TWorth>> ordered = Survival.Ordered(Members, settings.Parsimony);
        double fittest = ordered.Count == 0 ? double.NegativeInfinity : ordered[0].Fitness(settings.Parsimony);
        stagnant = fittest > best ? 0 : stagnant + 1;
        best = Math.Max(best, fittest);
        beginAgain = ordered.Count < 2 || stagnant >= settings.Patience;
        if (beginAgain)
        {
            stagnant = 0;
            List<Member<TGenome, TWorth>> kept = Survival.Leaders(ordered, Math.Max(settings.FrontSize, settings.Capacity / 10), settings.Alike);
            foreach (List<Member<TGenome, TWorth>> layer in layers)
            {
                layer.Clear();
            }

            layers[^1].AddRange(kept.Select(m => m with { Candidate = m.Candidate with { Place = m.Candidate.Place with { Layer = layers.Length - 1 } } }));
        }
    }
}

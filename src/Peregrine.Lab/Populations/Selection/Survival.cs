namespace Peregrine.Lab.Populations.Selection;

/// <summary>Who lives on in one layer, and who leads.</summary>
internal static class Survival
{
    /// <summary>The survivors of a pool, the best first; of one behaviour only the fittest, and equal ones in the order of their numbers.</summary>
    public static List<Member<TGenome, TWorth>> Of<TGenome, TWorth>(IEnumerable<Member<TGenome, TWorth>> pool, SearchSettings settings) where TGenome : IGenome where TWorth : IWorth
    {
        List<Member<TGenome, TWorth>> ordered = Ordered(pool, settings.Parsimony);
        return settings.Survival == SurvivalRule.Fittest ? Fittest(ordered, settings) : Lonely(ordered, settings);
    }

    /// <summary>The fittest first, each behaviour once.</summary>
    public static List<Member<TGenome, TWorth>> Ordered<TGenome, TWorth>(IEnumerable<Member<TGenome, TWorth>> pool, double parsimony) where TGenome : IGenome where TWorth : IWorth
    {
        var behaviours = new HashSet<UInt128>();
        return [.. pool.OrderByDescending(m => m.Fitness(parsimony)).ThenBy(static m => m.Candidate.Number).Where(m => behaviours.Add(m.Appraisal.Behaviour))];
    }

    /// <summary>The fittest of each idea: of members in order, those unlike every leader before them.</summary>
    public static List<Member<TGenome, TWorth>> Leaders<TGenome, TWorth>(IReadOnlyList<Member<TGenome, TWorth>> ordered, int count, double alike) where TGenome : IGenome where TWorth : IWorth
    {
        var leaders = new List<Member<TGenome, TWorth>>(count);
        foreach (Member<TGenome, TWorth> member in ordered)
        {
            if (leaders.Count == count)
            {
                break;
            }

            if (leaders.TrueForAll(l => l.Likeness(member) <= alike))
            {
                leaders.Add(member);
            }
        }

        return leaders;
    }

    private static List<Member<TGenome, TWorth>> Fittest<TGenome, TWorth>(List<Member<TGenome, TWorth>> ordered, SearchSettings settings) where TGenome : IGenome where TWorth : IWorth
    {
        var survivors = new List<Member<TGenome, TWorth>>(settings.Capacity);
        foreach (Member<TGenome, TWorth> member in ordered)
        {
            if (survivors.Count == settings.Capacity)
            {
                break;
            }

            int alike = 0;
            foreach (Member<TGenome, TWorth> other in survivors)
            {
                alike += member.Likeness(other) > settings.Alike ? 1 : 0;
            }

            if (alike < settings.NicheCapacity)
            {
                survivors.Add(member);
            }
        }

        return survivors;
    }

    private static List<Member<TGenome, TWorth>> Lonely<TGenome, TWorth>(List<Member<TGenome, TWorth>> ordered, SearchSettings settings) where TGenome : IGenome where TWorth : IWorth
    {
        if (ordered.Count <= settings.Capacity)
        {
            return ordered;
        }

        double[]? novelty = settings.NoveltyNeighbours == 0 ? null : Novelty.Of([.. ordered.Select(static m => m.Appraisal.Path)], settings.NoveltyNeighbours);
        double[][] points = [.. ordered.Select((m, i) => (double[])[.. m.Appraisal.Objectives, -m.Complexity, .. novelty is null ? (double[])[] : [novelty[i]]])];
        int[] ranks = Dominance.Ranks(points);
        double[] crowding = Dominance.Crowding(points, ranks);
        IEnumerable<int> chosen = Enumerable.Range(0, ordered.Count).OrderBy(i => ranks[i]).ThenByDescending(i => crowding[i]).ThenBy(static i => i).Take(settings.Capacity).Order();
        return [.. chosen.Select(i => ordered[i])];
    }
}

/// <summary>How far something is from what is near it.</summary>
internal static class Novelty
{
    /// <summary>For each path, the mean of 1 − likeness over its nearest others (Lehman and Stanley 2011).</summary>
    public static double[] Of(float[][] paths, int neighbours)
    {
        int n = paths.Length, k = Math.Min(neighbours, n - 1);
        var novelty = new double[n];
        var distances = new double[n];
        for (int i = 0; i < n && k > 0; i++)
        {
            for (int j = 0; j < n; j++)
            {
                distances[j] = j == i ? double.PositiveInfinity : 1 - Likenesses.Of(paths[i], paths[j]);
            }

            Array.Sort(distances);
            double sum = 0;
            for (int j = 0; j < k; j++)
            {
                sum += distances[j];
            }

            novelty[i] = sum / k;
        }

        return novelty;
    }
}

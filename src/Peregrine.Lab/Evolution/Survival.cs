namespace Peregrine.Lab.Evolution;

/// <summary>
/// Who lives on: the fittest first, but of one behaviour only the first and of one idea only so many ("clearing", Pétrowski 1996), so that the search keeps climbing several hills.
/// </summary>
internal static class Survival
{
    /// <summary>The survivors of a pool, fittest first; equal ones in the order of their numbers.</summary>
    public static List<Member> Of(IEnumerable<Member> pool, SearchSettings settings)
    {
        var survivors = new List<Member>(settings.Population);
        var behaviours = new HashSet<UInt128>();
        foreach (Member member in pool.OrderByDescending(m => m.Fitness(settings.Parsimony)).ThenBy(static m => m.Candidate.Number))
        {
            if (survivors.Count == settings.Population)
            {
                break;
            }

            if (behaviours.Add(member.Appraisal.Behaviour) && Alike(member, survivors, settings) < settings.NicheCapacity)
            {
                survivors.Add(member);
            }
        }

        return survivors;
    }

    /// <summary>The fittest of each idea: of survivors in order, those unlike every leader before them.</summary>
    public static List<Member> Leaders(IReadOnlyList<Member> survivors, int count, double alike)
    {
        var leaders = new List<Member>(count);
        foreach (Member member in survivors)
        {
            if (leaders.Count == count)
            {
                break;
            }

            if (leaders.TrueForAll(l => l.Appraisal.Likeness(member.Appraisal) <= alike))
            {
                leaders.Add(member);
            }
        }

        return leaders;
    }

    private static int Alike(Member member, List<Member> survivors, SearchSettings settings)
    {
        int count = 0;
        foreach (Member other in survivors)
        {
            count += member.Appraisal.Likeness(other.Appraisal) > settings.Alike ? 1 : 0;
        }

        return count;
    }
}

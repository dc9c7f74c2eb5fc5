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

    /// <summary>The best at every size: a member is out when another is no larger and scores no less. Smallest first.</summary>
    public static List<Member> Front(IEnumerable<Member> pool)
    {
        var front = new List<Member>();
        foreach (Member member in pool.OrderBy(static m => m.Complexity).ThenByDescending(static m => m.Appraisal.Score).ThenBy(static m => m.Candidate.Number))
        {
            if (front.Count == 0 || member.Appraisal.Score > front[^1].Appraisal.Score)
            {
                front.Add(member);
            }
        }

        return front;
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

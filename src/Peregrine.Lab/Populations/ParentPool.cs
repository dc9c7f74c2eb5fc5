using Peregrine.Core;
using Peregrine.Lab.Populations.Selection;

namespace Peregrine.Lab.Populations;

/// <summary>Those who may have children in one layer during one generation, and how the parents among them are chosen.</summary>
internal sealed class ParentPool<TGenome, TWorth> where TGenome : IGenome where TWorth : IWorth
{
    private readonly List<Member<TGenome, TWorth>> members;
    private readonly int entrants;
    private readonly Lexicase? lexicase;

    /// <param name="rng">Draws the cases of the generation.</param>
    /// <param name="members">At least one.</param>
    /// <param name="settings">How to choose.</param>
    public ParentPool(Rng rng, IEnumerable<Member<TGenome, TWorth>> members, SearchSettings settings)
    {
        this.members = [.. members.OrderByDescending(m => m.Fitness(settings.Parsimony)).ThenBy(static m => m.Candidate.Number)];
        entrants = settings.Tournament;
        bool cases = settings.Parents == ParentChoice.Lexicase && this.members[0].Appraisal.Cases.Length > 0;
        lexicase = cases ? new Lexicase(rng, [.. this.members.Select(static m => m.Appraisal.Cases)], settings.CaseShare) : null;
    }

    public Member<TGenome, TWorth> Choose(Rng rng)
    {
        if (lexicase is not null)
        {
            return members[lexicase.Choose(rng)];
        }

        // Sorted, so the fittest of some is the one that comes first.
        int first = members.Count - 1;
        for (int i = 0; i < entrants; i++)
        {
            first = Math.Min(first, rng.NextInt(members.Count));
        }

        return members[first];
    }
}

using System.Collections.Immutable;

namespace Peregrine.Lab.Populations;

/// <summary>A search between two generations, as plain facts that can be written down.</summary>
public sealed record SearchState<TWorth> where TWorth : IWorth
{
    public required int Generation { get; init; }

    public required int Evaluations { get; init; }

    public required ImmutableArray<IslandState<TWorth>> Islands { get; init; }

    /// <summary>A uniform sample of the distinct trials that had a path.</summary>
    public required ImmutableArray<SampledTrial> Sample { get; init; }

    /// <summary>How many distinct trials had a path, and so might have been in the sample.</summary>
    public required int Sampled { get; init; }

    /// <summary>Keys of the texts seen.</summary>
    public required ImmutableArray<UInt128> Texts { get; init; }

    /// <summary>Behaviours seen.</summary>
    public required ImmutableArray<UInt128> Behaviours { get; init; }
}

/// <summary>An island between two generations.</summary>
public sealed record IslandState<TWorth> where TWorth : IWorth
{
    public required double Best { get; init; }

    public required int Stagnant { get; init; }

    public required bool BeginAgain { get; init; }

    public required ImmutableArray<ImmutableArray<SavedMember<TWorth>>> Layers { get; init; }

    public required ImmutableArray<SavedMember<TWorth>> Arrivals { get; init; }

    /// <summary>The fittest of each idea so far.</summary>
    public required ImmutableArray<SavedMember<TWorth>> Leaders { get; init; }
}

/// <summary>A member with its genome as text.</summary>
public sealed record SavedMember<TWorth>(int Number, int Generation, string Text, Lineage Lineage, Place Place, TWorth Appraisal) where TWorth : IWorth
{
    /// <exception cref="FormatException">The text is none of the breeder's kind.</exception>
    public Member<TGenome, TWorth> ToMember<TGenome>(IBreeder<TGenome> breeder) where TGenome : IGenome => new(new Candidate<TGenome>(Number, Generation, breeder.Parse(Text), Lineage, Place), Appraisal);
}

internal static class SavedMembers
{
    public static ImmutableArray<SavedMember<TWorth>> Saved<TGenome, TWorth>(this IEnumerable<Member<TGenome, TWorth>> members) where TGenome : IGenome where TWorth : IWorth =>
        [.. members.Select(static m => new SavedMember<TWorth>(m.Candidate.Number, m.Candidate.Generation, m.Candidate.Genome.Text, m.Candidate.Lineage, m.Candidate.Place, m.Appraisal))];
}

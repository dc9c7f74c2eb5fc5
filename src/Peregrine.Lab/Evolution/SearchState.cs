using System.Collections.Immutable;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;

namespace Peregrine.Lab.Evolution;

/// <summary>A search between two generations, as plain facts that can be written down.</summary>
public sealed record SearchState
{
    public required int Generation { get; init; }

    public required int Evaluations { get; init; }

    public required double Best { get; init; }

    public required int Stagnant { get; init; }

    public required bool BeginAgain { get; init; }

    public required ImmutableArray<SavedMember> Population { get; init; }

    /// <summary>Keys of the texts seen.</summary>
    public required ImmutableArray<UInt128> Strategies { get; init; }

    /// <summary>Behaviours seen.</summary>
    public required ImmutableArray<UInt128> Behaviours { get; init; }
}

/// <summary>A member with its strategy as text.</summary>
public sealed record SavedMember(int Number, int Generation, string Text, Lineage Lineage, Appraisal Appraisal)
{
    public static SavedMember Of(Member member) =>
        new(member.Candidate.Number, member.Candidate.Generation, member.Candidate.Strategy.ToString(), member.Candidate.Lineage, member.Appraisal);

    /// <exception cref="FormatException">The text is no strategy.</exception>
    public Member ToMember() => new(new Candidate(Number, Generation, Genome.Of(Strategy.Parse(Text)), Lineage), Appraisal);
}

namespace Peregrine.Lab.Populations;

/// <summary>Where a candidate comes from: the variation operator, or <c>founder</c>, <c>immigrant</c>, <c>migrant</c>, <c>tuned</c> or <c>seed</c>, and the ids of its parents.</summary>
public sealed record Lineage(string Operator, string? Parent = null, string? Mate = null);

/// <summary>Where a candidate lives, and since when: its island, its layer there, and the generation in which its oldest ancestor was made.</summary>
public readonly record struct Place(int Island, int Layer, int Born);

/// <summary>A work item: a genome to appraise, the <see cref="Number"/>th of its run, counted from 0.</summary>
public sealed record Candidate<TGenome>(int Number, int Generation, TGenome Genome, Lineage Lineage, Place Place) where TGenome : IGenome
{
    public string Id { get; } = Genome.Id;
}

/// <summary>What a candidate would be among those there are.</summary>
public enum Standing : byte
{
    /// <summary>Everyone who lives where it would live is fitter.</summary>
    Lost = 0,

    /// <summary>It may live.</summary>
    Lives = 1,

    /// <summary>It would be one of the leaders.</summary>
    Leads = 2,
}

/// <summary>A candidate that was appraised and accepted.</summary>
public sealed record Member<TGenome, TWorth>(Candidate<TGenome> Candidate, TWorth Appraisal) where TGenome : IGenome where TWorth : IWorth
{
    /// <summary>Weighted nodes.</summary>
    public double Complexity { get; } = Candidate.Genome.Complexity;

    /// <summary>The score less what the size costs.</summary>
    public double Fitness(double parsimony) => Appraisal.Score - (parsimony * Complexity);

    /// <summary>How alike two do what they do, −1 to 1.</summary>
    public double Likeness(Member<TGenome, TWorth> other) => Likenesses.Of(Appraisal.Path, other.Appraisal.Path);
}

/// <summary>A row of the trial ledger: one candidate that was appraised. <see cref="IsDistinct"/> is false where an earlier candidate of the run behaved the same.</summary>
public sealed record Trial<TGenome, TWorth>(Candidate<TGenome> Candidate, TWorth Appraisal, bool IsDistinct) where TGenome : IGenome where TWorth : IWorth;

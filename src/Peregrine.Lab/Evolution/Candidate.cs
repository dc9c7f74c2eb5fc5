using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;

namespace Peregrine.Lab.Evolution;

/// <summary>Where a candidate comes from: the variation operator, or <c>founder</c>, <c>immigrant</c> or <c>seed</c>, and the ids of its parents.</summary>
public sealed record Lineage(string Operator, string? Parent = null, string? Mate = null);

/// <summary>A work item: a strategy to appraise, the <see cref="Number"/>th of its run, counted from 0.</summary>
public sealed record Candidate(int Number, int Generation, Genome Genome, Lineage Lineage)
{
    public Strategy Strategy => Genome.Strategy;

    public string Id { get; } = Genome.Strategy.Id;
}

/// <summary>A candidate that was appraised and accepted.</summary>
public sealed record Member(Candidate Candidate, Appraisal Appraisal)
{
    /// <summary>Weighted nodes, a mirrored rule counted once.</summary>
    public double Complexity { get; } = Candidate.Genome.Complexity;

    /// <summary>The score less what the size costs.</summary>
    public double Fitness(double parsimony) => Appraisal.Score - (parsimony * Complexity);
}

/// <summary>A row of the trial ledger: one candidate that was appraised. <see cref="IsDistinct"/> is false where an earlier candidate of the run behaved the same.</summary>
public sealed record Trial(
    int Number, int Generation, string Strategy, Lineage Lineage, UInt128 Behaviour, bool IsDistinct, Rejection Rejection, double Score, double Sharpe, int Trades, double Complexity);

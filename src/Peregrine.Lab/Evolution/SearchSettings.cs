using System.Collections.Immutable;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>Everything a search's result depends on besides the market: the same settings over the same data give the same strategies, on any number of threads.</summary>
public sealed record SearchSettings
{
    public required ulong Seed { get; init; }

    public required string Symbol { get; init; }

    public required Timeframe Timeframe { get; init; }

    /// <summary>Candidates to appraise in all.</summary>
    public int Evaluations { get; init; } = 10_000;

    /// <summary>Generations after which the search ends even so.</summary>
    public int Generations { get; init; } = int.MaxValue;

    /// <summary>Random candidates the search begins with, and with which it begins again when it gets no further.</summary>
    public int Founders { get; init; } = 1_000;

    /// <summary>The most candidates that live at a time.</summary>
    public int Population { get; init; } = 200;

    /// <summary>Candidates of one generation.</summary>
    public int Brood { get; init; } = 200;

    /// <summary>Share of a generation that is freshly grown.</summary>
    public double Immigrants { get; init; } = 0.05;

    /// <summary>How many are drawn to find one parent; the fittest of them is it.</summary>
    public int Tournament { get; init; } = 4;

    /// <summary>Score that one weighted node costs.</summary>
    public double Parsimony { get; init; } = 0.01;

    /// <summary>Candidates whose profits are this alike are one idea.</summary>
    public double Alike { get; init; } = 0.7;

    /// <summary>How many candidates of one idea may live.</summary>
    public int NicheCapacity { get; init; } = 8;

    /// <summary>Generations without progress after which the search begins again, the fittest of each idea kept.</summary>
    public int Patience { get; init; } = 15;

    /// <summary>The most strategies in the result.</summary>
    public int FrontSize { get; init; } = 10;

    public SizeLimits Limits { get; init; } = new();

    /// <summary>Strategies that take part from the start.</summary>
    public ImmutableArray<Strategy> Seeds { get; init; } = [];

    /// <summary>Candidates that a search without restarts appraises at most.</summary>
    public long MostEvaluations => Math.Min(Evaluations, Founders + ((Generations - 1L) * Brood));

    /// <summary>What makes a search with these settings impossible, in one sentence; null when nothing does.</summary>
    public string? Fault => this switch
    {
        { Evaluations: < 1 } or { Generations: < 1 } => "A search needs at least one evaluation and one generation.",
        { Founders: < 2 } or { Population: < 2 } or { Brood: < 1 } => "A search needs at least two founders, a population of two and a brood of one.",
        { FrontSize: < 1 } => "A result holds at least one strategy.",
        { Tournament: < 1 } => "A tournament has at least one entrant.",
        { Immigrants: not (>= 0 and <= 1) } => "The share of immigrants lies between 0 and 1.",
        { Limits: { RuleNodes: < 3 } or { MeasureNodes: < 1 } or { Depth: < 2 } or { Window: < 16 } } => "Rules need room: at least 3 nodes, depth 2 and windows of 16 bars.",
        _ => null,
    };
}

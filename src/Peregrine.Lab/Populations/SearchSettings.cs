namespace Peregrine.Lab.Populations;

/// <summary>How a parent is chosen.</summary>
public enum ParentChoice : byte
{
    /// <summary>The fittest of a few drawn at random.</summary>
    Tournament = 0,

    /// <summary>Case by case in random order, whoever is not near the best falls out (ε-lexicase, La Cava 2016, semi-dynamic).</summary>
    Lexicase = 1,
}

/// <summary>Who lives on.</summary>
public enum SurvivalRule : byte
{
    /// <summary>The fittest, but of one idea only so many (clearing, Pétrowski 1996).</summary>
    Fittest = 0,

    /// <summary>Fronts of what is nowhere beaten in all objectives at once, the lonely first (NSGA-II, Deb 2002).</summary>
    Pareto = 1,
}

/// <summary>Everything a search's result depends on besides the breeder and the appraisals: the same settings give the same result, on any number of threads.</summary>
public sealed record SearchSettings
{
    public required ulong Seed { get; init; }

    /// <summary>Candidates to appraise in all.</summary>
    public int Evaluations { get; init; } = 10_000;

    /// <summary>Generations after which the search ends even so.</summary>
    public int Generations { get; init; } = int.MaxValue;

    /// <summary>Populations that evolve apart.</summary>
    public int Islands { get; init; } = 3;

    /// <summary>Age layers of an island (ALPS, Hornby 2006); one is no layers.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Generations between two refillings of the lowest layer; the layers hold what is at most 1, 2, 4, 9, 16, 25 … times as old, the last of any age.</summary>
    public int AgeGap { get; init; } = 10;

    /// <summary>Random candidates the search begins with, and with which an island begins again when it gets no further; over all islands.</summary>
    public int Founders { get; init; } = 1_000;

    /// <summary>The most candidates that live at a time, over all islands and layers.</summary>
    public int Population { get; init; } = 200;

    /// <summary>Candidates of one generation, over all islands.</summary>
    public int Brood { get; init; } = 200;

    /// <summary>Share of a generation that is freshly made.</summary>
    public double Immigrants { get; init; } = 0.05;

    /// <summary>Share of what is freshly made that takes a known form with numbers of its own; a breeder that knows no forms makes all at random.</summary>
    public double Patterns { get; init; } = 0.25;

    /// <summary>The most nodes in one rule.</summary>
    public int RuleNodes { get; init; } = 24;

    public ParentChoice Parents { get; init; } = ParentChoice.Tournament;

    /// <summary>How many are drawn to find one parent by tournament; the fittest of them is it.</summary>
    public int Tournament { get; init; } = 4;

    /// <summary>Share of the cases that lexicase looks at in one generation; drawn anew for each.</summary>
    public double CaseShare { get; init; } = 0.25;

    public SurvivalRule Survival { get; init; } = SurvivalRule.Fittest;

    /// <summary>Neighbours by whose mean distance novelty is measured; 0 leaves it out of the objectives.</summary>
    public int NoveltyNeighbours { get; init; } = 5;

    /// <summary>Generations between two migrations; 0 for none, so that what two islands come to they have come to on their own.</summary>
    public int MigrationGap { get; init; }

    /// <summary>Share of an island's population that migrates, at least one.</summary>
    public double Migrants { get; init; } = 0.02;

    /// <summary>Generations between two in which the best are tuned; 0 for none.</summary>
    public int TuningGap { get; init; } = 5;

    /// <summary>Share of such a generation that goes into tuning.</summary>
    public double TuningShare { get; init; } = 0.3;

    /// <summary>How many of an island's best are tuned.</summary>
    public int TunedElites { get; init; } = 5;

    /// <summary>Score that one weighted node costs.</summary>
    public double Parsimony { get; init; } = 0.03;

    /// <summary>Candidates whose paths are this alike are one idea.</summary>
    public double Alike { get; init; } = 0.7;

    /// <summary>How many candidates of one idea may live in one layer where the fittest survive.</summary>
    public int NicheCapacity { get; init; } = 8;

    /// <summary>Generations without progress after which an island begins again, the fittest of each idea kept.</summary>
    public int Patience { get; init; } = 15;

    /// <summary>The most strategies in the result.</summary>
    public int FrontSize { get; init; } = 10;

    /// <summary>Score that it is worth, when the result is put in order, to agree with what the other leaders do: so much for a correlation of 1 with all of them together.</summary>
    public double Agreement { get; init; } = 2;

    /// <summary>Candidates that a search without restarts appraises at most.</summary>
    public long MostEvaluations => Math.Min(Evaluations, Founders + ((Generations - 1L) * Brood));

    /// <summary>Places in one layer of one island.</summary>
    public int Capacity => Math.Max(2, Population / (Islands * Layers));

    /// <summary>The most of what a search holds at a time, and of what it counts: more would only be slow to fail.</summary>
    private const int MostFounders = 100_000, MostLiving = 10_000, MostOfFront = 1_000, MostGenerations = 1_000_000, MostRuleNodes = 100;

    /// <summary>What makes a search with these settings impossible, in one sentence; null when nothing does.</summary>
    public string? Fault => this switch
    {
        { Evaluations: < 1 } or { Generations: < 1 } => "A search needs at least one evaluation and one generation.",
        { Islands: < 1 or > 256 } or { Layers: < 1 or > 10 } => "A search has 1 to 256 islands of 1 to 10 layers.",
        { AgeGap: < 1 } => "The age gap is at least one generation.",
        _ when Founders < 2 * Islands || Population < 2 * Islands * Layers || Brood < Islands =>
            $"Islands ({Islands}) times layers ({Layers}) need at least {2 * Islands} founders, a brood of {Islands} and a population of {2 * Islands * Layers}; there are {Founders}, {Brood} and {Population}.",
        { Founders: > MostFounders } or { Population: > MostLiving } or { Brood: > MostLiving } => $"A search has at most {MostFounders} founders, and {MostLiving} that live or are born at a time.",
        { FrontSize: < 1 or > MostOfFront } => $"A result holds 1 to {MostOfFront} strategies.",
        { Tournament: < 1 or > MostLiving } => $"A tournament has 1 to {MostLiving} entrants.",
        { AgeGap: > MostGenerations } or { TuningGap: > MostGenerations } or { MigrationGap: > MostGenerations } or { Patience: > MostGenerations } => $"Gaps and patience are at most {MostGenerations} generations.",
        { Immigrants: not (>= 0 and <= 1) } => "The share of immigrants lies between 0 and 1.",
        { Patterns: not (>= 0 and <= 1) } => "The share of known forms lies between 0 and 1.",
        { RuleNodes: < 3 or > MostRuleNodes } => $"A rule has room for 3 to {MostRuleNodes} nodes.",
        { CaseShare: not (> 0 and <= 1) } => "The share of cases lies above 0 and not above 1.",
        { Migrants: not (>= 0 and <= 1) } or { TuningShare: not (>= 0 and <= 1) } => "The shares of migrants and of tuning lie between 0 and 1.",
        { MigrationGap: < 0 } or { TuningGap: < 0 } or { TunedElites: < 1 } or { NoveltyNeighbours: < 0 } => "Gaps, neighbours and elites are counted from 0 up, elites from 1.",
        { Agreement: not (>= 0 and < 1e6) } => "What agreement is worth lies from 0 up to a million.",
        { Parsimony: not (>= 0 and < 1e6) } => "Parsimony lies from 0 up to a million.",
        { Alike: not (>= -1 and <= 1) } => "Likeness lies between -1 and 1.",
        { NicheCapacity: < 1 } => "A niche holds at least one.",
        { Patience: < 1 } => "Patience is at least one generation.",
        _ => null,
    };
}

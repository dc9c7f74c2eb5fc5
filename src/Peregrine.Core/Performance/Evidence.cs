namespace Peregrine.Core.Performance;

/// <summary>
/// Figures of a strategy over one part of the data, as its search traded it: fractions of the deposit at constant risk, an annual Sharpe ratio; the profit factor is null without a loss.
/// <see cref="P"/> is the probability of the Sharpe ratio without an edge; null where it was not or cannot be said.
/// </summary>
public sealed record EvidencePart(string Name, double Sharpe, double AnnualReturn, double MaxDrawdown, int Trades, double WinRate, double? ProfitFactor, double? P);

/// <summary>A candidate in a strategy's line of descent: the generation it was bred in, how, and its in-sample figures.</summary>
public sealed record EvidenceAncestor(string Id, int Generation, string Operator, double Sharpe, int Trades);

/// <summary>What a search says of a strategy it found: its figures part by part, the facts of the search, and its line of descent, the strategy first.</summary>
public sealed record Evidence(IReadOnlyList<EvidencePart> Parts, IReadOnlyList<Assumption> Facts, IReadOnlyList<EvidenceAncestor> Descent);

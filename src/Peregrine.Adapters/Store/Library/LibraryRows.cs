using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;

namespace Peregrine.Adapters.Store.Library;

/// <summary>A strategy of the library. <see cref="Stage"/> says how far it has come: <c>imported</c>, or <c>evolved</c> by a run; <c>validated</c> once a dossier says edge and somebody has promoted it.</summary>
public sealed record StoredStrategy(string Id, string Name, string Stage, Instant Added, Strategy Strategy)
{
    /// <summary>Figures of the run that found it best; null for one that no run has judged.</summary>
    public FrontRow? Judged { get; init; }
}

/// <summary>Figures of one strategy over one part of the data: fractions of the deposit at constant risk, an annual Sharpe ratio; the profit factor is null without a loss.</summary>
public sealed record PartFigures(double Sharpe, double AnnualReturn, double MaxDrawdown, int Trades, double WinRate, double? ProfitFactor);

/// <summary>A strategy in the front of a run. <see cref="P"/> is the probability of its out-of-sample Sharpe without an edge; null where it made too few trades to say.</summary>
public sealed record FrontRow(string Run, int Rank, string Strategy, double Score, double Complexity, PartFigures InSample, PartFigures OutOfSample, double? P)
{
    public required string Operator { get; init; }

    /// <summary>Ids of the parents, whose texts the library need not hold.</summary>
    public string? Parent { get; init; }

    public string? Mate { get; init; }
}

/// <summary>A run of the search. <see cref="Settings"/> is the text of everything its result depends on besides the data.</summary>
public sealed record RunRow(string Id, string Symbol, Timeframe Timeframe, ulong Seed, string Settings, string DataHash, Instant Started)
{
    public Instant? Finished { get; init; }

    public int Evaluations { get; init; }

    public int DistinctTrials { get; init; }

    public string? Hash { get; init; }

    public string? Finding { get; init; }

    public string? Reason { get; init; }

    /// <summary>How the run divided its data; null of a run that was begun before this was kept.</summary>
    public RunSpan? Span { get; init; }

    /// <summary>Every market the run searched, the one its strategies name first; empty of a run that was begun before this was kept, which had one.</summary>
    public IReadOnlyList<RunMarket> Markets { get; init; } = [];

    /// <summary>True when the run searched this symbol, on whatever timeframe.</summary>
    public bool Trades(string symbol) => Symbol == symbol || Markets.Any(m => m.Symbol == symbol);
}

/// <summary>One of the markets of a run.</summary>
public sealed record RunMarket(string Symbol, Timeframe Timeframe);

/// <summary>
/// How a run divided its data: strategies were made on what lies from <see cref="First"/> up to <see cref="Split"/>, judged on what lies from there up to <see cref="Lockbox"/>;
/// from there up to <see cref="Last"/> lies the lockbox.
/// </summary>
public sealed record RunSpan(Instant First, Instant Split, Instant Lockbox, Instant Last);

/// <summary>Somebody looked into a run's lockbox: with which strategy, over which range of time, and when.</summary>
public sealed record LockboxOpening(string Run, string Strategy, Instant First, Instant Last, Instant Opened)
{
    /// <summary>Its place among all openings, given when it is written down: two within one second are two.</summary>
    public long Number { get; init; }
}

/// <summary>A strategy that was traded by hand over a range of a symbol's time, and when.</summary>
public sealed record ManualLook(string Strategy, string Symbol, Instant First, Instant Last, Instant Seen);

/// <summary>A verdict on a strategy, the run whose verdict it was (null where none had found it), and where in the home its dossier lies.</summary>
public sealed record DossierRow(string Strategy, string? Run, string Finding, string Reason, string Path);

/// <summary>One candidate that a run appraised; the ledger is only ever added to.</summary>
public sealed record TrialRow(int Number, int Generation, string Strategy, string Operator, UInt128 Behaviour)
{
    public string? Parent { get; init; }

    public string? Mate { get; init; }

    /// <summary>False where an earlier candidate of the run behaved the same.</summary>
    public required bool IsDistinct { get; init; }

    /// <summary>Why it was no candidate; 0 when it was one.</summary>
    public required byte Rejection { get; init; }

    public required double Score { get; init; }

    public required double Sharpe { get; init; }

    public required int Trades { get; init; }

    public required double Complexity { get; init; }
}

/// <summary>A candidate in a line of descent: the generation it was bred in, the beginning of its id, how it was bred, and its in-sample figures.</summary>
public sealed record AncestorRow(int Generation, string Strategy, string Operator, double Sharpe, int Trades);

/// <summary>What is researched together: a symbol and timeframe over a range of data. Open ends are the ends of time.</summary>
public sealed record ProjectKey(string Symbol, Timeframe Timeframe, Instant From, Instant To);

using Peregrine.Core.Market;
using Peregrine.Core.Risk;

namespace Peregrine.Core.Simulation;

/// <summary>When the fast loop marks equity.</summary>
public enum EquityMarks : byte
{
    /// <summary>Only after the last bar.</summary>
    End = 0,

    /// <summary>At the last decision bar of every FX day, and after the last bar.</summary>
    Daily = 1,

    /// <summary>After every decision bar, and after the last: what a backtest marks.</summary>
    EveryBar = 2,
}

/// <summary>What one strategy trades with in the fast loop: an account without margin, one strategy, one symbol.</summary>
public sealed record FastSetup
{
    public required string Strategy { get; init; }

    public required Instrument Instrument { get; init; }

    public required SymbolCosts Costs { get; init; }

    public required Money Deposit { get; init; }

    public SizingRule Sizing { get; init; } = new();

    public Limits Limits { get; init; } = new();

    public int? HoldBars { get; init; }

    public EquityMarks Marks { get; init; }
}

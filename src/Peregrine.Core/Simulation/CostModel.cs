using Peregrine.Core.Market;

namespace Peregrine.Core.Simulation;

/// <summary>What trading one symbol costs.</summary>
public sealed record SymbolCosts
{
    /// <summary>Spread by New York hour of the week (168 entries, see <see cref="TradingWeek.HourOfWeek"/>), used only where data has no ask.</summary>
    public required IReadOnlyList<Move> SpreadByHour { get; init; }

    /// <summary>Commission per side, per million of the position's value.</summary>
    public required decimal CommissionPerMillion { get; init; }

    /// <summary>Adverse slippage of every market and stop fill.</summary>
    public required Move Slippage { get; init; }

    /// <summary>Nightly interest; null is not modelled.</summary>
    public SwapTerms? Swap { get; init; }

    /// <summary>No costs at all.</summary>
    public static SymbolCosts Zero { get; } = new() { SpreadByHour = new Move[168], CommissionPerMillion = 0, Slippage = Move.Zero };

    /// <summary>True where neither spread, commission nor slippage takes anything, whatever a night pays.</summary>
    public bool TakeNothing() => CommissionPerMillion == 0 && Slippage == Move.Zero && SpreadByHour.All(static m => m == Move.Zero);

    /// <summary>Spread, slippage and commission times a factor; moves are rounded up to the grain.</summary>
    public SymbolCosts Times(decimal factor) => this with
    {
        SpreadByHour = [.. SpreadByHour.Select(m => Scale(m, factor))],
        CommissionPerMillion = CommissionPerMillion * factor,
        Slippage = Scale(Slippage, factor),
    };

    private static Move Scale(Move move, decimal factor) => new((long)Math.Ceiling(move.Grains * factor));
}

/// <summary>A versioned set of costs by symbol.</summary>
public sealed record CostModel(string Version, IReadOnlyDictionary<string, SymbolCosts> Symbols)
{
    /// <summary>No costs for any symbol.</summary>
    public static CostModel Zero { get; } = new("zero", new Dictionary<string, SymbolCosts>(StringComparer.Ordinal));

    /// <summary>The symbol's costs; null when this model does not know the symbol.</summary>
    public SymbolCosts? For(string symbol) =>
        Symbols.TryGetValue(symbol, out SymbolCosts? costs) ? costs : string.Equals(Version, Zero.Version, StringComparison.Ordinal) ? SymbolCosts.Zero : null;
}

using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;

namespace Peregrine.Core.Trading;

/// <summary>Where a strategy's order life stands.</summary>
public enum SlotPhase : byte
{
    Flat = 0,

    /// <summary>An entry was sent; its answer is outstanding or it waits at the broker.</summary>
    Opening = 1,
    Open = 2,

    /// <summary>A close was sent and has not been answered.</summary>
    Closing = 3,

    /// <summary>The answer to an entry did not come: neither sent again nor given up until the broker has said twice that it does not know it.</summary>
    Unknown = 4,
}

/// <summary>One strategy in the engine: its phase, its sub-ledger and what it is waiting for.</summary>
internal sealed class Slot(TradedStrategy strategy, int symbol, SubLedger ledger)
{
    public TradedStrategy Strategy { get; } = strategy;

    public int Symbol { get; } = symbol;

    public SubLedger Ledger { get; } = ledger;

    public SlotPhase Phase { get; set; }

    public Decision Last { get; set; }

    /// <summary>The entry order in flight or behind the open position.</summary>
    public OrderRequest? Entry { get; set; }

    public long PositionId { get; set; }

    public Price Stop { get; set; }

    public Price? Target { get; set; }

    /// <summary>The position shared with other strategies of a netted account; null when the position is this strategy's alone.</summary>
    public Net? Net { get; set; }

    /// <summary>Of a strategy that shares its position: where its target will lie, from the fill. The broker does not know it.</summary>
    public Move? TargetDistance { get; set; }

    /// <summary>When the broker refused the close, which is sent anew once prices come again; null when it did not.</summary>
    public Instant? RefusedAt { get; set; }

    public bool Trailed { get; set; }

    /// <summary>The broker showed the position without a stop and has not confirmed the new one.</summary>
    public bool Unprotected { get; set; }

    public ExitReason CloseReason { get; set; }

    /// <summary>Why the position is to be left. Decided once: a close that was refused or lost is sent anew, whatever the strategy says later. Null while it is to be held.</summary>
    public ExitReason? Owed { get; set; }

    public int BarsHeld { get; set; }

    /// <summary>While the entry was on its way it was decided to close it as soon as it has filled, and why; null otherwise.</summary>
    public ExitReason? CloseOnFill { get; set; }

    /// <summary>When the outstanding command becomes unknown; null when nothing is outstanding.</summary>
    public Instant? Deadline { get; set; }

    /// <summary>When the broker accepted the outstanding market order or close, which the next price fills; null before.</summary>
    public Instant? AcceptedAt { get; set; }

    /// <summary>When a reconcile first did not know the entry; null before.</summary>
    public Instant? MissingSince { get; set; }

    /// <summary>The broker has the market order or close; the next price fills it, and is given <paramref name="within"/> to do so.</summary>
    public void Accepted(Instant now, Duration within) => (Deadline, AcceptedAt) = (now + within, now);

    /// <summary>Nothing is outstanding.</summary>
    public void Settled() => (Deadline, AcceptedAt) = (null, null);

    public void BecomeFlat()
    {
        (Phase, Entry, PositionId, Trailed, BarsHeld) = (SlotPhase.Flat, null, 0, false, 0);
        Owed = null;
        (CloseOnFill, Unprotected, RefusedAt, Deadline, AcceptedAt, MissingSince) = (null, false, null, null, null, null);
    }
}

/// <summary>The bars of one symbol and timeframe, and the strategies that decide on them.</summary>
internal sealed class BarFeed(int symbol, Timeframe timeframe)
{
    public int Symbol { get; } = symbol;

    public BarBuilder Builder { get; } = new(timeframe, QuoteSide.Bid);

    public List<Slot> Slots { get; } = [];
}

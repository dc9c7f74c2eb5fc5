using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Trading;

/// <summary>
/// The one position that several strategies share on a symbol of a netted account: what the broker holds, and whose exit is on its way. The sum of the strategies'
/// sub-ledgers equals it at every event; one exit at a time, so that every deal has one owner.
/// </summary>
internal sealed class Net(int symbol, Money zero)
{
    public int Symbol { get; } = symbol;

    public List<Slot> Slots { get; } = [];

    /// <summary>As the broker last said it; null when it holds nothing.</summary>
    public Position? Position { get; set; }

    /// <summary>The exit that was sent and is not done; null when none is.</summary>
    public NetExit? Exit { get; set; }

    /// <summary>The stop last asked for and not yet confirmed.</summary>
    public Price? Asked { get; set; }

    /// <summary>The position was seen without a stop, and the stop asked for has not been confirmed.</summary>
    public bool Unprotected { get; set; }

    /// <summary>When the answer to the stop of an unprotected position is overdue; null when none is outstanding.</summary>
    public Instant? Deadline { get; set; }

    /// <summary>Nightly interest of the broker's position that the strategies have been charged.</summary>
    public Money Swap { get; set; } = zero;

    /// <summary>What the broker has realised less what the strategies have: roundings and rates of other days. The trade that leaves all of them flat takes it.</summary>
    public Money Remainder { get; set; } = zero;

    /// <summary>Hundredths of units at the broker; negative is short.</summary>
    public long Held => Position is { } p ? p.Side.Sign() * p.Quantity.Cents : 0;

    /// <summary>Hundredths of units of all strategies together.</summary>
    public long Virtual
    {
        get
        {
            long sum = 0;
            foreach (Slot slot in Slots)
            {
                sum += slot.Ledger.Side.Sign() * slot.Ledger.Quantity.Cents;
            }

            return sum;
        }
    }

    public bool IsIdle
    {
        get
        {
            foreach (Slot slot in Slots)
            {
                if (slot.Ledger.IsOpen)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>What the strategies on one side hold together.</summary>
    public Quantity On(Side side)
    {
        Quantity sum = Quantity.Zero;
        foreach (Slot slot in Slots)
        {
            sum += slot.Ledger.IsOpen && slot.Ledger.Side == side ? slot.Ledger.Quantity : Quantity.Zero;
        }

        return sum;
    }

    /// <summary>The furthest stop of the strategies on one side: all of the position leaves there at the latest. Null when no strategy is on that side.</summary>
    public Price? FurthestStop(Side side)
    {
        Price? furthest = null;
        foreach (Slot slot in Slots)
        {
            if (slot.Ledger.IsOpen && slot.Ledger.Side == side && (furthest is not { } f || (side == Side.Buy ? slot.Stop < f : slot.Stop > f)))
            {
                furthest = slot.Stop;
            }
        }

        return furthest;
    }
}

/// <summary>A strategy's exit on its way: the close of part of a position, or, where the net lies on the other side, an order of its own.</summary>
internal sealed class NetExit(Slot slot, long positionId, OrderRequest? request, Quantity quantity)
{
    public Slot Slot { get; } = slot;

    /// <summary>The position that is closed in part; 0 for an order.</summary>
    public long PositionId { get; } = positionId;

    /// <summary>The order; null for a close.</summary>
    public OrderRequest? Request { get; } = request;

    /// <summary>Client order id of the order; null for a close.</summary>
    public string? Order => Request?.ClientOrderId;

    /// <summary>What has not been filled yet.</summary>
    public Quantity Left { get; set; } = quantity;

    /// <summary>When the outcome becomes unknown; null once the broker has answered.</summary>
    public Instant? Deadline { get; set; }

    /// <summary>When the broker accepted it; the next price fills it. Null before.</summary>
    public Instant? AcceptedAt { get; set; }

    /// <summary>When a reconcile first did not know the order; null before.</summary>
    public Instant? MissingSince { get; set; }

    public void Accepted(Instant now, Duration within) => (Deadline, AcceptedAt, MissingSince) = (now + within, now, null);
}

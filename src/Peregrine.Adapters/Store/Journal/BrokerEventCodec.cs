using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>What a broker says, as bytes. The numbers are stored: never reuse one.</summary>
internal static class BrokerEventCodec
{
    private const byte Accepted = 1, CloseReceived = 2, Rejected = 3, Cancelled = 4, Filled = 5, Changed = 6, Swap = 8, Reconcile = 9, Connection = 10, MarketEnd = 11, Refused = 12, History = 13;

    public static void Write(this ByteWriter to, BrokerEvent e)
    {
        switch (e)
        {
            case OrderAccepted x:
                Head(to, Accepted, e);
                to.Text(x.ClientOrderId);
                break;
            case CloseAccepted x:
                Head(to, CloseReceived, e);
                to.Long(x.PositionId);
                break;
            case OrderRejected x:
                Ended(to, Rejected, e, (x.ClientOrderId, x.Reason));
                break;
            case OrderCancelled x:
                Ended(to, Cancelled, e, (x.ClientOrderId, x.Reason));
                break;
            case OrderFilled x:
                Head(to, Filled, e);
                to.Write(x.Deal);
                to.WriteOptional(x.Position);
                break;
            case PositionChanged x:
                Head(to, Changed, e);
                to.Write(x.Position);
                break;
            case CommandRejected x:
                Head(to, Refused, e);
                to.Long(x.PositionId);
                to.Byte((byte)x.Command);
                to.Text(x.Reason);
                break;
            case SwapCharged x:
                Head(to, Swap, e);
                to.Long(x.PositionId);
                to.Money(x.Amount);
                break;
            case Reconciled x:
                Write(to, x);
                break;
            case ConnectionChanged x:
                Head(to, Connection, e);
                to.Flag(x.Connected);
                break;
            case HistoryTold x:
                Head(to, History, e);
                to.Text(x.Symbol);
                to.Byte((byte)x.Timeframe);
                to.Time(x.From);
                to.WriteBars(x.Bars);
                break;
            case MarketEnded:
                Head(to, MarketEnd, e);
                break;
            default:
                throw new InvalidOperationException($"The journal does not know {e.GetType().Name}.");
        }
    }

    /// <exception cref="FormatException">The bytes are no broker event.</exception>
    public static BrokerEvent BrokerEvent(this ByteReader from)
    {
        byte tag = from.Byte();
        Instant time = from.Time();
        return tag switch
        {
            Accepted => new OrderAccepted(time, from.Text()),
            CloseReceived => new CloseAccepted(time, from.Long()),
            Rejected => new OrderRejected(time, from.Text(), from.Text()),
            Cancelled => new OrderCancelled(time, from.Text(), from.Text()),
            Filled => new OrderFilled(time, from.Deal(), from.Flag() ? from.Position() : null),
            Changed => new PositionChanged(time, from.Position()),
            Refused => new CommandRejected(time, from.Long(), from.Enum<PositionCommand>(), from.Text()),
            Swap => new SwapCharged(time, from.Long(), from.Money()),
            Reconcile => new Reconciled(time, from.Money(), from.List(from.Position), from.List(from.Order), from.List(from.Deal)) { Closing = from.List(from.Long) },
            Connection => new ConnectionChanged(time, from.Flag()),
            History => new HistoryTold(time, from.Text(), from.Enum<Timeframe>(), from.Time(), from.Bars()),
            MarketEnd => new MarketEnded(time),
            _ => throw new FormatException($"there is no broker event of number {tag}"),
        };
    }

    private static void Write(ByteWriter to, Reconciled x)
    {
        Head(to, Reconcile, x);
        to.Money(x.Balance);
        to.List(x.Positions, to.Write);
        to.List(x.Orders, to.Write);
        to.List(x.Deals, to.Write);
        to.List(x.Closing, to.Long);
    }

    private static void Ended(ByteWriter to, byte tag, BrokerEvent e, (string ClientOrderId, string Reason) order)
    {
        Head(to, tag, e);
        to.Text(order.ClientOrderId);
        to.Text(order.Reason);
    }

    private static void Head(ByteWriter to, byte tag, BrokerEvent e)
    {
        to.Byte(tag);
        to.Time(e.Time);
    }
}

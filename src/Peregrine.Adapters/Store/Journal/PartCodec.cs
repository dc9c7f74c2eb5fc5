using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>Orders, deals and positions as bytes: the parts of which events and commands are made.</summary>
internal static class PartCodec
{
    public static void Write(this ByteWriter to, Price price) => to.Long(price.Grains);

    public static void Write(this ByteWriter to, Price? price) => to.Optional(price, p => to.Long(p.Grains));

    public static void Write(this ByteWriter to, Move move) => to.Long(move.Grains);

    public static void Write(this ByteWriter to, Quantity quantity) => to.Long(quantity.Cents);

    public static Price Price(this ByteReader from) => new(from.Long());

    public static Price? OptionalPrice(this ByteReader from) => from.Optional(from.Price);

    public static Move Move(this ByteReader from) => new(from.Long());

    public static Quantity Quantity(this ByteReader from) => new(from.Long());

    public static void Write(this ByteWriter to, OrderRequest order)
    {
        to.Text(order.ClientOrderId);
        to.Text(order.Label);
        to.Text(order.Symbol);
        to.Byte((byte)order.Side);
        to.Write(order.Quantity);
        to.Byte((byte)order.Type);
        to.Write(order.Limit);
        to.Write(order.Trigger);
        to.Write(order.StopDistance);
        to.Optional(order.TargetDistance, to.Write);
        to.Byte((byte)order.TimeInForce);
        to.Optional(order.Expiry, to.Time);
    }

    public static OrderRequest Order(this ByteReader from) => new()
    {
        ClientOrderId = from.Text(),
        Label = from.Text(),
        Symbol = from.Text(),
        Side = from.Enum<Side>(),
        Quantity = from.Quantity(),
        Type = from.Enum<OrderType>(),
        Limit = from.OptionalPrice(),
        Trigger = from.OptionalPrice(),
        StopDistance = from.Move(),
        TargetDistance = from.Optional(from.Move),
        TimeInForce = from.Enum<TimeInForce>(),
        Expiry = from.Optional(from.Time),
    };

    public static void Write(this ByteWriter to, Deal deal)
    {
        to.Long(deal.Id);
        to.Long(deal.PositionId);
        to.Text(deal.ClientOrderId);
        to.Text(deal.Label);
        to.Text(deal.Symbol);
        to.Byte((byte)deal.Side);
        to.Write(deal.Quantity);
        to.Write(deal.Price);
        to.Time(deal.Time);
        to.Money(deal.Commission);
        to.Write(deal.Slippage);
        to.Write(deal.Spread);
        to.Flag(deal.Closed is not null);
        if (deal.Closed is { } closed)
        {
            to.Money(closed.Gross);
            to.Byte((byte)closed.Reason);
            to.Flag(closed.Ambiguous);
        }
    }

    public static Deal Deal(this ByteReader from) => new()
    {
        Id = from.Long(),
        PositionId = from.Long(),
        ClientOrderId = from.Text(),
        Label = from.Text(),
        Symbol = from.Text(),
        Side = from.Enum<Side>(),
        Quantity = from.Quantity(),
        Price = from.Price(),
        Time = from.Time(),
        Commission = from.Money(),
        Slippage = from.Move(),
        Spread = from.Move(),
        Closed = from.Flag() ? new ClosedPart(from.Money(), from.Enum<ExitReason>(), from.Flag()) : null,
    };

    public static void WriteOptional(this ByteWriter to, Position? position)
    {
        to.Flag(position is not null);
        if (position is not null)
        {
            to.Write(position);
        }
    }

    public static void Write(this ByteWriter to, Position position)
    {
        to.Long(position.Id);
        to.Text(position.Symbol);
        to.Byte((byte)position.Side);
        to.Write(position.Quantity);
        to.Long(position.Cost.Grains);
        to.Time(position.OpenedAt);
        to.Write(position.Stop);
        to.Write(position.Target);
        to.Money(position.Swap);
        to.Text(position.Label);
        to.Text(position.ClientOrderId);
    }

    public static Position Position(this ByteReader from) => new()
    {
        Id = from.Long(),
        Symbol = from.Text(),
        Side = from.Enum<Side>(),
        Quantity = from.Quantity(),
        Cost = new QuoteValue(from.Long()),
        OpenedAt = from.Time(),
        Stop = from.OptionalPrice(),
        Target = from.OptionalPrice(),
        Swap = from.Money(),
        Label = from.Text(),
        ClientOrderId = from.Text(),
    };

    /// <summary>Bars one after the other, each by its difference from the one before: its time and its low; then how far open, high and close are above the low, and the volume.</summary>
    public static void WriteBars(this ByteWriter to, IReadOnlyList<Bar> bars)
    {
        to.Long(bars.Count);
        Bar before = default;
        foreach (Bar bar in bars)
        {
            to.Long(unchecked(bar.Time.Nanoseconds - before.Time.Nanoseconds));
            to.Long(unchecked(bar.Low.Grains - before.Low.Grains));
            to.Long(unchecked(bar.Open.Grains - bar.Low.Grains));
            to.Long(unchecked(bar.High.Grains - bar.Low.Grains));
            to.Long(unchecked(bar.Close.Grains - bar.Low.Grains));
            to.Long(BitConverter.DoubleToInt64Bits(bar.Volume));
            before = bar;
        }
    }

    /// <exception cref="FormatException">The bytes are no bars.</exception>
    public static IReadOnlyList<Bar> Bars(this ByteReader from)
    {
        var bars = new Bar[from.Count()];
        Bar before = default;
        for (int i = 0; i < bars.Length; i++)
        {
            var time = new Instant(unchecked(before.Time.Nanoseconds + from.Long()));
            long low = unchecked(before.Low.Grains + from.Long());
            before = bars[i] = new Bar(time, new Price(unchecked(low + from.Long())), new Price(unchecked(low + from.Long())), new Price(low), new Price(unchecked(low + from.Long())), BitConverter.Int64BitsToDouble(from.Long()));
        }

        return bars;
    }
}

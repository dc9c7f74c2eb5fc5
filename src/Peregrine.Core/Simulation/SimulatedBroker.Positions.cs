using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Core.Simulation;

public sealed partial class SimulatedBroker
{
    /// <summary>Balance and the unrealised result of every position at its exit side.</summary>
    public Money Equity => positions.Aggregate(Balance, (sum, p) => sum + UnrealisedOf(p));

    /// <summary>What a position would earn if it were closed at the last quote, costs apart.</summary>
    public Money UnrealisedOf(Position p)
    {
        int symbol = symbols[p.Symbol];
        (Price bid, Price ask) = market[symbol];
        return Conversion.ToMoney(p.Unrealised(bid, ask), RateOf(symbol, Fills.ExitSide(p.Side, bid, ask)), Balance.Currency);
    }

    private decimal UsedMargin => positions.Sum(p =>
    {
        int symbol = symbols[p.Symbol];
        return MarginOf(symbol, p.Quantity, Fills.ExitSide(p.Side, market[symbol].Bid, market[symbol].Ask));
    });

    /// <summary>The margin that an entry of this size would take at the last price; null before there is one.</summary>
    public Money? ExpectedMargin(int symbol, Side side, Quantity quantity)
    {
        (Price bid, Price ask) = market[symbol];
        return bid.Grains == 0 ? null : new Money(terms.Leverage is null ? 0 : MarginOf(symbol, quantity, side == Side.Buy ? ask : bid), Balance.Currency).Rounded();
    }

    /// <summary>The margin that a position takes at the last price; null without leverage or before there is a price.</summary>
    public Money? MarginOf(Position p)
    {
        int symbol = symbols[p.Symbol];
        return terms.Leverage is null || market[symbol].Bid.Grains == 0 ? null : new Money(MarginOf(symbol, p.Quantity, Fills.ExitSide(p.Side, market[symbol].Bid, market[symbol].Ask)), Balance.Currency).Rounded();
    }

    private decimal MarginOf(int symbol, Quantity quantity, Price price) =>
        (quantity * price).ToDecimal() * RateOf(symbol, price) / Math.Min(terms.Leverage!.Value, instruments[symbol].MaxLeverage ?? int.MaxValue);

    /// <summary>An entry order executes: it opens a position, or on a netted account adds to, reduces or turns the one that is there.</summary>
    private void Enter(OrderRequest r, Execution x, List<BrokerEvent> events)
    {
        int symbol = symbols[r.Symbol];
        int held = terms.Kind == AccountKind.Netted ? positions.FindIndex(p => string.Equals(p.Symbol, r.Symbol, StringComparison.Ordinal)) : -1;
        if (held >= 0 && positions[held].Side != r.Side)
        {
            Position p = positions[held];
            Quantity closing = r.Quantity <= p.Quantity ? r.Quantity : p.Quantity;
            ClosePart(p, closing, x, events, r);
            if (closing < r.Quantity)
            {
                Enter(r with { Quantity = r.Quantity - closing }, x, events);
            }

            return;
        }

        if (terms.Leverage is not null && MarginOf(symbol, r.Quantity, x.Price) > Equity.Amount - UsedMargin)
        {
            events.Add(new OrderRejected(x.Time, r.ClientOrderId, "NOT_ENOUGH_MONEY"));
            return;
        }

        Position after = Grow(held, r, x);
        Book(new Deal
        {
            Id = nextId++,
            PositionId = after.Id,
            ClientOrderId = r.ClientOrderId,
            Label = r.Label,
            Symbol = r.Symbol,
            Side = r.Side,
            Quantity = r.Quantity,
            Price = x.Price,
            Time = x.Time,
            Commission = Costs.Commission(costs[symbol], r.Quantity * x.Price, RateOf(symbol, x.Price), Balance.Currency),
            Slippage = x.Slippage,
            Spread = market[symbol].Ask - market[symbol].Bid,
        }, after, events);
    }

    private Position Grow(int held, OrderRequest r, Execution x)
    {
        Position before = held >= 0 ? positions[held] : new Position
        {
            Id = nextId++,
            Symbol = r.Symbol,
            Side = r.Side,
            Quantity = Quantity.Zero,
            Cost = QuoteValue.Zero,
            OpenedAt = x.Time,
            Label = r.Label,
            ClientOrderId = r.ClientOrderId,
            Swap = Money.Zero(Balance.Currency),
        };
        Position after = before with
        {
            Quantity = before.Quantity + r.Quantity,
            Cost = before.Cost + (r.Quantity * x.Price),
            Stop = r.StopDistance.Grains == 0 ? before.Stop : Furthest(r.Side, before.Stop, Fills.StopOf(r.Side, x.Price, r.StopDistance)),
            Target = r.TargetDistance is { } d ? Fills.TargetOf(r.Side, x.Price, d) : before.Target,
        };
        if (held >= 0)
        {
            positions[held] = after;
            return after;
        }

        int symbol = symbols[r.Symbol];
        if (!positions.Exists(p => symbols[p.Symbol] == symbol))
        {
            nextRollover[symbol] = Costs.NextRollover(costs[symbol].Swap, x.Time);
        }

        positions.Add(after);
        return after;
    }

    private static Price Furthest(Side side, Price? a, Price b) =>
        a is not { } x ? b : (side == Side.Buy) == (x < b) ? x : b;

    private void CloseAtMarket(WorkingOrder order, Instant now, List<BrokerEvent> events)
    {
        Position? p = positions.Find(x => x.Id == order.ClosesPosition);
        if (p is null)
        {
            events.Add(new CommandRejected(now, order.ClosesPosition, PositionCommand.Close, "POSITION_NOT_FOUND"));
            return;
        }

        Quantity quantity = order.CloseQuantity <= p.Quantity ? order.CloseQuantity : p.Quantity;
        ClosePart(p, quantity, AtMarket(p, now, order.Reason), events);
    }

    private Execution AtMarket(Position p, Instant now, ExitReason reason)
    {
        int symbol = symbols[p.Symbol];
        Move slippage = costs[symbol].Slippage;
        return new Execution(now, Fills.AtMarket(p.Side.Opposite(), market[symbol].Bid, market[symbol].Ask, slippage), slippage, reason);
    }

    private void ExitAtQuote(int symbol, Instant now, List<BrokerEvent> events)
    {
        (Price bid, Price ask) = market[symbol];
        for (int i = 0; i < positions.Count; i++)
        {
            Position p = positions[i];
            if (symbols[p.Symbol] != symbol)
            {
                continue;
            }

            BarExit exit = p.Stop is { } stop && Fills.StopHit(p.Side, stop, bid, ask) ? new BarExit(BarExitKind.Stop, Fills.ExitSide(p.Side, bid, ask), true, false)
                : p.Target is { } target && Fills.TargetHit(p.Side, target, bid, ask) ? new BarExit(BarExitKind.Target, target, true, false)
                : default;
            i -= Leave(p, exit, now, events) ? 1 : 0;
        }
    }

    private void ExitInBar(int symbol, in TwoSidedBar bar, Instant end, List<BrokerEvent> events)
    {
        for (int i = 0; i < positions.Count; i++)
        {
            Position p = positions[i];
            if (symbols[p.Symbol] == symbol && p.Stop is { } stop)
            {
                BarExit exit = Fills.InBar(p.Side, stop, p.Target, p.Side == Side.Buy ? bar.Bid : bar.Ask);
                i -= Leave(p, exit, exit.AtOpen ? bar.Bid.Time : end, events) ? 1 : 0;
            }
        }
    }

    /// <summary>Positions whose id is <paramref name="firstId"/> or later opened inside this bar.</summary>
    private void ExitInEntryBar(long firstId, in TwoSidedBar bar, Instant end, List<BrokerEvent> events)
    {
        for (int i = 0; i < positions.Count; i++)
        {
            Position p = positions[i];
            if (p.Id >= firstId && p.Stop is { } stop)
            {
                i -= Leave(p, Fills.InEntryBar(p.Side, stop, p.Target, p.Side == Side.Buy ? bar.Bid : bar.Ask), end, events) ? 1 : 0;
            }
        }
    }

    /// <summary>Carries out an exit by protection; false when there is none.</summary>
    private bool Leave(Position p, BarExit exit, Instant time, List<BrokerEvent> events)
    {
        switch (exit.Kind)
        {
            case BarExitKind.None:
                return false;
            case BarExitKind.Stop:
                Price price = Fills.Slipped(p.Side, exit.Price, costs[symbols[p.Symbol]].Slippage);
                ClosePart(p, p.Quantity, new Execution(time, price, (price - p.Stop!.Value).Abs(), ExitReason.Stop, exit.Ambiguous), events);
                return true;
            case BarExitKind.Target:
                ClosePart(p, p.Quantity, new Execution(time, exit.Price, Move.Zero, ExitReason.Target), events);
                return true;
            default:
                throw new InvalidOperationException("unknown exit");
        }
    }

    private void StopOut(Instant now, List<BrokerEvent> events)
    {
        while (terms.Leverage is not null && positions.Count > 0 && Equity.Amount < terms.StopOutLevel * UsedMargin)
        {
            Position worst = positions.MinBy(p => UnrealisedOf(p).Amount)!;
            ClosePart(worst, worst.Quantity, AtMarket(worst, now, ExitReason.StopOut), events);
        }
    }

    /// <summary>Closes part of a position: the cost of the part is its share, rounded half-even to the grain; the last part takes what is left.</summary>
    private void ClosePart(Position p, Quantity quantity, Execution x, List<BrokerEvent> events, OrderRequest? order = null)
    {
        int symbol = symbols[p.Symbol];
        QuoteValue cost = quantity == p.Quantity
            ? p.Cost
            : new QuoteValue((long)Math.Round((decimal)p.Cost.Grains * quantity.Cents / p.Quantity.Cents, MidpointRounding.ToEven));
        decimal rate = RateOf(symbol, x.Price);
        Position? after = quantity == p.Quantity ? null : p with { Quantity = p.Quantity - quantity, Cost = p.Cost - cost };
        int i = positions.FindIndex(q => q.Id == p.Id);
        if (after is null)
        {
            positions.RemoveAt(i);
        }
        else
        {
            positions[i] = after;
        }

        Book(new Deal
        {
            Id = nextId++,
            PositionId = p.Id,
            ClientOrderId = order?.ClientOrderId ?? "",
            Label = order?.Label ?? p.Label,
            Symbol = p.Symbol,
            Side = p.Side.Opposite(),
            Quantity = quantity,
            Price = x.Price,
            Time = x.Time,
            Commission = Costs.Commission(costs[symbol], quantity * x.Price, rate, Balance.Currency),
            Slippage = x.Slippage,
            Spread = market[symbol].Ask - market[symbol].Bid,
            Closed = new ClosedPart(Costs.Gross(p.Side, cost, quantity * x.Price, rate, Balance.Currency), x.Reason, x.Ambiguous),
        }, after, events);
    }

    private void Book(Deal deal, Position? after, List<BrokerEvent> events)
    {
        deals.Add(deal);
        Balance = Balance - deal.Commission + (deal.Closed?.Gross ?? Money.Zero(Balance.Currency));
        events.Add(new OrderFilled(deal.Time, deal, after));
    }
}

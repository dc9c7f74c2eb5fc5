using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;

namespace Peregrine.Core.Trading;

/// <content>
/// Several strategies on one symbol of a netted account. Entries are orders of their own. The broker's stop covers the whole net at the furthest stop of the strategies on its
/// side; nearer stops, and all targets, are executed here. An exit closes part of the net where the net lies on its side, and is an order where it does not.
/// </content>
public sealed partial class Engine
{
    private Net? NetOf(string symbol)
    {
        int i = IndexOf(symbol);
        return i < 0 ? null : nets[i];
    }

    /// <summary>Why no entry may join the position that others share or hold; null when it may.</summary>
    private string? NettingObjection(Slot slot)
    {
        if (setup.Kind != AccountKind.Netted)
        {
            return null;
        }

        if (foreign.Values.Any(p => string.Equals(p.Symbol, slot.Strategy.Symbol, StringComparison.Ordinal)))
        {
            return $"a foreign position in {slot.Strategy.Symbol} is open, and on a netted account an entry would become part of it";
        }

        return slot.Net is not { } net ? null
            : net.Exit?.Order is not null ? "another strategy's exit is on its way as an order; until it has filled the net's side is not known"
            : net.Held != net.Virtual ? "the broker's position differs from the sum of the strategies"
            : null;
    }

    private void OnNetDeal(Net net, Deal deal, Position? after, EngineOutput output)
    {
        if (after is not null && after.Id != net.Position?.Id)
        {
            (net.Swap, net.Asked) = (Money.Zero(Balance.Currency), null);
        }

        net.Position = after;
        net.Remainder += deal.Closed?.Gross ?? Money.Zero(Balance.Currency);
        bool ordered = byOrder.TryGetValue(deal.ClientOrderId, out Slot? slot);
        if (ordered && net.Exit?.Order == deal.ClientOrderId)
        {
            ExitFilled(net, net.Exit!, deal, output);
        }
        else if (ordered)
        {
            EnteredNet(slot!, deal, output);
        }
        else if (net.Exit is { Order: null } exit && exit.PositionId == deal.PositionId && deal.Closed is { Reason: ExitReason.Signal })
        {
            ExitFilled(net, exit, deal, output);
        }
        else if (deal.Closed is not null)
        {
            Distribute(net, deal, output);
        }

        if (InStep && net.Held != net.Virtual)
        {
            output.Alerts.Add($"after deal {deal.Id} the broker holds {new Quantity(net.Held)} of {deal.Symbol}, the strategies {new Quantity(net.Virtual)}");
            AskBroker(output);
        }

        Settle(net, output);
    }

    private void EnteredNet(Slot slot, Deal deal, EngineOutput output)
    {
        bool first = !slot.Ledger.IsOpen;
        int sign = deal.Side.Sign();
        if (first)
        {
            openCount++;
            slot.Stop = deal.Price - (slot.Entry!.StopDistance * sign);
            slot.Target = slot.TargetDistance is { } d ? deal.Price + (d * sign) : null;
            (slot.Phase, slot.Deadline, slot.AcceptedAt, slot.MissingSince) = (SlotPhase.Open, null, null, null);
        }

        slot.Ledger.Open(deal with { Closed = null }, slot.Stop, slot.Target, RateAt(slot.Symbol, deal.Price));
        if (slot.Ledger.Quantity >= slot.Entry!.Quantity)
        {
            byOrder.Remove(deal.ClientOrderId);
        }

        if (slot.CloseOnFill is { } reason)
        {
            Leave(slot, reason, output);
        }
    }

    /// <summary>A deal of the exit on its way. What the strategy no longer holds, because somebody else closed it meanwhile, is taken from the others.</summary>
    private void ExitFilled(Net net, NetExit exit, Deal deal, EngineOutput output)
    {
        exit.Left -= deal.Quantity;
        if (exit.Left.Cents <= 0 || (exit.Order is null && net.Position?.Id != exit.PositionId))
        {
            Done(net, exit);
        }

        Quantity own = exit.Slot.Ledger.Quantity < deal.Quantity ? exit.Slot.Ledger.Quantity : deal.Quantity;
        Money commission = ShareOf(deal.Commission, own.Cents, deal.Quantity.Cents);
        if (own.Cents > 0)
        {
            Part(exit.Slot, deal with { Quantity = own, Commission = commission }, exit.Slot.CloseReason, output);
        }

        if (own < deal.Quantity && deal.Closed is not null)
        {
            Distribute(net, deal with { Quantity = deal.Quantity - own, Commission = deal.Commission - commission }, output);
        }
    }

    private void Done(Net net, NetExit exit)
    {
        net.Exit = null;
        if (exit.Order is { } order)
        {
            byOrder.Remove(order);
        }
    }

    /// <summary>The broker closed by itself: the strategies on that side leave in the order in which their stops are reached. What a stop leaves of them leaves too.</summary>
    private void Distribute(Net net, Deal deal, EngineOutput output)
    {
        Side side = deal.Side.Opposite();
        Slot[] holders = [.. net.Slots.Where(s => s.Ledger.IsOpen && s.Ledger.Side == side).OrderBy(s => -side.Sign() * s.Stop.Grains)];
        long before = 0, all = deal.Quantity.Cents;
        foreach (Slot slot in holders)
        {
            long part = Math.Min(all - before, slot.Ledger.Quantity.Cents);
            if (part > 0)
            {
                Money commission = ShareOf(deal.Commission, before + part, all) - ShareOf(deal.Commission, before, all);
                ExitReason reason = deal.Closed!.Reason == ExitReason.Stop && slot.Trailed ? ExitReason.Trail : deal.Closed.Reason;
                Part(slot, deal with { Quantity = new Quantity(part), Commission = commission }, reason, output);
                before += part;
            }
        }

        if (deal.Closed!.Reason is ExitReason.Stop or ExitReason.StopOut)
        {
            foreach (Slot slot in holders.Where(s => s.Ledger.IsOpen))
            {
                Leave(slot, slot.Trailed && deal.Closed.Reason == ExitReason.Stop ? ExitReason.Trail : deal.Closed.Reason, output);
            }
        }
    }

    /// <summary>A part of a deal ends all or part of a strategy's holding, at a profit of its own.</summary>
    private void Part(Slot slot, Deal part, ExitReason reason, EngineOutput output)
    {
        Net net = slot.Net!;
        decimal rate = RateAt(slot.Symbol, part.Price);
        Money gross = Conversion.ToMoney(slot.Ledger.ProfitOf(part.Quantity, part.Price), rate, Balance.Currency).Rounded();
        net.Remainder -= gross;
        bool last = part.Quantity == slot.Ledger.Quantity && net.Slots.TrueForAll(s => s == slot || !s.Ledger.IsOpen);
        if (last)
        {
            gross += net.Remainder;
            net.Remainder = Money.Zero(Balance.Currency);
        }

        var closing = part with { Closed = new ClosedPart(gross, reason, part.Closed?.Ambiguous ?? false) };
        if (slot.Ledger.Close(closing, reason, slot.BarsHeld, rate) is { } trade)
        {
            output.Trades.Add(trade with { Id = slot.Entry!.ClientOrderId });
            openCount--;
            GoFlat(slot);
        }
    }

    /// <summary>The strategy is to leave; its exit goes out as soon as no other is on its way.</summary>
    private void Leave(Slot slot, ExitReason reason, EngineOutput output)
    {
        if (slot.Phase == SlotPhase.Open)
        {
            (slot.Phase, slot.CloseReason) = (SlotPhase.Closing, reason);
            Settle(slot.Net!, output);
        }
    }

    /// <summary>Everything the strategies share is to leave: opposite holdings cancel first.</summary>
    private void LeaveAll(Net net, ExitReason reason, EngineOutput output)
    {
        foreach (Slot slot in net.Slots.Where(s => s.Ledger.IsOpen))
        {
            slot.CloseReason = slot.Phase == SlotPhase.Open ? reason : slot.CloseReason;
            (slot.Phase, slot.RefusedAt) = (SlotPhase.Closing, null);
        }

        Settle(net, output);
    }

    /// <summary>After anything that changed a net: opposite exits cancel, the next exit goes out, the broker's stop is where it belongs.</summary>
    private void Settle(Net net, EngineOutput output)
    {
        if (!InStep)
        {
            return;
        }

        if (net.Exit is null)
        {
            Cross(net, output);
            SendExit(net, output);
        }

        Guard(net, output);
    }

    /// <summary>Of two strategies that leave opposite sides one buys from the other, at the mid price: the broker's position does not change, and nothing is paid.</summary>
    private void Cross(Net net, EngineOutput output)
    {
        while (Leaving(net, Side.Buy) is { } buyer && Leaving(net, Side.Sell) is { } seller)
        {
            MarketView m = market[net.Symbol];
            var deal = new Deal
            {
                Id = 0,
                PositionId = net.Position?.Id ?? 0,
                Symbol = buyer.Strategy.Symbol,
                Side = Side.Sell,
                Quantity = buyer.Ledger.Quantity < seller.Ledger.Quantity ? buyer.Ledger.Quantity : seller.Ledger.Quantity,
                Price = new Price((m.Bid.Grains + m.Ask.Grains) >> 1),
                Time = Now,
                Commission = Money.Zero(Balance.Currency),
            };
            Part(buyer, deal, buyer.CloseReason, output);
            Part(seller, deal with { Side = Side.Buy }, seller.CloseReason, output);
        }
    }

    private static Slot? Leaving(Net net, Side side) =>
        net.Slots.Find(s => s.Phase == SlotPhase.Closing && s.Ledger.IsOpen && s.Ledger.Side == side && s.RefusedAt is null);

    private void SendExit(Net net, EngineOutput output)
    {
        if ((Leaving(net, Side.Buy) ?? Leaving(net, Side.Sell)) is not { } slot)
        {
            return;
        }

        if (net.Position is { } p && p.Side == slot.Ledger.Side)
        {
            Quantity part = p.Quantity < slot.Ledger.Quantity ? p.Quantity : slot.Ledger.Quantity;
            net.Exit = new NetExit(slot, p.Id, null, part) { Deadline = Now + setup.AnswerDeadline };
            output.Commands.Add(new ClosePosition(p.Id, part, ExitReason.Signal));
            return;
        }

        // An order: only while no entry is on its way, so that the net cannot change sides under it, and only for what the broker really holds.
        if (net.Held == net.Virtual && net.Slots.TrueForAll(s => s.Entry is not { } entry || !byOrder.ContainsKey(entry.ClientOrderId)))
        {
            Side side = slot.Ledger.Side.Opposite();
            Price leaves = side == Side.Buy ? market[net.Symbol].Ask : market[net.Symbol].Bid;
            Move room = net.FurthestStop(side) is { } stop ? (leaves - stop) * side.Sign() : slot.Entry!.StopDistance;
            Move point = setup.Instruments[net.Symbol].Point;
            var submit = new SubmitOrder($"{setup.SessionId}-{++sequence}", RiskGate.Exit(slot.Ledger, setup.Instruments[net.Symbol], room < point ? point : room));
            net.Exit = new NetExit(slot, 0, submit.Order, submit.Order.Quantity) { Deadline = Now + setup.AnswerDeadline };
            byOrder.Add(submit.Order.ClientOrderId, slot);
            output.Commands.Add(submit);
        }
    }

    /// <summary>The broker's stop stands at the furthest stop of the strategies on the net's side.</summary>
    private void Guard(Net net, EngineOutput output)
    {
        if (net.Position is not { } p || net.FurthestStop(p.Side) is not { } stop || p.Stop == stop)
        {
            (net.Asked, net.Unprotected, net.Deadline) = (null, false, null);
            return;
        }

        if (net.Asked != stop)
        {
            if (p.Stop is null && net.Unprotected)
            {
                output.Alerts.Add($"position {p.Id} in {p.Symbol} still has no stop at the broker; closing it");
                LeaveSide(net, p.Side, output);
                return;
            }

            if (p.Stop is null)
            {
                output.Alerts.Add($"position {p.Id} in {p.Symbol} has no stop at the broker; setting {stop}");
                (net.Unprotected, net.Deadline) = (true, Now + setup.AnswerDeadline);
            }

            net.Asked = stop;
            output.Commands.Add(new AmendProtection(p.Id, stop, null));
        }
    }

    /// <summary>Stops and targets that the broker does not hold. Where the broker's own stop is reached as well, its deal comes by itself.</summary>
    private void WatchNet(Net net, EngineOutput output)
    {
        MarketView m = market[net.Symbol];
        Side? leaving = net.Position is { Stop: { } all } p && Protection.StopHit(p.Side, all, m.Bid, m.Ask) ? p.Side : null;
        foreach (Slot slot in net.Slots)
        {
            if (slot.Phase != SlotPhase.Open || slot.Ledger.Side == leaving)
            {
                continue;
            }

            if (Protection.StopHit(slot.Ledger.Side, slot.Stop, m.Bid, m.Ask))
            {
                Leave(slot, slot.Trailed ? ExitReason.Trail : ExitReason.Stop, output);
            }
            else if (slot.Target is { } target && Protection.TargetHit(slot.Ledger.Side, target, m.Bid, m.Ask))
            {
                Leave(slot, ExitReason.Target, output);
            }
        }
    }

    private void OnNetCommandRejected(Net net, CommandRejected rejected, EngineOutput output)
    {
        output.Alerts.Add($"a command on position {rejected.PositionId} was rejected: {rejected.Reason}");
        if (rejected.Command == PositionCommand.Close && net.Exit is { Order: null } exit && exit.PositionId == rejected.PositionId)
        {
            // The position may have gone or turned meanwhile: then the exit is made anew. Otherwise it waits for the next bar.
            net.Exit = null;
            bool isHeld = net.Position?.Id == rejected.PositionId;
            Refuse(exit.Slot, isHeld);
            Settle(net, output);
            if (isHeld)
            {
                // Why, the broker knows: the deal that ended the position may not have been told.
                AskBroker(output);
            }
        }
        else if (rejected.Command == PositionCommand.Amend && net.Position is { Stop: null } bare && bare.Id == rejected.PositionId)
        {
            LeaveSide(net, bare.Side, output);
        }
    }

    /// <summary>A stop that was asked for and not confirmed is asked for once a bar.</summary>
    private void AskStopAgain(Net? net, EngineOutput output)
    {
        if (net is { Asked: not null, Unprotected: false })
        {
            net.Asked = null;
            Settle(net, output);
        }
    }

    private void LeaveSide(Net net, Side side, EngineOutput output)
    {
        foreach (Slot slot in net.Slots.Where(s => s.Ledger.IsOpen && s.Ledger.Side == side).ToArray())
        {
            Leave(slot, ExitReason.Risk, output);
        }
    }

    private void OnNetSwap(Net net, Money amount)
    {
        net.Swap += amount;
        Slot[] holders = [.. net.Slots.Where(s => s.Ledger.IsOpen && s.Ledger.Side == net.Position!.Side)];
        long before = 0, all = holders.Sum(s => s.Ledger.Quantity.Cents);
        foreach (Slot slot in holders)
        {
            long after = before + slot.Ledger.Quantity.Cents;
            slot.Ledger.AddSwap(ShareOf(amount, after, all) - ShareOf(amount, before, all));
            before = after;
        }
    }

    private static Money ShareOf(Money whole, long part, long all) => (whole with { Amount = whole.Amount * part / all }).Rounded();
}

using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Trading;

public sealed partial class Engine
{
    /// <summary>Two reconciles this far apart that both do not know an order mean that it never arrived.</summary>
    private static readonly Duration SecondLook = Duration.FromSeconds(10);

    /// <summary>The next price fills a market order or a close that the broker has accepted; when it has come and this long has passed, the broker is asked what became of it.</summary>
    private static readonly Duration FillDeadline = Duration.FromMinutes(1);

    private void AskBroker(EngineOutput output)
    {
        InStep = false;
        reconcileAt = Now + SecondLook;
        output.Commands.Add(new RequestReconcile());
    }

    /// <summary>Answers that did not come in time: the outcome is unknown, the command is never sent again, the broker is asked.</summary>
    private void CheckDeadlines(EngineOutput output)
    {
        bool ask = reconcileAt <= Now;
        foreach (Slot slot in slots)
        {
            if (slot.Deadline > Now || slot.Deadline is null)
            {
                continue;
            }

            if (slot.AcceptedAt is { } accepted && market[slot.Symbol].QuoteTime <= accepted)
            {
                // No price since then, so nothing could fill.
                slot.Deadline = Now + FillDeadline;
                continue;
            }

            slot.Deadline = null;
            ask = true;
            output.Alerts.Add(slot switch
            {
                { AcceptedAt: not null } => $"what the broker accepted of {slot.Strategy.Id} has not filled; asking it",
                { Phase: SlotPhase.Opening } => $"no answer to order {slot.Entry!.ClientOrderId} within {setup.AnswerDeadline}: its outcome is unknown",
                { Phase: SlotPhase.Open } => $"no answer to the stop of position {slot.PositionId} within {setup.AnswerDeadline}",
                _ => $"no answer to the close of position {slot.PositionId} within {setup.AnswerDeadline}",
            });
            slot.Phase = slot.Phase == SlotPhase.Opening ? SlotPhase.Unknown : slot.Phase;
        }

        foreach (Net? net in nets)
        {
            ask |= net is not null && IsOverdue(net, output);
        }

        if (ask)
        {
            AskBroker(output);
        }
    }

    private bool IsOverdue(Net net, EngineOutput output)
    {
        bool overdue = false;
        if (net.Deadline <= Now)
        {
            net.Deadline = null;
            overdue = true;
            output.Alerts.Add($"no answer to the stop of {setup.Instruments[net.Symbol].Symbol}'s position within {setup.AnswerDeadline}");
        }

        if (net.Exit is { } exit && exit.Deadline <= Now)
        {
            bool couldFill = exit.AcceptedAt is not { } accepted || market[net.Symbol].QuoteTime > accepted;
            exit.Deadline = couldFill ? null : Now + FillDeadline;
            overdue |= couldFill;
            if (couldFill)
            {
                output.Alerts.Add($"the exit of {exit.Slot.Strategy.Id} was not answered or has not filled; its outcome is unknown");
            }
        }

        return overdue;
    }

    /// <summary>The broker's state is the truth: missed deals are taken up, unknown orders found or given up, protection restored, strangers noted.</summary>
    private void OnReconciled(Reconciled r, EngineOutput output)
    {
        if (r.Time < lastDeal)
        {
            // Said before a deal that is known here: it would take us back. The next question waits, lest the broker's clock be behind.
            InStep = false;
            reconcileAt = Now + SecondLook;
            return;
        }

        reconcileAt = null;
        var held = r.Positions.ToDictionary(p => p.Id);
        foreach (Deal deal in r.Deals.OrderBy(d => d.Id))
        {
            OnDeal(deal, (held.GetValueOrDefault(deal.PositionId), true), output);
        }

        TakeInterest(r);
        foreach (Slot slot in slots.ToArray())
        {
            switch (slot.Phase)
            {
                case SlotPhase.Opening or SlotPhase.Unknown:
                    FindEntry(slot, r, output);
                    break;
                case SlotPhase.Open or SlotPhase.Closing when slot.Net is not null:
                    break;
                case SlotPhase.Open or SlotPhase.Closing:
                    CheckHeld(slot, held.GetValueOrDefault(slot.PositionId), r.Closing.Contains(slot.PositionId), output);
                    break;
                case SlotPhase.Flat:
                    break;
                default:
                    throw new InvalidOperationException("unknown phase");
            }
        }

        foreach (Net net in nets.OfType<Net>())
        {
            ReconcileNet(net, r, output);
        }

        foreign.Clear();
        foreach (Position p in r.Positions.Where(p => !byPosition.ContainsKey(p.Id) && NetHolding(p.Id) is null))
        {
            foreign.Add(p.Id, p);
        }

        Adopt(r.Balance, output);
        InStep = true;
        SettleShared(output);
        if (marketEnded)
        {
            OnMarketEnded(output);
        }
    }

    /// <summary>What strategies share is brought to what they hold, after those have left that a bar told to which nobody saw.</summary>
    private void SettleShared(EngineOutput output)
    {
        foreach (Slot slot in slots)
        {
            if (slot is { Net: not null, Phase: SlotPhase.Open, Owed: { } owed })
            {
                slot.Owed = null;
                Leave(slot, owed, output);
            }
        }

        foreach (Net net in nets.OfType<Net>())
        {
            Settle(net, output);
        }
    }

    /// <summary>A statement holds all interest up to its time.</summary>
    private void TakeInterest(Reconciled r)
    {
        foreach (Position p in r.Positions)
        {
            charged[p.Id] = charged.TryGetValue(p.Id, out Instant last) && last > r.Time ? last : r.Time;
        }
    }

    private void Adopt(Money balance, EngineOutput output)
    {
        if (balance != Balance)
        {
            output.Alerts.Add($"the broker's balance is {balance}, ours was {Balance}; the broker's holds");
            Balance = balance;
        }
    }

    private void FindEntry(Slot slot, Reconciled r, EngineOutput output)
    {
        string id = slot.Entry!.ClientOrderId;
        if (r.Orders.Any(o => string.Equals(o.ClientOrderId, id, StringComparison.Ordinal)))
        {
            Answered(id);
            return;
        }

        slot.Phase = SlotPhase.Unknown;
        slot.Deadline = null;
        slot.MissingSince ??= r.Time;
        if (r.Time - slot.MissingSince.Value >= SecondLook)
        {
            output.Alerts.Add($"order {id} never arrived: the broker did not know it twice");
            byOrder.Remove(id);
            GiveUp(slot, slot.Entry!);
            slot.BecomeFlat();
            return;
        }

        reconcileAt = Now + SecondLook;
    }

    private void CheckHeld(Slot slot, Position? p, bool isClosing, EngineOutput output)
    {
        if (p is null)
        {
            Halted = $"position {slot.PositionId} of {slot.Strategy.Id} is gone at the broker without a deal";
            output.Alerts.Add(Halted);
            return;
        }

        if (p.Quantity != slot.Ledger.Quantity || p.Side != slot.Ledger.Side)
        {
            Halted = $"the broker holds {p.Side} {p.Quantity} in position {slot.PositionId}, {slot.Strategy.Id} {slot.Ledger.Side} {slot.Ledger.Quantity}";
            output.Alerts.Add(Halted);
        }

        slot.Phase = isClosing ? SlotPhase.Closing : SlotPhase.Open;
        slot.Settled();
        if (isClosing)
        {
            // Another close than the one that was refused is on its way.
            slot.RefusedAt = null;
            slot.Accepted(Now, FillDeadline);
        }

        slot.Ledger.SwapIs(p.Swap);
        if (p.Stop is null)
        {
            Protect(slot, output);
            return;
        }

        slot.Unprotected = false;
        slot.Trailed |= p.Stop != slot.Ledger.FirstStop;
        (slot.Stop, slot.Target) = (p.Stop.Value, p.Target);
        if (!isClosing && slot is { Owed: { } reason, RefusedAt: null })
        {
            // The close was lost: the broker holds the position and knows of none.
            Close(slot, reason, output);
        }
    }

    /// <summary>The broker's word on a net after a reconcile: its position, the exit on its way, nightly interest that was missed.</summary>
    private void ReconcileNet(Net net, Reconciled r, EngineOutput output)
    {
        Position? p = r.Positions.FirstOrDefault(x => string.Equals(x.Symbol, setup.Instruments[net.Symbol].Symbol, StringComparison.Ordinal));
        net.Position = net.IsIdle ? null : p;
        net.Asked = null;
        if (net.Position is { } held && held.Swap != net.Swap)
        {
            OnNetSwap(net, held.Swap - net.Swap);
        }

        if (net.Exit is { } exit)
        {
            bool known = exit.Order is { } order ? r.Orders.Any(o => string.Equals(o.ClientOrderId, order, StringComparison.Ordinal)) : r.Closing.Contains(exit.PositionId);
            exit.Deadline = null;
            if (known)
            {
                exit.Accepted(Now, FillDeadline);
            }
            else if ((exit.Order is null && p?.Id != exit.PositionId) || HasNeverArrived(exit, r.Time, output))
            {
                Done(net, exit);
            }
        }

        if (net.Held != net.Virtual)
        {
            Halted = $"the broker holds {new Quantity(net.Held)} of {setup.Instruments[net.Symbol].Symbol} for strategies that hold {new Quantity(net.Virtual)} together";
            output.Alerts.Add(Halted);
        }
    }

    private bool HasNeverArrived(NetExit exit, Instant said, EngineOutput output)
    {
        exit.MissingSince ??= said;
        if (said - exit.MissingSince.Value < SecondLook)
        {
            reconcileAt = Now + SecondLook;
            return false;
        }

        output.Alerts.Add($"the exit of {exit.Slot.Strategy.Id} never arrived: the broker did not know it twice");
        if (exit.Request is { } order)
        {
            GiveUp(exit.Slot, order);
        }

        return true;
    }

    /// <summary>The prices have ended: what the strategies still hold against each other cancels.</summary>
    private void OnMarketEnded(EngineOutput output)
    {
        marketEnded = true;
        if (!InStep)
        {
            return;
        }

        foreach (Net net in nets.OfType<Net>())
        {
            foreach (Slot slot in net.Slots.Where(s => s.Ledger.IsOpen))
            {
                (slot.Phase, slot.CloseReason, slot.RefusedAt) = (SlotPhase.Closing, ExitReason.End, null);
            }

            Cross(net, output);
        }
    }
}

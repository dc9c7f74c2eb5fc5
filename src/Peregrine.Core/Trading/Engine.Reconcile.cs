using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Trading;

public sealed partial class Engine
{
    /// <summary>Two reconciles this far apart that both do not know an order mean that it never arrived.</summary>
    private static readonly Duration SecondLook = Duration.FromSeconds(10);

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

            slot.Deadline = null;
            ask = true;
            if (slot.Phase == SlotPhase.Opening)
            {
                slot.Phase = SlotPhase.Unknown;
                output.Alerts.Add($"no answer to order {slot.Entry!.ClientOrderId} within {setup.AnswerDeadline}: its outcome is unknown");
            }
            else
            {
                output.Alerts.Add($"no answer to the close of position {slot.PositionId} within {setup.AnswerDeadline}");
            }
        }

        if (ask)
        {
            AskBroker(output);
        }
    }

    /// <summary>The broker's state is the truth: missed deals are taken up, unknown orders found or given up, protection restored, strangers noted.</summary>
    private void OnReconciled(Reconciled r, EngineOutput output)
    {
        reconcileAt = null;
        var held = r.Positions.ToDictionary(p => p.Id);
        foreach (Deal deal in r.Deals.OrderBy(d => d.Id))
        {
            OnDeal(deal, held.GetValueOrDefault(deal.PositionId), output);
        }

        foreach (Slot slot in slots)
        {
            switch (slot.Phase)
            {
                case SlotPhase.Opening or SlotPhase.Unknown:
                    FindEntry(slot, r, output);
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

        foreign.Clear();
        foreach (Position p in r.Positions.Where(p => !byPosition.ContainsKey(p.Id)))
        {
            foreign.Add(p.Id, p);
        }

        if (r.Balance != Balance)
        {
            output.Alerts.Add($"the broker's balance is {r.Balance}, ours was {Balance}; the broker's holds");
            Balance = r.Balance;
        }

        InStep = true;
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
        slot.MissingSince ??= Now;
        if (Now - slot.MissingSince.Value >= SecondLook)
        {
            output.Alerts.Add($"order {id} never arrived: the broker did not know it twice");
            byOrder.Remove(id);
            slot.BecomeFlat();
            return;
        }

        reconcileAt = slot.MissingSince.Value + SecondLook;
    }

    private void CheckHeld(Slot slot, Position? p, bool isClosing, EngineOutput output)
    {
        if (p is null)
        {
            Halted = $"position {slot.PositionId} of {slot.Strategy.Id} is gone at the broker without a deal";
            output.Alerts.Add(Halted);
            return;
        }

        // A close that the broker does not know was lost: it is decided anew at the next bar.
        slot.Phase = isClosing ? SlotPhase.Closing : SlotPhase.Open;
        slot.Deadline = null;
        slot.Ledger.SwapIs(p.Swap);
        if (p.Stop is null)
        {
            Protect(slot, output);
            return;
        }

        slot.Trailed |= p.Stop != slot.Ledger.FirstStop;
        (slot.Stop, slot.Target) = (p.Stop.Value, p.Target);
    }
}

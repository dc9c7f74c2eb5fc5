using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Trading;

/// <content>What must not stay: positions without a stop, closes that were refused, fills that nobody wants any more.</content>
public sealed partial class Engine
{
    /// <summary>A position without a stop at the broker: put it back, and close when that is refused, or has not helped.</summary>
    private void Protect(Slot slot, EngineOutput output)
    {
        if (slot.Unprotected && slot.Phase == SlotPhase.Open)
        {
            output.Alerts.Add($"position {slot.PositionId} of {slot.Strategy.Id} still has no stop at the broker; closing it");
            if (slot.RefusedAt is null)
            {
                Close(slot, ExitReason.Risk, output);
            }

            return;
        }

        output.Alerts.Add($"position {slot.PositionId} of {slot.Strategy.Id} has no stop at the broker; setting {slot.Stop}");
        output.Commands.Add(new AmendProtection(slot.PositionId, slot.Stop, slot.Target));
        slot.Unprotected = true;
        slot.Deadline ??= Now + setup.AnswerDeadline;
    }

    /// <summary>An order that two reconciles did not know has filled after all: it is ours, nobody wants it any more, and it is closed.</summary>
    private void TakeUp(Slot lost, Deal deal, EngineOutput output)
    {
        output.Alerts.Add($"order {deal.ClientOrderId} had been given up and has filled; it is closed");
        slots.Add(lost);
        lost.Net?.Slots.Add(lost);
        byOrder.Add(deal.ClientOrderId, lost);
    }

    /// <summary>A strategy's holding is gone. What its entry may still fill is nobody's, and is closed when it comes.</summary>
    private void GoFlat(Slot slot)
    {
        if (slot.Entry is { } entry && byOrder.Remove(entry.ClientOrderId))
        {
            GiveUp(slot, entry);
        }

        slot.BecomeFlat();
    }

    private void GiveUp(Slot slot, OrderRequest order) =>
        givenUp[order.ClientOrderId] = new Slot(slot.Strategy, slot.Symbol, new SubLedger(slot.Strategy.Id, setup.Instruments[slot.Symbol], setup.Deposit.Currency))
        {
            Entry = order,
            Net = slot.Net,
            Phase = SlotPhase.Opening,
            CloseOnFill = ExitReason.Risk,
        };

    private void Refuse(Slot slot, bool isRefused)
    {
        slot.RefusedAt = isRefused ? Now : null;
        refused |= isRefused;
    }

    /// <summary>Closes that were refused go out again once prices come, ten seconds later at the earliest.</summary>
    private void TryAgain(int symbol, EngineOutput output)
    {
        refused = false;
        foreach (Slot slot in slots.ToArray())
        {
            bool due = slot.RefusedAt is { } at && slot.Symbol == symbol && Now - at >= SecondLook && InStep;
            if (due && slot.Net is { } net)
            {
                slot.RefusedAt = null;
                Settle(net, output);
            }
            else if (due && slot is { Phase: SlotPhase.Open, Owed: { } reason })
            {
                Close(slot, reason, output);
            }

            refused |= slot.RefusedAt is not null;
        }
    }
}

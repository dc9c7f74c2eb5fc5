using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Trading;

public sealed partial class Engine
{
    private void OnBroker(BrokerEvent e, EngineOutput output)
    {
        switch (e)
        {
            case OrderAccepted accepted:
                Answered(accepted.ClientOrderId);
                break;
            case CloseAccepted accepted:
                if (byPosition.TryGetValue(accepted.PositionId, out Slot? closing))
                {
                    closing.Accepted(Now, FillDeadline);
                }
                else if (Array.Find(nets, n => n?.Exit?.PositionId == accepted.PositionId) is { } leaving)
                {
                    leaving.Exit!.Accepted(Now, FillDeadline);
                }

                break;
            case OrderRejected rejected:
                EntryEnded(rejected.ClientOrderId, $"order {rejected.ClientOrderId} was rejected: {rejected.Reason}", output);
                break;
            case OrderCancelled cancelled:
                EntryEnded(cancelled.ClientOrderId, $"order {cancelled.ClientOrderId} was cancelled: {cancelled.Reason}", output);
                break;
            case OrderFilled filled:
                OnDeal(filled.Deal, (filled.Position, false), output);
                break;
            case PositionChanged changed:
                OnPositionChanged(changed.Position, output);
                break;
            case CommandRejected rejected:
                OnCommandRejected(rejected, output);
                break;
            case SwapCharged swap:
                OnSwap(swap);
                break;
            case HistoryTold told:
                OnHistory(told);
                break;
            case MarketEnded:
                OnMarketEnded(output);
                break;
            case Reconciled reconciled:
                OnReconciled(reconciled, output);
                break;
            case ConnectionChanged connection:
                InStep = false;
                isCut = setup.IsToldHistory && !connection.Connected;
                if (connection.Connected)
                {
                    AskBroker(output);
                }

                break;
            default:
                throw new InvalidOperationException($"The engine does not know {e.GetType().Name}.");
        }
    }

    private void OnSwap(SwapCharged swap)
    {
        // A position is charged once a night, however often it is told.
        if (charged.TryGetValue(swap.PositionId, out Instant last) && swap.Time <= last)
        {
            return;
        }

        charged[swap.PositionId] = swap.Time;
        Balance += swap.Amount;
        if (byPosition.TryGetValue(swap.PositionId, out Slot? holder))
        {
            holder.Ledger.AddSwap(swap.Amount);
        }
        else if (NetHolding(swap.PositionId) is { } net)
        {
            OnNetSwap(net, swap.Amount);
        }
    }

    private void Answered(string clientOrderId)
    {
        if (ExitBy(clientOrderId) is { } exit)
        {
            exit.Accepted(Now, FillDeadline);
        }
        else if (byOrder.TryGetValue(clientOrderId, out Slot? slot))
        {
            slot.Settled();
            if (slot.Entry is { Type: OrderType.Market })
            {
                slot.Accepted(Now, FillDeadline);
            }

            slot.MissingSince = null;
            slot.Phase = slot.Phase == SlotPhase.Unknown ? SlotPhase.Opening : slot.Phase;
        }
    }

    private void EntryEnded(string clientOrderId, string alert, EngineOutput output)
    {
        if (!byOrder.TryGetValue(clientOrderId, out Slot? slot))
        {
            return;
        }

        output.Alerts.Add(alert);
        byOrder.Remove(clientOrderId);
        if (ExitBy(clientOrderId) is { } exit)
        {
            slot.Net!.Exit = null;
            Refuse(slot, exit.Left.Cents > 0);
            Settle(slot.Net, output);
            return;
        }

        if (slot.Phase is SlotPhase.Opening or SlotPhase.Unknown)
        {
            // Should it have filled after all, it is ours, and is closed.
            GiveUp(slot, slot.Entry!);
            slot.BecomeFlat();
        }
    }

    /// <summary>A deal counts once, however often it is told, and never before the one that opened its position. <c>Stated</c>: out of a reconcile, which tells all, in order.</summary>
    private void OnDeal(Deal deal, (Position? After, bool Stated) told, EngineOutput output)
    {
        if (deals.Contains(deal.Id))
        {
            return;
        }

        if (!told.Stated && deal.Closed is not null && !IsKnown(deal))
        {
            output.Alerts.Add($"deal {deal.Id} closes more of position {deal.PositionId} than is known here; the broker is asked");
            AskBroker(output);
            return;
        }

        deals.Add(deal.Id);
        lastDeal = deal.Time > lastDeal ? deal.Time : lastDeal;
        Position? after = told.After;
        if (after is null)
        {
            gone.Add(deal.PositionId);
        }

        if (givenUp.Remove(deal.ClientOrderId, out Slot? lost))
        {
            TakeUp(lost, deal, output);
        }

        Balance = Balance - deal.Commission + (deal.Closed?.Gross ?? Money.Zero(Balance.Currency));
        if (NetOf(deal.Symbol) is { } net && (!net.IsIdle || byOrder.ContainsKey(deal.ClientOrderId)))
        {
            OnNetDeal(net, deal, after, output);
        }
        else if (deal.Closed is null && byOrder.TryGetValue(deal.ClientOrderId, out Slot? entering))
        {
            Opened(entering, deal, after, output);
        }
        else if (deal.Closed is not null && byPosition.TryGetValue(deal.PositionId, out Slot? holder))
        {
            Reduced(holder, deal, output);
        }
        else if (after is null)
        {
            foreign.Remove(deal.PositionId);
        }
        else if (byPosition.ContainsKey(deal.PositionId))
        {
            output.Alerts.Add($"deal {deal.Id} is not ours and adds to position {deal.PositionId}, which is; the broker is asked");
            AskBroker(output);
        }
        else
        {
            foreign[deal.PositionId] = after;
        }
    }

    /// <summary>True when what a deal closes is held here: of ours no more than the strategies hold.</summary>
    private bool IsKnown(Deal deal) =>
        byOrder.ContainsKey(deal.ClientOrderId)
        || (byPosition.TryGetValue(deal.PositionId, out Slot? slot) ? deal.Quantity <= slot.Ledger.Quantity
            : NetOf(deal.Symbol) is { IsIdle: false } net ? net.Position?.Id == deal.PositionId && deal.Quantity <= net.On(deal.Side.Opposite())
            : foreign.ContainsKey(deal.PositionId));

    private void Opened(Slot slot, Deal deal, Position? after, EngineOutput output)
    {
        OrderRequest entry = slot.Entry!;
        Price stop = deal.Side == Side.Buy ? deal.Price - entry.StopDistance : deal.Price + entry.StopDistance;
        Price? target = entry.TargetDistance is { } d ? (deal.Side == Side.Buy ? deal.Price + d : deal.Price - d) : null;
        openCount += slot.Ledger.IsOpen ? 0 : 1;
        slot.Phase = slot.Ledger.IsOpen ? slot.Phase : SlotPhase.Open;
        slot.Ledger.Open(deal, after?.Stop ?? stop, after?.Target ?? target, RateAt(slot.Symbol, deal.Price));
        slot.PositionId = deal.PositionId;
        (slot.Stop, slot.Target) = (after?.Stop ?? stop, after?.Target ?? target);
        slot.MissingSince = null;
        byPosition[deal.PositionId] = slot;
        if (slot.Ledger.Quantity >= entry.Quantity)
        {
            byOrder.Remove(deal.ClientOrderId);
        }

        if (slot.Phase == SlotPhase.Open)
        {
            slot.Settled();
        }

        if (after is { Stop: null })
        {
            Protect(slot, output);
        }

        if (slot.CloseOnFill is { } reason && slot.Phase == SlotPhase.Open)
        {
            Close(slot, reason, output);
        }
    }

    private void Reduced(Slot slot, Deal deal, EngineOutput output)
    {
        ExitReason reason = deal.Closed!.Reason switch
        {
            ExitReason.Stop when slot.Trailed => ExitReason.Trail,
            ExitReason.Signal when slot.Phase == SlotPhase.Closing => slot.CloseReason,
            var said => said,
        };
        if (slot.Ledger.Close(deal, reason, slot.BarsHeld, RateAt(slot.Symbol, deal.Price)) is { } trade)
        {
            output.Trades.Add(trade);
            byPosition.Remove(deal.PositionId);
            openCount--;
            GoFlat(slot);
        }
        else if (slot.Phase == SlotPhase.Closing)
        {
            // The rest of a close in parts: when it does not come, the broker is asked what became of it.
            (slot.Deadline, slot.AcceptedAt) = (Now + setup.AnswerDeadline, null);
        }
    }

    private Net? NetHolding(long positionId) => Array.Find(nets, n => n?.Position?.Id == positionId);

    private NetExit? ExitBy(string clientOrderId) => Array.Find(nets, n => n?.Exit?.Order is { } order && string.Equals(order, clientOrderId, StringComparison.Ordinal))?.Exit;

    private decimal RateAt(int symbol, Price price) => Conversion.Rate(setup.Instruments[symbol], setup.Deposit.Currency, price) ?? 0m;

    private void OnPositionChanged(Position p, EngineOutput output)
    {
        if (gone.Contains(p.Id))
        {
            // Said before the deal that ended it.
            return;
        }

        if (NetHolding(p.Id) is { } net)
        {
            // Side and quantity come from deals: this may be older than the last of them.
            net.Position = net.Position! with { Stop = p.Stop, Target = p.Target };
            Settle(net, output);
            return;
        }

        if (!byPosition.TryGetValue(p.Id, out Slot? slot))
        {
            foreign[p.Id] = p;
            return;
        }

        if (p.Stop is not { } stop)
        {
            Protect(slot, output);
            return;
        }

        (slot.Unprotected, slot.Deadline) = (false, slot.Phase == SlotPhase.Open ? null : slot.Deadline);
        slot.Trailed |= stop != slot.Ledger.FirstStop;
        (slot.Stop, slot.Target) = (stop, p.Target);
    }

    private void OnCommandRejected(CommandRejected rejected, EngineOutput output)
    {
        if ((NetHolding(rejected.PositionId) ?? Array.Find(nets, n => n?.Exit?.PositionId == rejected.PositionId)) is { } net)
        {
            OnNetCommandRejected(net, rejected, output);
            return;
        }

        output.Alerts.Add($"a command on position {rejected.PositionId} was rejected: {rejected.Reason}");
        if (!byPosition.TryGetValue(rejected.PositionId, out Slot? slot))
        {
            return;
        }

        if (rejected.Command == PositionCommand.Amend && slot.Unprotected && slot.Phase == SlotPhase.Open)
        {
            Close(slot, ExitReason.Risk, output);
        }
        else if (rejected.Command == PositionCommand.Close && slot.Phase == SlotPhase.Closing)
        {
            slot.Phase = SlotPhase.Open;
            Refuse(slot, true);
            slot.Settled();
            AskBroker(output);
        }
    }

    private void OnOperator(OperatorWord word, EngineOutput output)
    {
        switch (word)
        {
            case Halt halt:
                Halted = halt.Reason;
                break;
            case Resume:
                Halted = null;
                break;
            case Flatten flatten:
                Halted = "flattened by the operator";
                FlattenAll(flatten.All, output);
                break;
            case CloseOne close:
                if (byPosition.TryGetValue(close.PositionId, out Slot? slot) && slot.Phase == SlotPhase.Open)
                {
                    Close(slot, ExitReason.Operator, output);
                }
                else if (NetHolding(close.PositionId) is { } net)
                {
                    LeaveAll(net, ExitReason.Operator, output);
                }

                break;
            default:
                throw new InvalidOperationException($"The engine does not know the word {word.GetType().Name}.");
        }
    }

    private void FlattenAll(bool all, EngineOutput output)
    {
        foreach (Net net in nets.OfType<Net>())
        {
            LeaveAll(net, ExitReason.Operator, output);
        }

        foreach (Slot slot in slots)
        {
            switch (slot.Phase)
            {
                case SlotPhase.Open:
                    Close(slot, ExitReason.Operator, output);
                    break;
                case SlotPhase.Opening or SlotPhase.Unknown:
                    slot.CloseOnFill = ExitReason.Operator;
                    if (slot.Entry is { Type: not OrderType.Market } pending)
                    {
                        output.Commands.Add(new CancelOrder(pending.ClientOrderId));
                    }

                    break;
                case SlotPhase.Flat or SlotPhase.Closing:
                    break;
                default:
                    throw new InvalidOperationException("unknown phase");
            }
        }

        if (all)
        {
            output.Commands.AddRange(foreign.Values.Select(p => new ClosePosition(p.Id, p.Quantity, ExitReason.Operator)));
        }
    }
}

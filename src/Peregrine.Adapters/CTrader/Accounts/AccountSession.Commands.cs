using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Core;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.CTrader.Accounts;

public sealed partial class AccountSession
{
    private readonly Dictionary<string, CancelOrder> withdrawn = new(StringComparer.Ordinal);

    /// <summary>Takes a command of the engine. What cannot leave is told to be not done; what leaves is told of when it is answered.</summary>
    public void Send(Instant at, Command command)
    {
        if (talk is null || Phase != SessionPhase.Ready)
        {
            NotDone(at, command, "there is no connection");
            return;
        }

        if (command is not RequestReconcile)
        {
            Torn();
        }

        switch (command)
        {
            case SubmitOrder submit:
                Ask(at, Outward.Order(submit.Order, terms.Account, symbols!), command);
                break;
            case AmendProtection amend:
                Ask(at, Outward.Amend(amend, terms.Account), command);
                break;
            case ClosePosition close:
                Ask(at, Outward.Close(close, terms.Account), command);
                break;
            case CancelOrder cancel when inward!.NumberOf(cancel.ClientOrderId) is { } number:
                Ask(at, Outward.Cancel(number, terms.Account), command);
                break;
            case CancelOrder cancel:
                // The order left, and the server has not said yet under which number it stands, or whether it does: it is withdrawn once that is known, and a statement tells what else there is.
                withdrawn[cancel.ClientOrderId] = cancel;
                inward!.MustAsk = true;
                Further(at);
                break;
            case RequestReconcile:
                inward!.MustAsk = true;
                Further(at);
                break;
            default:
                throw new InvalidOperationException($"The session does not know {command.GetType().Name}.");
        }
    }

    /// <summary>An order stands whose number was not known when it was to be withdrawn.</summary>
    private void Withdraw(Instant at, string clientOrderId)
    {
        if (inward!.NumberOf(clientOrderId) is { } number && withdrawn.Remove(clientOrderId, out CancelOrder? cancel))
        {
            Ask(at, Outward.Cancel(number, terms.Account), cancel);
        }
    }

    private string? Refused(Instant at, Command command, Said.Refused refused)
    {
        switch (command)
        {
            case CancelOrder:
                // What is not there any more was filled, or is gone: a statement tells which.
                inward!.MustAsk = true;
                break;
            default:
                NotDone(at, command, refused.Error.Code);
                break;
        }

        NeedsToken |= refused.Error.IsOfToken;
        return refused.Meaning == ErrorMeaning.Reauthorise ? $"the account is not authorised any more: {refused.Error}" : null;
    }

    /// <summary>Tells that a command was not carried out, where that is certain.</summary>
    private void NotDone(Instant at, Command command, string why)
    {
        Instant time = Stamp(at);
        switch (command)
        {
            case SubmitOrder submit:
                Tell(new OrderRejected(time, submit.Order.ClientOrderId, why));
                break;
            case AmendProtection amend:
                Tell(new CommandRejected(time, amend.PositionId, PositionCommand.Amend, why));
                break;
            case ClosePosition close:
                Tell(new CommandRejected(time, close.PositionId, PositionCommand.Close, why));
                break;
            case CancelOrder or RequestReconcile:
                // The order stands as it did, and the next connection is asked anyway.
                break;
            default:
                throw new InvalidOperationException($"The session does not know {command.GetType().Name}.");
        }
    }
}

using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;

namespace Peregrine.Core.Trading;

/// <summary>What the engine wants done at the broker. Commands are journalled before they leave.</summary>
public abstract record Command
{
    private protected Command()
    {
    }
}

/// <summary>Send a new order. It can be built from an <see cref="ApprovedOrder"/> only, and that only the risk gate makes.</summary>
public sealed record SubmitOrder : Command
{
    public SubmitOrder(string clientOrderId, ApprovedOrder approved) => Order = OrderRequest.From(clientOrderId, approved);

    public OrderRequest Order { get; }
}

/// <summary>Replace a position's protection; both levels are stated, null removes the target. A stop is never removed.</summary>
public sealed record AmendProtection(long PositionId, Price Stop, Price? Target) : Command;

/// <summary>Close part or all of a position at the market.</summary>
public sealed record ClosePosition(long PositionId, Quantity Quantity, ExitReason Reason) : Command;

/// <summary>Withdraw a pending order.</summary>
public sealed record CancelOrder(string ClientOrderId) : Command;

/// <summary>Ask the broker what it holds: positions, pending orders and recent deals.</summary>
public sealed record RequestReconcile : Command;

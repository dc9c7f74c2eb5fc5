using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Risk;

/// <summary>A proposal with the size that risk allows. Only <see cref="RiskGate"/> can make one: the permission is the type.</summary>
public abstract class ApprovedOrder
{
    private protected ApprovedOrder(Proposal proposal, Quantity quantity, Money risk) =>
        (Proposal, Quantity, Risk) = (proposal, quantity, risk);

    public Proposal Proposal { get; }

    public Quantity Quantity { get; }

    /// <summary>What the position loses at its stop, before costs, in account money.</summary>
    public Money Risk { get; }
}

/// <summary>A proposal that risk does not allow: which rule, and why with its figures.</summary>
public sealed record Refusal(Instant Time, string Strategy, string Symbol, string Rule, string Reason);

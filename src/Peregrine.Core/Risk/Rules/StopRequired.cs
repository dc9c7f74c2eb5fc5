namespace Peregrine.Core.Risk.Rules;

/// <summary>No position without a stop at the broker from the moment it exists.</summary>
internal static class StopRequired
{
    public static string? Check(in RiskQuestion q, Limits limits) => q.Proposal.StopDistance.Grains < q.Proposal.Instrument.Point.Grains
        ? "the order has no protective stop"
        : null;
}

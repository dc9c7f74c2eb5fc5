using Peregrine.Core;

namespace Peregrine.Venue.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind : byte
{
    /// <summary>The connection breaks: before a message, after it, or in the middle.</summary>
    Cut = 0,

    /// <summary>Nothing leaves any more for a while, and the connection stays.</summary>
    Silence = 1,

    /// <summary>What happened to an order is not told.</summary>
    Lose = 2,

    /// <summary>What happened to an order is told twice.</summary>
    Twice = 3,

    /// <summary>What happened to an order is told later.</summary>
    Late = 4,

    /// <summary>What happened to an order is told after what happened next.</summary>
    Reorder = 5,

    /// <summary>An order is refused, in one of three shapes.</summary>
    Reject = 6,

    /// <summary>A market order is refused because the price is another by now.</summary>
    Requote = 7,

    /// <summary>Of a market order only a part is filled, and the rest cancelled.</summary>
    Partial = 8,

    /// <summary>Every request is refused for a while, and connections are ended.</summary>
    Maintenance = 9,

    /// <summary>Every request of history is refused for a while.</summary>
    Block = 10,

    /// <summary>Bars of the past that close at their low are told without their high.</summary>
    Trendbars = 11,

    /// <summary>The prices of a symbol stop for a while.</summary>
    Stale = 12,

    /// <summary>A stop-out closes, and nobody is told.</summary>
    QuietStopOut = 13,

    /// <summary>The time of an access token is over, and with it the sessions that were authorised by it; it can be renewed.</summary>
    Expire = 14,

    /// <summary>An access token is taken back: a person has to log in again.</summary>
    Revoke = 15,
}

/// <summary>Where a connection breaks.</summary>
public enum CutPlace : byte
{
    Before = 0,
    After = 1,
    Middle = 2,
}

/// <summary>How an order is refused.</summary>
public enum RejectShape : byte
{
    /// <summary>An order error.</summary>
    OrderError = 0,

    /// <summary>An execution that says rejected.</summary>
    Rejected = 1,

    /// <summary>The error that any request can have.</summary>
    Error = 2,
}

/// <summary>One kind of fault, when it may happen and how often. Each thing that it could happen to is an opportunity, and chance decides.</summary>
public sealed record FaultRule(FaultKind Fault)
{
    /// <summary>By the venue's time, inclusive; null is always.</summary>
    public Instant? From { get; init; }

    public Instant? To { get; init; }

    /// <summary>Of an opportunity, 0 to 1.</summary>
    public double Chance { get; init; } = 1;

    /// <summary>So often at most; null without end.</summary>
    public int? Most { get; init; }

    public CutPlace Where { get; init; }

    public RejectShape Shape { get; init; }

    /// <summary>The code that a refusal has.</summary>
    public string Code { get; init; } = "TRADING_DISABLED";

    /// <summary>How long what lasts lasts, and how late what is late comes.</summary>
    public Duration For { get; init; } = Duration.FromSeconds(30);

    /// <summary>The symbol that it is about; null is every one.</summary>
    public string? Symbol { get; init; }
}

using Peregrine.Core;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>When to dial again: at once the first time, then after twice as long each time, spread at random lest all clients of a server that comes back arrive together.</summary>
internal sealed class Redial(Rng rng, Instant now)
{
    private static readonly Duration Shortest = Duration.FromSeconds(1), Longest = Duration.FromMinutes(2), Furthest = Duration.FromHours(4);

    private int losses;
    private Instant? notBefore;

    public Instant At { get; private set; } = now;

    /// <summary>A connection was lost; one that had come so far as to trade begins the count anew.</summary>
    public void Lost(Instant at, bool wasReady)
    {
        losses = wasReady ? 0 : losses;
        Duration longest = Shortest * (1L << Math.Min(losses, 7));
        longest = longest < Longest ? longest : Longest;
        losses++;
        Instant next = at + new Duration((long)(longest.Nanoseconds * (0.5 + (0.5 * rng.NextUnit()))));
        At = notBefore is { } said && said > next ? (said < at + Furthest ? said : at + Furthest) : next;
        notBefore = null;
    }

    /// <summary>The server says when it may be asked again.</summary>
    public void NotBefore(Instant? said) => notBefore = said ?? notBefore;
}

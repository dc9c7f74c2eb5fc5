using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;

namespace Peregrine.Venue;

/// <summary>An application that may speak with the venue.</summary>
public sealed record RegisteredApplication(string ClientId, string Secret);

/// <summary>An account at the venue: the number that every message names it by, the login that people know it by, and its terms.</summary>
public sealed record OfferedAccount(long Id, long Login, AccountTerms Terms)
{
    public bool IsLive { get; init; }
}

/// <summary>
/// Access to some accounts, given to an application by their owner, until it expires, and the token that renews it. Without <paramref name="CanTrade"/> it only shows them. Where requests are counted in real time it expires by real
/// time, else by the venue's own.
/// </summary>
public sealed record AccessToken(string Text, string Refresh, IReadOnlyList<long> Accounts, Instant ExpiresAt, bool CanTrade = true)
{
    /// <summary>The application that alone may use it; null for any.</summary>
    public string? ClientId { get; init; }
}

/// <summary>Which accounts a host routes requests to: the broker's real hosts serve one kind each.</summary>
public enum HostKind : byte
{
    Both = 0,
    Demo = 1,
    Live = 2,
}

/// <summary>What a venue is made of. Symbols are numbered from one, in the order given.</summary>
public sealed record VenueSetup
{
    public required IReadOnlyList<RegisteredApplication> Applications { get; init; }

    public required IReadOnlyList<OfferedAccount> Accounts { get; init; }

    public required IReadOnlyList<AccessToken> Tokens { get; init; }

    public required IReadOnlyList<Instrument> Instruments { get; init; }

    public required CostModel Costs { get; init; }

    /// <summary>Where prices of before come from; without it there are bars of what was traded since the first question about them, and no ticks.</summary>
    public IPastPrices? Past { get; init; }

    public HostKind Host { get; init; }

    /// <summary>How long the access tokens live that the venue gives.</summary>
    public Duration TokenLife { get; init; } = Duration.FromSeconds(2_628_000);

    /// <summary>Brings words that nobody can guess, a new one each time, for codes and tokens; without it the venue gives none.</summary>
    public Func<string>? Words { get; init; }
}

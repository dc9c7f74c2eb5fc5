using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>Whose session it is and what is traded in it. It holds a secret and is never printed.</summary>
public sealed class SessionTerms
{
    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    /// <summary>The number that messages name the account by; not its login.</summary>
    public required long Account { get; init; }

    public required AccountKind Kind { get; init; }

    public required Currency Currency { get; init; }

    public required IReadOnlyList<Instrument> Instruments { get; init; }

    /// <summary>Deals before this are known already.</summary>
    public required Instant Since { get; init; }

    /// <summary>How far time had come at a server that is followed, as far as is known; null: to <see cref="Since"/>.</summary>
    public Instant? Reached { get; init; }

    /// <summary>Bars that are told before prices are, on every connection: of the past, and those that closed unseen. Empty where the session begins with the first price.</summary>
    public IReadOnlyList<WantedHistory> History { get; init; } = [];

    /// <summary>True of a server that replays other days: the time is what it says, and nothing is late between two of its prices.</summary>
    public bool FollowsServer { get; init; }

    /// <summary>True of a server that waits after each price until it is asked for the next. Nothing is paced then, and it is followed.</summary>
    public bool IsStepped { get; init; }
}

/// <summary>What an engine wants told, and how many bars where it has none yet.</summary>
public sealed record WantedHistory(HistoryWish Wish, int Bars);

/// <summary>How far a session has come. Nothing of it survives a lost connection, so each begins at the beginning.</summary>
public enum SessionPhase : byte
{
    /// <summary>Without a connection, until it is time to dial.</summary>
    Waiting = 0,

    /// <summary>The application is being authorised.</summary>
    Application = 1,

    /// <summary>The account is being authorised.</summary>
    Account = 2,

    /// <summary>What the account is and what can be traded on it is being read.</summary>
    Reading = 3,

    /// <summary>The facts of the symbols are being read.</summary>
    Symbols = 4,

    /// <summary>Prices are being subscribed to.</summary>
    Prices = 5,

    /// <summary>The bars of the past are being read.</summary>
    History = 6,

    Ready = 7,

    /// <summary>It cannot go on; <see cref="AccountSession.Fault"/> says why.</summary>
    Over = 8,
}

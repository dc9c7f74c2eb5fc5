namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>What is known of a refresh token, which works once.</summary>
public enum RefreshState : byte
{
    /// <summary>It was not used.</summary>
    Unused = 0,

    /// <summary>It was about to be used, and no answer was kept: it may be spent.</summary>
    Underway = 1,

    /// <summary>The server does not take it any more.</summary>
    Refused = 2,
}

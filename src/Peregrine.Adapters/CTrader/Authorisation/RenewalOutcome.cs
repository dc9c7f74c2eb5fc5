namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>Which tokens there are now.</summary>
public abstract record RenewalOutcome
{
    private RenewalOutcome()
    {
    }

    /// <summary>Those that were there, which are good for a while.</summary>
    public sealed record Current(TokenPair Tokens) : RenewalOutcome;

    /// <summary>New ones, which are on the disk.</summary>
    public sealed record Renewed(TokenPair Tokens) : RenewalOutcome;

    /// <summary>Those that were there, because the server could not be reached; later it may be. They may have expired.</summary>
    public sealed record Postponed(TokenPair Tokens, string Why) : RenewalOutcome;

    /// <summary>None that can be relied on: a person has to log in.</summary>
    public sealed record LoginNeeded(string Why) : RenewalOutcome;
}

using Peregrine.Adapters.CTrader.Transport;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>How far one gets at a server of the Open API with what one has. What is said of a reason holds no secret.</summary>
public abstract record ServerFinding
{
    private ServerFinding()
    {
    }

    /// <summary>Nobody was reached.</summary>
    public sealed record Unreached(DialProblem Problem, string Why) : ServerFinding;

    /// <summary>A connection was made, and then nothing was said in time, or it broke off.</summary>
    public sealed record Speechless(string Why) : ServerFinding;

    /// <summary>It is in no state to answer now.</summary>
    public sealed record Busy(string Why) : ServerFinding;

    /// <summary>It does not take the application.</summary>
    public sealed record ApplicationRefused(string Why) : ServerFinding;

    /// <summary>It does not take the access token.</summary>
    public sealed record TokensRefused(bool HaveExpired, string Why) : ServerFinding;

    /// <summary>It is not the server of this kind of account.</summary>
    public sealed record WrongHost(BrokerAccount Account, string Why) : ServerFinding;

    /// <summary>It does not take an account that the tokens open.</summary>
    public sealed record AccountRefused(BrokerAccount Account, string Why) : ServerFinding;

    /// <summary>All is well; <paramref name="Account"/> is what was authorised, null where the tokens open none of the kind.</summary>
    public sealed record Good(GrantedAccounts Granted, BrokerAccount? Account) : ServerFinding;
}

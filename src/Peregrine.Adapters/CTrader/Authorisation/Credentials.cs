namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>All that the vault keeps: the application, the tokens and what became of their renewal, the accounts they open and which of them is chosen. Its text shows no secret.</summary>
public sealed record Credentials
{
    public static readonly Credentials None = new();

    public BrokerApplication? Application { get; init; }

    public TokenPair? Tokens { get; init; }

    public RefreshState Refresh { get; init; }

    /// <summary>What the tokens allow; null where the server has not said.</summary>
    public TokenScope? Scope { get; init; }

    public IReadOnlyList<BrokerAccount> Accounts { get; init; } = [];

    /// <summary>The id of the account that is meant where none is named.</summary>
    public long? Chosen { get; init; }

    /// <summary>The same with another application. Tokens belong to the application that they were given to; with a new secret of the same one, a renewal that was refused is worth another try.</summary>
    public Credentials With(BrokerApplication application) => application.ClientId == Application?.ClientId
        ? this with { Application = application, Refresh = Refresh == RefreshState.Refused ? RefreshState.Underway : Refresh }
        : new Credentials { Application = application };

    /// <summary>The same with tokens renewed, which open what those before them did.</summary>
    public Credentials Renewed(TokenPair tokens) => this with { Tokens = tokens, Refresh = RefreshState.Unused };

    /// <summary>The same with the tokens of a new login, of which nobody knows yet what they open.</summary>
    public Credentials LoggedIn(TokenPair tokens) => Renewed(tokens) with { Accounts = [], Scope = null };

    /// <summary>The same with the accounts that the tokens open. What was chosen stays so while it is among them; one that is alone is chosen.</summary>
    public Credentials With(GrantedAccounts granted) => this with
    {
        Scope = granted.Scope,
        Accounts = granted.Accounts,
        Chosen = granted.Accounts is [var only] ? only.Id : granted.Accounts.FirstOrDefault(a => a.Id == Chosen)?.Id,
    };

    /// <summary>The same without tokens, and so without accounts.</summary>
    public Credentials WithoutTokens() => new() { Application = Application };

    public override string ToString() => $"{Application?.ToString() ?? "no application"}, {Tokens?.ToString() ?? "no tokens"}";
}

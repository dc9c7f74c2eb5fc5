namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>The accounts that tokens open, and what they allow there; null where the server does not say.</summary>
public sealed record GrantedAccounts(TokenScope? Scope, IReadOnlyList<BrokerAccount> Accounts);

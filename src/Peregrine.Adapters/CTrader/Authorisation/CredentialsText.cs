using System.Text.Json;
using Peregrine.Core;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>Credentials as the text that the vault seals: the one place where secrets are written out.</summary>
internal static class CredentialsText
{
    public static byte[] Write(Credentials c) => JsonSerializer.SerializeToUtf8Bytes(new Kept(
        c.Application is { } a ? new KeptApplication(a.ClientId, a.ClientSecret) : null,
        c.Tokens is { } t ? new KeptTokens(t.AccessToken, t.RefreshToken, t.Obtained.Nanoseconds, t.Expires.Nanoseconds) : null,
        c.Refresh,
        c.Scope,
        [.. c.Accounts.Select(static b => new KeptAccount(b.Id, b.Login, b.IsLive, b.Broker))],
        c.Chosen));

    /// <exception cref="JsonException">It is no such text.</exception>
    public static Credentials Read(ReadOnlySpan<byte> text)
    {
        Kept kept = JsonSerializer.Deserialize<Kept>(text) ?? throw new JsonException("nothing is in it");
        return new Credentials
        {
            Application = kept.Application is { } a ? new BrokerApplication(a.ClientId, a.ClientSecret) : null,
            Tokens = kept.Tokens is { } t ? new TokenPair(t.Access, t.Refresh, new Instant(t.Obtained), new Instant(t.Expires)) : null,
            Refresh = kept.Refresh,
            Scope = kept.Scope,
            Accounts = [.. kept.Accounts.Select(static b => new BrokerAccount(b.Id, b.Login, b.IsLive, b.Broker))],
            Chosen = kept.Chosen,
        };
    }

    private sealed record Kept(KeptApplication? Application, KeptTokens? Tokens, RefreshState Refresh, TokenScope? Scope, IReadOnlyList<KeptAccount> Accounts, long? Chosen);

    private sealed record KeptApplication(string ClientId, string ClientSecret);

    /// <summary>Times are nanoseconds since 1970.</summary>
    private sealed record KeptTokens(string Access, string Refresh, long Obtained, long Expires);

    private sealed record KeptAccount(long Id, long? Login, bool IsLive, string Broker);
}

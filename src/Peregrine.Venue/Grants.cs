using Peregrine.Core;

namespace Peregrine.Venue;

/// <summary>What an account's owner allows an application on the login page: which accounts it opens, and whether it may trade there.</summary>
public sealed record Permission(string ClientId, IReadOnlyList<long> Accounts, bool CanTrade);

/// <summary>What becomes of asking for tokens.</summary>
public abstract record TokenReply
{
    /// <summary>What kind of tokens they all are.</summary>
    internal const string Kind = "bearer";

    private TokenReply()
    {
    }

    /// <summary>There they are. What they were asked for with is spent, and so is the access token before them where they were renewed.</summary>
    public sealed record Granted(AccessToken Token, Duration Life) : TokenReply
    {
        /// <summary>An access token that is worth nothing any more.</summary>
        internal string? Ended { get; init; }
    }

    /// <summary>There are none. The words hold nothing of what was asked with.</summary>
    public sealed record Denied(string ErrorCode, string Description) : TokenReply;
}

/// <summary>
/// The codes and tokens that the venue has given, without a clock or chance of its own: whoever asks tells the time, and the setup brings the words that nobody can guess. A code lives a minute and works once, a refresh token works
/// once, and what it renews ends with it.
/// </summary>
internal sealed class Grants
{
    /// <summary>More codes and tokens than these are not kept: the oldest goes.</summary>
    private const int MostCodes = 100, MostTokens = 1_000;

    private static readonly Duration CodeLife = Duration.FromMinutes(1);

    private static readonly TokenReply.Denied Unknown = new("ACCESS_DENIED", "Access denied. Make sure the credentials are valid.");

    private readonly VenueSetup setup;
    private readonly OrderedDictionary<string, Promise> codes = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, AccessToken> tokens = new(StringComparer.Ordinal);

    public Grants(VenueSetup setup)
    {
        this.setup = setup;
        foreach (AccessToken token in setup.Tokens)
        {
            tokens.Add(token.Text, token);
        }
    }

    /// <summary>The token of a text, expired or not, where the application may use it; null where there is none.</summary>
    public AccessToken? Find(string text, RegisteredApplication by) => tokens.TryGetValue(text, out AccessToken? token) && IsOf(token, by.ClientId) ? token : null;

    /// <summary>A code for a permission, which is only good together with the address that it is sent to.</summary>
    public string Promised(Permission permission, string redirect, Instant at)
    {
        while (codes.Count > 0 && (codes.Count >= MostCodes || codes.GetAt(0).Value.Until <= at))
        {
            codes.RemoveAt(0);
        }

        string code = Word();
        codes.Add(code, new Promise(permission, redirect, at + CodeLife));
        return code;
    }

    /// <summary>Tokens for a code. With them the refresh token of an earlier login at the same application is spent.</summary>
    public TokenReply Redeem(RegisteredApplication who, (string Code, string Redirect) with, Instant at)
    {
        if (!setup.Applications.Contains(who) || !codes.TryGetValue(with.Code, out Promise? promise) || promise.Permission.ClientId != who.ClientId)
        {
            return Unknown;
        }

        codes.Remove(with.Code);
        if (promise.Until <= at || promise.Redirect != with.Redirect)
        {
            return Unknown;
        }

        for (int i = 0; i < tokens.Count; i++)
        {
            AccessToken earlier = tokens.GetAt(i).Value;
            if (earlier.ClientId == who.ClientId)
            {
                tokens.SetAt(i, earlier with { Refresh = "" });
            }
        }

        return Given(promise.Permission, at);
    }

    /// <summary>The next tokens for a refresh token, before or after the access token beside it has expired.</summary>
    public TokenReply Renew(RegisteredApplication who, string refresh, Instant at)
    {
        AccessToken? before = refresh.Length == 0 ? null : tokens.Values.FirstOrDefault(t => t.Refresh == refresh && IsOf(t, who.ClientId));
        if (before is null || !setup.Applications.Contains(who))
        {
            return Unknown;
        }

        tokens.Remove(before.Text);
        return Given(new Permission(who.ClientId, before.Accounts, before.CanTrade), at) with { Ended = before.Text };
    }

    /// <summary>A token's time is over from now on; it can be renewed.</summary>
    public void Expire(string text)
    {
        if (tokens.TryGetValue(text, out AccessToken? token))
        {
            tokens[text] = token with { ExpiresAt = Instant.MinValue };
        }
    }

    /// <summary>Takes a token back; false where there is none.</summary>
    public bool Remove(string text) => tokens.Remove(text);

    /// <summary>Takes one token back where there are more than are kept, and tells which; null where none had to go.</summary>
    public string? Surplus()
    {
        if (tokens.Count <= MostTokens)
        {
            return null;
        }

        string oldest = tokens.GetAt(0).Key;
        tokens.RemoveAt(0);
        return oldest;
    }

    private TokenReply.Granted Given(Permission permission, Instant at)
    {
        var token = new AccessToken(Word(), Word(), permission.Accounts, at + setup.TokenLife, permission.CanTrade) { ClientId = permission.ClientId };
        tokens.Add(token.Text, token);
        return new TokenReply.Granted(token, setup.TokenLife);
    }

    private string Word() => setup.Words?.Invoke() ?? throw new InvalidOperationException("the venue was given no words for tokens");

    private static bool IsOf(AccessToken token, string clientId) => token.ClientId is not { } owner || owner == clientId;

    private sealed record Promise(Permission Permission, string Redirect, Instant Until);
}

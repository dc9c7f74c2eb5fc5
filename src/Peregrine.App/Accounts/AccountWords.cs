using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.App.CommandLine;
using Peregrine.Core;

namespace Peregrine.App.Accounts;

/// <summary>What is said of application, tokens and accounts in more than one place: documents, lines of text, and what to do next.</summary>
internal static class AccountWords
{
    public const string LogIn = "run './peregrine account login'";

    public const string Ask = "run './peregrine account list --ask'";

    public static Instant Now(Composition composition) => Instant.FromDateTime(composition.Here.Clock.GetUtcNow().UtcDateTime);

    /// <summary>How to become known to the broker.</summary>
    public static string Registering(int redirectPort) =>
        $"register an application at https://openapi.ctrader.com with exactly {RedirectListener.At(redirectPort)} as redirect URI, wait until it is approved, then store it with './peregrine account app --client-id ID --secret-file FILE'";

    public static KnownFailure Unregistered(string what, Settings settings) => new(what, "no application is registered", Registering(settings.RedirectPort));

    /// <summary>The accounts and the state of the tokens as scripts get them.</summary>
    public static object Document(Credentials c, Instant now) => new
    {
        clientId = c.Application?.ClientId,
        accounts = c.Accounts.Select(a => new { id = a.Id, login = a.Login, name = a.Name, kind = a.IsLive ? "live" : "demo", broker = a.Broker, scope = c.Scope, chosen = a.Id == c.Chosen }),
        tokens = c.Tokens is { } t ? new { obtained = t.Obtained, expires = t.Expires, expired = now >= t.Expires, renewal = Renewal(c, now) } : null,
    };

    public static void Write(TextWriter text, Terminal terminal, Credentials c, Instant now)
    {
        int names = c.Accounts.Select(static a => a.Name.Length).DefaultIfEmpty().Max();
        foreach (BrokerAccount a in c.Accounts)
        {
            string scope = c.Scope switch { TokenScope.Trade => "may trade", TokenScope.View => "may only look", null => "scope not told" };
            text.WriteLine($"  {(a.Id == c.Chosen ? terminal.Paint(Ink.Good, "*") : " ")} {a.Name.PadRight(names)}  id {a.Id}  {scope}{(a.Broker.Length > 0 ? $"  {a.Broker}" : "")}");
        }

        if (c.Tokens is { } tokens)
        {
            text.WriteLine(now >= tokens.Expires ? $"  The tokens expired at {Figures.Time(tokens.Expires)}: {Ask}, which renews them." : $"  The tokens are good until {Figures.Time(tokens.Expires)}.");
        }

        if (c.Accounts.Count > 0 && c.Chosen is null)
        {
            text.WriteLine("  None is chosen: './peregrine account use NAME' does it.");
        }
    }

    /// <summary>What a person must know who can only look; null where they may trade.</summary>
    public static string? ScopeWarning(Credentials c) => c.Scope == TokenScope.View ? $"The tokens allow to look and not to trade; to trade, {LogIn} again and allow trading on the page." : null;

    private static string Renewal(Credentials c, Instant now) => c.Refresh switch
    {
        RefreshState.Underway => "unknown",
        RefreshState.Refused => "refused",
        RefreshState.Unused => c.Tokens!.NeedsRefresh(now) ? "due" : "not-due",
    };
}

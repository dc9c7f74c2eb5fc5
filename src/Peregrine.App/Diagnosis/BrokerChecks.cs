using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.App.Accounts;
using Peregrine.App.CommandLine;
using Peregrine.Core;

namespace Peregrine.App.Diagnosis;

/// <summary>Looks at what trading with a broker needs. Who has no application has not begun with that, and nothing is wrong.</summary>
internal static class BrokerChecks
{
    public static async Task<IReadOnlyList<Check>> Of(Composition composition, CancellationToken stop)
    {
        try
        {
            TokenVault vault = composition.Vault;
            Credentials kept = vault.Read();
            return [Key(vault), Login(kept, AccountWords.Now(composition), composition.Settings), .. await ServerChecks.Of(composition, kept, stop)];
        }
        catch (Exception fault) when (fault is KnownFailure or IOException or UnauthorizedAccessException)
        {
            return [new Check("broker", false, fault.Message, "until then nothing trades with the broker; the message says what to do")];
        }
    }

    private static Check Key(TokenVault vault) =>
        !vault.Exists ? new Check("key", true, $"not needed yet; it will be {vault.Key.Path}", null)
        : vault.Dangers.ToArray() is [var first, .. var others] ? new Check("key", false, string.Join("; ", others.Select(static d => d.What).Prepend(first.What)), string.Join("; ", others.Select(static d => d.Remedy).Prepend(first.Remedy)))
        : new Check("key", true, vault.Key.Path, null);

    private static Check Login(Credentials c, Instant now, Settings settings)
    {
        if (c.Application is not { } application)
        {
            return new Check("broker", true, "no application is registered, and only trading with a broker needs one", AccountWords.Registering(settings.RedirectPort));
        }

        if (c.Tokens is not { } tokens)
        {
            return new Check("broker", true, $"{application}, its secret stored; nobody has logged in", AccountWords.LogIn);
        }

        string seen = $"{application}, its secret stored; {Figures.Counted(c.Accounts.Count, "account")}, tokens until {Figures.Time(tokens.Expires)}";
        return c switch
        {
            { Refresh: RefreshState.Refused } => new Check("broker", false, $"{seen}, which the server refuses to renew", AccountWords.LogIn),
            { Refresh: RefreshState.Underway } => new Check("broker", false, $"{seen}; a renewal did not come to its end, so they may not be valid any more", AccountWords.Ask),
            _ when now >= tokens.Expires => new Check("broker", false, $"{seen}, which is over", AccountWords.Ask),
            _ when tokens.NeedsRefresh(now) => new Check("broker", false, $"{seen}, which is soon", AccountWords.Ask),
            { Scope: TokenScope.View } => new Check("broker", false, $"{seen}, which allow to look and not to trade", $"{AccountWords.LogIn} again and allow trading on the page"),
            _ => new Check("broker", true, seen, null),
        };
    }
}

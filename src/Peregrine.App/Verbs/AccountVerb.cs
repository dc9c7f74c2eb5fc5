using System.CommandLine;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.App.Accounts;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Verbs;

/// <summary><c>account</c>: the application that the broker knows, the login, and the accounts it opens.</summary>
public static class AccountVerb
{
    public static Command Create() => new("account", "The broker: application, login, accounts")
    {
        AccountAppVerb.Create(),
        AccountLoginVerb.Create(),
        AccountListVerb.Create(),
        AccountUseVerb.Create(),
        AccountShowVerb.Create(),
        AccountLogoutVerb.Create(),
    };

    /// <summary>The vault of a home folder that is there.</summary>
    internal static TokenVault Vault(VerbCall call)
    {
        _ = call.Home;
        return call.Composition.Vault;
    }

    internal static AccountLogin Login(VerbCall call, TokenVault vault, AuthorisationClient client) => new(
        vault, client, (application, tokens, stop) => AccountDirectory.Ask(call.Composition.Dialer, call.Settings.DemoServer, call.Composition.Here.Clock, (application, tokens), stop));

    /// <summary>Says what endangers the key, and what the tokens do not allow.</summary>
    internal static void Warn(VerbCall call, TokenVault vault, Credentials credentials)
    {
        foreach ((string what, string remedy) in vault.Dangers)
        {
            call.Terminal.Warn($"{char.ToUpperInvariant(what[0])}{what[1..]}; {remedy}.");
        }

        if (AccountWords.ScopeWarning(credentials) is { } scope)
        {
            call.Terminal.Warn(scope);
        }
    }
}

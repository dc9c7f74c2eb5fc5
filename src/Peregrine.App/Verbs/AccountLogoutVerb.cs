using System.CommandLine;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Verbs;

/// <summary><c>account logout</c>: the tokens are forgotten; the application stays.</summary>
public static class AccountLogoutVerb
{
    public static Command Create() => new Verb("logout", "Deletes the tokens and what is known of the accounts; the application stays", "./peregrine account logout", Run);

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        TokenVault vault = AccountVerb.Vault(call);
        using OpenVault open = await vault.Open(stop);
        bool wasIn = open.Content.Tokens is not null;
        if (wasIn)
        {
            open.Store(open.Content.WithoutTokens());
        }

        call.Terminal.Answer(new { loggedOut = wasIn, clientId = open.Content.Application?.ClientId }, text => text.WriteLine(wasIn
            ? "The tokens are deleted here. The permission itself stays until you take it back on https://id.ctrader.com."
            : "Nobody had logged in."));
        return ExitCode.Done;
    }
}

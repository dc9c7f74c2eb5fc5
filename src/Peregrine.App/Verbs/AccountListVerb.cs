using System.CommandLine;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.App.Accounts;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Verbs;

/// <summary><c>account list</c>: the accounts that the tokens open, as they were told last, or asked for anew.</summary>
public static class AccountListVerb
{
    private static readonly Option<bool> Ask = new("--ask") { Description = "Asks the broker anew, and renews the tokens where less than a quarter of their life is left" };

    public static Command Create() => new Verb("list", "Lists the accounts that the login opens, and until when", "./peregrine account list --ask", Run) { Ask };

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        TokenVault vault = call.Composition.Vault;
        Credentials kept = vault.Read();
        if (call.Get(Ask))
        {
            _ = kept.Application ?? throw AccountWords.Unregistered("Cannot ask for the accounts", call.Settings);
            var client = new AuthorisationClient(call.Settings.AuthorisationPages, call.Composition.Here.Clock);
            kept = await AccountVerb.Login(call, vault, client).Refresh(call.Composition.Here.Clock, stop);
        }

        AccountVerb.Warn(call, vault, kept);
        call.Terminal.Answer(AccountWords.Document(kept, AccountWords.Now(call.Composition)), text =>
        {
            AccountWords.Write(text, call.Terminal, kept, AccountWords.Now(call.Composition));
            if (kept.Accounts.Count == 0)
            {
                text.WriteLine(kept.Application is null ? $"  No application is registered: {AccountWords.Registering(call.Settings.RedirectPort)}."
                    : kept.Tokens is null ? $"  Nobody has logged in: {AccountWords.LogIn}."
                    : $"  No account is known: {AccountWords.Ask}.");
            }
        });
        return ExitCode.Done;
    }
}

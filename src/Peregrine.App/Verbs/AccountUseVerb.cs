using System.CommandLine;
using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.App.Accounts;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Verbs;

/// <summary><c>account use</c>: the account that is meant where none is named.</summary>
public static class AccountUseVerb
{
    private static readonly Argument<string> Account = new("ACCOUNT") { Description = "Its name, login or id, as 'account list' shows them" };

    public static Command Create() => new Verb("use", "Chooses the account that is meant where none is named", "./peregrine account use demo-1234567", Run) { Account };

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        string wanted = call.Get(Account)!;
        TokenVault vault = AccountVerb.Vault(call);
        using OpenVault open = await vault.Open(stop);
        Credentials kept = open.Content;
        BrokerAccount chosen = kept.Accounts.Where(a => a.IsCalled(wanted)).ToArray() switch
        {
            [var one] => one,
            [] when kept.Accounts.Count == 0 => throw new KnownFailure($"Cannot use {wanted}", "no account is known", kept.Tokens is null ? AccountWords.LogIn : AccountWords.Ask),
            [] => throw new KnownFailure($"Cannot use {wanted}", $"the login opens {string.Join(", ", kept.Accounts.Select(static a => a.Name))}", $"name one of these, or {AccountWords.LogIn} and allow it"),
            _ => throw new KnownFailure($"Cannot use {wanted}", "it is the login of one account and the id of another", "name the account as 'account list' does"),
        };
        open.Store(kept with { Chosen = chosen.Id });
        AccountVerb.Warn(call, vault, open.Content);
        call.Terminal.Answer(AccountWords.Document(open.Content, AccountWords.Now(call.Composition)), text => text.WriteLine($"{chosen.Name} is meant where no account is named{(chosen.IsLive ? "; it trades real money" : "")}."));
        return ExitCode.Done;
    }
}

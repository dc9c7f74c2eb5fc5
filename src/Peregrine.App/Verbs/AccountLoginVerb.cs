using System.CommandLine;
using System.Security.Cryptography;
using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.App.Accounts;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Verbs;

/// <summary><c>account login</c>: a person allows the application to use their accounts, in the browser, and the tokens for it are kept.</summary>
public static class AccountLoginVerb
{
    private const int StateBytes = 16;

    private static readonly Option<bool> Paste = new("--paste") { Description = "Reads the code, or the whole address that the browser was sent to, from stdin: for a browser on another machine" };
    private static readonly Option<bool> NoBrowser = new("--no-browser") { Description = "Only prints the address to open" };

    public static Command Create() => new Verb("login", "Lets you allow the application to use your accounts, and keeps the tokens for it encrypted", "./peregrine account login", Run) { Paste, NoBrowser };

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        TokenVault vault = AccountVerb.Vault(call);
        BrokerApplication application = vault.Read().Application ?? throw AccountWords.Unregistered("Cannot log in", call.Settings);
        var client = new AuthorisationClient(call.Settings.AuthorisationPages, call.Composition.Here.Clock);
        AccountLogin login = AccountVerb.Login(call, vault, client);
        string state = RandomNumberGenerator.GetHexString(2 * StateBytes, lowercase: true);
        Uri redirect = RedirectListener.At(call.Settings.RedirectPort), page = client.LoginPage(application, redirect, state);
        RedirectAnswer answer = call.Get(Paste) ? await Pasted(call, page, state, stop) : await Redirected(call, page, state, stop);
        string code = answer switch
        {
            RedirectAnswer.Code came => came.Value,
            RedirectAnswer.Denied denied => throw new KnownFailure("Nobody has logged in", $"the page came back without a permission: {denied.Why}", $"{AccountWords.LogIn} again and allow it"),
            RedirectAnswer.Foreign foreign => throw new KnownFailure("Nobody has logged in", $"what was pasted is of no use: {foreign.Why}", $"{AccountWords.LogIn} --paste again, and paste the code or the whole address within a minute"),
            var other => throw new ArgumentOutOfRangeException(nameof(call), other, "There is no such answer."),
        };

        Credentials kept = await login.Take(application, code, redirect, stop);
        call.Terminal.Say("The tokens are kept, encrypted. Asking which accounts they open …");
        kept = await login.Accounts(kept.Tokens!, stop);
        AccountVerb.Warn(call, vault, kept);
        call.Terminal.Answer(AccountWords.Document(kept, AccountWords.Now(call.Composition)), text =>
        {
            text.WriteLine(kept.Accounts.Count == 0 ? "Logged in, but no account was allowed." : $"Logged in: {Figures.Counted(kept.Accounts.Count, "account")}.");
            AccountWords.Write(text, call.Terminal, kept, AccountWords.Now(call.Composition));
        });
        return ExitCode.Done;
    }

    private static async Task<RedirectAnswer> Redirected(VerbCall call, Uri page, string state, CancellationToken stop)
    {
        using var listener = RedirectListener.Listen(call.Settings.RedirectPort, state, call.Composition.Here.Clock);
        call.Terminal.Warn($"Open this page and allow the accounts that Peregrine may use:\n\n  {page.AbsoluteUri}\n");
        if (!call.Get(NoBrowser) && call.Composition.Here.ErrorIsTerminal)
        {
            Browser.Open(page.AbsoluteUri, call.Terminal);
        }

        call.Terminal.Say("Waiting for the browser to come back, five minutes at most; with a browser on another machine, use --paste.");
        return await listener.Answer(stop);
    }

    private static async Task<RedirectAnswer> Pasted(VerbCall call, Uri page, string state, CancellationToken stop)
    {
        call.Terminal.Warn($"Open this page and allow the accounts that Peregrine may use:\n\n  {page.AbsoluteUri}\n\nThe browser then goes to an address that it cannot show. Paste that address here, or the code in it, within a minute:");
        return RedirectAnswer.OfPaste(await StandardInput.Line(call, stop) ?? "", state);
    }
}

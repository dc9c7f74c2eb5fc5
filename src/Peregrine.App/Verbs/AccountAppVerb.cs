using System.CommandLine;
using System.Text;
using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.App.Accounts;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Verbs;

/// <summary><c>account app</c>: the application that the broker knows, its secret read from a file and never from the command line, which others can see.</summary>
public static class AccountAppVerb
{
    private const int MostSecretBytes = 4_096, LongestId = 200;

    private static readonly Option<string> ClientId = new("--client-id") { Description = "The client id that the broker shows for the application", HelpName = "ID", Required = true };
    private static readonly Option<string> SecretFile = new("--secret-file") { Description = "A file that holds the client secret and nothing else; - reads it from stdin", HelpName = "FILE", Required = true };

    public static Command Create() =>
        new Verb("app", "Stores the application that the broker knows, encrypted", "./peregrine account app --client-id 1234_abcd --secret-file ~/ctrader-secret", Run) { ClientId, SecretFile };

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        string id = call.Get(ClientId)!.Trim(), file = call.Get(SecretFile)!;
        if (id.Length is 0 or > LongestId || id.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw new WrongUsage($"--client-id is a word of at most {LongestId} characters; this is not.");
        }

        string secret = Secret(file == "-" ? await StandardInput.Line(call, stop) ?? "" : Content(file), file);
        TokenVault vault = AccountVerb.Vault(call);
        using OpenVault open = await vault.Open(stop);
        Credentials before = open.Content;
        open.Store(before.With(new BrokerApplication(id, secret)));
        AccountVerb.Warn(call, vault, open.Content);
        if (before.Tokens is not null && open.Content.Tokens is null)
        {
            call.Terminal.Warn("The tokens of the application before it are deleted, because they are of no use to this one.");
        }

        Uri redirect = RedirectListener.At(call.Settings.RedirectPort);
        call.Terminal.Answer(new { clientId = id, redirectUri = redirect.OriginalString, loggedIn = open.Content.Tokens is not null }, text =>
        {
            text.WriteLine($"Application {id} is stored, its secret encrypted{(file == "-" ? "" : $"; {file} is not needed any more")}.");
            text.WriteLine($"Its redirect URI must be exactly {redirect}");
            if (open.Content.Tokens is null)
            {
                text.WriteLine($"Next: {AccountWords.LogIn}.");
            }
        });
        return ExitCode.Done;
    }

    private static string Content(string path)
    {
        if (!File.Exists(path))
        {
            throw new KnownFailure($"Cannot read the secret in {path}", "there is no such file", "name the file with the client secret, or - to type it");
        }

        // One byte more than is taken tells a file that is too long.
        byte[] content = new byte[MostSecretBytes + 1];
        using FileStream file = File.OpenRead(path);
        return Encoding.UTF8.GetString(content, 0, file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false));
    }

    private static string Secret(string content, string file)
    {
        string secret = content.Trim().TrimStart('\uFEFF');
        return secret.Length is > 0 and <= MostSecretBytes && !secret.Any(static c => char.IsWhiteSpace(c) || char.IsControl(c))
            ? secret
            : throw new KnownFailure($"Cannot use the secret in {(file == "-" ? "stdin" : file)}", "a secret is one word", "put the client secret there, alone");
    }
}

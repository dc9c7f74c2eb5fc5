using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.Tests.Adapters.CTrader.Authorisation;

namespace Peregrine.Tests.App.Accounts;

/// <summary>A person at the command line with a home, a token server and an Open API server of their own; keeps all that was ever shown.</summary>
internal sealed class AccountRoom : IAsyncDisposable
{
    public const string Secret = "needle/secret", Code = "needle/code";

    private readonly TemporaryFolder home = new(), user = new();
    private readonly StringBuilder shown = new();
    private int pairs;

    public AccountRoom()
    {
        Tokens = new TokenServer(asked => TokenAnswer!(asked));
        Api = new AccountServer(asked => ApiAnswer(asked));
        TokenAnswer = _ => Pair();
        File.WriteAllText(user.File("authority.pem"), Api.Tls.Authority.ExportCertificatePem());
        File.WriteAllText(user.File("secret"), Secret + "\n");
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        Environment = new Dictionary<string, string>
        {
            ["PEREGRINE_HOME"] = home.Path,
            ["HOME"] = user.Path,
            ["PEREGRINE_LOGIN_PAGE"] = Tokens.Pages.Login.ToString(),
            ["PEREGRINE_TOKEN_PAGE"] = Tokens.Page.ToString(),
            ["PEREGRINE_DEMO_SERVER"] = Api.At.ToString(),
            ["PEREGRINE_LIVE_SERVER"] = Api.At.ToString(),
            ["PEREGRINE_AUTHORITY_FILE"] = user.File("authority.pem"),
            ["PEREGRINE_REDIRECT_PORT"] = Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    public Dictionary<string, string> Environment { get; }

    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public int Port { get; }

    public TokenServer Tokens { get; }

    public AccountServer Api { get; }

    public Func<IReadOnlyDictionary<string, string>, Reply> TokenAnswer { get; set; }

    public Func<IMessage, IMessage?> ApiAnswer { get; set; } = AccountServer.Usual;

    /// <summary>Life of the tokens that are given.</summary>
    public long Seconds { get; set; } = 2_628_000;

    public string Home => home.Path;

    public string KeyFile => user.File(".config/peregrine/key");

    public string SecretFile => user.File("secret");

    /// <summary>All that was written on stdout and stderr.</summary>
    public string Shown => shown.ToString();

    public Reply Pair() => Reply.Tokens($"needle-access-{++pairs}", $"needle-refresh-{pairs}", Seconds);

    public async Task<CommandLineCall> Call(string typed, params string[] words)
    {
        using HeardWriter output = new(), error = new();
        return await Call((output, error), typed, words);
    }

    /// <summary>Stores the application and logs in with a pasted code.</summary>
    public async Task LogIn()
    {
        await Call("", "account", "app", "--client-id", "my-app", "--secret-file", SecretFile);
        await Call(Code, "account", "login", "--paste");
    }

    /// <summary>Logs in; <paramref name="browser"/> is given the address that is shown once it is, and does with it what a browser does.</summary>
    public async Task<CommandLineCall> LogIn(Func<Uri, Task> browser, params string[] more)
    {
        using HeardWriter output = new(), error = new();
        Task<CommandLineCall> login = Call((output, error), "", ["account", "login", .. more]);
        await Task.WhenAny(login, error.Until("Waiting for the browser"));
        await browser(new Uri(error.ToString().Split('\n').Single(static l => l.Contains("client_id=", StringComparison.Ordinal)).Trim()));
        return await login;
    }

    public async ValueTask DisposeAsync()
    {
        await Tokens.DisposeAsync();
        await Api.DisposeAsync();
        home.Dispose();
        user.Dispose();
    }

    /// <summary>Every file that was written, the person's own secret and authority aside.</summary>
    public IEnumerable<string> Files => Directory.GetFiles(home.Path, "*", SearchOption.AllDirectories).Concat(Directory.GetFiles(user.Path, "*", SearchOption.AllDirectories)).Where(f => f != SecretFile && !f.EndsWith(".pem", StringComparison.Ordinal));

    private async Task<CommandLineCall> Call((HeardWriter Out, HeardWriter Error) heard, string typed, string[] words)
    {
        var here = new Surroundings(heard.Out, heard.Error, Environment, Clock) { In = new StringReader(typed) };
        ExitCode code = await Program.Run(words, here, CancellationToken.None);
        var call = new CommandLineCall(code, heard.Out.ToString(), heard.Error.ToString());
        lock (shown)
        {
            shown.AppendLine(call.Out).AppendLine(call.Error);
        }

        return call;
    }
}

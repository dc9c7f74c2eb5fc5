using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.Tests.App.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Accounts;

/// <summary>The whole way to an account, against the venue instead of the broker: every verb over real sockets, and a browser that is played.</summary>
public sealed partial class VenueLoginTests : IAsyncDisposable
{
    private readonly TradeRoom room = TradeRoom.Furnished();
    private readonly TemporaryFolder person = new();
    private readonly CancellationTokenSource stop = new(TimeSpan.FromMinutes(2));
    private readonly HttpClient browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly HeardWriter output = new(), error = new();
    private readonly List<string> shown = [];
    private Task<ExitCode>? venue;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await (venue ?? Task.CompletedTask);
        browser.Dispose();
        await output.DisposeAsync();
        await error.DisposeAsync();
        stop.Dispose();
        person.Dispose();
        room.Dispose();
    }

    [Fact]
    public async Task From_an_application_to_accounts_that_doctor_finds_well()
    {
        (JsonElement told, IReadOnlyDictionary<string, string> environment) = await Open();
        (await Call(environment, "account", "app", "--client-id", "peregrine", "--secret-file", person.File("secret"))).Code.ShouldBe(ExitCode.Done);
        CommandLineCall login = await LogIn(environment, "account=1000001&account=1000002&account=1000003&trading=yes");
        login.Code.ShouldBe(ExitCode.Done, login.Error);
        login.Out.ShouldContain("Logged in: 3 accounts.");

        CommandLineCall list = await Call(environment, "account", "list", "--ask", "--json");
        list.Json.GetProperty("accounts").EnumerateArray().Select(static a => (a.GetProperty("name").GetString(), a.GetProperty("kind").GetString(), a.GetProperty("scope").GetString()))
            .ShouldBe([("demo-9000001", "demo", "trade"), ("demo-9000002", "demo", "trade"), ("live-9000003", "live", "trade")]);
        await Call(environment, "account", "use", "demo-9000002");
        CommandLineCall well = await Call(environment, "doctor", "--json");
        Checks(well).ShouldBe([("broker", true), ("tokenPage", true), ("skew", true), ("demoServer", true), ("liveServer", true)]);
        well.Out.ShouldSatisfyAllConditions(static o => o.ShouldContain("the tokens and demo-9000002"), static o => o.ShouldContain("the tokens and live-9000003"));

        // Another login, which allows less, and is what counts from then on.
        (await LogIn(environment, "account=1000002")).Error.ShouldContain("allow to look and not to trade");
        (await Call(environment, "account", "list", "--json")).Json.GetProperty("accounts").EnumerateArray().Single().GetProperty("name").GetString().ShouldBe("demo-9000002");
        Checks(await Call(environment, "doctor", "--json")).ShouldBe([("broker", false), ("tokenPage", true), ("skew", true), ("demoServer", false)]);

        string[] secrets = [told.GetProperty("clientSecret").GetString()!, told.GetProperty("accessToken").GetString()!, told.GetProperty("refreshToken").GetString()!];
        (string.Join('\n', shown) + error).ShouldSatisfyAllConditions([.. secrets.Select(s => new Action<string>(text => text.ShouldNotContain(s)))]);
    }

    [Fact]
    public async Task The_refresh_token_of_the_first_line_gives_the_next_pair_once()
    {
        (JsonElement told, _) = await Open();
        string query = $"?grant_type=refresh_token&refresh_token={told.GetProperty("refreshToken").GetString()}&client_id=peregrine&client_secret={told.GetProperty("clientSecret").GetString()}";
        JsonElement first = JsonDocument.Parse(await browser.GetStringAsync(told.GetProperty("tokenPage").GetString() + query, stop.Token)).RootElement;
        first.GetProperty("accessToken").GetString()!.ShouldNotBe(told.GetProperty("accessToken").GetString());
        JsonElement second = JsonDocument.Parse(await browser.GetStringAsync(told.GetProperty("tokenPage").GetString() + query, stop.Token)).RootElement;
        second.GetProperty("errorCode").GetString().ShouldBe("ACCESS_DENIED");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        CommandLineCall call = await CommandLineCall.Of(room.Home, "venue", "--replay", "EURUSD", "--oauth-port", ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        (call.Code, call.Error.Contains("give other ports with --oauth-port, or none", StringComparison.Ordinal)).ShouldBe((ExitCode.Failed, true), call.Error);
    }

    /// <summary>Opens the venue, and hands over what it tells and the settings that lead there.</summary>
    private async Task<(JsonElement Told, IReadOnlyDictionary<string, string> Environment)> Open()
    {
        venue = Task.Run(() => Program.Run(["venue", "--replay", "EURUSD"], room.Here(output, error), stop.Token));
        await Task.WhenAny(output.FirstLine, venue);
        JsonElement told = JsonDocument.Parse(await output.FirstLine.WaitAsync(stop.Token)).RootElement;
        await File.WriteAllTextAsync(person.File("secret"), told.GetProperty("clientSecret").GetString());
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return (told, new Dictionary<string, string>
        {
            ["PEREGRINE_HOME"] = person.File("home"),
            ["HOME"] = person.Path,
            ["PEREGRINE_LOGIN_PAGE"] = told.GetProperty("loginPage").GetString()!,
            ["PEREGRINE_TOKEN_PAGE"] = told.GetProperty("tokenPage").GetString()!,
            ["PEREGRINE_DEMO_SERVER"] = $"localhost:{told.GetProperty("port").GetInt32()}",
            ["PEREGRINE_LIVE_SERVER"] = $"localhost:{told.GetProperty("port").GetInt32()}",
            ["PEREGRINE_AUTHORITY_FILE"] = told.GetProperty("ca").GetString()!,
            ["PEREGRINE_REDIRECT_PORT"] = ((IPEndPoint)free.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Logs in as a person does: opens the page that is named, chooses, presses the button, and goes where the page sends the browser.</summary>
    private async Task<CommandLineCall> LogIn(IReadOnlyDictionary<string, string> environment, string choice)
    {
        using HeardWriter said = new(), warned = new();
        Task waiting = warned.Until("Waiting for the browser");
        Task<ExitCode> login = Program.Run(["account", "login", "--no-browser"], new Surroundings(said, warned, environment, TimeProvider.System), stop.Token);
        await Task.WhenAny(login, waiting);
        string page = warned.ToString().Split('\n').Single(static l => l.Contains("client_id=", StringComparison.Ordinal)).Trim();
        string form = await browser.GetStringAsync(page, stop.Token);
        foreach (string field in choice.Split('&'))
        {
            // Whoever chooses can only choose what is there.
            form.ShouldContain($"name=\"{field.Split('=')[0]}\" value=\"{field.Split('=')[1]}\"");
        }

        Button().Count(form).ShouldBe(1);
        using var chosen = new StringContent(choice, System.Text.Encoding.ASCII, "application/x-www-form-urlencoded");
        using HttpResponseMessage sent = await browser.PostAsync(page, chosen, stop.Token);
        sent.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.GetStringAsync(sent.Headers.Location, stop.Token)).ShouldContain("You can close this window.");
        return Kept(new CommandLineCall(await login, said.ToString(), warned.ToString()));
    }

    private async Task<CommandLineCall> Call(IReadOnlyDictionary<string, string> environment, params string[] words) => Kept(await CommandLineCall.Of(environment, words));

    private CommandLineCall Kept(CommandLineCall call)
    {
        shown.AddRange([call.Out, call.Error]);
        return call;
    }

    private static (string, bool)[] Checks(CommandLineCall doctor) =>
        [.. doctor.Json.GetProperty("checks").EnumerateArray().Select(static c => (c.GetProperty("name").GetString()!, c.GetProperty("ok").GetBoolean())).Where(static c => c.Item1 is "broker" or "tokenPage" or "skew" or "demoServer" or "liveServer")];

    [GeneratedRegex("<button")]
    private static partial Regex Button();
}

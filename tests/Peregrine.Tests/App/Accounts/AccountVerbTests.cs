using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using System.Web;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.App.CommandLine;
using Peregrine.Tests.Adapters.CTrader.Authorisation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Accounts;

/// <summary>From no application to a chosen account and back, as a person does it, over real connections on loopback.</summary>
public sealed class AccountVerbTests : IAsyncDisposable
{
    private readonly AccountRoom room = new();

    public ValueTask DisposeAsync() => room.DisposeAsync();

    [Fact]
    public async Task Who_has_no_application_is_told_how_to_get_one()
    {
        foreach (string[] words in (string[][])[["account", "login"], ["account", "list", "--ask"]])
        {
            CommandLineCall call = await room.Call("", words);
            call.Code.ShouldBe(ExitCode.Failed);
            call.Error.ShouldContain($"register an application at https://openapi.ctrader.com with exactly http://127.0.0.1:{room.Port}/callback as redirect URI");
        }

        CommandLineCall list = await room.Call("", "account", "list");
        (list.Code, list.Out.Contains("openapi.ctrader.com", StringComparison.Ordinal)).ShouldBe((ExitCode.Done, true));
        File.Exists(room.KeyFile).ShouldBeFalse("who only looks makes no key");
    }

    [Fact]
    public async Task A_browser_brings_the_code_and_the_accounts_are_there()
    {
        (await room.Call("", "account", "app", "--client-id", "my-app", "--secret-file", room.SecretFile)).Out.ShouldContain("Next: run './peregrine account login'");
        CommandLineCall login = await room.LogIn(async page =>
        {
            System.Collections.Specialized.NameValueCollection query = HttpUtility.ParseQueryString(page.Query);
            (query["client_id"], query["redirect_uri"], query["scope"]).ShouldBe(("my-app", $"http://127.0.0.1:{room.Port}/callback", "trading"));
            (await RedirectTests.Ask(room.Port, RedirectTests.Get(room.Port, "/callback?code=x&state=0"))).ShouldStartWith("HTTP/1.1 400");
            (await RedirectTests.Ask(room.Port, RedirectTests.Get(room.Port, $"/callback?code={Uri.EscapeDataString(AccountRoom.Code)}&state={query["state"]}"))).ShouldContain("You can close this window");
        });
        login.Code.ShouldBe(ExitCode.Done, login.Error);
        login.Out.ShouldContain("Logged in: 2 accounts.");
        room.Tokens.Asked.Single()["code"].ShouldBe(AccountRoom.Code);
        room.Tokens.Asked.Single()["redirect_uri"].ShouldBe($"http://127.0.0.1:{room.Port}/callback");

        JsonElement answer = (await room.Call("", "account", "list", "--json")).Json;
        answer.GetProperty("clientId").GetString().ShouldBe("my-app");
        answer.GetProperty("accounts").EnumerateArray().Select(static a => (a.GetProperty("id").GetInt64(), a.GetProperty("login").GetInt64(), a.GetProperty("name").GetString(), a.GetProperty("kind").GetString(), a.GetProperty("scope").GetString(), a.GetProperty("chosen").GetBoolean()))
            .ShouldBe([(11, 7_000_001, "demo-7000001", "demo", "trade", false), (22, 7_000_002, "live-7000002", "live", "trade", false)]);
        (answer.GetProperty("tokens").GetProperty("expired").GetBoolean(), answer.GetProperty("tokens").GetProperty("renewal").GetString()).ShouldBe((false, "not-due"));
    }

    [Fact]
    public async Task An_account_is_chosen_by_name_login_or_id_and_a_logout_leaves_the_application()
    {
        await room.LogIn();
        foreach ((string called, long id) in ((string, long)[])[("demo-7000001", 11), ("7000002", 22), ("11", 11)])
        {
            JsonElement chosen = (await room.Call("", "account", "use", called, "--json")).Json;
            chosen.GetProperty("accounts").EnumerateArray().Single(static a => a.GetProperty("chosen").GetBoolean()).GetProperty("id").GetInt64().ShouldBe(id);
        }

        CommandLineCall unknown = await room.Call("", "account", "use", "demo-1");
        (unknown.Code, unknown.Error.Contains("the login opens demo-7000001, live-7000002", StringComparison.Ordinal)).ShouldBe((ExitCode.Failed, true));
        (await room.Call("", "account", "logout")).Out.ShouldContain("deleted");
        JsonElement after = (await room.Call("", "account", "list", "--json")).Json;
        (after.GetProperty("clientId").GetString(), after.GetProperty("accounts").GetArrayLength(), after.GetProperty("tokens").ValueKind).ShouldBe(("my-app", 0, JsonValueKind.Null));
        (await room.Call("", "account", "use", "11")).Error.ShouldContain("account login");
    }

    [Fact]
    public async Task A_pasted_address_will_do_and_a_secret_may_be_typed()
    {
        (await room.Call(AccountRoom.Secret + "\n", "account", "app", "--client-id", "my-app", "--secret-file", "-")).Code.ShouldBe(ExitCode.Done);
        (await room.Call($"http://127.0.0.1:{room.Port}/callback?code={Uri.EscapeDataString(AccountRoom.Code)}\n", "account", "login", "--paste")).Code.ShouldBe(ExitCode.Done);
        (room.Tokens.Asked.Single()["code"], room.Tokens.Asked.Single()["client_secret"]).ShouldBe((AccountRoom.Code, AccountRoom.Secret));
        (await room.Call("not a code", "account", "login", "--paste")).Error.ShouldContain("it holds no code");
        room.Tokens.Asked.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("", "one word")]
    [InlineData("two words", "one word")]
    public async Task A_secret_that_is_none_is_refused(string secret, string why)
    {
        File.WriteAllText(room.SecretFile, secret);
        (await room.Call("", "account", "app", "--client-id", "my-app", "--secret-file", room.SecretFile)).Error.ShouldContain(why);
        (await room.Call("", "account", "app", "--client-id", "my-app", "--secret-file", room.SecretFile + "-not")).Error.ShouldContain("there is no such file");
        (await room.Call("", "account", "app", "--client-id", "my app", "--secret-file", room.SecretFile)).Code.ShouldBe(ExitCode.WrongUsage);
    }

    [Fact]
    public async Task Tokens_that_only_allow_to_look_are_said_to()
    {
        room.ApiAnswer = static asked =>
        {
            IMessage? usual = AccountServer.Usual(asked);
            if (usual is ProtoOAGetAccountListByAccessTokenRes list)
            {
                list.PermissionScope = ProtoOAClientPermissionScope.ScopeView;
            }

            return usual;
        };
        await room.LogIn();
        (await room.Call("", "account", "list")).Error.ShouldContain("allow to look and not to trade");
        JsonElement broker = await Check("broker");
        (broker.GetProperty("ok").GetBoolean(), broker.GetProperty("detail").GetString()!.Contains("not to trade", StringComparison.Ordinal)).ShouldBe((false, true));
    }

    [Fact]
    public async Task Tokens_that_are_due_are_renewed_when_the_accounts_are_asked_for()
    {
        room.Seconds = 1;
        await room.LogIn();
        room.Clock = new LaterClock(TimeSpan.FromSeconds(2));
        JsonElement stale = await Check("broker");
        (stale.GetProperty("ok").GetBoolean(), stale.GetProperty("detail").GetString()!.EndsWith("which is over", StringComparison.Ordinal)).ShouldBe((false, true));
        room.Seconds = 2_628_000;
        (await room.Call("", "account", "list", "--ask")).Code.ShouldBe(ExitCode.Done);
        (await room.Call("", "account", "list", "--ask")).Code.ShouldBe(ExitCode.Done, "it asks the broker again, and renews nothing");
        room.Tokens.Asked.Select(static a => a["grant_type"]).ShouldBe(["authorization_code", "refresh_token"]);
        room.Api.Asked.OfType<ProtoOAGetAccountListByAccessTokenReq>().Select(static a => a.AccessToken)
            .ShouldBe(["needle-access-1", "needle-access-1", "needle-access-1", "needle-access-2", "needle-access-2"], "doctor asks both servers between the login and the two lists");
        (await Check("broker")).GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_key_that_lies_badly_is_said_by_every_verb_and_by_doctor()
    {
        room.Environment["PEREGRINE_KEY_FILE"] = Path.Combine(room.Home, "key");
        (await room.Call("", "account", "app", "--client-id", "my-app", "--secret-file", room.SecretFile)).Error.ShouldContain("inside the home folder");
        File.SetUnixFileMode(room.Environment["PEREGRINE_KEY_FILE"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        JsonElement key = await Check("key");
        key.GetProperty("ok").GetBoolean().ShouldBeFalse();
        key.GetProperty("fix").GetString()!.ShouldSatisfyAllConditions(static f => f.ShouldContain("PEREGRINE_KEY_FILE"), static f => f.ShouldContain("chmod 600"));
        File.Delete(room.Environment["PEREGRINE_KEY_FILE"]);
        (await Check("broker")).GetProperty("detail").GetString()!.ShouldContain("is gone");
    }

    [Fact]
    public async Task An_authority_file_without_authorities_trusts_nobody()
    {
        await room.Call("", "account", "app", "--client-id", "my-app", "--secret-file", room.SecretFile);
        File.WriteAllText(room.Environment["PEREGRINE_AUTHORITY_FILE"], "no certificate");
        (await room.Call(AccountRoom.Code, "account", "login", "--paste")).Error.ShouldContain("no certificate is in it");
        room.Api.Asked.ShouldBeEmpty();
    }

    /// <summary>Everything that can go well or wrong, as talkative as can be: neither the secret nor a token nor the code is shown, or written where it can be read.</summary>
    [Fact]
    public async Task No_secret_is_ever_shown_or_written_in_the_clear()
    {
        string[] login = ["account", "login", "--paste", "--verbose"], ask = ["account", "list", "--ask", "--verbose"];
        string echo = $"{AccountRoom.Secret} {Uri.EscapeDataString(AccountRoom.Secret)} needle-access-1 needle-refresh-1";
        await room.Call("", "account", "app", "--client-id", "my-app", "--secret-file", room.SecretFile, "--verbose");
        foreach (Reply wrong in (Reply[])[Reply.Error("DENIED", AccountRoom.Secret + " " + AccountRoom.Code), Reply.HangsUp, new Reply(500, AccountRoom.Secret), new Reply(302, "") { Header = $"Location: /{AccountRoom.Secret}" }])
        {
            room.TokenAnswer = _ => wrong;
            (await room.Call(AccountRoom.Code, login)).Code.ShouldBe(ExitCode.Failed);
        }

        await room.Call($"http://127.0.0.1/callback?state=x&code={AccountRoom.Code}", login);
        room.Seconds = 1;
        room.TokenAnswer = _ => room.Pair();
        room.ApiAnswer = _ => new ProtoOAErrorRes { ErrorCode = "CH_CLIENT_AUTH_FAILURE", Description = echo };
        (await room.Call(AccountRoom.Code, login)).Code.ShouldBe(ExitCode.Failed);
        room.ApiAnswer = AccountServer.Usual;
        room.Clock = new LaterClock(TimeSpan.FromSeconds(2));
        room.TokenAnswer = asked => Reply.Error("DENIED", $"{asked["refresh_token"]} {AccountRoom.Secret}", 503);
        (await room.Call("", ask)).Code.ShouldBe(ExitCode.Failed);
        room.TokenAnswer = asked => Reply.Error("DENIED", $"{asked["refresh_token"]} {AccountRoom.Secret}");
        (await room.Call("", ask)).Code.ShouldBe(ExitCode.Failed);
        room.Seconds = 2_628_000;
        room.TokenAnswer = _ => room.Pair();
        (await room.LogIn(page => RedirectTests.Ask(room.Port, RedirectTests.Get(room.Port, $"/callback?code={Uri.EscapeDataString(AccountRoom.Code)}")), "--verbose", "--json")).Code.ShouldBe(ExitCode.Done);
        foreach (string[] words in (string[][])[ask, ["account", "use", "11", "--json"], ["account", "list", "--json"], ["account", "list"], ["doctor", "--verbose"], ["doctor", "--json"], ["account", "logout"]])
        {
            (await room.Call("", words)).Code.ShouldBe(ExitCode.Done, string.Join(' ', words));
        }

        room.Environment["PEREGRINE_TOKEN_PAGE"] = "http://127.0.0.1:1/token";
        await room.Call(AccountRoom.Code, login);
        room.Shown.ShouldNotContain("needle");
        room.Shown.ShouldContain("DENIED (…");
        room.Files.ShouldNotBeEmpty();
        foreach (string file in room.Files)
        {
            (file + Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file))).ShouldNotContain("needle", Case.Insensitive, file);
        }
    }

    private async Task<JsonElement> Check(string name) => (await room.Call("", "doctor", "--json")).Json.GetProperty("checks").EnumerateArray().Single(c => c.GetProperty("name").GetString() == name);
}

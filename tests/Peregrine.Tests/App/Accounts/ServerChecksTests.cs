using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.App.CommandLine;
using Peregrine.Tests.Adapters.CTrader;
using Peregrine.Tests.Adapters.CTrader.Authorisation;
using Peregrine.Tests.Venue;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Accounts;

/// <summary>What <c>doctor</c> finds on the way to the broker, each fault provoked on loopback: it says what is wrong and what to do, and nothing that is secret.</summary>
public sealed class ServerChecksTests : IAsyncDisposable
{
    private readonly AccountRoom room = new();

    public async ValueTask DisposeAsync()
    {
        room.Shown.ShouldNotContain("needle", Case.Insensitive);
        await room.DisposeAsync();
    }

    [Fact]
    public async Task Where_all_is_well_it_goes_as_far_as_an_account_of_each_kind()
    {
        await room.LogIn();
        await room.Call("", "account", "use", "demo-7000001");
        room.Tokens.Looked = $"Date: {TimeProvider.System.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)}";
        int asked = room.Tokens.Asked.Count;
        CommandLineCall call = await room.Call("", "doctor");
        call.Code.ShouldBe(ExitCode.Done, call.Out);
        call.Out.ShouldContain("takes the application, the tokens and demo-7000001");
        call.Out.ShouldContain("takes the application, the tokens and live-7000002");
        call.Out.ShouldContain("this clock agrees with that of 127.0.0.1");
        room.Api.Asked.OfType<ProtoOAAccountAuthReq>().Select(static a => a.CtidTraderAccountId).Order().ShouldBe([11, 22]);
        room.Tokens.Asked.Count.ShouldBe(asked, "the token page is asked for nothing");
    }

    [Fact]
    public async Task Who_has_no_application_is_told_how_to_get_one_and_nobody_is_dialled()
    {
        JsonElement[] checks = await Checks();
        checks.Select(Name).ShouldNotContain("demoServer");
        checks.Single(static c => Name(c) == "broker").GetProperty("fix").GetString().ShouldBe(
            $"register an application at https://openapi.ctrader.com with exactly http://127.0.0.1:{room.Port}/callback as redirect URI, wait until it is approved, then store it with './peregrine account app --client-id ID --secret-file FILE'");
        room.Api.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_port_that_is_closed_or_swallows_everything_is_blocked()
    {
        await room.LogIn();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        int port = ((IPEndPoint)silent.LocalEndpoint).Port;
        room.Environment["PEREGRINE_DEMO_SERVER"] = $"localhost:{port}";
        room.Clock = new QuickClock(20);
        await Finds("demoServer", $"localhost:{port} did not answer within 5 s", $"let connections to TCP port {port} of localhost out through firewall and router");
        room.Clock = TimeProvider.System;
        silent.Stop();
        await Finds("demoServer", $"localhost:{port} cannot be reached: Connection refused", "or correct the setting demoServer");
        room.Environment["PEREGRINE_DEMO_SERVER"] = "no-such-host.invalid:5035";
        await Finds("demoServer", "there is no host no-such-host.invalid", "has a name server");
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_trusted()
    {
        await room.LogIn();
        await using var other = new TlsServer();
        await File.WriteAllTextAsync(room.Environment["PEREGRINE_AUTHORITY_FILE"], other.Authority.ExportCertificatePem());
        await Finds("demoServer", "is not trusted", $"the setting authorityFile trusts those in {room.Environment["PEREGRINE_AUTHORITY_FILE"]} alone");
        await File.WriteAllTextAsync(room.Environment["PEREGRINE_AUTHORITY_FILE"], "");
        await Finds("demoServer", "no certificate is in it", "until then no server is trusted");
        room.Environment.Remove("PEREGRINE_AUTHORITY_FILE");
        await Finds("demoServer", "is not trusted", "see that this clock is right; where something in between reads what travels");
    }

    [Fact]
    public async Task A_server_of_the_other_kind_of_account_is_the_wrong_host()
    {
        await room.LogIn();
        room.ApiAnswer = static asked => asked is ProtoOAAccountAuthReq { CtidTraderAccountId: 22 } ? Error("CANT_ROUTE_REQUEST", "Cannot route request") : AccountServer.Usual(asked);
        JsonElement[] checks = await Finds("liveServer", "is the wrong host for live-7000002: CANT_ROUTE_REQUEST", "name that for live ones with the setting liveServer (live.ctraderapi.com:5035");
        checks.Single(static c => Name(c) == "demoServer").GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData(3_600, "this clock is 3600 s behind that of 127.0.0.1")]
    [InlineData(-3_600, "this clock is 3600 s ahead of that of 127.0.0.1")]
    public async Task A_clock_that_is_wrong_is_found(int secondsThere, string seen)
    {
        await room.LogIn();
        room.Clock = new StoppedClock(new DateTimeOffset(2031, 1, 1, 0, 0, 0, 500, TimeSpan.Zero));
        room.Tokens.Looked = $"Date: {room.Clock.GetUtcNow().AddSeconds(secondsThere).ToString("R", CultureInfo.InvariantCulture)}";
        await Finds("skew", seen, "keep it right with NTP");
        room.Tokens.Looked = $"Date: {room.Clock.GetUtcNow().AddSeconds(Math.Sign(secondsThere) * 4).ToString("R", CultureInfo.InvariantCulture)}";
        (await Checks()).Single(static c => Name(c) == "skew").GetProperty("ok").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("OA_AUTH_TOKEN_EXPIRED", "says that the tokens have expired", "account list --ask', which renews them")]
    [InlineData("CH_ACCESS_TOKEN_INVALID", "does not take the tokens: CH_ACCESS_TOKEN_INVALID (… …)", "account login'; who renews or takes back tokens elsewhere ends them here")]
    [InlineData("SERVER_IS_UNDER_MAINTENANCE", "not used now: SERVER_IS_UNDER_MAINTENANCE", "try again in a while")]
    public async Task Tokens_that_are_over_and_a_server_that_rests_are_told_apart(string code, string seen, string fix)
    {
        await room.LogIn();
        room.ApiAnswer = asked => asked is ProtoOAGetAccountListByAccessTokenReq list ? Error(code, $"{list.AccessToken} {AccountRoom.Secret}") : AccountServer.Usual(asked);
        await Finds("demoServer", seen, fix);
    }

    [Fact]
    public async Task Tokens_that_do_not_allow_to_trade_an_application_that_is_not_taken_and_an_account_that_is_closed_are_found()
    {
        await room.LogIn();
        room.ApiAnswer = static asked =>
        {
            IMessage? usual = AccountServer.Usual(asked);
            if (usual is ProtoOAGetAccountListByAccessTokenRes list)
            {
                list.PermissionScope = ProtoOAClientPermissionScope.ScopeView;
            }

            return usual;
        };
        await Finds("demoServer", "the tokens allow to look and not to trade", "account login' again and allow trading on the page");
        room.ApiAnswer = static asked => asked is ProtoOAApplicationAuthReq app ? Error("CH_CLIENT_AUTH_FAILURE", $"not {app.ClientSecret}") : AccountServer.Usual(asked);
        await Finds("demoServer", "does not take the application: CH_CLIENT_AUTH_FAILURE (not …)", "store its id and secret anew with './peregrine account app'");
        room.ApiAnswer = static asked => asked is ProtoOAAccountAuthReq ? Error("RET_ACCOUNT_DISABLED", "") : AccountServer.Usual(asked);
        await Finds("demoServer", "does not take demo-7000001: RET_ACCOUNT_DISABLED", "see at the broker whether it is open");
    }

    [Fact]
    public async Task A_server_that_says_nothing_or_speaks_something_else_is_found()
    {
        await room.LogIn();
        room.ApiAnswer = static asked => asked is ProtoOAAccountAuthReq ? null : AccountServer.Usual(asked);
        room.Clock = new QuickClock(5);
        await Finds("demoServer", "can be reached, but it did not answer within 5 s", "try again");
        room.Clock = TimeProvider.System;
        using var plain = new TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        room.Environment["PEREGRINE_DEMO_SERVER"] = $"localhost:{((IPEndPoint)plain.LocalEndpoint).Port}";
        Task speaking = Speak(plain);
        await Finds("demoServer", "answers, but not as a server of the protocol does", "the port is that for protobuf over TLS, which is 5035");
        await speaking;
    }

    [Fact]
    public async Task A_token_page_that_cannot_be_reached_or_trusted_is_found()
    {
        await room.LogIn();
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        int port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        room.Environment["PEREGRINE_TOKEN_PAGE"] = $"http://127.0.0.1:{port}/token";
        JsonElement[] checks = await Finds("tokenPage", "127.0.0.1 cannot be reached", "correct the setting tokenPage");
        checks.Select(Name).ShouldNotContain("skew");
        await using var other = new TlsServer();
        room.Environment["PEREGRINE_TOKEN_PAGE"] = $"https://{other.At(Peregrine.Adapters.CTrader.Transport.WireKind.Frames)}/token";
        Task shaking = Shake(other);
        await Finds("tokenPage", "the certificate of localhost is not trusted", "see that this clock is right");
        await shaking;
    }

    private static async Task Shake(TlsServer server)
    {
        try
        {
            await using Stream stream = await server.Secure(CancellationToken.None);
            await stream.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, CancellationToken.None);
        }
        catch (Exception fault) when (fault is IOException or System.Security.Authentication.AuthenticationException)
        {
            // Who is not trusted is left.
        }
    }

    private static async Task Speak(TcpListener listener)
    {
        using Socket socket = await listener.AcceptSocketAsync(CancellationToken.None);
        await socket.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), CancellationToken.None);
        byte[] some = new byte[4_096];
        try
        {
            while (await socket.ReceiveAsync(some, CancellationToken.None) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // It was left at once.
        }
    }

    private static ProtoOAErrorRes Error(string code, string description) => new() { ErrorCode = code, Description = description };

    /// <summary>One check fails, saying so; the others are handed back.</summary>
    private async Task<JsonElement[]> Finds(string name, string seen, string fix)
    {
        JsonElement[] checks = await Checks();
        JsonElement check = checks.Single(c => Name(c) == name);
        check.GetProperty("detail").GetString()!.ShouldContain(seen);
        check.GetProperty("ok").GetBoolean().ShouldBeFalse();
        check.GetProperty("fix").GetString()!.ShouldContain(fix);
        return checks;
    }

    private async Task<JsonElement[]> Checks()
    {
        CommandLineCall call = await room.Call("", "doctor", "--json", "--verbose");
        JsonElement[] checks = [.. call.Json.GetProperty("checks").EnumerateArray()];
        call.Code.ShouldBe(checks.All(static c => c.GetProperty("ok").GetBoolean()) ? ExitCode.Done : ExitCode.AnswerIsNo);
        return checks;
    }

    private static string Name(JsonElement check) => check.GetProperty("name").GetString()!;

    /// <summary>A clock that stands, beside timers that run.</summary>
    private sealed class StoppedClock(DateTimeOffset at) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => at;
    }
}

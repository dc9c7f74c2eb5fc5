using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Tests.App.Trading;
using Peregrine.Venue;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>The venue's pages of OAuth over real sockets: what a browser and an application get there, and what nobody gets.</summary>
public sealed class LoginServerTests : IAsyncDisposable
{
    private const string Redirect = "http://127.0.0.1:8731/callback";

    private readonly CancellationTokenSource patience = new(TimeSpan.FromMinutes(1));
    private readonly ManualClock clock = new();
    private readonly VenueCertificate certificate = VenueCertificate.Create(TimeProvider.System);
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly VenueServer server;
    private readonly LoginServer pages;
    private readonly Task<bool> serving;
    private int words;

    public LoginServerTests()
    {
        VenueSetup setup = VenueRoom.Setup(new PaperScenario(1, 10));
        setup = setup with
        {
            Accounts = [setup.Accounts[0], setup.Accounts[1] with { IsLive = true }],
            Tokens = [],
            Words = () => $"word{++words}",
        };
        server = VenueServer.Start(new Exchange(setup, Instant.FromUtc(2019, 2, 5)), certificate, new VenuePorts(), clock);
        pages = LoginServer.Start(server, setup, 0, clock);
        serving = server.Serve(static () => null, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await patience.CancelAsync();
        await serving;
        await pages.DisposeAsync();
        await server.DisposeAsync();
        http.Dispose();
        certificate.Dispose();
        patience.Dispose();
    }

    [Fact]
    public async Task A_person_chooses_and_the_application_gets_tokens_for_that()
    {
        using HttpResponseMessage page = await http.GetAsync(Login(), patience.Token);
        (page.StatusCode, page.Content.Headers.ContentType?.MediaType).ShouldBe((HttpStatusCode.OK, "text/html"));
        string html = await page.Content.ReadAsStringAsync(patience.Token);
        html.ShouldSatisfyAllConditions(
            static h => h.ShouldContain("Allow app to use accounts?"),
            static h => h.ShouldContain("value=\"4711\" checked"),
            static h => h.ShouldContain("value=\"4712\">", Case.Sensitive, "an account that plays live is allowed on purpose only"),
            static h => h.ShouldContain("name=\"trading\" value=\"yes\" checked"));
        page.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("form-action 'self' http://127.0.0.1:8731;", Case.Sensitive, "browsers follow the way on to the application only where that says so");

        using HttpResponseMessage choice = await Choose(Login(), ("account", "4712"));
        (choice.StatusCode, choice.Headers.Location?.ToString()).ShouldBe((HttpStatusCode.SeeOther, $"{Redirect}?code=word1"));
        JsonElement tokens = await Token(Code("word1"));
        (tokens.GetProperty("tokenType").GetString(), tokens.GetProperty("expiresIn").GetInt64(), tokens.GetProperty("errorCode").ValueKind).ShouldBe(("bearer", 2_628_000, JsonValueKind.Null));
        await using IWire wire = await Enter();
        var list = (ProtoOAGetAccountListByAccessTokenRes)await Ask(wire, new ProtoOAGetAccountListByAccessTokenReq { AccessToken = tokens.GetProperty("accessToken").GetString() });
        (list.PermissionScope, list.CtidTraderAccount.Single().CtidTraderAccountId, list.CtidTraderAccount.Single().IsLive).ShouldBe((ProtoOAClientPermissionScope.ScopeView, 4_712ul, true));
        (await Token(Code("word1"))).GetProperty("errorCode").GetString().ShouldBe("ACCESS_DENIED", "a code works once");
    }

    [Theory]
    [InlineData("trading", true)]
    [InlineData("accounts", false)]
    public async Task Who_asks_to_look_is_not_allowed_to_trade(string scope, bool offered)
    {
        string page = await http.GetStringAsync(Login(scope: scope), patience.Token);
        page.Contains("name=\"trading\"", StringComparison.Ordinal).ShouldBe(offered);
        using HttpResponseMessage choice = await Choose(Login(scope: scope), ("account", "4711"), ("account", "4712"), ("trading", "yes"));
        JsonElement tokens = await Token(Code("word1"));
        await using IWire wire = await Enter();
        var list = (ProtoOAGetAccountListByAccessTokenRes)await Ask(wire, new ProtoOAGetAccountListByAccessTokenReq { AccessToken = tokens.GetProperty("accessToken").GetString() });
        (list.PermissionScope, list.CtidTraderAccount.Count).ShouldBe((offered ? ProtoOAClientPermissionScope.ScopeTrade : ProtoOAClientPermissionScope.ScopeView, 2));
    }

    [Fact]
    public async Task A_renewal_on_the_page_ends_sessions_on_the_sockets()
    {
        using HttpResponseMessage choice = await Choose(Login(), ("account", "4711"), ("trading", "yes"));
        JsonElement first = await Token(Code("word1"));
        await using IWire wire = await Enter();
        (await Ask(wire, new ProtoOAAccountAuthReq { CtidTraderAccountId = VenueRoom.AccountId, AccessToken = first.GetProperty("accessToken").GetString() })).ShouldBeOfType<ProtoOAAccountAuthRes>();
        string renew = $"grant_type=refresh_token&refresh_token={first.GetProperty("refreshToken").GetString()}&client_id=app&client_secret=secret";
        JsonElement second = await Token(renew);
        second.GetProperty("accessToken").GetString().ShouldNotBe(first.GetProperty("accessToken").GetString());
        (await wire.Receive(patience.Token))!.Message.ShouldBeOfType<ProtoOAAccountsTokenInvalidatedEvent>().Reason.ShouldBe("TOKEN_REFRESHED");
        (await Token(renew)).GetProperty("errorCode").GetString().ShouldBe("ACCESS_DENIED");
    }

    [Fact]
    public async Task A_code_lives_a_minute_and_the_page_says_what_time_it_is()
    {
        using HttpResponseMessage early = await Choose(Login(), ("account", "4711"));
        early.Headers.Date.ShouldBe(clock.GetUtcNow());
        clock.Advance(TimeSpan.FromSeconds(60));
        (await Token(Code("word1"))).GetProperty("errorCode").GetString().ShouldBe("ACCESS_DENIED");
    }

    [Theory]
    [InlineData("client_id=stranger&redirect_uri=http://127.0.0.1/&scope=trading", "No application of this client_id")]
    [InlineData("client_id=app&redirect_uri=https://example.org/&scope=trading", "an address on this machine")]
    [InlineData("client_id=app&redirect_uri=javascript:alert(1)&scope=trading", "an address on this machine")]
    [InlineData("client_id=app&redirect_uri=http://127.0.0.1/%0D%0Ax&scope=trading", "an address on this machine")]
    [InlineData("client_id=app&redirect_uri=http://127.0.0.1/&scope=everything", "trading or accounts")]
    [InlineData("client_id=app&client_id=app&redirect_uri=http://127.0.0.1/&scope=trading", "No application of this client_id")]
    public async Task What_is_no_request_for_access_leads_nowhere(string query, string why)
    {
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            using var request = new HttpRequestMessage(method, $"{pages.LoginPage}?{query}");
            using HttpResponseMessage answer = await http.SendAsync(request, patience.Token);
            (answer.StatusCode, answer.Headers.Location).ShouldBe((HttpStatusCode.BadRequest, null));
            (await answer.Content.ReadAsStringAsync(patience.Token)).ShouldContain(why);
        }
    }

    [Fact]
    public async Task Who_allows_no_account_is_asked_again()
    {
        using HttpResponseMessage answer = await Choose(Login(), ("trading", "yes"), ("account", "99"));
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableContent);
        (await answer.Content.ReadAsStringAsync(patience.Token)).ShouldContain("Choose at least one account.");
    }

    [Theory]
    [InlineData("421", "GET /login HTTP/1.1\r\nHost: evil.example\r\n\r\n")]
    [InlineData("403", "POST /login HTTP/1.1\r\nHost: HERE\r\nOrigin: https://evil.example\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("403", "POST /login HTTP/1.1\r\nHost: HERE\r\nOrigin: null\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("405", "POST /token HTTP/1.1\r\nHost: HERE\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("405", "PUT /login HTTP/1.1\r\nHost: HERE\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("404", "GET /favicon.ico HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    [InlineData("400", "nonsense\r\n\r\n")]
    [InlineData("400", "POST /login HTTP/1.1\r\nHost: HERE\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("400", "POST /login HTTP/1.1\r\nHost: HERE\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("413", "POST /login HTTP/1.1\r\nHost: HERE\r\nContent-Length: 8193\r\n\r\n")]
    [InlineData("431", "GET /login?LONG HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    [InlineData("200", "GET /token HTTP/1.1\r\nHost: HERE\r\n\r\n")]
    public async Task What_is_no_request_of_its_own_pages_is_refused_with_a_status(string status, string request)
    {
        string answer = await Raw(request.Replace("HERE", pages.TokenPage.Authority, StringComparison.Ordinal).Replace("LONG", new string('a', 17_000), StringComparison.Ordinal));
        answer.ShouldStartWith($"HTTP/1.1 {status} ");
    }

    [Fact]
    public async Task Who_does_not_finish_is_sent_away_and_only_so_many_are_served_at_once()
    {
        var slow = new List<Socket>();
        for (int i = 0; i < 20; i++)
        {
            slow.Add(await Connect());
            await slow[^1].SendAsync("GET /login HTTP/1.1\r\n"u8.ToArray(), patience.Token);
        }

        using (Socket surplus = await Connect())
        {
            (await Received(surplus)).ShouldBe("", "it is closed without a word");
        }

        // That one was seen after all the others.
        clock.Advance(TimeSpan.FromSeconds(5));
        foreach (Socket socket in slow)
        {
            (await Received(socket)).ShouldBe("");
            socket.Dispose();
        }

        string last;
        do
        {
            // The server may not have seen the end of all of them yet.
            last = await Raw($"GET /token HTTP/1.1\r\nHost: {pages.TokenPage.Authority}\r\n\r\n");
        }
        while (last.Length == 0);
        last.ShouldContain("INVALID_REQUEST");
    }

    private Uri Login(string scope = "trading") => new($"{pages.LoginPage}?client_id=app&redirect_uri={Uri.EscapeDataString(Redirect)}&scope={scope}&product=web&state=1");

    private static string Code(string code) => $"grant_type=authorization_code&code={code}&redirect_uri={Uri.EscapeDataString(Redirect)}&client_id=app&client_secret=secret";

    private async Task<HttpResponseMessage> Choose(Uri page, params (string Name, string Value)[] form)
    {
        using var content = new FormUrlEncodedContent(form.Select(static f => KeyValuePair.Create(f.Name, f.Value)));
        return await http.PostAsync(page, content, patience.Token);
    }

    private async Task<JsonElement> Token(string query)
    {
        using HttpResponseMessage answer = await http.GetAsync(new Uri($"{pages.TokenPage}?{query}"), patience.Token);
        (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType).ShouldBe((HttpStatusCode.OK, "application/json"));
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(patience.Token)).RootElement;
    }

    private async Task<IWire> Enter()
    {
        IWire wire = await new Dialer(TimeProvider.System, certificate.Authority).Dial(server.At(WireKind.Frames), patience.Token);
        (await Ask(wire, new ProtoOAApplicationAuthReq { ClientId = "app", ClientSecret = "secret" })).ShouldBeOfType<ProtoOAApplicationAuthRes>();
        return wire;
    }

    private async Task<IMessage> Ask(IWire wire, IMessage request)
    {
        await wire.Send(request, "x", patience.Token);
        return (await wire.Receive(patience.Token))!.Message!;
    }

    private async Task<Socket> Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, pages.TokenPage.Port, patience.Token);
        return socket;
    }

    private async Task<string> Raw(string request)
    {
        using Socket socket = await Connect();
        await socket.SendAsync(Encoding.ASCII.GetBytes(request), patience.Token);
        return await Received(socket);
    }

    /// <summary>Everything until the other side has ended.</summary>
    private async Task<string> Received(Socket socket)
    {
        var text = new StringBuilder();
        byte[] some = new byte[4_096];
        try
        {
            while (await socket.ReceiveAsync(some, patience.Token) is > 0 and var count)
            {
                text.Append(Encoding.UTF8.GetString(some, 0, count));
            }
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed with something unread.
        }

        return text.ToString();
    }
}

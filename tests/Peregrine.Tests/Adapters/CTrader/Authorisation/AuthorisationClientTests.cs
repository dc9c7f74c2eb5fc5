using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.CTrader.Authorisation;

/// <summary>Tokens are asked for once, an error is seen whatever it looks like, and no address that was asked is ever told.</summary>
public sealed class AuthorisationClientTests
{
    private static readonly BrokerApplication Application = new("id", "the/secret");
    private static readonly Uri Redirect = RedirectListener.At(8731);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<TokenAnswer> Exchange(Reply reply, TimeProvider? clock = null)
    {
        await using var server = new TokenServer(_ => reply);
        var client = new AuthorisationClient(server.Pages, clock ?? TimeProvider.System);
        TokenAnswer answer = await client.Exchange(Application, "the code", Redirect, Stop);
        server.Asked.Count.ShouldBe(1, "a code works once, and so it is sent once");
        return answer;
    }

    [Fact]
    public async Task A_code_becomes_tokens_that_live_as_long_as_is_said()
    {
        var clock = new ManualClock();
        await using var server = new TokenServer(_ => Reply.Tokens("access", "refresh", 1_000));
        var client = new AuthorisationClient(server.Pages, clock);
        TokenPair tokens = (await client.Exchange(Application, "the code", Redirect, Stop)).ShouldBeOfType<TokenAnswer.Granted>().Tokens;
        Instant now = Instant.FromUtc(2026, 1, 5);
        tokens.ShouldBe(new TokenPair("access", "refresh", now, now + Duration.FromSeconds(1_000)));
        server.Asked.Single().ShouldBe(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["code"] = "the code", ["redirect_uri"] = "http://127.0.0.1:8731/callback", ["client_id"] = "id", ["client_secret"] = "the/secret",
        });
        tokens.NeedsRefresh(now + Duration.FromSeconds(750)).ShouldBeFalse();
        tokens.NeedsRefresh(now + Duration.FromSeconds(751)).ShouldBeTrue();
    }

    [Fact]
    public async Task An_error_inside_a_success_is_an_error()
    {
        (await Exchange(Reply.Error("ACCESS_DENIED", "no such code"))).ShouldBe(new TokenAnswer.Refused("ACCESS_DENIED (no such code)"));
        (await Exchange(new Reply(200, """{"accessToken":"a","refreshToken":"r","expiresIn":10,"errorCode":"ACCESS_DENIED"}"""))).ShouldBe(new TokenAnswer.Refused("ACCESS_DENIED"));
        (await Exchange(Reply.Error("ACCESS_DENIED", "x", 400))).ShouldBeOfType<TokenAnswer.Refused>();
        (await Exchange(Reply.Error("INTERNAL", "x", 503))).ShouldBeOfType<TokenAnswer.Lost>("a server in trouble refuses nothing");
    }

    [Theory]
    [InlineData(200, "")]
    [InlineData(200, "<html>")]
    [InlineData(200, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, """{"accessToken":"a","refreshToken":"r"}""")]
    [InlineData(200, """{"accessToken":"a","refreshToken":"r","expiresIn":-1}""")]
    [InlineData(200, """{"accessToken":"a","refreshToken":"r","expiresIn":9223372036854775807}""")]
    [InlineData(200, """{"accessToken":"a","expiresIn":10}""")]
    [InlineData(404, """{"accessToken":"a","refreshToken":"r","expiresIn":10}""")]
    [InlineData(502, "bad gateway")]
    public async Task What_is_no_answer_is_lost(int status, string body) => (await Exchange(new Reply(status, body))).ShouldBeOfType<TokenAnswer.Lost>();

    [Fact]
    public async Task A_connection_that_breaks_off_is_not_tried_again() => (await Exchange(Reply.HangsUp)).ShouldBeOfType<TokenAnswer.Lost>();

    [Fact]
    public async Task What_is_too_long_is_not_read() =>
        (await Exchange(new Reply(200, new string(' ', AuthorisationClient.MostBytes) + Reply.Tokens("a", "r").Body))).ShouldBeOfType<TokenAnswer.Lost>().Why.ShouldContain("longer than the 65536 bytes");

    [Fact]
    public async Task Secrets_are_not_carried_to_where_a_server_points()
    {
        await using var other = new TokenServer(_ => Reply.Tokens("a", "r"));
        (await Exchange(new Reply(302, "") { Header = $"Location: {other.Page}?x=1" })).ShouldBeOfType<TokenAnswer.Lost>().Why.ShouldContain("302");
        other.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_is_waited_for_ten_seconds_and_a_stop_is_heard()
    {
        var clock = new ManualClock();
        await using var server = new TokenServer(_ => Reply.Silence);
        var client = new AuthorisationClient(server.Pages, clock);
        Task<TokenAnswer> asked = client.Renew(Application, "refresh", Stop);
        await server.IsAsked.WaitAsync(Stop);
        clock.Advance(AuthorisationClient.Patience);
        (await asked).ShouldBe(new TokenAnswer.Lost("127.0.0.1 did not answer within 10 s"));
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => client.Renew(Application, "refresh", stopped.Token));
    }

    [Fact]
    public async Task Who_is_not_reached_has_spent_nothing()
    {
        var server = new TokenServer(_ => Reply.Silence);
        var client = new AuthorisationClient(server.Pages, TimeProvider.System);
        await server.DisposeAsync();
        (await client.Renew(Application, "refresh", Stop)).ShouldBe(new TokenAnswer.NeverLeft("127.0.0.1 cannot be reached"));
        await using var tls = new TlsServer();
        Task accepted = tls.Secure(Stop).ContinueWith(static _ => { }, TaskScheduler.Default);
        var untrusted = new UriBuilder("https", "localhost", tls.At(default).Port, "/token").Uri;
        var distrusting = new AuthorisationClient(new AuthorisationPages(untrusted, untrusted), TimeProvider.System);
        (await distrusting.Renew(Application, "refresh", Stop)).ShouldBeOfType<TokenAnswer.NeverLeft>().Why.ShouldContain("is not trusted");
        await accepted;
    }

    [Fact]
    public async Task What_a_server_repeats_of_a_secret_is_not_shown_and_nothing_that_a_terminal_obeys()
    {
        string why = (await Exchange(Reply.Error("X", "no the code nor the/secret nor the%2Fsecret\\u001b[2J\\n" + new string('x', 5_000)))).ShouldBeOfType<TokenAnswer.Refused>().Why;
        why.ShouldStartWith("X (no … nor … nor … [2J x");
        why.Length.ShouldBeLessThan(250);
        new TokenPair("access", "refresh", default, default).ToString().ShouldBe("tokens until 1970-01-01T00:00:00Z");
        Application.ToString().ShouldBe("application id");
        System.Text.Json.JsonSerializer.Serialize(new { Application, Tokens = new TokenPair("access", "refresh", default, default) }).ShouldSatisfyAllConditions(static t => t.ShouldNotContain("the/secret"), static t => t.ShouldNotContain("access"), static t => t.ShouldNotContain("refresh"));
    }

    [Fact]
    public void The_login_page_holds_no_secret()
    {
        var client = new AuthorisationClient(new AuthorisationPages(new Uri("https://id.example.org/granting/"), new Uri("https://example.org/token")), TimeProvider.System);
        client.LoginPage(Application, Redirect, "ab12").AbsoluteUri
            .ShouldBe("https://id.example.org/granting/?client_id=id&redirect_uri=http%3A%2F%2F127.0.0.1%3A8731%2Fcallback&scope=trading&product=web&state=ab12");
    }

    [Theory]
    [InlineData("https://example.org/token", true)]
    [InlineData("http://127.0.0.1:8080/token", true)]
    [InlineData("http://localhost/token", true)]
    [InlineData("http://example.org/token", false)]
    [InlineData("http://127.0.0.1.example.org/token", false)]
    [InlineData("https://a:b@example.org/token", false)]
    [InlineData("https://example.org/token?x=1", false)]
    [InlineData("ftp://127.0.0.1/token", false)]
    [InlineData("example.org", false)]
    [InlineData("", false)]
    public void Secrets_travel_in_the_clear_on_this_machine_alone(string page, bool isTaken) => (AuthorisationPages.Fault(page) is null).ShouldBe(isTaken);
}

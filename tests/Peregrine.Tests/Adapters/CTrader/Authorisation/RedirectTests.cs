using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.CTrader.Authorisation;

/// <summary>What a browser brings back, or a person pastes; and all that comes to the same port and is not it.</summary>
public sealed class RedirectTests
{
    private const string State = "abc123";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>What a request of any kind is answered with; empty where the connection is reset.</summary>
    internal static async Task<string> Ask(int port, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Stop);
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Stop);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadToEndAsync(Stop);
        }
        catch (IOException)
        {
            return "";
        }
    }

    internal static string Get(int port, string target, string more = "") => $"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{more}\r\n";

    [Fact]
    public async Task The_code_is_taken_once_and_everything_else_is_turned_away()
    {
        int port = FreePort();
        string good = $"/callback?code=the%2Fcode&state={State}";
        using var listener = RedirectListener.Listen(port, State, TimeProvider.System);
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == port).ShouldBe([new IPEndPoint(IPAddress.Loopback, port)], "nobody from elsewhere gets that far");
        Task<RedirectAnswer> waiting = listener.Answer(Stop);
        foreach (string other in (string[])
        [
            Get(port, "/"), Get(port, "/favicon.ico"), Get(port, "/callback"), Get(port, "/callback/?code=x"), Get(port, "/callbackx?code=x"), Get(port, "http://127.0.0.1/callback?code=x"), Get(port, good).Replace("GET", "POST"),
            Get(port, good).Replace("127.0.0.1", "evil.example"), Get(port, good, "Sec-Fetch-Dest: image\r\n"), Get(port, good, "Sec-Fetch-Mode: no-cors\r\n"), $"GET {good} HTTP/1.1\r\n\r\n", $"GET {good}\r\n\r\n", "\r\n\r\n",
        ])
        {
            (await Ask(port, other)).ShouldStartWith("HTTP/1.1 404", Case.Sensitive, other);
        }

        (await Ask(port, Get(port, "/callback?code=x&state=wrong"))).ShouldStartWith("HTTP/1.1 400");
        (await Ask(port, Get(port, "/callback?code=x&code=y"))).ShouldStartWith("HTTP/1.1 400");
        (await Ask(port, Get(port, "/callback?code="))).ShouldStartWith("HTTP/1.1 400");
        (await Ask(port, Get(port, "/callback?code=" + new string('x', 8_200)))).ShouldStartWith("HTTP/1.1 414");
        (await Ask(port, Get(port, "/callback?code=x", $"X: {new string('x', 40_000)}\r\n"))).ShouldNotContain("200 OK");
        waiting.IsCompleted.ShouldBeFalse();

        string page = await Ask(port, Get(port, good, "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"));
        page.ShouldStartWith("HTTP/1.1 200 OK");
        page.ShouldContain("You can close this window");
        page.ShouldNotContain("the/code");
        (await waiting).ShouldBe(new RedirectAnswer.Code("the/code"));
        listener.Dispose();
        await Should.ThrowAsync<SocketException>(() => Ask(port, Get(port, good)));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_connection_that_says_nothing_does_not_hold_up_the_one_that_does()
    {
        int port = FreePort();
        using var listener = RedirectListener.Listen(port, State, TimeProvider.System);
        Task<RedirectAnswer> waiting = listener.Answer(Stop);
        using var mute = new TcpClient();
        await mute.ConnectAsync(IPAddress.Loopback, port, Stop);
        (await Ask(port, Get(port, "/callback?code=x"))).ShouldStartWith("HTTP/1.1 200 OK", Case.Sensitive, "the state need not come back");
        (await waiting).ShouldBe(new RedirectAnswer.Code("x"));
    }

    [Fact]
    public async Task A_person_has_five_minutes_and_may_say_no()
    {
        int port = FreePort();
        var clock = new ManualClock();
        using (var listener = RedirectListener.Listen(port, State, clock))
        {
            Task<RedirectAnswer> waiting = listener.Answer(Stop);
            clock.Advance(TimeSpan.FromMinutes(4.9));
            waiting.IsCompleted.ShouldBeFalse();
            clock.Advance(TimeSpan.FromMinutes(0.1));
            (await Should.ThrowAsync<KnownFailure>(() => waiting)).Message.ShouldContain("within 5 minutes");
            Should.Throw<KnownFailure>(() => RedirectListener.Listen(port, State, clock)).Message.ShouldContain($"port {port}");
        }

        using var again = RedirectListener.Listen(port, State, TimeProvider.System);
        Task<RedirectAnswer> denied = again.Answer(Stop);
        await Ask(port, Get(port, "/callback?error=access_denied"));
        (await denied).ShouldBe(new RedirectAnswer.Denied("access_denied"));
        using var stop = new CancellationTokenSource();
        Task<RedirectAnswer> stopped = again.Answer(stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => stopped);
    }

    [Theory]
    [InlineData("the/code", "the/code")]
    [InlineData("  the/code \n", "the/code")]
    [InlineData("http://127.0.0.1:8731/callback?code=the%2Fcode", "the/code")]
    [InlineData("http://127.0.0.1:8731/callback?state=abc123&code=the%2Fcode#", "the/code")]
    [InlineData("code=the%2Fcode", "the/code")]
    [InlineData("", null)]
    [InlineData("two words", null)]
    [InlineData("http://127.0.0.1:8731/callback", null)]
    [InlineData("http://127.0.0.1:8731/callback?state=abc123", null)]
    [InlineData("http://127.0.0.1:8731/callback?state=other&code=x", null)]
    public void What_is_pasted_is_the_code_or_the_address_that_holds_it(string pasted, string? code)
    {
        RedirectAnswer answer = RedirectAnswer.OfPaste(pasted, State);
        (answer as RedirectAnswer.Code)?.Value.ShouldBe(code);
        (answer is RedirectAnswer.Code).ShouldBe(code is not null);
        answer.ToString().ShouldNotContain("the/code");
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Peregrine.Core;

namespace Peregrine.Venue;

/// <summary>
/// The venue's two pages of OAuth, over plain HTTP on loopback alone: one on which a person allows an application to use accounts, and one where the application gets its tokens. Answers are those of the real server: names in
/// camelCase, and errors as a success with an error code in it. Each connection is for one request, and has a few seconds.
/// </summary>
public sealed class LoginServer : IAsyncDisposable
{
    private const int MostConnections = 20;

    private static readonly TimeSpan PerConnection = TimeSpan.FromSeconds(5);

    private readonly VenueServer venue;
    private readonly VenueSetup setup;
    private readonly TimeProvider clock;
    private readonly TcpListener listener;
    private readonly CancellationTokenSource end = new();
    private readonly List<Task> serving = [];
    private readonly Task accepting;

    private LoginServer(VenueServer venue, VenueSetup setup, TcpListener listener, TimeProvider clock)
    {
        (this.venue, this.setup, this.listener, this.clock) = (venue, setup, listener, clock);
        accepting = Accept(end.Token);
    }

    /// <summary>Where a person allows an application to use accounts.</summary>
    public Uri LoginPage => new($"http://{Host}/login");

    /// <summary>Where an application gets tokens for a code, and for a refresh token.</summary>
    public Uri TokenPage => new($"http://{Host}/token");

    private string Host => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Listens on a port, 0 for any that is free. It answers while the venue serves.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    /// <exception cref="ArgumentException">The venue has no words to make tokens of.</exception>
    public static LoginServer Start(VenueServer venue, VenueSetup setup, int port, TimeProvider clock)
    {
        if (setup.Words is null)
        {
            throw new ArgumentException("the venue gives no tokens", nameof(setup));
        }

        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return new LoginServer(venue, setup, listener, clock);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync().ConfigureAwait(false);
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task Accept(CancellationToken stop)
    {
        while (true)
        {
            Socket socket = await listener.AcceptSocketAsync(stop).ConfigureAwait(false);
            serving.RemoveAll(static t => t.IsCompleted);
            if (serving.Count < MostConnections)
            {
                serving.Add(Serve(socket, stop));
            }
            else
            {
                socket.Dispose();
            }
        }
    }

    private async Task Serve(Socket socket, CancellationToken stop)
    {
        using Socket open = socket;
        using var patience = new CancellationTokenSource(PerConnection, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            (PageRequest? request, string? fault) = await PageRequest.Read(open, both.Token).ConfigureAwait(false);
            if (request is null && fault is null)
            {
                return;
            }

            PageAnswer answer = request is null ? PageAnswer.Plain(fault!) : await Answer(request, both.Token).ConfigureAwait(false);
            await open.SendAsync(answer.Bytes(clock.GetUtcNow()), both.Token).ConfigureAwait(false);
            open.Shutdown(SocketShutdown.Send);

            // What is closed before all of it was read is reset, and the answer with it.
            byte[] rest = new byte[PageRequest.LongestForm];
            while (await open.ReceiveAsync(rest, both.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Who goes gets no answer.
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Nor does who does not finish.
        }
    }

    private async Task<PageAnswer> Answer(PageRequest request, CancellationToken stop)
    {
        // A name of somebody else's that is made to lead here is not served.
        if (request.Host != Host && request.Host != Host.Replace("127.0.0.1", "localhost", StringComparison.Ordinal))
        {
            return PageAnswer.Plain("421 Misdirected Request");
        }

        return request switch
        {
            { Path: "/login", Method: "GET" } => LoginQuestion.Of(request, setup, out string? fault) is { } question ? PermissionPage.Ask(question, setup) : PermissionPage.Fault(fault!),
            { Path: "/login", Method: "POST" } when request.Origin is null || request.Origin == $"http://{request.Host}" => await Decide(request, stop).ConfigureAwait(false),
            { Path: "/login", Method: "POST" } => PageAnswer.Plain("403 Forbidden"),
            { Path: "/token", Method: "GET" } => await Tokens(request, stop).ConfigureAwait(false),
            { Path: "/login" or "/token" } => PageAnswer.Plain("405 Method Not Allowed"),
            _ => PageAnswer.Plain("404 Not Found"),
        };
    }

    /// <summary>What a person chose: back to the application with a code, or once more the page.</summary>
    private async Task<PageAnswer> Decide(PageRequest request, CancellationToken stop)
    {
        if (LoginQuestion.Of(request, setup, out string? fault) is not { } question)
        {
            return PermissionPage.Fault(fault!);
        }

        string[] chosen = [.. request.Form.Where(static p => p.Name == "account").Select(static p => p.Value)];
        long[] allowed = [.. setup.Accounts.Select(static a => a.Id).Where(id => chosen.Contains(id.ToString(CultureInfo.InvariantCulture)))];
        if (allowed.Length == 0)
        {
            return PermissionPage.Ask(question with { Lacks = "Choose at least one account." }, setup);
        }

        var permission = new Permission(question.ClientId, allowed, question.MayTrade && request.Form.Any(static p => p is ("trading", "yes")));
        string code = await venue.Ask(e => e.Promise(permission, question.Redirect.OriginalString, Now), stop).ConfigureAwait(false);
        string joint = question.Redirect.Query.Length == 0 ? "?" : "&";

        // Its state is not given back, as the real server does not.
        return PageAnswer.Plain("303 See Other") with { Location = new Uri($"{question.Redirect.OriginalString}{joint}code={code}") };
    }

    private async Task<PageAnswer> Tokens(PageRequest request, CancellationToken stop)
    {
        var who = new RegisteredApplication(request.Asked("client_id"), request.Asked("client_secret"));
        TokenReply reply = request.Asked("grant_type") switch
        {
            "authorization_code" => await venue.Ask(e => e.Redeem(who, (request.Asked("code"), request.Asked("redirect_uri")), Now), stop).ConfigureAwait(false),
            "refresh_token" => await venue.Ask(e => e.Renew(who, request.Asked("refresh_token"), Now), stop).ConfigureAwait(false),
            _ => new TokenReply.Denied("INVALID_REQUEST", "grant_type must be authorization_code or refresh_token"),
        };
        return PageAnswer.Json(reply switch
        {
            TokenReply.Granted g => JsonSerializer.Serialize(new { accessToken = g.Token.Text, tokenType = TokenReply.Kind, expiresIn = (long)g.Life.TotalSeconds, refreshToken = g.Token.Refresh, errorCode = (string?)null, description = (string?)null }),
            TokenReply.Denied d => JsonSerializer.Serialize(new { errorCode = d.ErrorCode, description = d.Description }),
            _ => throw new InvalidOperationException("there is no such reply"),
        });
    }

    private Instant Now => Instant.FromDateTime(clock.GetUtcNow().UtcDateTime);
}

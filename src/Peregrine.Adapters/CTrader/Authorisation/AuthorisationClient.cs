using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Peregrine.Core;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>
/// Asks the broker for tokens, each time once: a code and a refresh token work a single time, so that a second try could only spoil what the first achieved. Secrets travel in the query, and so no address that was asked, nor any
/// exception that may hold one, leaves here.
/// </summary>
/// <param name="pages">Where to ask; <see cref="AuthorisationPages.Fault"/> finds nothing wrong with either.</param>
/// <param name="clock">Says when tokens were obtained, and bounds how long an answer may take.</param>
/// <param name="transport">Carries the requests; null means over the network, with nothing followed, kept or sent again.</param>
public sealed class AuthorisationClient(AuthorisationPages pages, TimeProvider clock, HttpMessageHandler? transport = null)
{
    /// <summary>The longest answer that is read.</summary>
    public const int MostBytes = 65_536;

    /// <summary>How long an answer is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ExaminationPatience = TimeSpan.FromSeconds(5);

    private static readonly Duration LongestLife = Duration.FromDays(3_660);

    /// <summary>The page on which a person allows the application to use their accounts. It holds no secret.</summary>
    public Uri LoginPage(BrokerApplication application, Uri redirect, string state) => With(
        pages.Login, ("client_id", application.ClientId), ("redirect_uri", redirect.OriginalString), ("scope", "trading"), ("product", "web"), ("state", state));

    /// <summary>Asks for the tokens of a code, which lives a minute and works once.</summary>
    public Task<TokenAnswer> Exchange(BrokerApplication application, string code, Uri redirect, CancellationToken stop) => Ask(
        With(pages.Token, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect.OriginalString), ("client_id", application.ClientId), ("client_secret", application.ClientSecret)),
        [code, application.ClientSecret],
        stop);

    /// <summary>Asks for new tokens; the access token that was valid so far is not any more, and the refresh token is spent.</summary>
    public Task<TokenAnswer> Renew(BrokerApplication application, string refreshToken, CancellationToken stop) => Ask(
        With(pages.Token, ("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", application.ClientId), ("client_secret", application.ClientSecret)),
        [refreshToken, application.ClientSecret],
        stop);

    /// <summary>Asks the token page for nothing, which spends nothing, to see whether it answers and what time it is there.</summary>
    public async Task<TokenPageFinding> Examine(CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(ExaminationPatience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        using var http = new HttpClient(transport ?? Network(new OneConnection()), disposeHandler: transport is null) { Timeout = Timeout.InfiniteTimeSpan };
        DateTimeOffset before = clock.GetUtcNow();
        try
        {
            using HttpResponseMessage response = await http.GetAsync(pages.Token, HttpCompletionOption.ResponseHeadersRead, both.Token).ConfigureAwait(false);

            // What is told has whole seconds: on average it is half of one later.
            DateTimeOffset ours = before + ((clock.GetUtcNow() - before) / 2);
            return new TokenPageFinding.Answers(response.Headers.Date is { } theirs ? ours - theirs - TimeSpan.FromSeconds(0.5) : null);
        }
        catch (OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            return new TokenPageFinding.Unreached($"{pages.Token.Host} did not answer within {ExaminationPatience.TotalSeconds:0} s", IsUntrusted: false);
        }
        catch (HttpRequestException fault)
        {
            return new TokenPageFinding.Unreached(Failed(pages.Token.Host, fault.HttpRequestError).Why, fault.HttpRequestError == HttpRequestError.SecureConnectionError);
        }
    }

    private async Task<TokenAnswer> Ask(Uri address, string[] secrets, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        var connection = new OneConnection();
        using var http = new HttpClient(transport ?? Network(connection), disposeHandler: transport is null) { MaxResponseContentBufferSize = MostBytes, Timeout = Timeout.InfiniteTimeSpan };
        var asked = Instant.FromUnixMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        try
        {
            using HttpResponseMessage response = await http.GetAsync(address, both.Token).ConfigureAwait(false);
            return Read(response.StatusCode, await response.Content.ReadAsByteArrayAsync(both.Token).ConfigureAwait(false), asked, secrets);
        }
        catch (OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            string why = $"{address.Host} did not answer within {Patience.TotalSeconds:0} s";
            return connection.IsMade || transport is not null ? new TokenAnswer.Lost(why) : new TokenAnswer.NeverLeft(why);
        }
        catch (HttpRequestException fault)
        {
            (bool hasLeft, string why) = Failed(address.Host, connection.IsMade && fault.HttpRequestError == HttpRequestError.ConnectionError ? HttpRequestError.ResponseEnded : fault.HttpRequestError);
            return hasLeft ? new TokenAnswer.Lost(why) : new TokenAnswer.NeverLeft(why);
        }
    }

    private static (bool HasLeft, string Why) Failed(string host, HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => (false, $"there is no host {host}, or no name server to ask"),
        HttpRequestError.SecureConnectionError => (false, $"the certificate of {host} is not trusted, or it does not speak TLS"),
        HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => (false, $"{host} cannot be reached"),
        HttpRequestError.ConfigurationLimitExceeded => (true, $"the answer of {host} is longer than the {MostBytes} bytes that are read"),
        _ => (true, $"the connection to {host} broke off before its answer was whole"),
    };

    /// <summary>An error may come as a success: whether there is one is asked first.</summary>
    private static TokenAnswer Read(HttpStatusCode status, byte[] body, Instant asked, string[] secrets)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            JsonElement root = document.RootElement;
            if (Text(root, "errorCode") is { } code)
            {
                string why = ServerWords.Shown(Text(root, "description") is { } description ? $"{code} ({description})" : code, secrets);

                // A server in trouble, or one that was asked too often, has not said what it thinks of what it was given.
                return status >= HttpStatusCode.InternalServerError || status == HttpStatusCode.TooManyRequests ? new TokenAnswer.Lost($"the server is in trouble: {why}") : new TokenAnswer.Refused(why);
            }

            return status == HttpStatusCode.OK && Text(root, "accessToken") is { } access && Text(root, "refreshToken") is { } refresh && Life(root) is { } life
                ? new TokenAnswer.Granted(new TokenPair(access, refresh, asked, asked + life))
                : new TokenAnswer.Lost($"the answer (HTTP {(int)status}) holds neither tokens nor an error");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter of texts that are no UTF-8.
            return new TokenAnswer.Lost($"the answer (HTTP {(int)status}) is no JSON");
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String or JsonValueKind.Number && value.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>How long the access token lives; null of what is no such time.</summary>
    private static Duration? Life(JsonElement root) =>
        long.TryParse(Text(root, "expiresIn"), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds > 0 && seconds <= LongestLife.TotalSeconds ? Duration.FromSeconds(seconds) : null;

    private static Uri With(Uri page, params ReadOnlySpan<(string Name, string Value)> query)
    {
        var parts = new List<string>();
        foreach ((string name, string value) in query)
        {
            parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        return new Uri($"{page.GetLeftPart(UriPartial.Path)}?{string.Join('&', parts)}");
    }

    /// <summary>A proxy sees what travels to this machine in plain http, and has no business there.</summary>
    private SocketsHttpHandler Network(OneConnection connection) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = pages.Token.Scheme == "https",
        MaxResponseHeadersLength = 64,
        ConnectCallback = connection.Connect,
    };

    /// <summary>A connection for a request, and no second one: the library sends a request again, three times, when the server hangs up before it says anything.</summary>
    private sealed class OneConnection
    {
        public bool IsMade { get; private set; }

        public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken stop)
        {
            if (IsMade)
            {
                throw new IOException("a request is sent once");
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(context.DnsEndPoint, stop).ConfigureAwait(false);
                IsMade = true;
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Peregrine.Adapters.CTrader.Authorisation;

namespace Peregrine.Tests.Adapters.CTrader.Authorisation;

/// <summary>What a token server says: a status with a body, nothing before it hangs up, or nothing at all.</summary>
internal sealed record Reply(int Status, string Body)
{
    public static readonly Reply HangsUp = new(0, ""), Silence = new(-1, "");

    public string Header { get; init; } = "X-Test: 1";

    /// <summary>The nth pair of tokens.</summary>
    public static Reply Tokens(string access, string refresh, long seconds = 2_628_000) =>
        new(200, $$"""{"accessToken":"{{access}}","tokenType":"bearer","expiresIn":{{seconds}},"refreshToken":"{{refresh}}","errorCode":null,"description":null}""");

    /// <summary>An error, which comes as a success.</summary>
    public static Reply Error(string code, string description, int status = 200) => new(status, $$"""{"errorCode":"{{code}}","description":"{{description}}"}""");
}

/// <summary>A token server on loopback over plain HTTP, which answers each request as a test says.</summary>
internal sealed class TokenServer : IAsyncDisposable
{
    private readonly TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    public TokenServer(Func<IReadOnlyDictionary<string, string>, Reply> answer)
    {
        listener.Start();
        Page = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/apps/token");
        serving = Serve(answer);
    }

    public Uri Page { get; }

    public AuthorisationPages Pages => new(new Uri(Page, "/login"), Page);

    /// <summary>A header for who only looks whether the page is there.</summary>
    public string Looked { get; set; } = "X-Test: 1";

    /// <summary>The queries that came, in order.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Asked { get; } = [];

    /// <summary>Done once something was asked.</summary>
    public Task IsAsked => first.Task;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await serving.ContinueWith(static _ => { }, TaskScheduler.Default);
        stop.Dispose();
    }

    private Reply Answered(string target, Func<IReadOnlyDictionary<string, string>, Reply> answer)
    {
        var query = target.Split('?', 2)[1].Split('&').Select(static p => p.Split('=', 2)).ToDictionary(static p => p[0], static p => Uri.UnescapeDataString(p[1]));
        Asked.Enqueue(query);
        first.TrySetResult();
        return answer(query);
    }

    private async Task Serve(Func<IReadOnlyDictionary<string, string>, Reply> answer)
    {
        while (true)
        {
            using Socket socket = await listener.AcceptSocketAsync(stop.Token);
            var head = new StringBuilder();
            byte[] some = new byte[4_096];
            while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
            {
                int count = await socket.ReceiveAsync(some, stop.Token);
                head.Append(count > 0 ? Encoding.ASCII.GetString(some, 0, count) : throw new IOException("the client went before it had asked"));
            }

            string target = head.ToString().Split(' ')[1];
            Reply reply = target.Contains('?', StringComparison.Ordinal) ? Answered(target, answer) : Reply.Error("INVALID_REQUEST", "nothing was asked") with { Header = Looked };
            if (reply == Reply.Silence)
            {
                await Task.Delay(Timeout.Infinite, stop.Token);
            }

            if (reply != Reply.HangsUp)
            {
                await socket.SendAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {reply.Status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(reply.Body)}\r\n{reply.Header}\r\n\r\n{reply.Body}"), stop.Token);
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>
/// Waits on this machine alone for the one browser that comes back from the login page, reads the first line of what it asks, and takes nothing else. A page of somebody else's cannot bring a code of its own here unseen: what
/// was not a person's own way to this address, or names another host, is not answered.
/// </summary>
public sealed class RedirectListener : IDisposable
{
    public const string Path = "/callback";

    /// <summary>The longest first line that is read, and the longest head.</summary>
    private const int LongestLine = 8_192, LongestHead = 32_768;

    /// <summary>How long a person may take, and how long a connection.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5), PerConnection = TimeSpan.FromSeconds(2);

    private readonly TcpListener listener;
    private readonly string state;
    private readonly TimeProvider clock;

    private RedirectListener(TcpListener listener, string state, TimeProvider clock)
    {
        this.listener = listener;
        this.state = state;
        this.clock = clock;
    }

    private int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The address to come back to, exactly as it is registered for the application.</summary>
    public static Uri At(int port) => new($"http://127.0.0.1:{port}{Path}");

    /// <exception cref="KnownFailure">Another process has the port.</exception>
    public static RedirectListener Listen(int port, string state, TimeProvider clock)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return new RedirectListener(listener, state, clock);
        }
        catch (SocketException fault)
        {
            listener.Dispose();
            throw new KnownFailure($"Cannot wait for the browser on port {port}", fault.Message.TrimEnd('.'), "end what uses that port, or log in with --paste, which needs none");
        }
    }

    /// <summary>The answer of the login, once the browser has brought it.</summary>
    /// <exception cref="KnownFailure">Nobody came in time.</exception>
    public async Task<RedirectAnswer> Answer(CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            while (true)
            {
                using Socket socket = await listener.AcceptSocketAsync(both.Token).ConfigureAwait(false);
                if (await Serve(socket, both.Token).ConfigureAwait(false) is { } answer and not RedirectAnswer.Foreign)
                {
                    return answer;
                }
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new KnownFailure("Nobody has logged in", $"the browser did not come back within {Patience.TotalMinutes:0} minutes", "run './peregrine account login' again, with --paste where the browser is on another machine");
        }
    }

    public void Dispose() => listener.Dispose();

    /// <summary>One connection to its end; null where it brought nothing. Browsers open some that they never use.</summary>
    private async Task<RedirectAnswer?> Serve(Socket socket, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(PerConnection, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        RedirectAnswer? answer = null;
        try
        {
            (string? head, bool isTooLong) = await Head(socket, both.Token).ConfigureAwait(false);
            answer = head is null ? null : Understood(head);
            byte[] page = Page(isTooLong ? "414 URI Too Long" : answer switch
            {
                RedirectAnswer.Code or RedirectAnswer.Denied => "200 OK",
                RedirectAnswer.Foreign => "400 Bad Request",
                null => "404 Not Found",
                _ => throw new ArgumentOutOfRangeException(nameof(socket), answer, "There is no such answer."),
            });
            await socket.SendAsync(page, both.Token).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Send);

            // What is closed before all of it was read is reset, and the page with it.
            byte[] rest = new byte[LongestLine];
            while (await socket.ReceiveAsync(rest, both.Token).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // Who goes gets no page; what was understood counts.
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Nor does who does not finish.
        }

        return answer;
    }

    /// <summary>Everything before the body; null where it is too long or does not come.</summary>
    private static async Task<(string? Head, bool IsTooLong)> Head(Socket socket, CancellationToken stop)
    {
        byte[] buffer = new byte[LongestHead];
        int held = 0;
        while (held < buffer.Length)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(held), stop).ConfigureAwait(false);
            if (count == 0)
            {
                return (null, false);
            }

            held += count;
            int line = buffer.AsSpan(0, held).IndexOf("\r\n"u8), end = buffer.AsSpan(0, held).IndexOf("\r\n\r\n"u8);
            if (line > LongestLine || (line < 0 && held > LongestLine))
            {
                return (null, true);
            }

            if (end >= 0)
            {
                return (Encoding.Latin1.GetString(buffer, 0, end), false);
            }
        }

        return (null, true);
    }

    /// <summary>What a request brings; null where it is none of a browser that comes back from the login page.</summary>
    private RedirectAnswer? Understood(string head)
    {
        string[] lines = head.Split("\r\n");
        if (lines[0].Split(' ') is not ["GET", var target, "HTTP/1.1" or "HTTP/1.0"] || target.Split('?', 2) is not [Path, var query])
        {
            return null;
        }

        // A name that is made to lead here belongs to a page of somebody else's, and so does what a page loads beside itself.
        return Field(lines, "Host") == $"127.0.0.1:{Port}" && Field(lines, "Sec-Fetch-Mode") is null or "navigate" && Field(lines, "Sec-Fetch-Dest") is null or "document"
            ? RedirectAnswer.OfQuery(query, state)
            : null;
    }

    private static string? Field(string[] lines, string name) =>
        lines.Skip(1).Select(static l => l.Split(':', 2)).FirstOrDefault(l => l.Length == 2 && l[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim();

    private static byte[] Page(string status)
    {
        string said = status.StartsWith("200", StringComparison.Ordinal) ? "Peregrine has its answer. You can close this window." : $"{status}: this is not the answer that Peregrine waits for.";
        string body = $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Peregrine</title><p>{said}</p></html>\n";
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\nX-Content-Type-Options: nosniff\r\n\r\n{body}");
    }
}

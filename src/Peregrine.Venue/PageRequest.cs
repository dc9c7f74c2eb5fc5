using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Peregrine.Venue;

/// <summary>A request of a browser or of an application for one of the login server's pages: its first line, the fields that matter, and what a form brings.</summary>
internal sealed record PageRequest(string Method, string Path)
{
    public const int LongestHead = 16_384, LongestForm = 8_192;

    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    public IReadOnlyList<(string Name, string Value)> Form { get; init; } = [];

    public string Host { get; init; } = "";

    /// <summary>Where the form stood, as browsers tell; null where nobody says.</summary>
    public string? Origin { get; init; }

    /// <summary>The one value of a name in the query; empty where there is none, or more than one.</summary>
    public string Asked(string name) => Query.Where(p => p.Name == name).Select(static p => p.Value).ToArray() is [var one] ? one : "";

    /// <summary>Reads a request. Without one, the status that says what is wrong with it; null where nobody is left to be told.</summary>
    /// <exception cref="SocketException">The connection is lost.</exception>
    public static async ValueTask<(PageRequest? Request, string? Fault)> Read(Socket socket, CancellationToken stop)
    {
        byte[] buffer = new byte[LongestHead + LongestForm];
        int held = 0, head;
        while ((head = buffer.AsSpan(0, Math.Min(held, LongestHead)).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (held >= LongestHead)
            {
                return (null, "431 Request Header Fields Too Large");
            }

            int count = await socket.ReceiveAsync(buffer.AsMemory(held), stop).ConfigureAwait(false);
            if (count == 0)
            {
                return (null, null);
            }

            held += count;
        }

        string[] lines = Encoding.Latin1.GetString(buffer, 0, head).Split("\r\n");
        int from = head + 4;
        if (lines[0].Split(' ') is not [var method, var target, "HTTP/1.1" or "HTTP/1.0"] || Field(lines, "Transfer-Encoding") is not null || Length(lines) is not { } length)
        {
            return (null, "400 Bad Request");
        }

        if (length > LongestForm)
        {
            return (null, "413 Content Too Large");
        }

        while (held < from + length)
        {
            int count = await socket.ReceiveAsync(buffer.AsMemory(held, from + length - held), stop).ConfigureAwait(false);
            if (count == 0)
            {
                return (null, null);
            }

            held += count;
        }

        string[] parts = target.Split('?', 2);
        return (new PageRequest(method, parts[0])
        {
            Query = Pairs(parts.ElementAtOrDefault(1) ?? ""),
            Form = Pairs(Encoding.Latin1.GetString(buffer, from, length)),
            Host = Field(lines, "Host") ?? "",
            Origin = Field(lines, "Origin"),
        }, null);
    }

    private static int? Length(string[] lines) => Field(lines, "Content-Length") is not { } text ? 0 : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) ? length : null;

    private static string? Field(string[] lines, string name) =>
        lines.Skip(1).Select(static l => l.Split(':', 2)).FirstOrDefault(l => l.Length == 2 && l[0].Equals(name, StringComparison.OrdinalIgnoreCase))?[1].Trim();

    private static (string Name, string Value)[] Pairs(string text) => [.. text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Pair)];

    private static (string Name, string Value) Pair(string text)
    {
        string[] parts = text.Split('=', 2);
        return (Plain(parts[0]), parts.Length == 2 ? Plain(parts[1]) : "");
    }

    private static string Plain(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

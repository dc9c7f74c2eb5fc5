using System.Globalization;
using System.Text;

namespace Peregrine.Venue;

/// <summary>What the login server answers: a status, a body, and where a browser is to go from there.</summary>
internal sealed record PageAnswer(string Status, string Type, string Body)
{
    /// <summary>Where to go; null for nowhere.</summary>
    public Uri? Location { get; init; }

    /// <summary>What the page may do, in the words of a content security policy.</summary>
    public string Policy { get; init; } = "default-src 'none'";

    public static PageAnswer Html(string status, string body) => new(status, "text/html; charset=utf-8", body);

    public static PageAnswer Plain(string status) => new(status, "text/plain; charset=utf-8", status + "\n");

    public static PageAnswer Json(string body) => new("200 OK", "application/json; charset=utf-8", body);

    /// <summary>All of it, as it travels. Where a form was sent from is told to nobody but this server itself.</summary>
    public byte[] Bytes(DateTimeOffset now)
    {
        byte[] body = Encoding.UTF8.GetBytes(Body);
        var head = new StringBuilder($"HTTP/1.1 {Status}\r\nDate: {now.ToString("R", CultureInfo.InvariantCulture)}\r\nContent-Type: {Type}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n");
        head.Append("Cache-Control: no-store\r\nReferrer-Policy: same-origin\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n");
        head.Append(CultureInfo.InvariantCulture, $"Content-Security-Policy: {Policy}; base-uri 'none'; frame-ancestors 'none'\r\n");
        if (Location is { } location)
        {
            head.Append(CultureInfo.InvariantCulture, $"Location: {location.AbsoluteUri}\r\n");
        }

        return [.. Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), .. body];
    }
}

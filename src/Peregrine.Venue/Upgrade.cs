using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Venue;

/// <summary>The server's half of the WebSocket handshake (RFC 6455), over a stream that is secure already.</summary>
internal static class Upgrade
{
    private const int LongestHead = 8_192;

    private const string KeyField = "Sec-WebSocket-Key:", Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <exception cref="WireFault">What came asks for no WebSocket.</exception>
    public static async ValueTask<WebSocket> Accept(Stream stream, CancellationToken stop)
    {
        string[] head = (await Head(stream, stop).ConfigureAwait(false)).Split("\r\n");
        string key = head.FirstOrDefault(static l => l.StartsWith(KeyField, StringComparison.OrdinalIgnoreCase)) is { } line
            ? line[KeyField.Length..].Trim()
            : throw new WireFault("what came asks for no WebSocket");
#pragma warning disable CA5350 // RFC 6455 says which hash it is.
        string accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
        string answer = $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), stop).ConfigureAwait(false);
        return WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan });
    }

    /// <summary>Byte by byte, because what follows the empty line is not the head's any more.</summary>
    private static async ValueTask<string> Head(Stream stream, CancellationToken stop)
    {
        byte[] head = new byte[LongestHead];
        int length = 0;
        while (length < 4 || !head.AsSpan(length - 4, 4).SequenceEqual("\r\n\r\n"u8))
        {
            if (length == LongestHead)
            {
                throw new WireFault($"the head of a request is longer than {LongestHead} bytes");
            }

            await stream.ReadExactlyAsync(head.AsMemory(length, 1), stop).ConfigureAwait(false);
            length++;
        }

        return Encoding.ASCII.GetString(head, 0, length);
    }
}

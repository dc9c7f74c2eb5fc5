using System.Buffers;
using System.Net.WebSockets;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Adapters.CTrader.Transport;

/// <summary>A message for each message of a WebSocket: envelopes in binary ones, or the JSON port's texts.</summary>
/// <param name="socket">The socket, open; closed with the wire.</param>
/// <param name="isText">True of the JSON port.</param>
/// <param name="longest">The longest message that is taken.</param>
/// <param name="clock">Bounds how long closing may take.</param>
public sealed class SocketWire(WebSocket socket, bool isText, int longest, TimeProvider clock) : IWire
{
    private const int Piece = 16_384;

    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(2);

    private readonly ArrayBufferWriter<byte> leaving = new(Piece);
    private byte[] arriving = new byte[Piece];

    public long Heard { get; private set; }

    private WebSocketMessageType Kind => isText ? WebSocketMessageType.Text : WebSocketMessageType.Binary;

    public async ValueTask Send(IMessage message, string? clientMsgId, CancellationToken stop)
    {
        leaving.ResetWrittenCount();
        if (isText)
        {
            JsonText.Write(leaving, message, clientMsgId);
        }
        else
        {
            Envelope.Write(leaving, message, clientMsgId);
        }

        try
        {
            await socket.SendAsync(leaving.WrittenMemory, Kind, endOfMessage: true, stop).ConfigureAwait(false);
        }
        catch (WebSocketException fault)
        {
            throw new IOException("the connection is lost", fault);
        }
    }

    public async ValueTask<Received?> Receive(CancellationToken stop)
    {
        int held = 0;
        while (true)
        {
            ValueWebSocketReceiveResult part = await Part(held, stop).ConfigureAwait(false);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return held == 0 ? null : throw new WireFault($"the connection ended in the middle of a message, after {held} bytes of it");
            }

            if (part.MessageType != Kind)
            {
                throw new WireFault($"a {part.MessageType} message came where {Kind} ones are spoken");
            }

            held += part.Count;
            Heard += part.Count;
            if (held > longest)
            {
                throw new WireFault($"a message is longer than the {longest} bytes that are taken");
            }

            if (part.EndOfMessage)
            {
                return Whole(held);
            }
        }
    }

    private async ValueTask<ValueWebSocketReceiveResult> Part(int held, CancellationToken stop)
    {
        if (held == arriving.Length)
        {
            Array.Resize(ref arriving, 2 * arriving.Length);
        }

        try
        {
            return await socket.ReceiveAsync(arriving.AsMemory(held), stop).ConfigureAwait(false);
        }
        catch (WebSocketException fault)
        {
            throw new IOException("the connection is lost", fault);
        }
    }

    private Received Whole(int length)
    {
        if (isText)
        {
            (uint type, IMessage? message, string? id) = JsonText.Read(arriving.AsMemory(0, length));
            return new Received(type, message, id);
        }

        return Received.In(Envelope.Parse(arriving.AsSpan(0, length)));
    }

    public async ValueTask DisposeAsync()
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            try
            {
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).WaitAsync(Closing, clock).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is WebSocketException or IOException or InvalidOperationException or TimeoutException)
            {
                // The peer is gone: nothing is left to say goodbye to.
                socket.Abort();
            }
        }

        socket.Dispose();
    }
}

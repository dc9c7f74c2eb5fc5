using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Adapters.CTrader.Transport;

/// <summary>What a peer sent: the payload's type, the message (null of a type that this version does not know), and the id that the client gave the request it answers.</summary>
public sealed record Received(uint Type, IMessage? Message, string? ClientMsgId)
{
    /// <summary>What is in an envelope.</summary>
    /// <exception cref="WireFault">It is not what it is said to be.</exception>
    public static Received In(ProtoMessage envelope) => new(envelope.PayloadType, Payloads.Unwrap(envelope), envelope.HasClientMsgId ? envelope.ClientMsgId : null);
}

/// <summary>
/// A connection that carries messages of the protocol, whatever it carries them in. One caller sends and one receives at a time. What the network does to it is an <see cref="IOException"/>, what the peer does wrong a
/// <see cref="WireFault"/>; after either, and after a call that was cancelled, only disposing is left.
/// </summary>
public interface IWire : IAsyncDisposable
{
    /// <summary>Bytes that came in so far, also those of what is not whole yet: while they grow the peer is alive.</summary>
    long Heard { get; }

    /// <summary>Sends a message; returns when the network has taken it.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    ValueTask Send(IMessage message, string? clientMsgId, CancellationToken stop);

    /// <summary>The next message; null when the peer has ended the connection between two.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    /// <exception cref="WireFault">What came is no message of the protocol, too long, or ended in the middle.</exception>
    ValueTask<Received?> Receive(CancellationToken stop);
}

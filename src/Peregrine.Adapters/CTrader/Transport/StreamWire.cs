using System.Buffers;
using System.Net.Security;
using System.Security.Cryptography;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Adapters.CTrader.Transport;

/// <summary>Envelopes with their length before them, over a stream: TLS, or any other that goes both ways.</summary>
/// <param name="stream">What carries them; closed with the wire.</param>
/// <param name="longest">The longest frame that is taken.</param>
/// <param name="clock">Bounds how long closing may take.</param>
public sealed class StreamWire(Stream stream, int longest, TimeProvider clock) : IWire
{
    private const int Piece = 16_384;

    /// <summary>A peer that is gone must not hold up who closes.</summary>
    private static readonly TimeSpan Closing = TimeSpan.FromSeconds(2);

    private readonly FrameReader frames = new(longest);
    private readonly ArrayBufferWriter<byte> leaving = new(Piece);
    private readonly byte[] arriving = new byte[Piece];

    public long Heard { get; private set; }

    public async ValueTask Send(IMessage message, string? clientMsgId, CancellationToken stop)
    {
        leaving.ResetWrittenCount();
        Envelope.WriteFrame(leaving, message, clientMsgId);
        await stream.WriteAsync(leaving.WrittenMemory, stop).ConfigureAwait(false);
        await stream.FlushAsync(stop).ConfigureAwait(false);
    }

    public async ValueTask<Received?> Receive(CancellationToken stop)
    {
        while (true)
        {
            if (frames.Next() is { } envelope)
            {
                return Received.In(envelope);
            }

            int count = await stream.ReadAsync(arriving, stop).ConfigureAwait(false);
            if (count == 0)
            {
                return frames.Held == 0 ? null : throw new WireFault($"the connection ended in the middle of a frame, after {frames.Held} bytes of it");
            }

            Heard += count;
            frames.Add(arriving.AsSpan(0, count));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (stream is SslStream tls)
        {
            try
            {
                await tls.ShutdownAsync().WaitAsync(Closing, clock).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is IOException or InvalidOperationException or TimeoutException or CryptographicException)
            {
                // The peer is gone, was never there, or left in the middle of a handshake: nothing is left to say goodbye to.
            }
        }

        await stream.DisposeAsync().ConfigureAwait(false);
    }
}

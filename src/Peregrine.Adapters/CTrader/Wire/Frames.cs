using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;

namespace Peregrine.Adapters.CTrader.Wire;

/// <summary>
/// Envelopes in a stream of bytes: each a length of four bytes, the highest first, and as many bytes. Bytes are given as they arrive, in pieces of any size; envelopes are taken as they become whole. Memory is at
/// most the longest frame allowed, and one piece.
/// </summary>
/// <param name="longest">The longest frame that is taken.</param>
public sealed class FrameReader(int longest)
{
    /// <summary>The longest frame that official clients take.</summary>
    public const int Longest = 15_000_000;

    private const int Prefix = 4, Least = 4_096;

    private byte[] held = new byte[Least];
    private int from, to;

    /// <summary>Bytes that are held and were not taken yet.</summary>
    public int Held => to - from;

    /// <summary>Takes what has arrived.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (held.Length - to < bytes.Length)
        {
            // To the front, into a larger one where that is not enough.
            byte[] room = Held + bytes.Length <= held.Length ? held : new byte[Math.Max(2 * held.Length, Held + bytes.Length)];
            held.AsSpan(from..to).CopyTo(room);
            (held, from, to) = (room, 0, Held);
        }

        bytes.CopyTo(held.AsSpan(to));
        to += bytes.Length;
    }

    /// <summary>The next whole envelope; null until there is one.</summary>
    /// <exception cref="WireFault">A frame is longer than allowed, or no envelope. Nothing after it can be read.</exception>
    public ProtoMessage? Next()
    {
        if (Held < Prefix)
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(held.AsSpan(from));
        if (length > longest)
        {
            throw new WireFault($"a frame of {length} bytes is longer than the {longest} that are taken");
        }

        if (Held - Prefix < length)
        {
            return null;
        }

        ProtoMessage envelope = Envelope.Parse(held.AsSpan(from + Prefix, (int)length));
        from += Prefix + (int)length;
        if (from == to)
        {
            (from, to) = (0, 0);
            held = held.Length > 16 * Least ? new byte[Least] : held;
        }

        return envelope;
    }
}

/// <summary>An envelope as bytes.</summary>
public static class Envelope
{
    /// <exception cref="WireFault">It is none.</exception>
    public static ProtoMessage Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            ProtoMessage envelope = ProtoMessage.Parser.ParseFrom(bytes);
            return envelope.HasPayloadType ? envelope : throw new WireFault("an envelope does not say what is in it");
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new WireFault("a frame holds no envelope", fault);
        }
    }

    /// <summary>Writes an envelope with its length before it.</summary>
    public static void WriteFrame(IBufferWriter<byte> to, ProtoMessage envelope)
    {
        int length = envelope.CalculateSize();
        BinaryPrimitives.WriteUInt32BigEndian(to.GetSpan(sizeof(uint)), (uint)length);
        to.Advance(sizeof(uint));
        envelope.WriteTo(to);
    }
}

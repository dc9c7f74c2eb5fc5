using System.Buffers;
using System.Buffers.Binary;
using System.Text;
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
    private const uint TypeTag = (ProtoMessage.PayloadTypeFieldNumber << 3) | (uint)WireFormat.WireType.Varint, PayloadTag = (ProtoMessage.PayloadFieldNumber << 3) | (uint)WireFormat.WireType.LengthDelimited, IdTag = (ProtoMessage.ClientMsgIdFieldNumber << 3) | (uint)WireFormat.WireType.LengthDelimited;

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
        WriteLength(to, envelope.CalculateSize());
        envelope.WriteTo(to);
    }

    /// <summary>Writes a message in its envelope with its length before it.</summary>
    /// <exception cref="ArgumentException">A field that the protocol requires is not set, or the message only travels inside others.</exception>
    public static void WriteFrame(IBufferWriter<byte> to, IMessage message, string? clientMsgId)
    {
        (uint type, int size) = (Payloads.Checked(message), message.CalculateSize());
        int length = 1 + CodedOutputStream.ComputeUInt32Size(type) + 1 + CodedOutputStream.ComputeLengthSize(size) + size + (clientMsgId is null ? 0 : 1 + CodedOutputStream.ComputeStringSize(clientMsgId));
        WriteLength(to, length);
        Write(to, (type, size), message, clientMsgId);
    }

    /// <summary>Writes a message in its envelope, which is not made for it: the bytes are those that it would have.</summary>
    /// <exception cref="ArgumentException">A field that the protocol requires is not set, or the message only travels inside others.</exception>
    public static void Write(IBufferWriter<byte> to, IMessage message, string? clientMsgId) => Write(to, (Payloads.Checked(message), message.CalculateSize()), message, clientMsgId);

    private static void Write(IBufferWriter<byte> to, (uint Type, int Size) payload, IMessage message, string? clientMsgId)
    {
        WriteNumber(to, TypeTag);
        WriteNumber(to, payload.Type);
        WriteNumber(to, PayloadTag);
        WriteNumber(to, (uint)payload.Size);
        message.WriteTo(to);
        if (clientMsgId is not null)
        {
            WriteNumber(to, IdTag);
            WriteNumber(to, (uint)Encoding.UTF8.GetByteCount(clientMsgId));
            to.Advance(Encoding.UTF8.GetBytes(clientMsgId, to.GetSpan(Encoding.UTF8.GetMaxByteCount(clientMsgId.Length))));
        }
    }

    private static void WriteLength(IBufferWriter<byte> to, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to.GetSpan(sizeof(uint)), (uint)length);
        to.Advance(sizeof(uint));
    }

    /// <summary>Seven bits a byte, the lowest first.</summary>
    private static void WriteNumber(IBufferWriter<byte> to, uint number)
    {
        Span<byte> room = to.GetSpan(5);
        int n = 0;
        for (; number >= 0x80; number >>= 7)
        {
            room[n++] = (byte)(number | 0x80);
        }

        room[n++] = (byte)number;
        to.Advance(n);
    }
}

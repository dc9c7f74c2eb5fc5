using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>What an entry of a journal holds. The numbers are stored: never reuse one.</summary>
public enum EntryKind : byte
{
    None = 0,

    /// <summary>The first entry: a <see cref="SessionStarted"/>.</summary>
    Started = 1,

    /// <summary>Quotes and clock events.</summary>
    Market = 2,

    /// <summary>One event of the broker.</summary>
    Broker = 3,

    /// <summary>One word of the operator.</summary>
    Word = 4,

    /// <summary>A command that left after this entry was on the disk.</summary>
    Command = 5,

    /// <summary>A sentence an operator should have seen.</summary>
    Alert = 6,

    /// <summary>The session is over.</summary>
    Ended = 7,
}

/// <summary>One row of a journal. Sequences count from 1 without a gap.</summary>
public sealed record JournalEntry(long Sequence, EntryKind Kind, ReadOnlyMemory<byte> Body);

/// <summary>
/// The check of an entry: the first 16 bytes of SHA-256 over the entry before's check, the sequence, the kind and the body. Each covers all before it,
/// so nothing can be changed, left out or moved without a trace.
/// </summary>
internal static class EntryCheck
{
    public const int Bytes = 16;

    public static byte[] Genesis { get; } = new byte[Bytes];

    public static byte[] Of(ReadOnlySpan<byte> before, long sequence, EntryKind kind, ReadOnlySpan<byte> body)
    {
        byte[]? rented = null;
        int length = Bytes + 9 + body.Length;
        Span<byte> all = length <= 1024 ? stackalloc byte[length] : (rented = ArrayPool<byte>.Shared.Rent(length)).AsSpan(0, length);
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        before.CopyTo(all);
        BinaryPrimitives.WriteInt64LittleEndian(all[Bytes..], sequence);
        all[Bytes + 8] = (byte)kind;
        body.CopyTo(all[(Bytes + 9)..]);
        SHA256.HashData(all, whole);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return whole[..Bytes].ToArray();
    }
}

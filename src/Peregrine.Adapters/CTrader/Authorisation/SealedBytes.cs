using System.Security.Cryptography;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>Why sealed bytes could not be opened.</summary>
internal enum SealProblem : byte
{
    None = 0,

    /// <summary>They were sealed with another key.</summary>
    OtherKey = 1,

    /// <summary>They are not what was sealed.</summary>
    Damaged = 2,
}

/// <summary>
/// Bytes that only the holder of a key can read, and nobody can change unseen: AES-256 in Galois/Counter Mode (NIST SP 800-38D) under a nonce of its own each time. Before them stands what they are and a mark of the key, which
/// tells a wrong key from damage and nothing of the key itself.
/// </summary>
internal static class SealedBytes
{
    private const int MarkLength = 8, NonceLength = 12, TagLength = 16;

    private static readonly int HeadLength = Kind.Length + MarkLength;

    private static ReadOnlySpan<byte> Kind => "PEREGRINE VAULT 1\n"u8;

    public static byte[] Seal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> plain)
    {
        byte[] bytes = new byte[HeadLength + NonceLength + TagLength + plain.Length];
        (int nonceEnd, int tagEnd) = (HeadLength + NonceLength, HeadLength + NonceLength + TagLength);
        Kind.CopyTo(bytes);
        Mark(key).CopyTo(bytes.AsSpan(Kind.Length));
        RandomNumberGenerator.Fill(bytes.AsSpan(HeadLength, NonceLength));
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(bytes.AsSpan(HeadLength..nonceEnd), plain, bytes.AsSpan(tagEnd..), bytes.AsSpan(nonceEnd..tagEnd), bytes.AsSpan(..HeadLength));
        return bytes;
    }

    /// <summary>What was sealed; empty where there is a problem.</summary>
    public static (byte[] Plain, SealProblem Problem) Open(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes)
    {
        (int nonceEnd, int tagEnd) = (HeadLength + NonceLength, HeadLength + NonceLength + TagLength);
        if (bytes.Length < tagEnd || !bytes.StartsWith(Kind))
        {
            return ([], SealProblem.Damaged);
        }

        if (!bytes[Kind.Length..HeadLength].SequenceEqual(Mark(key)))
        {
            return ([], SealProblem.OtherKey);
        }

        byte[] plain = new byte[bytes.Length - tagEnd];
        try
        {
            using var cipher = new AesGcm(key, TagLength);
            cipher.Decrypt(bytes[HeadLength..nonceEnd], bytes[tagEnd..], bytes[nonceEnd..tagEnd], plain, bytes[..HeadLength]);
            return (plain, SealProblem.None);
        }
        catch (AuthenticationTagMismatchException)
        {
            return ([], SealProblem.Damaged);
        }
    }

    private static ReadOnlySpan<byte> Mark(ReadOnlySpan<byte> key) => HMACSHA256.HashData(key, "mark of the key"u8).AsSpan(0, MarkLength);
}

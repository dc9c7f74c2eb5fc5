using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>What the first bytes of a column file say of the rest.</summary>
internal readonly record struct ColumnFileHead(Timeframe? Timeframe, QuoteSide Side, long Count, Instant First, Instant Last, string Hash);

/// <summary>
/// The format of a column file, version 1, little-endian: 128 bytes of head, then the columns one after another, each padded to 64 bytes.
/// Ticks: time, bid, ask (i64), bid and ask volume (f32). Bars: time, open, high, low, close (i64), volume (f64).
/// Head: magic, version, timeframe (0 = ticks), side, count, grains per unit, first and last time, payload length and checksum, SHA-256 of the content, checksum of the head.
/// </summary>
internal static class ColumnFile
{
    public const int HeadBytes = 128;
    public const string Extension = ".columns";
    private const int Version = 1, Alignment = 64;
    private const int HashAt = 64, HeadChecksumAt = HeadBytes - 8;

    private static ReadOnlySpan<byte> Magic => "PEREGRIN"u8;

    private static ReadOnlySpan<int> TickWidths => [8, 8, 8, 4, 4];

    private static ReadOnlySpan<int> BarWidths => [8, 8, 8, 8, 8, 8];

    public static byte[] Pack(in TickSpans ticks)
    {
        byte[] file = New(TickWidths, ticks.Count);
        Put(file, TickWidths, 0, ticks.Time);
        Put(file, TickWidths, 1, ticks.Bid);
        Put(file, TickWidths, 2, ticks.Ask);
        Put(file, TickWidths, 3, ticks.BidVolume);
        Put(file, TickWidths, 4, ticks.AskVolume);
        Seal(file, new ColumnFileHead(null, QuoteSide.Unknown, ticks.Count, new Instant(ticks.Time[0]), new Instant(ticks.Time[^1]), ContentHash.OfTicks(ticks)));
        return file;
    }

    public static byte[] Pack(BarSeries bars)
    {
        byte[] file = New(BarWidths, bars.Count);
        Put(file, BarWidths, 0, bars.Time);
        Put(file, BarWidths, 1, bars.Open);
        Put(file, BarWidths, 2, bars.High);
        Put(file, BarWidths, 3, bars.Low);
        Put(file, BarWidths, 4, bars.Close);
        Put(file, BarWidths, 5, bars.Volume);
        var head = new ColumnFileHead(
            bars.Timeframe, bars.Side, bars.Count, new Instant(bars.Time[0]), new Instant(bars.Time[^1]), ContentHash.OfBars(bars, 0, bars.Count));
        Seal(file, head);
        return file;
    }

    /// <summary>Byte offset of a column in a file with this head.</summary>
    public static long ColumnOffset(in ColumnFileHead head, int column) => Offset(Widths(head), head.Count, column);

    /// <summary>Reads and checks the head alone. Returns what is wrong in words, or null.</summary>
    public static string? ReadHead(ReadOnlySpan<byte> bytes, long fileBytes, out ColumnFileHead head)
    {
        head = default;
        if (bytes.Length < HeadBytes || !bytes[..8].SequenceEqual(Magic))
        {
            return "it is not a column file";
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) is var version && version != Version)
        {
            return $"its format is version {version}, and this Peregrine reads version {Version}";
        }

        if (Checksum(bytes[..HeadChecksumAt]) != BinaryPrimitives.ReadUInt64LittleEndian(bytes[HeadChecksumAt..]))
        {
            return "its head is damaged (checksum)";
        }

        if (bytes[12] > (byte)Timeframe.MN1 || bytes[13] > (byte)QuoteSide.Mid || BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]) != Price.GrainsPerUnit)
        {
            return "its head names a kind, a side or a price scale that does not exist";
        }

        head = new ColumnFileHead(
            bytes[12] == 0 ? null : (Timeframe)bytes[12],
            (QuoteSide)bytes[13],
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            new Instant(BinaryPrimitives.ReadInt64LittleEndian(bytes[32..])),
            new Instant(BinaryPrimitives.ReadInt64LittleEndian(bytes[40..])),
            Convert.ToHexStringLower(bytes.Slice(HashAt, 32)));
        bool fits = head.Count is > 0 and <= int.MaxValue && fileBytes <= int.MaxValue && HeadBytes + BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]) == fileBytes
            && Offset(Widths(head), head.Count, Widths(head).Length) == fileBytes;
        return fits ? null : $"its length of {fileBytes} bytes is not what its head says";
    }

    /// <summary>True when the columns are byte for byte what was written.</summary>
    public static bool PayloadIsSound(ReadOnlySpan<byte> head, ReadOnlySpan<byte> payload) =>
        Checksum(payload) == BinaryPrimitives.ReadUInt64LittleEndian(head[56..]);

    private static ReadOnlySpan<int> Widths(in ColumnFileHead head) => head.Timeframe is null ? TickWidths : BarWidths;

    private static long Offset(ReadOnlySpan<int> widths, long count, int column)
    {
        long offset = HeadBytes;
        for (int i = 0; i < column; i++)
        {
            offset += ((count * widths[i]) + Alignment - 1) / Alignment * Alignment;
        }

        return offset;
    }

    private static byte[] New(ReadOnlySpan<int> widths, int count) => new byte[checked((int)Offset(widths, count, widths.Length))];

    private static void Put<T>(byte[] file, ReadOnlySpan<int> widths, int column, ReadOnlySpan<T> values)
        where T : unmanaged =>
        MemoryMarshal.AsBytes(values).CopyTo(file.AsSpan((int)Offset(widths, values.Length, column)));

    private static void Seal(byte[] file, ColumnFileHead head)
    {
        Span<byte> bytes = file.AsSpan(0, HeadBytes);
        ReadOnlySpan<byte> payload = file.AsSpan(HeadBytes);
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Version);
        bytes[12] = head.Timeframe is { } timeframe ? (byte)timeframe : (byte)0;
        bytes[13] = (byte)head.Side;
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], head.Count);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], Price.GrainsPerUnit);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], head.First.Nanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], head.Last.Nanoseconds);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], payload.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[56..], Checksum(payload));
        Convert.FromHexString(head.Hash).CopyTo(bytes[HashAt..]);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[HeadChecksumAt..], Checksum(bytes[..HeadChecksumAt]));
    }

    /// <summary>
    /// 64 bits over a multiple of 8 bytes at the speed of memory: four chains of xor, multiply, rotate. Each step is a bijection, so a change confined to one word is always seen.
    /// It guards against decay, not against malice; the SHA-256 names the content.
    /// </summary>
    internal static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        const ulong prime = 0x9E3779B185EBCA87UL;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        (ulong a, ulong b, ulong c, ulong d) = (1, 2, 3, (ulong)bytes.Length);
        int i = 0;
        for (; i + 4 <= words.Length; i += 4)
        {
            a = BitOperations.RotateLeft((a ^ words[i]) * prime, 29);
            b = BitOperations.RotateLeft((b ^ words[i + 1]) * prime, 29);
            c = BitOperations.RotateLeft((c ^ words[i + 2]) * prime, 29);
            d = BitOperations.RotateLeft((d ^ words[i + 3]) * prime, 29);
        }

        for (; i < words.Length; i++)
        {
            a = BitOperations.RotateLeft((a ^ words[i]) * prime, 29);
        }

        return ((((((a * prime) ^ b) * prime) ^ c) * prime) ^ d) * prime;
    }
}

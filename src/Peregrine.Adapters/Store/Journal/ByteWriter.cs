using System.Buffers.Binary;
using System.Text;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>
/// Writes the values of the trade as bytes, each in one way only: integers as zigzag varints of 7 bits, text as length and UTF-8, decimals as their four words,
/// an optional value as a byte that says whether it follows.
/// </summary>
internal sealed class ByteWriter
{
    private byte[] bytes = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Room(1)[0] = value;

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Long(long value)
    {
        Span<byte> room = Peek(10);
        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        int n = 0;
        while (rest >= 0x80)
        {
            room[n++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        room[n++] = (byte)rest;
        Length += n;
    }

    public void Float(float value) => BinaryPrimitives.WriteSingleLittleEndian(Room(4), value);

    public void Text(string value)
    {
        int count = Encoding.UTF8.GetByteCount(value);
        Long(count);
        Encoding.UTF8.GetBytes(value, Room(count));
    }

    public void Decimal(decimal value)
    {
        Span<int> words = stackalloc int[4];
        decimal.GetBits(value, words);
        Span<byte> room = Room(16);
        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(room[(4 * i)..], words[i]);
        }
    }

    public void Time(Instant value) => Long(value.Nanoseconds);

    public void Money(Money value)
    {
        Text(value.Currency.Code);
        Decimal(value.Amount);
    }

    public void Optional<T>(T? value, Action<T> write)
        where T : struct
    {
        Flag(value.HasValue);
        if (value is { } present)
        {
            write(present);
        }
    }

    public void List<T>(IReadOnlyList<T> values, Action<T> write)
    {
        Long(values.Count);
        foreach (T value in values)
        {
            write(value);
        }
    }

    private Span<byte> Room(int count)
    {
        Span<byte> room = Peek(count)[..count];
        Length += count;
        return room;
    }

    private Span<byte> Peek(int count)
    {
        if (bytes.Length - Length < count)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + count));
        }

        return bytes.AsSpan(Length);
    }
}

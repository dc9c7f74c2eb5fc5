using System.Buffers.Binary;
using System.Text;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>Reads what <see cref="ByteWriter"/> wrote.</summary>
/// <exception cref="FormatException">From every member: the bytes end too early or say something that cannot be.</exception>
internal sealed class ByteReader(ReadOnlyMemory<byte> bytes)
{
    private int at;

    public bool IsAtEnd => at == bytes.Length;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new FormatException($"{other} is neither yes nor no"),
    };

    public long Long()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte b = Byte();
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new FormatException("a number is longer than 64 bits");
    }

    public int Count() => Long() is var count && count >= 0 && count <= bytes.Length - at
        ? (int)count
        : throw new FormatException("a length reaches beyond the end");

    public float Float() => BinaryPrimitives.ReadSingleLittleEndian(Take(4));

    public string Text() => Encoding.UTF8.GetString(Take(Count()));

    public decimal Decimal()
    {
        ReadOnlySpan<byte> four = Take(16);
        Span<int> words = stackalloc int[4];
        for (int i = 0; i < 4; i++)
        {
            words[i] = BinaryPrimitives.ReadInt32LittleEndian(four[(4 * i)..]);
        }

        // Scale and sign have one byte each; the constructor refuses everything else with an exception of another kind.
        return (words[3] & 0x7F00FFFF) == 0 && ((words[3] >> 16) & 0xFF) <= 28
            ? new decimal(words)
            : throw new FormatException("a decimal number has no such scale");
    }

    public Instant Time() => new(Long());

    public Money Money()
    {
        var currency = Currency.Parse(Text());
        return new Money(Decimal(), currency);
    }

    public T Enum<T>()
        where T : struct, Enum
    {
        var value = (T)System.Enum.ToObject(typeof(T), Byte());
        return System.Enum.IsDefined(value) ? value : throw new FormatException($"there is no {typeof(T).Name} of number {value:D}");
    }

    public T? Optional<T>(Func<T> read)
        where T : struct => Flag() ? read() : null;

    public IReadOnlyList<T> List<T>(Func<T> read)
    {
        var values = new T[Count()];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = read();
        }

        return values;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (bytes.Length - at < count)
        {
            throw new FormatException("it ends in the middle of a value");
        }

        ReadOnlySpan<byte> taken = bytes.Span.Slice(at, count);
        at += count;
        return taken;
    }
}

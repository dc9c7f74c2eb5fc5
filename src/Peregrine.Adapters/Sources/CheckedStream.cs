namespace Peregrine.Adapters.Sources;

/// <summary>Unpacked content that, read to its end, is held against the CRC-32 that was packed with it; the framework does not do that.</summary>
internal sealed class CheckedStream(Stream content, uint expected, string fault) : Stream
{
    private static readonly uint[] Table = MakeTable();
    private uint crc = uint.MaxValue;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="RefusedFile">The end is reached and the content is not what was packed.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read = content.Read(buffer);
        foreach (byte b in buffer[..read])
        {
            crc = Table[(byte)(crc ^ b)] ^ (crc >> 8);
        }

        return read > 0 || buffer.Length == 0 || ~crc == expected ? read : throw new RefusedFile(fault);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }

    private static uint[] MakeTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) == 1 ? (value >> 1) ^ 0xEDB88320 : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}

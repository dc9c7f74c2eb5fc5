namespace Peregrine.Adapters.Sources;

/// <summary>The lines of a text file as bytes, without copying, in bounded memory: a line or a file beyond its limit is refused, so a bomb is spent early.</summary>
internal sealed class LineReader
{
    private const int MaxLineBytes = 1 << 16;
    private readonly Stream stream;
    private readonly long maxBytes;
    private readonly byte[] buffer = new byte[MaxLineBytes * 4];
    private int start, end;
    private long total;
    private bool finished;

    public LineReader(Stream stream, long maxBytes)
    {
        (this.stream, this.maxBytes) = (stream, maxBytes);
        Fill();
        if (buffer.AsSpan(0, end).StartsWith("\uFEFF"u8))
        {
            start = 3;
        }
    }

    /// <summary>The next line without its end; false after the last. The span is valid until the next call.</summary>
    /// <exception cref="RefusedFile">The line or the file is longer than any table's.</exception>
    public bool Read(out ReadOnlySpan<byte> line)
    {
        int length;
        while ((length = buffer.AsSpan(start, end - start).IndexOf((byte)'\n')) < 0 && !finished)
        {
            if (end - start > MaxLineBytes)
            {
                throw new RefusedFile($"it has a line of more than {MaxLineBytes} bytes: it is no table");
            }

            Fill();
        }

        if (length < 0 && start == end)
        {
            line = default;
            return false;
        }

        int next = length < 0 ? end : start + length + 1;
        line = buffer.AsSpan(start, (length < 0 ? end : start + length) - start);
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        start = next;
        return true;
    }

    private void Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        int read = stream.ReadAtLeast(buffer.AsSpan(end), 1, throwOnEndOfStream: false);
        finished = read == 0;
        end += read;
        total += read;
        if (total > maxBytes)
        {
            throw new RefusedFile($"it unpacks to more than {maxBytes} bytes");
        }
    }
}

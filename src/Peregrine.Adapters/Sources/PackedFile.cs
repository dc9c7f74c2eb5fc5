using System.Buffers.Binary;
using System.IO.Compression;

namespace Peregrine.Adapters.Sources;

/// <summary>The tables in a file: itself, or what a .zip or .gz holds. Entry names are read, never used as paths.</summary>
internal static class PackedFile
{
    /// <summary>The most that a file may unpack to.</summary>
    public const long MaxUnpackedBytes = 8L << 30;

    private const int MaxEntries = 1000;

    /// <summary>Each table's name and its content as a stream, one after the other; the stream is closed when the next is asked for.</summary>
    /// <exception cref="RefusedFile">The archive is damaged or has too many entries.</exception>
    public static IEnumerable<(string Name, Stream Content)> Tables(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        string extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension == ".zip")
        {
            foreach ((string, Stream) table in ZipTables(file))
            {
                yield return table;
            }
        }
        else if (extension == ".gz")
        {
            uint expected = GzipChecksum(file);
            using var unpacked = new CheckedStream(new GZipStream(file, CompressionMode.Decompress), expected, "it is cut off, damaged, or several gzip files in one");
            yield return (Path.GetFileNameWithoutExtension(path), unpacked);
        }
        else
        {
            yield return (Path.GetFileName(path), file);
        }
    }

    /// <summary>Unpacks everything once and throws it away, so that damage shows before the first row is used.</summary>
    public static void Check(string path)
    {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        foreach ((_, Stream content) in Tables(path))
        {
            for (int read = content.Read(buffer); read > 0; read = content.Read(buffer))
            {
                total += read;
                if (total > MaxUnpackedBytes)
                {
                    throw new RefusedFile($"it unpacks to more than {MaxUnpackedBytes} bytes");
                }
            }
        }
    }

    /// <summary>The checksum that stands before the length at a gzip file's end. The framework takes an early end for the end.</summary>
    private static uint GzipChecksum(FileStream file)
    {
        const int Trailer = 8, LeastBytes = 18;
        if (file.Length < LeastBytes)
        {
            throw new RefusedFile(file.Length == 0 ? "it is empty" : "it is no sound gzip file");
        }

        Span<byte> trailer = stackalloc byte[Trailer];
        file.Seek(-Trailer, SeekOrigin.End);
        file.ReadExactly(trailer);
        file.Seek(0, SeekOrigin.Begin);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }

    private static IEnumerable<(string Name, Stream Content)> ZipTables(FileStream file)
    {
        using ZipArchive archive = Open(file);
        if (archive.Entries.Count > MaxEntries)
        {
            throw new RefusedFile($"it has {archive.Entries.Count} entries, more than {MaxEntries}");
        }

        foreach (ZipArchiveEntry entry in archive.Entries.Where(e => e.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)))
        {
            using var content = new CheckedStream(entry.Open(), entry.Crc32, "it is damaged: an entry's checksum is wrong");
            yield return (entry.Name, content);
        }
    }

    private static ZipArchive Open(FileStream file)
    {
        try
        {
            var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            _ = archive.Entries.Count;
            return archive;
        }
        catch (InvalidDataException)
        {
            throw new RefusedFile(file.Length == 0 ? "it is empty" : "it is no sound zip archive");
        }
    }
}

using System.IO.Compression;

namespace Peregrine.Adapters.Sources;

/// <summary>The tables in a file: itself, or what a .zip or .gz holds. Entry names are read, never used as paths.</summary>
internal static class PackedFile
{
    /// <summary>The most that one table may unpack to.</summary>
    public const long MaxTableBytes = 8L << 30;

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
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
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
        foreach ((_, Stream content) in Tables(path))
        {
            for (long total = 0; content.Read(buffer) is var read and > 0; total += read)
            {
                if (total > MaxTableBytes)
                {
                    throw new RefusedFile($"it unpacks to more than {MaxTableBytes} bytes");
                }
            }
        }
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
            using var content = new CheckedStream(entry.Open(), entry.Crc32);
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

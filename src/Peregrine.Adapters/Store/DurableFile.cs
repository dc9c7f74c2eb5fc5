using System.Runtime.InteropServices;

namespace Peregrine.Adapters.Store;

/// <summary>Files that are there whole or not at all: written aside, flushed to the disk, renamed, and the folder flushed too.</summary>
public static partial class DurableFile
{
    /// <summary>Ends the name of a file that is being written; one found later was left by a crash.</summary>
    public const string PartialExtension = ".partial";

    /// <summary>Told the path of every file and folder once the system has said that it is on the disk; on any thread.</summary>
    internal static event Action<string>? Flushed;

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        string aside = path + PartialExtension;
        using (var stream = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            stream.Write(content);
            Flush(stream);
        }

        File.Move(aside, path, overwrite: true);
        FlushFolder(folder);
    }

    /// <summary>Returns once all that was written to the file is on the disk.</summary>
    public static void Flush(FileStream stream)
    {
        stream.Flush(flushToDisk: true);
        Flushed?.Invoke(stream.Name);
    }

    /// <summary>Makes renames and deletions in a folder durable. The system call has no face in .NET.</summary>
    public static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int handle = Open(folder, 0);
        if (handle < 0)
        {
            throw new IOException($"Cannot open the folder {folder} to flush it.");
        }

        int failed = Flush(handle);
        _ = Close(handle);
        if (failed != 0)
        {
            throw new IOException($"Cannot flush the folder {folder} to the disk.");
        }

        Flushed?.Invoke(folder);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}

using System.Runtime.InteropServices;

namespace Peregrine.Adapters;

/// <summary>Files that are there whole or not at all: written aside, flushed to the disk, renamed, and the folder flushed too.</summary>
public static partial class DurableFile
{
    /// <summary>Ends the name of a file that is being written; one found later was left by a crash.</summary>
    public const string PartialExtension = ".partial";

    /// <summary>Told the path of every file and folder once the system has said that it is on the disk; on any thread.</summary>
    internal static event Action<string>? Flushed;

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Put(path, path + PartialExtension, content, isPrivate: false);
    }

    /// <summary>As <see cref="Write"/>, readable and writable by its owner alone, also for the moment in which it is written; folders that are missing are made so too.</summary>
    public static void WritePrivate(string path, ReadOnlySpan<byte> content)
    {
        CreatePrivateFolder(Path.GetDirectoryName(path)!);
        Put(path, path + PartialExtension, content, isPrivate: true);
    }

    /// <summary>As <see cref="WritePrivate"/>, unless a file of that name is there or comes to be meanwhile, which then stays as it is.</summary>
    public static void WriteNewPrivate(string path, ReadOnlySpan<byte> content)
    {
        CreatePrivateFolder(Path.GetDirectoryName(path)!);
        string aside = $"{path}.{Path.GetRandomFileName()}{PartialExtension}";
        try
        {
            Put(path, aside, content, isPrivate: true, replaces: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
        }
    }

    /// <summary>Makes a folder, and those above it that are missing, which only its owner may enter; one that is there stays as it is.</summary>
    public static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Put(string path, string aside, ReadOnlySpan<byte> content, bool isPrivate, bool replaces = true)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (isPrivate && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = owner;
        }

        using (var stream = new FileStream(aside, options))
        {
            if (isPrivate && !OperatingSystem.IsWindows())
            {
                // What a crash left keeps the mode it had.
                File.SetUnixFileMode(stream.SafeFileHandle, owner);
            }

            stream.Write(content);
            Flush(stream);
        }

        File.Move(aside, path, replaces);
        FlushFolder(Path.GetDirectoryName(path)!);
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

using System.Globalization;
using System.Text;
using Peregrine.Adapters;
using Peregrine.App.CommandLine;

namespace Peregrine.App;

/// <summary>One step of a home folder's layout to version <paramref name="To"/>. <paramref name="Apply"/> must give the same when it is run again after a crash.</summary>
/// <param name="To">The version reached.</param>
/// <param name="Touches">Files and folders, relative to the home folder, that are copied aside before the step.</param>
/// <param name="Apply">Changes the folder whose path it is given.</param>
public sealed record HomeMigration(int To, IReadOnlyList<string> Touches, Action<string> Apply);

/// <summary>The folder where ticks, library, journal, reports and tokens live. Its VERSION file holds the number of its layout.</summary>
public sealed class Home
{
    public const string Variable = "PEREGRINE_HOME";
    private const string VersionName = "VERSION";
    private const int FirstVersion = 1;

    private static readonly HomeMigration[] Migrations = [];

    private Home(string path) => this.Path = path;

    public string Path { get; }

    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    /// <summary>The home folder's path by option, environment or platform; it need not exist.</summary>
    public static string Locate(string? option, Surroundings here)
    {
        if ((option ?? here.Variable(Variable)) is { Length: > 0 } given)
        {
            return System.IO.Path.GetFullPath(given);
        }

        string data = here.Variable("XDG_DATA_HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return data.Length > 0
            ? System.IO.Path.Combine(data, "peregrine")
            : throw new KnownFailure("Cannot find a place for the data", "this user has no home directory", $"name a folder with --home DIR or {Variable}");
    }

    /// <summary>Opens the folder: creates it (readable by its owner alone) when absent, brings it to the present layout when old.</summary>
    /// <exception cref="KnownFailure">It cannot be written, belongs to something else, or to a newer Peregrine.</exception>
    public static Home Open(string path, TimeProvider clock) => Open(path, clock, Migrations);

    internal static Home Open(string path, TimeProvider clock, IReadOnlyList<HomeMigration> migrations)
    {
        int newest = migrations.Count == 0 ? FirstVersion : migrations[^1].To;
        try
        {
            string versionFile = System.IO.Path.Combine(path, VersionName);
            if (!File.Exists(versionFile))
            {
                Create(path, newest);
                return new Home(path);
            }

            int version = ReadVersion(versionFile);
            if (version > newest)
            {
                throw new KnownFailure($"Cannot use {path}", $"a newer Peregrine wrote it (layout {version}, this one knows {newest})", "update Peregrine, or choose another folder with --home DIR");
            }

            foreach (HomeMigration step in migrations.Where(m => m.To > version))
            {
                Backup(path, step, clock);
                step.Apply(path);
                WriteVersion(path, step.To);
            }

            return new Home(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new KnownFailure($"Cannot open the home folder {path}", fault.Message.TrimEnd('.'), "make it writable, or choose another with --home DIR", fault);
        }
    }

    private static void Create(string path, int version)
    {
        // Settings may be laid there before the first run, and a fresh volume brings lost+found.
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Select(e => System.IO.Path.GetFileName(e)).Any(e => e is not (Settings.FileName or "lost+found")))
        {
            throw new KnownFailure($"Cannot use {path} as home folder", "it holds files that are not Peregrine's", "choose an empty or a new one with --home DIR");
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        WriteVersion(path, version);
    }

    private static int ReadVersion(string file) =>
        int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version >= FirstVersion
            ? version
            : throw new KnownFailure($"Cannot use {System.IO.Path.GetDirectoryName(file)}", "its VERSION file holds no layout number", "restore that file from a backup, or choose another folder with --home DIR");

    private static void WriteVersion(string path, int version)
    {
        string file = System.IO.Path.Combine(path, VersionName);
        string aside = $"{file}.{Environment.ProcessId}";
        using (FileStream stream = new(aside, FileMode.Create))
        {
            stream.Write(Encoding.ASCII.GetBytes(version.ToString(CultureInfo.InvariantCulture) + "\n"));
            stream.Flush(flushToDisk: true);
        }

        File.Move(aside, file, overwrite: true);
    }

    private static void Backup(string path, HomeMigration step, TimeProvider clock)
    {
        string stamp = clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string backup = System.IO.Path.Combine(path, "backup", $"before-{step.To}-{stamp}");
        Directory.CreateDirectory(backup);
        foreach (string touched in step.Touches)
        {
            CopyTree(System.IO.Path.Combine(path, touched), System.IO.Path.Combine(backup, touched));
        }
    }

    private static void CopyTree(string from, string to)
    {
        if (File.Exists(from))
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
            return;
        }

        if (Directory.Exists(from))
        {
            Directory.CreateDirectory(to);
            foreach (string entry in Directory.EnumerateFileSystemEntries(from))
            {
                CopyTree(entry, System.IO.Path.Combine(to, System.IO.Path.GetFileName(entry)));
            }
        }
    }
}

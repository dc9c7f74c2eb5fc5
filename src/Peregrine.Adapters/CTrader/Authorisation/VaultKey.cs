using System.Security.Cryptography;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>
/// The file that holds the key of the vault, 32 random bytes. It lies outside the home folder, so that a copy of that folder (a backup, a disk that is given away) opens nothing by itself.
/// </summary>
/// <param name="Path">Where it lies.</param>
/// <param name="IsCredential">True where the system lays it there (a systemd credential), which says by itself who may read it, and makes none.</param>
public sealed record VaultKey(string Path, bool IsCredential = false)
{
    public const int LengthBytes = 32;

    /// <summary>The name of the systemd credential.</summary>
    public const string CredentialName = "peregrine.key";

    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Finds the place: the file that is named, else the system's credential where there is one, else <c>peregrine/key</c> in the user's configuration folder.</summary>
    /// <param name="named">The file that a setting names; null where none does.</param>
    /// <param name="credentials">The folder of the system's credentials; null where there is none.</param>
    /// <param name="configuration">The user's configuration folder; null means <c>.config</c> in their own.</param>
    /// <param name="user">The user's own folder; null or empty where there is none.</param>
    /// <exception cref="KnownFailure">There is no place.</exception>
    public static VaultKey Locate(string? named, string? credentials, string? configuration, string? user)
    {
        if (named is { Length: > 0 })
        {
            return new VaultKey(System.IO.Path.GetFullPath(named));
        }

        if (credentials is { Length: > 0 } && System.IO.Path.GetFullPath(System.IO.Path.Combine(credentials, CredentialName)) is var credential && File.Exists(credential))
        {
            return new VaultKey(credential, IsCredential: true);
        }

        string? folder = configuration is { Length: > 0 } ? configuration : user is { Length: > 0 } ? System.IO.Path.Combine(user, ".config") : null;
        return folder is not null
            ? new VaultKey(System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, "peregrine", "key")))
            : throw new KnownFailure("Cannot find a place for the key of the tokens", "this user has no home directory", "name a file with PEREGRINE_KEY_FILE");
    }

    /// <summary>What endangers the key, each with what to do about it; none of a key that is not there yet and will lie well.</summary>
    public IEnumerable<(string What, string Remedy)> Dangers(string homeFolder)
    {
        if (IsInside(homeFolder))
        {
            yield return ($"the key {Path} lies inside the home folder, so whoever copies that folder can read the tokens", "move it out of there and name it with PEREGRINE_KEY_FILE");
        }

        if (!IsCredential && !OperatingSystem.IsWindows() && File.Exists(Path) && (File.GetUnixFileMode(Path) & OfOthers) != 0)
        {
            yield return ($"others than its owner may read the key {Path}", $"take that from them with 'chmod 600 {Path}'");
        }
    }

    /// <summary>The key.</summary>
    /// <exception cref="KnownFailure">It is gone, or is no key.</exception>
    internal byte[] Read()
    {
        if (!File.Exists(Path))
        {
            throw new KnownFailure("Cannot open the stored tokens", $"their key {Path} is gone", $"bring it back, or name where it is with PEREGRINE_KEY_FILE; without it {TokenVault.Anew}");
        }

        // One byte more than a key has tells a file that is too long.
        byte[] content = new byte[LengthBytes + 1];
        using FileStream file = File.OpenRead(Path);
        return file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) == LengthBytes
            ? content[..LengthBytes]
            : throw new KnownFailure($"Cannot use {Path} as key of the tokens", $"a key has exactly {LengthBytes} bytes and it does not", "name another file with PEREGRINE_KEY_FILE, or bring the right one back");
    }

    /// <summary>The key, made where there is none.</summary>
    internal byte[] ReadOrCreate()
    {
        if (!File.Exists(Path))
        {
            DurableFile.WriteNewPrivate(Path, RandomNumberGenerator.GetBytes(LengthBytes));
        }

        return Read();
    }

    private bool IsInside(string homeFolder)
    {
        string home = Final(new DirectoryInfo(System.IO.Path.GetFullPath(homeFolder))) + System.IO.Path.DirectorySeparatorChar;
        string folder = Final(new DirectoryInfo(System.IO.Path.GetDirectoryName(Final(new FileInfo(Path)))!)) + System.IO.Path.DirectorySeparatorChar;
        return folder.StartsWith(home, StringComparison.Ordinal);
    }

    /// <summary>Where a link leads in the end, else the path itself.</summary>
    private static string Final(FileSystemInfo entry) => System.IO.Path.TrimEndingDirectorySeparator(entry.Exists && entry.ResolveLinkTarget(returnFinalTarget: true) is { } target ? target.FullName : entry.FullName);
}

using System.Security.Cryptography;
using System.Text.Json;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>
/// Where application, tokens and accounts are kept: one sealed file in the home folder, whose key lies elsewhere. It is replaced whole or not at all, read by anybody who has the key, and changed by one process at a time.
/// </summary>
/// <param name="homeFolder">The home folder, which need not exist as long as nothing is stored.</param>
/// <param name="key">Where the key lies.</param>
/// <param name="clock">Bounds how long another process is waited for.</param>
public sealed class TokenVault(string homeFolder, VaultKey key, TimeProvider clock)
{
    internal const string Anew = "move the file away and log in anew ('./peregrine account app', './peregrine account login')";

    /// <summary>Longer than any renewal takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private string Folder { get; } = System.IO.Path.Combine(homeFolder, "broker");

    /// <summary>The sealed file.</summary>
    public string Path => System.IO.Path.Combine(Folder, "credentials.vault");

    public VaultKey Key { get; } = key;

    public bool Exists => File.Exists(Path);

    /// <summary>What endangers the key, each with what to do about it.</summary>
    public IEnumerable<(string What, string Remedy)> Dangers => Key.Dangers(homeFolder);

    /// <summary>What is kept; nothing of a vault that was never used.</summary>
    /// <exception cref="KnownFailure">The key is gone or another, or the file is damaged.</exception>
    public Credentials Read()
    {
        if (!Exists)
        {
            return Credentials.None;
        }

        byte[] key = Key.Read();
        (byte[] plain, SealProblem problem) = SealedBytes.Open(key, File.ReadAllBytes(Path));
        CryptographicOperations.ZeroMemory(key);
        try
        {
            return problem switch
            {
                SealProblem.None => CredentialsText.Read(plain),
                SealProblem.OtherKey => throw new KnownFailure($"Cannot open the stored tokens in {Path}", $"they were sealed with another key than {Key.Path}", $"name the right one with PEREGRINE_KEY_FILE; without it {Anew}"),
                SealProblem.Damaged => throw Damage(),
            };
        }
        catch (JsonException)
        {
            throw Damage();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Opens the vault to change what is in it; another process that wants to waits until it is disposed of.</summary>
    /// <exception cref="KnownFailure">Another process does not come to its end, or what is kept cannot be read.</exception>
    public async Task<OpenVault> Open(CancellationToken stop)
    {
        DurableFile.CreatePrivateFolder(Folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        ProcessLock held = await Lock(stop).ConfigureAwait(false);
        try
        {
            return new OpenVault(this, held, Read());
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    internal void Store(Credentials credentials)
    {
        // A new key beside an old vault would make that unreadable for good.
        byte[] key = Exists ? Key.Read() : Key.ReadOrCreate();
        byte[] plain = CredentialsText.Write(credentials);
        DurableFile.WritePrivate(Path, SealedBytes.Seal(key, plain));
        CryptographicOperations.ZeroMemory(plain);
        CryptographicOperations.ZeroMemory(key);
    }

    private async Task<ProcessLock> Lock(CancellationToken stop)
    {
        long began = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return ProcessLock.Take(System.IO.Path.Combine(Folder, ".lock"), static pid => new KnownFailure("Cannot change the stored tokens", $"process {pid} is changing them", "wait until it is done, or stop it"));
            }
            catch (KnownFailure) when (clock.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, clock, stop).ConfigureAwait(false);
            }
        }
    }

    private KnownFailure Damage() => new($"Cannot open the stored tokens in {Path}", "the file is damaged, or no vault at all", $"restore it from a backup, or {Anew}");
}

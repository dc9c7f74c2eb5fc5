using System.Globalization;

namespace Peregrine.Adapters;

/// <summary>A right that at most one process has at a time: an operating-system lock on a file, which a crash releases. The holder's process id lies beside it.</summary>
public sealed class ProcessLock : IDisposable
{
    private const int WouldBlockLinux = 11, WouldBlockMac = 35, SharingViolationWindows = unchecked((int)0x80070020);

    private readonly FileStream held;

    private ProcessLock(FileStream held) => this.held = held;

    /// <summary>Takes the lock of a file, or makes of the holder's process id ("unknown" when it cannot be told) the failure to throw.</summary>
    public static ProcessLock Take(string path, Func<string, KnownFailure> taken)
    {
        string holder = path + "-holder";
        try
        {
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new ProcessLock(stream);
        }
        catch (IOException fault) when (fault.HResult is WouldBlockLinux or WouldBlockMac or SharingViolationWindows)
        {
            throw taken(File.Exists(holder) ? File.ReadAllText(holder) : "unknown");
        }
    }

    public void Dispose() => held.Dispose();
}

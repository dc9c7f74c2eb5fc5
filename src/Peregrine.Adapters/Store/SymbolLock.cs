using System.Globalization;

namespace Peregrine.Adapters.Store;

/// <summary>The right to write one symbol, held by at most one process: an operating-system lock that a crash releases.</summary>
internal sealed class SymbolLock : IDisposable
{
    private const int WouldBlockLinux = 11, WouldBlockMac = 35, SharingViolationWindows = unchecked((int)0x80070020);

    private readonly FileStream held;

    private SymbolLock(FileStream held) => this.held = held;

    /// <exception cref="KnownFailure">Another process (or another writer in this one) holds it; names the process id.</exception>
    public static SymbolLock Take(string folder, string symbol)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, ".lock"), holder = Path.Combine(folder, ".lock-holder");
        try
        {
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(holder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new SymbolLock(stream);
        }
        catch (IOException fault) when (fault.HResult is WouldBlockLinux or WouldBlockMac or SharingViolationWindows)
        {
            string pid = File.Exists(holder) ? File.ReadAllText(holder) : "unknown";
            throw new KnownFailure($"Cannot write {symbol}", $"process {pid} is writing it", "wait until it is done, or stop it", fault);
        }
    }

    public void Dispose() => held.Dispose();
}

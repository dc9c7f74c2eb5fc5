namespace Peregrine.Adapters.Store;

/// <summary>The right to write one symbol, held by at most one process: an operating-system lock that a crash releases.</summary>
internal static class SymbolLock
{
    /// <exception cref="KnownFailure">Another process (or another writer in this one) holds it; names the process id.</exception>
    public static ProcessLock Take(string folder, string symbol)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return ProcessLock.Take(Path.Combine(folder, ".lock"), pid => new KnownFailure($"Cannot write {symbol}", $"process {pid} is writing it", "wait until it is done, or stop it"));
        }
        catch (UnauthorizedAccessException fault)
        {
            throw Forbidden(symbol, folder, fault);
        }
    }

    public static KnownFailure Forbidden(string symbol, string folder, Exception? fault) =>
        new($"Cannot write {symbol}", $"{Environment.UserName} may not write in {folder}", $"let {Environment.UserName} write there, or choose another home with --home DIR", fault);
}

using Microsoft.Data.Sqlite;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>
/// Moves a SQLite file's write-ahead log into the file once it has grown, on a thread of its own, so that the writer never does. The bulk goes while the writer
/// writes on; only for the short rest is it held up, a few milliseconds, so that the log can begin anew and stays small.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    /// <summary>About how long the log becomes.</summary>
    public const int LogPages = 1024;

    private const int MostLogPages = 64 * LogPages;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly EntryFile file;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private SqliteConnection? connection;
    private long taken;
    private bool disposed;

    public Checkpointer(EntryFile file, TimeProvider clock)
    {
        this.file = file;
        timer = clock.CreateTimer(_ => LookAt(LogPages * 3 / 4), null, Interval, Interval);
    }

    /// <summary>Why the last checkpoint failed; null when it did not. The log stays whole, and it is tried again.</summary>
    public string? Fault { get; private set; }

    /// <summary>A log that cannot be taken in may grow for a while, and not for ever.</summary>
    /// <exception cref="KnownFailure">It has grown too long.</exception>
    public void Check()
    {
        if (Fault is { } fault && file.Pages - Volatile.Read(ref taken) > MostLogPages)
        {
            throw new KnownFailure($"Cannot write {file.Path}", $"its log has grown too long and cannot be taken in ({fault})", "free space on its disk or mend it, then run the same command: the session goes on where it was");
        }
    }

    /// <summary>Moves the log when it has grown by more than <paramref name="pages"/>.</summary>
    public void LookAt(long pages)
    {
        lock (gate)
        {
            long written = file.Pages;
            if (disposed || written - taken <= pages)
            {
                return;
            }

            try
            {
                connection ??= Sql.Open(file.Path, SqliteOpenMode.ReadWrite);
                Sql.Execute(connection, "PRAGMA busy_timeout = 20; PRAGMA wal_checkpoint(PASSIVE); PRAGMA wal_checkpoint(FULL)");
                Volatile.Write(ref taken, written);
                Fault = null;
            }
            catch (SqliteException fault)
            {
                Fault = fault.Message;
            }
        }
    }

    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
        {
            disposed = true;
            connection?.Dispose();
        }
    }
}

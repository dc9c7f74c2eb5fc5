using Microsoft.Data.Sqlite;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>
/// Moves a SQLite file's write-ahead log into the file once it has grown, on a thread of its own, so that the writer never does. The bulk goes while the writer
/// writes on; only for the short rest is it held up, a few milliseconds, so that the log can begin anew and stays small.
/// </summary>
internal sealed class Checkpointer : IDisposable
{
    private const long LogBytes = 4 << 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string path;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private SqliteConnection? connection;
    private bool disposed;

    public Checkpointer(string path, TimeProvider clock)
    {
        this.path = path;
        timer = clock.CreateTimer(_ => LookAt(LogBytes), null, Interval, Interval);
    }

    /// <summary>Why the last checkpoint failed; null when it did not. The log stays whole and is tried again.</summary>
    public string? Fault { get; private set; }

    /// <summary>Moves the log when it is larger than <paramref name="logBytes"/>.</summary>
    public void LookAt(long logBytes)
    {
        lock (gate)
        {
            if (disposed || new FileInfo(path + "-wal") is not { Exists: true } log || log.Length <= logBytes)
            {
                return;
            }

            try
            {
                connection ??= Sql.Open(path, SqliteOpenMode.ReadWrite);
                Sql.Execute(connection, "PRAGMA busy_timeout = 20; PRAGMA wal_checkpoint(PASSIVE); PRAGMA wal_checkpoint(FULL)");
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

using System.Buffers.Binary;
using Microsoft.Data.Sqlite;

namespace Peregrine.Adapters.Store.Library;

/// <summary>The library's SQLite file: its tables, and statements against them. Not for two threads at a time; several processes may have it open.</summary>
internal sealed class LibraryFile : IDisposable
{
    private const int SchemaVersion = 4;

    private const string Schema =
        """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS strategy (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL, symbol TEXT NOT NULL, timeframe TEXT NOT NULL, complexity REAL NOT NULL, stage TEXT NOT NULL,
            added INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS run (
            id TEXT PRIMARY KEY, symbol TEXT NOT NULL, timeframe TEXT NOT NULL, seed TEXT NOT NULL, settings TEXT NOT NULL, data_hash TEXT NOT NULL, started INTEGER NOT NULL,
            finished INTEGER, evaluations INTEGER NOT NULL DEFAULT 0, distinct_trials INTEGER NOT NULL DEFAULT 0, hash TEXT, finding TEXT, reason TEXT) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS front (
            run TEXT NOT NULL, rank INTEGER NOT NULL, strategy TEXT NOT NULL, score REAL NOT NULL, complexity REAL NOT NULL, operator TEXT NOT NULL, parent TEXT, mate TEXT, p REAL,
            in_sharpe REAL NOT NULL, in_return REAL NOT NULL, in_drawdown REAL NOT NULL, in_trades INTEGER NOT NULL, in_wins REAL NOT NULL, in_factor REAL,
            out_sharpe REAL NOT NULL, out_return REAL NOT NULL, out_drawdown REAL NOT NULL, out_trades INTEGER NOT NULL, out_wins REAL NOT NULL, out_factor REAL,
            PRIMARY KEY (run, rank)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS front_strategy ON front (strategy);
        CREATE TABLE IF NOT EXISTS trial (
            run TEXT NOT NULL, number INTEGER NOT NULL, generation INTEGER NOT NULL, strategy BLOB NOT NULL, operator TEXT NOT NULL, parent BLOB, mate BLOB, behaviour BLOB NOT NULL,
            is_distinct INTEGER NOT NULL, rejection INTEGER NOT NULL, score REAL NOT NULL, sharpe REAL NOT NULL, trades INTEGER NOT NULL, complexity REAL NOT NULL,
            PRIMARY KEY (run, number)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS project (
            symbol TEXT NOT NULL, timeframe TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, lockbox INTEGER NOT NULL, fixed INTEGER NOT NULL,
            PRIMARY KEY (symbol, timeframe, first, last)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS run_span (
            run TEXT PRIMARY KEY, first INTEGER NOT NULL, split INTEGER NOT NULL, lockbox INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS lockbox_opening (
            number INTEGER PRIMARY KEY, run TEXT NOT NULL, strategy TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, opened INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS run_market (
            run TEXT NOT NULL, place INTEGER NOT NULL, symbol TEXT NOT NULL, timeframe TEXT NOT NULL, PRIMARY KEY (run, place)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS manual_look (
            strategy TEXT NOT NULL, symbol TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (symbol, strategy, first, last)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dossier (
            number INTEGER PRIMARY KEY, strategy TEXT NOT NULL, run TEXT, finding TEXT NOT NULL, reason TEXT NOT NULL, path TEXT NOT NULL, UNIQUE (strategy, path));
        PRAGMA user_version = 4;
        """;

    private readonly string path;
    private readonly SqliteConnection connection;
    private SqliteTransaction? step;

    private LibraryFile(string path, SqliteConnection connection) => (this.path, this.connection) = (path, connection);

    /// <summary>Opens the file, or makes it; one that this user may not write can still be read.</summary>
    /// <exception cref="KnownFailure">The file is damaged, cannot be read, or a newer Peregrine wrote it.</exception>
    public static LibraryFile Open(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return Opened(path, new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }, make: Schema);
        }
        catch (SqliteException fault) when (SqliteFault.IsForbidden(fault) && File.Exists(path))
        {
            return OpenForReading(path);
        }
        catch (SqliteException fault)
        {
            throw Failure("open", path, fault);
        }
    }

    private static LibraryFile OpenForReading(string path)
    {
        try
        {
            return Opened(path, SqliteFault.ForReading(path), make: "");
        }
        catch (SqliteException fault)
        {
            throw Failure("read", path, fault);
        }
    }

    private static LibraryFile Opened(string path, SqliteConnectionStringBuilder text, string make)
    {
        var file = new LibraryFile(path, new SqliteConnection(text.ToString()));
        try
        {
            file.connection.Open();
            using SqliteCommand version = file.Command("PRAGMA user_version", []);
            if (version.ExecuteScalar() is long and > SchemaVersion)
            {
                throw new KnownFailure($"Cannot use the library {path}", "a newer Peregrine wrote it", "update Peregrine");
            }

            using SqliteCommand tables = file.Command(make, []);
            if (make.Length > 0)
            {
                tables.ExecuteNonQuery();
            }

            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static KnownFailure Failure(string verb, string path, SqliteException fault) => new(
        $"Cannot {verb} the library {path}",
        fault.Message.TrimEnd('.'),
        SqliteFault.IsForbidden(fault) ? $"let {Environment.UserName} write in its folder; the library itself is unharmed"
        : SqliteFault.IsFullDisk(fault) ? "free the disk and try again; what was written before is unharmed"
        : SqliteFault.IsBusy(fault) ? "wait until another process is done with it"
        : "restore it from a backup, or move it away to begin a new one",
        fault);

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    /// <exception cref="KnownFailure">It cannot be written.</exception>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        try
        {
            using SqliteCommand command = Command(sql, parameters);
            return command.ExecuteNonQuery();
        }
        catch (SqliteException fault)
        {
            throw Failure("write", path, fault);
        }
    }

    /// <exception cref="KnownFailure">It cannot be read.</exception>
    public IReadOnlyList<T> Query<T>(string sql, ReadOnlySpan<(string Name, object? Value)> parameters, Func<SqliteDataReader, T> read)
    {
        try
        {
            using SqliteCommand command = Command(sql, parameters);
            using SqliteDataReader reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (SqliteException fault)
        {
            throw Failure("read", path, fault);
        }
    }

    /// <summary>Everything the action writes is there, or none of it.</summary>
    /// <exception cref="KnownFailure">It cannot be written.</exception>
    public void InOneStep(Action write)
    {
        try
        {
            using (step = connection.BeginTransaction())
            {
                write();
                step.Commit();
            }
        }
        catch (SqliteException fault)
        {
            throw Failure("write", path, fault);
        }
        finally
        {
            step = null;
        }
    }

    /// <summary>The first 16 bytes of an id, which tell strategies apart as well as the whole does.</summary>
    public static byte[]? Key(string? id) => id is null ? null : Convert.FromHexString(id.AsSpan(0, 32));

    public static byte[] Bytes(UInt128 value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return bytes;
    }

    public void Dispose() => connection.Dispose();

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = step;
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}

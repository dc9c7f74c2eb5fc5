using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>
/// An append-only SQLite file of checked entries, and its one writer. Entries wait in memory until <see cref="Write"/> puts them into the file in one transaction:
/// plainly, so that they outlive the process, or durably, so that they and all before them outlive a power cut. The write-ahead log is checkpointed by
/// <see cref="Checkpointer"/>, never here.
/// </summary>
internal sealed class EntryFile : IDisposable
{
    /// <summary>Of this layout; a file of another is refused.</summary>
    public const int Format = 1;

    private const int PageBytes = 4096;

    private static readonly string Tables = $"""
        CREATE TABLE entry (sequence INTEGER PRIMARY KEY, kind INTEGER NOT NULL, body BLOB NOT NULL, mark BLOB NOT NULL) STRICT;
        CREATE TABLE head (sequence INTEGER NOT NULL, mark BLOB NOT NULL) STRICT;
        INSERT INTO head VALUES (0, zeroblob({EntryCheck.Bytes}));
        PRAGMA user_version = {Format};

        """;

    private readonly SqliteConnection connection;
    private readonly sqlite3 handle;
    private readonly sqlite3_stmt begin, insert, moveHead, commit, rollback;
    private readonly List<(EntryKind Kind, byte[] Body)> waiting = [];
    private readonly byte[] check = new byte[EntryCheck.Bytes];
    private bool plain;
    private long pages;

    private EntryFile(string path, SqliteConnection connection)
    {
        Path = path;
        this.connection = connection;
        handle = connection.Handle!;
        _ = raw.sqlite3_busy_timeout(handle, 10_000);
        begin = Statement("BEGIN IMMEDIATE");
        insert = Statement("INSERT INTO entry (sequence, kind, body, mark) VALUES (?, ?, ?, ?)");
        moveHead = Statement("UPDATE head SET sequence = ?, mark = ?");
        commit = Statement("COMMIT");
        rollback = Statement("ROLLBACK");
        (Sequence, byte[] mark) = EntryReader.Head(path, connection);
        mark.CopyTo(check, 0);
    }

    public string Path { get; }

    /// <summary>Of the last entry in the file.</summary>
    public long Sequence { get; private set; }

    public bool IsWaiting => waiting.Count > 0;

    /// <summary>Pages written to the log, roughly; may be read from any thread.</summary>
    public long Pages => Volatile.Read(ref pages);

    /// <summary>The connection, for tables beside the entries; statements on it take part in nothing of this class.</summary>
    public SqliteConnection Connection => connection;

    /// <summary>Makes a file that holds one entry. It is made aside and renamed, so a crash leaves all of it or nothing.</summary>
    /// <exception cref="KnownFailure">The file is there already, or cannot be made.</exception>
    public static EntryFile Create(string path, string extraTables, EntryKind kind, ReadOnlySpan<byte> body)
    {
        if (File.Exists(path))
        {
            throw new KnownFailure($"Cannot begin {path}", "it is there already", "choose another session name, or move it away");
        }

        string folder = System.IO.Path.GetDirectoryName(path)!;
        string aside = path + DurableFile.PartialExtension;
        try
        {
            foreach (string left in (string[])[aside, aside + "-wal", aside + "-shm"])
            {
                File.Delete(left);
            }

            using (SqliteConnection connection = Connect(aside, SqliteOpenMode.ReadWriteCreate))
            {
                Sql.Execute(connection, "PRAGMA journal_mode = WAL");
                Sql.Execute(connection, Tables + extraTables);
                using EntryFile file = new(aside, connection);
                file.Add(kind, body);
                file.Write(durable: true);

                // Only the file itself is renamed. Closing would fold the log into it, but not while a statement still waits for its finalizer.
                Sql.Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            }

            if (File.Exists(aside + "-wal") && new FileInfo(aside + "-wal").Length > 0)
            {
                throw new KnownFailure($"Cannot begin {path}", "its log could not be folded into the file", "run again");
            }

            File.Move(aside, path);
            DurableFile.FlushFolder(folder);
        }
        catch (SqliteException fault)
        {
            throw new KnownFailure($"Cannot begin {path}", fault.Message.TrimEnd('.'), "check the path, its permissions and the disk", fault);
        }

        return Open(path);
    }

    /// <summary>Opens the file to add to it; that its entries are sound is for <see cref="EntryReader"/> to say.</summary>
    public static EntryFile Open(string path)
    {
        try
        {
            SqliteConnection connection = Connect(path, SqliteOpenMode.ReadWrite);
            Sql.Execute(connection, "PRAGMA wal_autocheckpoint = 0");
            EntryReader.CheckFormat(path, connection);
            var file = new EntryFile(path, connection);
            LayOut(path);
            return file;
        }
        catch (SqliteException fault)
        {
            throw Damaged(path, fault.Message.TrimEnd('.'), fault);
        }
    }

    public void Add(EntryKind kind, ReadOnlySpan<byte> body) => waiting.Add((kind, body.ToArray()));

    /// <summary>Puts what waits into the file, all or nothing. <paramref name="durable"/>: on the disk when this returns, with everything written plainly before.</summary>
    /// <exception cref="KnownFailure">It could not be written; nothing of what waited counts.</exception>
    public void Write(bool durable)
    {
        if (waiting.Count == 0)
        {
            if (durable && plain)
            {
                FlushLog();
            }

            return;
        }

        WaitForDisk(durable);
        Run(begin);
        try
        {
            Insert();
        }
        catch (KnownFailure)
        {
            _ = raw.sqlite3_step(rollback);
            throw;
        }
    }

    public void Dispose()
    {
        foreach (sqlite3_stmt statement in (sqlite3_stmt[])[begin, insert, moveHead, commit, rollback])
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    internal static KnownFailure Damaged(string path, string why, Exception? inner = null) =>
        new($"Cannot use {path}", $"it is damaged: {why}", "restore it from a backup; what a broker holds is protected by the stops it holds", inner);

    /// <summary>In WAL mode a commit that waits for the disk flushes the whole log, and with it every plain commit before it.</summary>
    private void WaitForDisk(bool wait)
    {
        if (wait == plain)
        {
            Sql.Execute(connection, wait ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            plain = !wait;
        }
    }

    /// <summary>A transaction that changes nothing writes nothing, and then SQLite flushes nothing: what was written plainly before is made durable here.</summary>
    private void FlushLog()
    {
        try
        {
            using FileStream log = OpenLog(Path);
            DurableFile.Flush(log);
        }
        catch (IOException fault)
        {
            throw Unwritable(fault.Message.TrimEnd('.'), fault);
        }

        WaitForDisk(true);
    }

    private static FileStream OpenLog(string path) => new(path + "-wal", FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    /// <summary>A connection whose commits wait for the disk.</summary>
    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        SqliteConnection connection = Sql.Open(path, mode);
        Sql.Execute(connection, "PRAGMA synchronous = FULL");
        return connection;
    }

    /// <summary>
    /// Gives a new log its blocks on the disk beforehand: a flush that need not allocate any takes half the time. SQLite overwrites the zeros, and what lies beyond
    /// its last entry it takes for the remains of an older log, as it does after every checkpoint.
    /// </summary>
    private static void LayOut(string path)
    {
        using FileStream log = OpenLog(path);
        if (log.Length == 0)
        {
            log.Write(new byte[Checkpointer.LogPages * PageBytes]);
            DurableFile.Flush(log);
            DurableFile.FlushFolder(System.IO.Path.GetDirectoryName(path)!);
        }
    }

    private void Insert()
    {
        long sequence = Sequence;
        byte[] mark = check;
        int bytes = 0;
        foreach ((EntryKind kind, byte[] body) in waiting)
        {
            mark = EntryCheck.Of(mark, ++sequence, kind, body);
            _ = raw.sqlite3_bind_int64(insert, 1, sequence);
            _ = raw.sqlite3_bind_int(insert, 2, (int)kind);
            _ = raw.sqlite3_bind_blob(insert, 3, body);
            _ = raw.sqlite3_bind_blob(insert, 4, mark);
            Run(insert);
            bytes += body.Length;
        }

        _ = raw.sqlite3_bind_int64(moveHead, 1, sequence);
        _ = raw.sqlite3_bind_blob(moveHead, 2, mark);
        Run(moveHead);
        Run(commit);
        Sequence = sequence;
        mark.CopyTo(check, 0);
        waiting.Clear();
        Volatile.Write(ref pages, pages + 2 + (bytes / PageBytes));
    }

    private sqlite3_stmt Statement(string sql)
    {
        int code = raw.sqlite3_prepare_v2(handle, sql, out sqlite3_stmt statement);
        return code == raw.SQLITE_OK ? statement : throw Damaged(Path, raw.sqlite3_errmsg(handle).utf8_to_string());
    }

    private void Run(sqlite3_stmt statement)
    {
        int code = raw.sqlite3_step(statement);
        _ = raw.sqlite3_reset(statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW))
        {
            throw Unwritable(raw.sqlite3_errmsg(handle).utf8_to_string(), null);
        }
    }

    private KnownFailure Unwritable(string why, Exception? inner) =>
        new($"Cannot write {Path}", why, "free space on its disk or mend it, then run the same command: the session goes on where it was", inner);
}

using Microsoft.Data.Sqlite;

namespace Peregrine.Adapters.Store;

/// <summary>What SQLite's result codes mean to somebody with a file, and how a file is opened that may only be read.</summary>
internal static class SqliteFault
{
    private const int Permission = 3, Busy = 5, ReadOnly = 8, InOut = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static bool IsForbidden(SqliteException fault) => fault.SqliteErrorCode is Permission or ReadOnly or CannotOpen;

    public static bool IsDamage(SqliteException fault) => fault.SqliteErrorCode is Corrupt or NotADatabase;

    public static bool IsBusy(SqliteException fault) => fault.SqliteErrorCode is Busy;

    public static bool IsFullDisk(SqliteException fault) => fault.SqliteErrorCode is Full or InOut;

    /// <summary>Without a log beside it nobody is writing: then the file may be read as it is, which needs no right to write in its folder.</summary>
    public static SqliteConnectionStringBuilder ForReading(string path)
    {
        string source = File.Exists(path + "-wal") ? path : $"file:{string.Join('/', path.Split(Path.DirectorySeparatorChar).Select(Uri.EscapeDataString))}?immutable=1";
        return new SqliteConnectionStringBuilder { DataSource = source, Pooling = false, Mode = SqliteOpenMode.ReadOnly };
    }
}

using Microsoft.Data.Sqlite;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>Which column files are live: one SQLite table. A file counts from the moment its row is committed, so an import of many files is there whole or not at all.</summary>
internal sealed class Catalogue : IDisposable
{
    private const int SchemaVersion = 1;
    private readonly SqliteConnection connection;
    private readonly Lock gate = new();

    private Catalogue(SqliteConnection connection) => this.connection = connection;

    /// <summary>True when the file was made by this call: column files that lie beside it are not in it yet.</summary>
    public bool IsNew { get; private init; }

    public static Catalogue Open(string path)
    {
        bool isNew = !File.Exists(path);
        try
        {
            var text = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 };
            var connection = new SqliteConnection(text.ToString());
            connection.Open();
            var catalogue = new Catalogue(connection) { IsNew = isNew };
            catalogue.Prepare(path);
            return catalogue;
        }
        catch (SqliteException fault)
        {
            throw new KnownFailure($"Cannot open the catalogue {path}", fault.Message.TrimEnd('.'), "if it is damaged, delete it: it is rebuilt from the column files", fault);
        }
    }

    public IReadOnlyList<Partition> Partitions(string? symbol = null)
    {
        lock (gate)
        {
            using SqliteCommand command = Command(
                "SELECT symbol, source, timeframe, side, anchor, period, file, count, first, last, hash FROM partition WHERE $symbol IS NULL OR symbol = $symbol "
                + "ORDER BY symbol, source, timeframe, side, anchor, period",
                ("$symbol", symbol));
            using SqliteDataReader reader = command.ExecuteReader();
            var partitions = new List<Partition>();
            while (reader.Read())
            {
                partitions.Add(Row(reader));
            }

            return partitions;
        }
    }

    /// <summary>Makes files live, each in place of the one of its series and period, in one step.</summary>
    public void Commit(IEnumerable<Partition> partitions)
    {
        lock (gate)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            foreach (Partition p in partitions)
            {
                using SqliteCommand command = Command(
                    "INSERT OR REPLACE INTO partition VALUES ($symbol, $source, $timeframe, $side, $anchor, $period, $file, $count, $first, $last, $hash)",
                    [.. KeyOf(p), ("$file", p.File), ("$count", p.Count), ("$first", p.First.Nanoseconds), ("$last", p.Last.Nanoseconds), ("$hash", p.Hash)]);
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }

    /// <summary>Forgets a file: it is no longer live.</summary>
    public void Remove(Partition partition)
    {
        lock (gate)
        {
            using SqliteCommand command = Command(
                "DELETE FROM partition WHERE symbol = $symbol AND source = $source AND timeframe = $timeframe AND side = $side AND anchor = $anchor AND period = $period",
                KeyOf(partition));
            command.ExecuteNonQuery();
        }
    }

    public void Dispose() => connection.Dispose();

    private void Prepare(string path)
    {
        using SqliteCommand version = Command("PRAGMA user_version");
        long found = (long)version.ExecuteScalar()!;
        if (found > SchemaVersion)
        {
            throw new KnownFailure($"Cannot use the catalogue {path}", "a newer Peregrine wrote it", "update Peregrine");
        }

        using SqliteCommand setUp = Command(
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            CREATE TABLE IF NOT EXISTS partition (
                symbol TEXT NOT NULL, source TEXT NOT NULL, timeframe INTEGER NOT NULL, side INTEGER NOT NULL, anchor TEXT NOT NULL, period INTEGER NOT NULL,
                file TEXT NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, hash TEXT NOT NULL,
                PRIMARY KEY (symbol, source, timeframe, side, anchor, period)) WITHOUT ROWID;
            PRAGMA user_version = 1;
            """);
        setUp.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params (string Name, object? Value)[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        foreach ((string name, object? value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }

    private static (string, object?)[] KeyOf(Partition p) =>
    [
        ("$symbol", p.Key.Symbol), ("$source", p.Key.Source), ("$timeframe", (long)(p.Key.Timeframe ?? 0)),
        ("$side", (long)p.Key.Side), ("$anchor", p.Key.Anchor), ("$period", p.Period),
    ];

    private static Partition Row(SqliteDataReader row)
    {
        var timeframe = (Timeframe)row.GetByte(2);
        var key = new SeriesKey(row.GetString(0), row.GetString(1), timeframe == 0 ? null : timeframe, (QuoteSide)row.GetByte(3), row.GetString(4));
        return new Partition(key, row.GetInt64(5), row.GetString(6), row.GetInt64(7), new Instant(row.GetInt64(8)), new Instant(row.GetInt64(9)), row.GetString(10));
    }
}

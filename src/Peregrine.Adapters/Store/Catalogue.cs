using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>Which column files are live: one SQLite table. A file counts from the moment its row is committed, so an import of many files is there whole or not at all.</summary>
internal sealed class Catalogue : IDisposable
{
    private const int SchemaVersion = 3;
    private readonly SqliteConnection connection;
    private readonly Lock gate = new();

    private Catalogue(SqliteConnection connection) => this.connection = connection;

    /// <summary>Opens or makes the catalogue; a new one, or one of an older shape, is filled with what <paramref name="scan"/> finds, since it says only what the files say.</summary>
    public static Catalogue Open(string path, Func<IEnumerable<Partition>> scan)
    {
        try
        {
            return Open(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 30 }, c => c.Prepare(path, scan));
        }
        catch (SqliteException fault) when (SqliteFault.IsForbidden(fault) && File.Exists(path))
        {
            return OpenForReading(path);
        }
        catch (SqliteException fault) when (SqliteFault.IsDamage(fault))
        {
            throw new KnownFailure($"Cannot open the catalogue {path}", fault.Message.TrimEnd('.'), "delete it: it is rebuilt from the column files", fault);
        }
        catch (SqliteException fault)
        {
            throw new KnownFailure($"Cannot open the catalogue {path}", fault.Message.TrimEnd('.'), $"let {Environment.UserName} read and write it, free the disk, or wait until another process is done with it", fault);
        }
    }

    /// <summary>True when this user may not write it.</summary>
    public bool IsReadOnly { get; private init; }

    private static Catalogue OpenForReading(string path)
    {
        try
        {
            return Open(SqliteFault.ForReading(path), c => c.RequireVersion(path));
        }
        catch (SqliteException fault)
        {
            throw new KnownFailure($"Cannot read the catalogue {path}", $"{Environment.UserName} may neither write it nor read it alone ({fault.Message.TrimEnd('.')})", $"let {Environment.UserName} write in its folder", fault);
        }
    }

    private static Catalogue Open(SqliteConnectionStringBuilder text, Action<Catalogue> prepare)
    {
        var catalogue = new Catalogue(new SqliteConnection(text.ToString())) { IsReadOnly = text.Mode == SqliteOpenMode.ReadOnly };
        try
        {
            catalogue.connection.Open();
            prepare(catalogue);
            return catalogue;
        }
        catch
        {
            catalogue.Dispose();
            throw;
        }
    }

    private void RequireVersion(string path)
    {
        if (Version() != SchemaVersion)
        {
            throw new KnownFailure($"Cannot read the catalogue {path}", $"another version of Peregrine wrote it, and {Environment.UserName} may not bring it up to date", "run 'data list' once as a user who may write there");
        }
    }

    public IReadOnlyList<Partition> Partitions(string? symbol = null)
    {
        lock (gate)
        {
            using SqliteCommand command = Command(
                "SELECT symbol, source, timeframe, side, anchor, period, file, count, first, last, hash, gaps FROM partition WHERE $symbol IS NULL OR symbol = $symbol "
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

    /// <summary>Makes files live, each in place of the one of its series and period, forgets others, and notes a removal, in one step.</summary>
    public void Commit(IEnumerable<Partition> written, IEnumerable<Partition> gone, Removal? removal)
    {
        lock (gate)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            Insert(written);
            foreach (Partition partition in gone)
            {
                using SqliteCommand command = Command(
                    "DELETE FROM partition WHERE symbol = $symbol AND source = $source AND timeframe = $timeframe AND side = $side AND anchor = $anchor AND period = $period",
                    KeyOf(partition));
                command.ExecuteNonQuery();
            }

            if (removal is { } r)
            {
                using SqliteCommand command = Command(
                    "INSERT INTO removal VALUES ($time, $symbol, $source, $timeframe, $side, $anchor, $from, $to, $count, $hash)",
                    [("$time", r.Time.Nanoseconds), .. KeyOf(r.Key), ("$from", r.From.Nanoseconds), ("$to", r.To.Nanoseconds), ("$count", r.Count), ("$hash", r.HashBefore)]);
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }
    }

    /// <summary>What was removed on request, oldest first.</summary>
    public IReadOnlyList<Removal> Removals()
    {
        lock (gate)
        {
            using SqliteCommand command = Command("SELECT symbol, source, timeframe, side, anchor, time, first, last, count, hash FROM removal ORDER BY time");
            using SqliteDataReader reader = command.ExecuteReader();
            var removals = new List<Removal>();
            while (reader.Read())
            {
                removals.Add(new Removal(new Instant(reader.GetInt64(5)), Key(reader), new Instant(reader.GetInt64(6)), new Instant(reader.GetInt64(7)), reader.GetInt64(8), reader.GetString(9)));
            }

            return removals;
        }
    }

    public void Dispose() => connection.Dispose();

    private void Prepare(string path, Func<IEnumerable<Partition>> scan)
    {
        Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        if (Version() == SchemaVersion)
        {
            return;
        }

        // Asked again under the write lock: another process may be making the table right now.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        long found = Version();
        if (found > SchemaVersion)
        {
            throw new KnownFailure($"Cannot use the catalogue {path}", "a newer Peregrine wrote it", "update Peregrine");
        }

        if (found < SchemaVersion)
        {
            Run("DROP TABLE IF EXISTS partition;" + Schema);
            Insert(scan());
            Run($"PRAGMA user_version = {SchemaVersion};");
        }

        transaction.Commit();
    }

    private void Insert(IEnumerable<Partition> partitions)
    {
        foreach (Partition p in partitions)
        {
            using SqliteCommand command = Command(
                "INSERT OR REPLACE INTO partition VALUES ($symbol, $source, $timeframe, $side, $anchor, $period, $file, $count, $first, $last, $hash, $gaps)",
                [.. KeyOf(p), ("$file", p.File), ("$count", p.Count), ("$first", p.First.Nanoseconds), ("$last", p.Last.Nanoseconds), ("$hash", p.Hash), ("$gaps", Pack(p.Gaps))]);
            command.ExecuteNonQuery();
        }
    }

    private long Version()
    {
        using SqliteCommand command = Command("PRAGMA user_version");
        return (long)command.ExecuteScalar()!;
    }

    private void Run(string sql)
    {
        using SqliteCommand command = Command(sql);
        command.ExecuteNonQuery();
    }

    private const string Schema =
        """
        CREATE TABLE partition (
            symbol TEXT NOT NULL, source TEXT NOT NULL, timeframe INTEGER NOT NULL, side INTEGER NOT NULL, anchor TEXT NOT NULL, period INTEGER NOT NULL,
            file TEXT NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, hash TEXT NOT NULL, gaps BLOB NOT NULL,
            PRIMARY KEY (symbol, source, timeframe, side, anchor, period)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS removal (
            time INTEGER NOT NULL, symbol TEXT NOT NULL, source TEXT NOT NULL, timeframe INTEGER NOT NULL, side INTEGER NOT NULL, anchor TEXT NOT NULL,
            first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL, hash TEXT NOT NULL);
        """;

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

    private static (string, object?)[] KeyOf(Partition p) => [.. KeyOf(p.Key), ("$period", p.Period)];

    private static (string, object?)[] KeyOf(SeriesKey key) =>
    [
        ("$symbol", key.Symbol), ("$source", key.Source), ("$timeframe", (long)(key.Timeframe ?? 0)), ("$side", (long)key.Side), ("$anchor", key.Anchor),
    ];

    private static SeriesKey Key(SqliteDataReader row)
    {
        var timeframe = (Timeframe)row.GetByte(2);
        return new SeriesKey(row.GetString(0), row.GetString(1), timeframe == 0 ? null : timeframe, (QuoteSide)row.GetByte(3), row.GetString(4));
    }

    private static Partition Row(SqliteDataReader row) =>
        new(Key(row), row.GetInt64(5), row.GetString(6), row.GetInt64(7), new Instant(row.GetInt64(8)), new Instant(row.GetInt64(9)), row.GetString(10), Unpack((byte[])row.GetValue(11)));

    private static byte[] Pack(IReadOnlyList<Gap> gaps)
    {
        byte[] bytes = new byte[gaps.Count * 16];
        for (int i = 0; i < gaps.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 16), gaps[i].From.Nanoseconds);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan((i * 16) + 8), gaps[i].To.Nanoseconds);
        }

        return bytes;
    }

    private static Gap[] Unpack(byte[] bytes)
    {
        var gaps = new Gap[bytes.Length / 16];
        for (int i = 0; i < gaps.Length; i++)
        {
            Instant from = new(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i * 16))), to = new(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan((i * 16) + 8)));
            gaps[i] = new Gap(from, to, GapMap.Explain(from, to));
        }

        return gaps;
    }
}

using Microsoft.Data.Sqlite;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>
/// Reads a file of entries from its first to its last, also while it is being written: a few hundred rows to a transaction, so that no reader holds up the writer's
/// log, and every row against its check, its number and, at the end, the head.
/// </summary>
internal static class EntryReader
{
    private const int RowsAtOnce = 256;

    /// <exception cref="KnownFailure">While it is enumerated: the file is no such file, of another format, or damaged; the sentence says where.</exception>
    public static IEnumerable<JournalEntry> Read(string path)
    {
        using SqliteConnection connection = OpenToRead(path);
        long sequence = 0;
        byte[] mark = EntryCheck.Genesis;
        while (true)
        {
            (List<(JournalEntry Entry, byte[] Mark)> rows, long head, byte[] headMark) = Chunk(path, connection, sequence);
            foreach ((JournalEntry entry, byte[] stored) in rows)
            {
                mark = Checked(path, entry, sequence, mark, stored);
                sequence = entry.Sequence;
                yield return entry;
            }

            if (rows.Count < RowsAtOnce)
            {
                if (sequence != head || !mark.AsSpan().SequenceEqual(headMark))
                {
                    throw EntryFile.Damaged(path, sequence < head ? $"entries {sequence + 1} to {head} are missing at its end" : "its head does not fit its last entry");
                }

                yield break;
            }
        }
    }

    /// <summary>The first and the last entry, unchecked, and how many there are; for a list.</summary>
    public static (JournalEntry First, JournalEntry Last, long Count) Ends(string path)
    {
        using SqliteConnection connection = OpenToRead(path);
        try
        {
            List<JournalEntry> found = Sql.Query(connection, "SELECT sequence, kind, body FROM entry WHERE sequence IN (1, (SELECT sequence FROM head)) ORDER BY sequence", Entry);
            return found.Count > 0 ? (found[0], found[^1], found[^1].Sequence) : throw EntryFile.Damaged(path, "it is empty");
        }
        catch (SqliteException fault)
        {
            throw EntryFile.Damaged(path, fault.Message.TrimEnd('.'), fault);
        }
    }

    public static void CheckFormat(string path, SqliteConnection connection)
    {
        long found = Sql.Query(connection, "PRAGMA user_version", r => r.GetInt64(0)).Single();
        if (found != EntryFile.Format)
        {
            throw new KnownFailure($"Cannot use {path}", $"its format is version {found}, and this Peregrine knows version {EntryFile.Format}", "use the Peregrine that wrote it");
        }
    }

    /// <summary>The last sequence and its check.</summary>
    public static (long Sequence, byte[] Mark) Head(string path, SqliteConnection connection) =>
        Sql.Query(connection, "SELECT sequence, mark FROM head", r => (r.GetInt64(0), r.GetFieldValue<byte[]>(1))) is [{ Item2.Length: EntryCheck.Bytes } head] ? head : throw EntryFile.Damaged(path, "it has no head");

    private static JournalEntry Entry(SqliteDataReader row) => new(row.GetInt64(0), (EntryKind)row.GetByte(1), row.GetFieldValue<byte[]>(2));

    private static SqliteConnection OpenToRead(string path)
    {
        if (!File.Exists(path))
        {
            throw new KnownFailure($"Cannot read {path}", "there is no such file", "see 'sessions list' for those there are");
        }

        try
        {
            // Not read-only: the log of a process that was killed can only be read by one that may take it up.
            SqliteConnection connection = Sql.Open(path, SqliteOpenMode.ReadWrite);
            CheckFormat(path, connection);
            return connection;
        }
        catch (SqliteException fault)
        {
            throw EntryFile.Damaged(path, fault.Message.TrimEnd('.'), fault);
        }
    }

    private static (List<(JournalEntry, byte[])> Rows, long Head, byte[] HeadMark) Chunk(string path, SqliteConnection connection, long after)
    {
        try
        {
            using SqliteTransaction snapshot = connection.BeginTransaction(deferred: true);
            List<(JournalEntry, byte[])> rows = Sql.Query(
                connection,
                "SELECT sequence, kind, body, mark FROM entry WHERE sequence > $after ORDER BY sequence LIMIT $most",
                r => (Entry(r), r.GetFieldValue<byte[]>(3)),
                ("$after", after),
                ("$most", RowsAtOnce));
            (long head, byte[] headMark) = Head(path, connection);
            return (rows, head, headMark);
        }
        catch (SqliteException fault)
        {
            throw EntryFile.Damaged(path, fault.Message.TrimEnd('.'), fault);
        }
    }

    private static byte[] Checked(string path, JournalEntry entry, long before, byte[] markBefore, byte[] stored)
    {
        if (entry.Sequence != before + 1)
        {
            throw EntryFile.Damaged(path, entry.Sequence == before + 2 ? $"entry {before + 1} is missing" : $"entries {before + 1} to {entry.Sequence - 1} are missing");
        }

        byte[] mark = EntryCheck.Of(markBefore, entry.Sequence, entry.Kind, entry.Body.Span);
        return mark.AsSpan().SequenceEqual(stored) ? mark : throw EntryFile.Damaged(path, $"entry {entry.Sequence} is not what was written");
    }
}

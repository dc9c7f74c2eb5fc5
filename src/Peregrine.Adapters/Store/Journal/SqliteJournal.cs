using Peregrine.Adapters.Ports;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>
/// A session's journal as one SQLite file. Market data goes in blocks of at most 256 events; everything else is an entry of its own. A block under way is
/// closed before anything else is added, so the file's order is the order of events.
/// </summary>
public sealed class SqliteJournal : IJournal
{
    private const string Attempts = "CREATE TABLE attempt (number INTEGER PRIMARY KEY, progress INTEGER NOT NULL, after_crash INTEGER NOT NULL, ended INTEGER NOT NULL, fault TEXT NOT NULL) STRICT;";

    private readonly EntryFile file;
    private readonly Checkpointer checkpointer;
    private readonly MarketBlock block = new();
    private readonly ByteWriter writer = new();

    /// <summary>Over a file of its own, which it disposes of.</summary>
    internal SqliteJournal(EntryFile file, TimeProvider clock)
    {
        this.file = file;
        checkpointer = new Checkpointer(file, clock);
    }

    /// <summary>Begins a session: a new file whose first entry, on the disk when this returns, is <paramref name="session"/>.</summary>
    public static SqliteJournal Create(string path, SessionStarted session, TimeProvider clock) =>
        new(EntryFile.Create(path, Attempts, EntryKind.Started, session.ToBytes()), clock);

    /// <summary>Opens a session's file to go on; read it first (<see cref="JournalReader"/>), which says whether it is sound.</summary>
    public static SqliteJournal Open(string path, TimeProvider clock) => new(EntryFile.Open(path), clock);

    public bool IsPending => block.Count > 0 || file.IsWaiting;

    /// <summary>Of the last entry in the file.</summary>
    public long Sequence => file.Sequence;

    public void Add(in Event e)
    {
        if (MarketBlock.Holds(e))
        {
            block.Add(e);
            if (block.IsFull)
            {
                Flush();
            }

            return;
        }

        CloseBlock();
        writer.Clear();
        switch (e.Body)
        {
            case BrokerEvent body:
                writer.Write(body);
                file.Add(EntryKind.Broker, writer.Written);
                break;
            case OperatorWord word:
                writer.Time(e.Time);
                writer.Write(word);
                file.Add(EntryKind.Word, writer.Written);
                break;
            default:
                throw new InvalidOperationException($"A session has no events of kind {e.Kind}.");
        }
    }

    public void Add(Command command)
    {
        CloseBlock();
        writer.Clear();
        writer.Write(command);
        file.Add(EntryKind.Command, writer.Written);
    }

    public void Add(Alert alert)
    {
        CloseBlock();
        writer.Clear();
        writer.Time(alert.Time);
        writer.Text(alert.Sentence);
        file.Add(EntryKind.Alert, writer.Written);
    }

    public void AddEnd(string reason)
    {
        CloseBlock();
        writer.Clear();
        writer.Text(reason);
        file.Add(EntryKind.Ended, writer.Written);
    }

    public void Flush() => Write(durable: false);

    public void Commit() => Write(durable: true);

    public int BeginRun(long progress)
    {
        List<(long Progress, bool AfterCrash, bool Ended, string Fault)> runs = Runs();
        bool crashed = runs.Count > 0 && !runs[^1].Ended;
        string fault = crashed ? runs[^1].Fault : "";
        int crashes = crashed ? 1 : 0;
        for (int i = runs.Count - 1; crashed && i > 0 && runs[i].AfterCrash; i--)
        {
            if (runs[i].Progress != progress && (fault.Length == 0 || runs[i - 1].Fault != fault))
            {
                break;
            }

            crashes++;
        }

        Sql.Execute(file.Connection, "INSERT INTO attempt (progress, after_crash, ended, fault) VALUES ($progress, $crashed, 0, '')", ("$progress", progress), ("$crashed", crashed ? 1 : 0));
        return crashes;
    }

    public void EndRun(string? fault) =>
        Sql.Execute(file.Connection, "UPDATE attempt SET ended = $ended, fault = $fault WHERE number = (SELECT MAX(number) FROM attempt)", ("$ended", fault is null ? 1 : 0), ("$fault", fault ?? ""));

    public void Dispose()
    {
        checkpointer.Dispose();
        file.Dispose();
    }

    private List<(long Progress, bool AfterCrash, bool Ended, string Fault)> Runs() => Sql.Query(
        file.Connection, "SELECT progress, after_crash, ended, fault FROM attempt ORDER BY number", r => (r.GetInt64(0), r.GetInt64(1) != 0, r.GetInt64(2) != 0, r.GetString(3)));

    private void Write(bool durable)
    {
        checkpointer.Check();
        CloseBlock();
        file.Write(durable);
    }

    private void CloseBlock()
    {
        if (block.Count > 0)
        {
            file.Add(EntryKind.Market, block.Written);
            block.Clear();
        }
    }
}

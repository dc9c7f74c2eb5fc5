using Peregrine.Adapters.Ports;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Store.Journal;

/// <summary>What a journal tells, in order: <see cref="Event"/>s, the commands that left after them, and what was said beside them. One of the members is set.</summary>
public readonly record struct Recorded
{
    public required long Sequence { get; init; }

    public required EntryKind Kind { get; init; }

    /// <summary>Of a quote, clock, broker or operator event.</summary>
    public Event Event { get; init; }

    /// <summary>Of a command: its bytes as they were written, for comparing; <see cref="JournalReader.Command"/> reads them.</summary>
    public ReadOnlyMemory<byte> Command { get; init; }

    public SessionStarted? Started { get; init; }

    public Alert? Alert { get; init; }

    /// <summary>Why the session ended.</summary>
    public string? Ended { get; init; }
}

/// <summary>Reads a session's journal, also while it is being written, and checks every entry.</summary>
public static class JournalReader
{
    /// <exception cref="KnownFailure">While it is enumerated: the journal cannot be read, is of another format, or is damaged; the sentence says where.</exception>
    public static IEnumerable<Recorded> Read(string path)
    {
        foreach (JournalEntry entry in EntryReader.Read(path))
        {
            foreach (Recorded recorded in Decode(path, entry))
            {
                yield return recorded;
            }
        }
    }

    /// <summary>What a session is, how many entries its journal has, and why it ended (null: it can go on); from its ends alone.</summary>
    public static (SessionStarted Session, long Entries, string? Ended) Glance(string path)
    {
        (JournalEntry first, JournalEntry last, long count) = EntryReader.Ends(path);
        SessionStarted session = Decode(path, first).First().Started ?? throw EntryFile.Damaged(path, "it does not begin with a session");
        return (session, count, last.Kind == EntryKind.Ended ? Decode(path, last).First().Ended : null);
    }

    /// <summary>A command's bytes as a command; for showing.</summary>
    public static WrittenCommand Command(ReadOnlyMemory<byte> bytes) => new ByteReader(bytes).Command();

    /// <summary>The bytes under which a command is written; two commands are the same when these are.</summary>
    public static byte[] Bytes(Command command)
    {
        var writer = new ByteWriter();
        writer.Write(command);
        return writer.Written.ToArray();
    }

    private static IEnumerable<Recorded> Decode(string path, JournalEntry entry)
    {
        try
        {
            return entry.Kind == EntryKind.Market
                ? [.. MarketBlock.Read(entry.Body).Select(e => new Recorded { Sequence = entry.Sequence, Kind = entry.Kind, Event = e })]
                : [Single(entry)];
        }
        catch (FormatException fault)
        {
            throw EntryFile.Damaged(path, $"entry {entry.Sequence}: {fault.Message}", fault);
        }
    }

    private static Recorded Single(JournalEntry entry)
    {
        var recorded = new Recorded { Sequence = entry.Sequence, Kind = entry.Kind };
        if (entry.Kind == EntryKind.Started)
        {
            return recorded with { Started = SessionStarted.FromBytes(entry.Body) };
        }

        var reader = new ByteReader(entry.Body);
        recorded = entry.Kind switch
        {
            EntryKind.Broker => recorded with { Event = Event.OfBroker(reader.BrokerEvent()) },
            EntryKind.Word => recorded with { Event = Event.OfOperator(reader.Time(), reader.OperatorWord()) },
            EntryKind.Command => Checked(recorded, entry, reader),
            EntryKind.Alert => recorded with { Alert = new Alert(reader.Time(), reader.Text()) },
            EntryKind.Ended => recorded with { Ended = reader.Text() },
            _ => throw new FormatException($"there is no entry of kind {entry.Kind:D}"),
        };
        return reader.IsAtEnd ? recorded : throw new FormatException("it is longer than what it holds");
    }

    private static Recorded Checked(Recorded recorded, JournalEntry entry, ByteReader reader)
    {
        _ = reader.Command();
        return recorded with { Command = entry.Body };
    }
}

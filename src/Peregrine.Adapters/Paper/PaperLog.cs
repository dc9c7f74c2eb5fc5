using Peregrine.Adapters.Store.Journal;
using Peregrine.Core;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Paper;

/// <summary>A command as a paper broker received it: after how many quotes, how far it had let time pass since the last of them, and when.</summary>
internal sealed record ReceivedCommand(long Quotes, Instant? AdvancedTo, Instant At, WrittenCommand Command);

/// <summary>What a paper broker received, on the disk before it takes effect: it outlives the process, as an outside broker would.</summary>
internal sealed class PaperLog : IDisposable
{
    private readonly EntryFile file;
    private readonly Checkpointer checkpointer;
    private readonly ByteWriter writer = new();

    /// <summary>Over a file of its own, which it disposes of.</summary>
    public PaperLog(EntryFile file, TimeProvider clock)
    {
        this.file = file;
        checkpointer = new Checkpointer(file, clock);
    }

    public static PaperLog Open(string path, TimeProvider clock) =>
        new(File.Exists(path) ? EntryFile.Open(path) : EntryFile.Create(path, "", EntryKind.Started, []), clock);

    public IEnumerable<ReceivedCommand> Received() =>
        EntryReader.Read(file.Path).Where(e => e.Kind == EntryKind.Command).Select(e =>
        {
            var reader = new ByteReader(e.Body);
            return new ReceivedCommand(reader.Long(), reader.Optional(reader.Time), reader.Time(), reader.Command());
        });

    public void Add(long quotes, Instant? advancedTo, Instant at, Command command)
    {
        writer.Clear();
        writer.Long(quotes);
        writer.Optional(advancedTo, writer.Time);
        writer.Time(at);
        writer.Write(command);
        file.Add(EntryKind.Command, writer.Written);
        file.Write(durable: true);
    }

    public void Dispose()
    {
        checkpointer.Dispose();
        file.Dispose();
    }
}

using System.Reflection;
using Peregrine.Adapters;
using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Ports;
using Peregrine.Adapters.Store.Journal;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;

namespace Peregrine.App.Trading;

/// <summary>Where a replay first did otherwise than the journal says: the entry, the command recorded there and the one computed now; null is none.</summary>
public sealed record Difference(long Sequence, string? Recorded, string? Recomputed);

/// <summary>
/// A session fed to the engine again, from its journal alone. Every command computed is compared with the one recorded, byte for byte, at its place.
/// This is how a session is checked, how it is looked at afterwards, and how a start takes it up: the engine then stands where it stood.
/// </summary>
public sealed class SessionReplay
{
    private readonly EngineOutput output = new();
    private readonly Queue<byte[]> expected = new();
    private readonly List<Alert> alerts = [];

    private SessionReplay(SessionStarted session, Func<SessionStrategy, Decide> decide)
    {
        Session = session;
        Engine = new Engine(session.Setup(decide));
    }

    public SessionStarted Session { get; }

    /// <summary>After the last event, when there is no difference.</summary>
    public Engine Engine { get; }

    /// <summary>How far the session's paper broker had come.</summary>
    public PaperCursor Cursor { get; } = new();

    public long Events { get; private set; }

    /// <summary>What the operator was told, as recorded.</summary>
    public IReadOnlyList<Alert> Alerts => alerts;

    public long Commands { get; private set; }

    /// <summary>New orders among the commands.</summary>
    public long Orders { get; private set; }

    /// <summary>Sequence of the last entry that is not part of a start: two crashes with the same one came at the same place.</summary>
    public long Progress { get; private set; }

    /// <summary>Why the session ended; null when it can go on.</summary>
    public string? Ended { get; private set; }

    public Difference? Difference { get; private set; }

    /// <summary>Reads a journal to its end, or to the first difference.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="decide">Makes a strategy of the session ready to be told its first bar.</param>
    /// <param name="stepped">Told of every step that gave something other than commands; null when nobody asks.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="KnownFailure">The journal cannot be read, or its strategies are not of this program's language.</exception>
    public static SessionReplay Of(string path, Func<SessionStrategy, Decide> decide, Action<Engine, EngineOutput>? stepped, CancellationToken stop)
    {
        SessionReplay? replay = null;
        foreach (Recorded recorded in JournalReader.Read(path))
        {
            stop.ThrowIfCancellationRequested();
            if (replay is null)
            {
                replay = new SessionReplay(recorded.Started ?? throw new KnownFailure($"Cannot use {path}", "it does not begin with a session", "restore it from a backup"), decide);
                continue;
            }

            replay.Take(recorded, stepped);
            if (replay.Difference is not null)
            {
                return replay;
            }
        }

        return replay?.Finished() ?? throw new KnownFailure($"Cannot use {path}", "it is empty", "restore it from a backup");
    }

    /// <summary>The strategies of a session, from their texts.</summary>
    /// <exception cref="KnownFailure">A text is not of this program's language.</exception>
    public static Decide OfText(SessionStrategy strategy) => Strategy.TryParse(strategy.Text, out Strategy? parsed, out SyntaxError? error)
        ? TradedStrategy.Of(parsed).Decide
        : throw new KnownFailure($"Cannot read strategy {strategy.Id} of the session", error.Message.TrimEnd('.'), $"replay it with the Peregrine that recorded it; this one speaks language {Language}");

    /// <summary>This program as sessions record it: its version and the identity of its core.</summary>
    public static string Build { get; } =
        $"{typeof(Engine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion} {typeof(Engine).Assembly.ManifestModule.ModuleVersionId:N}";

    /// <summary>The strategy language as sessions record it.</summary>
    public static string Language { get; } = $"{Strategy.Language}.{Catalogue.SemanticVersion}";

    private void Take(in Recorded recorded, Action<Engine, EngineOutput>? stepped)
    {
        switch (recorded.Kind)
        {
            case EntryKind.Market or EntryKind.Broker or EntryKind.Word:
                Step(recorded, stepped);
                break;
            case EntryKind.Command:
                Compare(recorded);
                break;
            case EntryKind.Ended:
                Ended = recorded.Ended;
                break;
            case EntryKind.Alert:
                alerts.Add(recorded.Alert!);
                break;
            case EntryKind.None or EntryKind.Started:
                break;
            default:
                throw new InvalidOperationException("unknown entry");
        }
    }

    private void Step(in Recorded recorded, Action<Engine, EngineOutput>? stepped)
    {
        if (expected.Count > 0)
        {
            Difference = new Difference(recorded.Sequence, null, Text(expected.Peek()));
            return;
        }

        Event e = recorded.Event;
        Engine.Step(e, output);
        Events++;
        Cursor.See(e);
        Progress = e.Body is ConnectionChanged or HistoryTold or Reconciled ? Progress : recorded.Sequence;
        if (output.IsEmpty)
        {
            return;
        }

        foreach (Command command in output.Commands)
        {
            expected.Enqueue(JournalReader.Bytes(command));
        }

        stepped?.Invoke(Engine, output);
        output.Clear();
    }

    private void Compare(in Recorded recorded)
    {
        byte[]? computed = expected.Count > 0 ? expected.Dequeue() : null;
        if (computed is null || !recorded.Command.Span.SequenceEqual(computed))
        {
            Difference = new Difference(recorded.Sequence, Text(recorded.Command), computed is null ? null : Text(computed));
            return;
        }

        WrittenCommand command = JournalReader.Command(recorded.Command);
        Commands++;
        Orders += command.Order is null ? 0 : 1;
        Progress = command.Other is RequestReconcile ? Progress : recorded.Sequence;
    }

    private SessionReplay Finished()
    {
        if (expected.Count > 0)
        {
            Difference = new Difference(0, null, Text(expected.Peek()));
        }

        return this;
    }

    private static string Text(ReadOnlyMemory<byte> command) => JournalReader.Command(command).ToString();
}

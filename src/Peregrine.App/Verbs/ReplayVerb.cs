using System.CommandLine;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;

namespace Peregrine.App.Verbs;

/// <summary><c>replay</c>: feeds a recorded session to the engine again and compares every command, byte for byte.</summary>
public static class ReplayVerb
{
    private static readonly Argument<string> Session = new("SESSION") { Description = "The session's name, as 'sessions list' shows it" };

    public static Command Create() =>
        new Verb("replay", "Feeds a recorded session to the engine again and compares every command", "./peregrine replay 20260105-093000", Run) { Session };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        string path = new SessionFolder(call.Home).Journal(call.Get(Session)!);
        SessionStarted started = JournalReader.Glance(path).Session;
        if (started.Language != SessionReplay.Language)
        {
            Answer(call, started, null);
            return ExitCode.AnswerIsNo;
        }

        var replay = SessionReplay.Of(path, SessionReplay.OfText, null, stop);
        Answer(call, started, replay);
        return replay.Difference is null && IsSameEngine(started) ? ExitCode.Done : ExitCode.AnswerIsNo;
    }

    /// <summary>Byte for byte is promised of the engine that recorded; of another it is found out, and said.</summary>
    private static bool IsSameEngine(SessionStarted started) => started.Build == SessionReplay.Build;

    /// <summary>Without a replay: it was not possible, because the session speaks another language.</summary>
    private static void Answer(VerbCall call, SessionStarted started, SessionReplay? replay)
    {
        Difference? difference = replay?.Difference;
        string? because = replay is null ? $"it was recorded with strategy language {started.Language}, and this Peregrine speaks {SessionReplay.Language}"
            : !IsSameEngine(started) ? $"it was recorded by another engine ({started.Build}) than this one ({SessionReplay.Build})"
            : null;
        object document = new
        {
            session = started.Session,
            events = replay?.Events ?? 0,
            commands = replay?.Commands ?? 0,
            match = replay is not null && difference is null,
            firstDifference = difference,
            because,
            sameEngine = IsSameEngine(started),
            recordedBy = started.Build,
            replayedBy = SessionReplay.Build,
        };
        call.Terminal.Answer(document, text =>
        {
            if (replay is not null)
            {
                text.WriteLine($"{Figures.Counted(replay.Events, "event")}, {Figures.Counted(replay.Commands, "command")}: {(difference is null ? "every command is the same" : $"different at entry {difference.Sequence}")}");
            }

            if (difference is not null)
            {
                text.WriteLine($"  recorded    {difference.Recorded ?? "no command"}");
                text.WriteLine($"  now         {difference.Recomputed ?? "no command"}");
            }

            if (because is not null)
            {
                text.WriteLine(replay is null ? $"It cannot be replayed here: {because}."
                    : difference is null ? $"Yet {because}; what they decide is the same."
                    : $"This may be why: {because}.");
            }
        });
    }
}

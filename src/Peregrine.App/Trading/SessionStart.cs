using Peregrine.Adapters;
using Peregrine.Adapters.Ports;
using Peregrine.Adapters.Store.Journal;
using Peregrine.Core;
using Peregrine.Core.Trading;

namespace Peregrine.App.Trading;

/// <summary>How a session is taken up where its journal ends, whichever broker it trades at.</summary>
internal static class SessionStart
{
    private const int CrashesBeforeHalt = 3;

    /// <summary>The session as its journal left it.</summary>
    /// <exception cref="KnownFailure">The journal is damaged, over, or of another engine.</exception>
    public static SessionReplay Read(string journal, Func<SessionStrategy, Decide> decide, CancellationToken stop)
    {
        SessionReplay start = SessionReplay.Of(journal, decide, null, stop);
        string what = $"Cannot go on with session {start.Session.Session}";
        return start.Difference is { } difference
                ? throw new KnownFailure(what, $"this Peregrine ({SessionReplay.Build}) decides otherwise at entry {difference.Sequence} than the one that recorded it ({start.Session.Build})", "go on with the one that recorded it, or begin a new session")
            : start.Ended is { } ended ? throw Over(start.Session.Session, ended)
            : start;
    }

    /// <summary>A session that has come to its end.</summary>
    public static KnownFailure Over(string session, string why) => new($"Cannot go on with session {session}", $"it is over: {why}", "begin a new one, or look at it with 'replay'");

    /// <summary>The engine does not take what is to be traded.</summary>
    /// <exception cref="KnownFailure">These strategies cannot be traded on this account.</exception>
    public static void Check(SessionStarted session)
    {
        try
        {
            _ = new Engine(session.Setup(SessionReplay.OfText));
        }
        catch (ArgumentException fault)
        {
            string what = session.Session.Length == 0 ? "Cannot trade this" : $"Cannot go on with session {session.Session}";
            throw new KnownFailure(what, fault.Message.Split(" (Parameter")[0].TrimEnd('.'), "change what --strategy, --feed and --kind say", fault);
        }
    }

    /// <summary>Notes in the journal that a run begins, and trades until the feed ends (true) or <paramref name="stop"/> (false); halted where it crashed too often at the same place.</summary>
    public static Task<bool> Run(LoopParts parts, Instant now, Action<TradingLoop>? begun, CancellationToken stop)
    {
        SessionReplay start = parts.Start;
        int crashes = parts.Journal.BeginRun(start.Progress);
        if (start.Session.Build != SessionReplay.Build)
        {
            parts.Journal.Add(new Alert(now, $"begun by {start.Session.Build}, gone on with by {SessionReplay.Build}"));
        }

        var loop = new TradingLoop(parts);
        begun?.Invoke(loop);
        string? halt = crashes >= CrashesBeforeHalt && start.Engine.Halted is null
            ? $"halted after {crashes} crashes at the same place (entry {start.Progress}): nothing is opened until 'resume'"
            : null;
        return loop.Run(halt, stop);
    }
}

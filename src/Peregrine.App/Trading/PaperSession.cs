using Peregrine.Adapters;
using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Store.Journal;
using Peregrine.Core;
using Peregrine.Core.Trading;

namespace Peregrine.App.Trading;

/// <summary>What a session on the paper broker is run with: its two files, its prices from the first one on, how its time passes, and how its strategies are made.</summary>
public sealed record PaperPlan
{
    /// <summary>The session's journal; it exists.</summary>
    public required string JournalPath { get; init; }

    /// <summary>What the paper broker has received; made when absent.</summary>
    public required string BrokerPath { get; init; }

    public required Func<QuoteMerge> Feed { get; init; }

    public required Pace Pace { get; init; }

    public Func<SessionStrategy, Decide> Decide { get; init; } = SessionReplay.OfText;

    /// <summary>What stands between the loop and its ports: nothing, or the faults of a test.</summary>
    public Func<LoopParts, LoopParts> Around { get; init; } = static parts => parts;
}

/// <summary>Runs a session on the paper broker, from wherever its journal ends.</summary>
public static class PaperSession
{
    /// <summary>True when the feed ended and with it the session; false when <paramref name="stop"/> ended the run, which the next one continues.</summary>
    /// <exception cref="KnownFailure">The journal is damaged, over, of another engine, or does not fit feed and broker.</exception>
    public static async Task<bool> Run(PaperPlan plan, OperatorQueue words, Action<TradingLoop>? begun, CancellationToken stop)
    {
        SessionReplay start = SessionStart.Read(plan.JournalPath, plan.Decide, stop);
        using SqliteJournal journal = SqliteJournal.Open(plan.JournalPath, plan.Pace.Clock);
        using QuoteMerge feed = plan.Feed();
        Instant now = start.Events > 0 ? start.Engine.Now : feed.TryPeek(out SymbolQuote first) ? first.Quote.Time : start.Session.Feed.From;
        var account = new PaperAccount(start.Session.Terms, start.Session.Instruments, start.Session.Costs, plan.BrokerPath);
        await using PaperBroker broker = PaperBroker.Open(account, feed, start.Cursor, now, plan.Pace);
        LoopParts parts = plan.Around(new LoopParts(start, broker, journal, words, plan.Pace.Clock));
        return await SessionStart.Run(parts, now, begun, stop);
    }
}

using System.Globalization;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.Backtesting;
using Peregrine.App.Reports;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.App.Trading;

/// <summary>A recorded session as a report tells it, from its journal alone.</summary>
public sealed record SessionReport(SessionOutcome Outcome, ReportSource Source)
{
    /// <exception cref="KnownFailure">The journal is damaged, or this program's engine decides otherwise than the one that recorded it.</exception>
    public static SessionReport Of(string journal, CancellationToken stop)
    {
        SessionStarted session = JournalReader.Glance(journal).Session;
        SessionOutcome outcome = SessionOutcome.Of(journal, SessionReplay.OfText, stop);
        if (outcome.Replay.Difference is { } difference)
        {
            throw new KnownFailure(
                $"Cannot report on session {session.Session}",
                $"this Peregrine ({SessionReplay.Build}) decides otherwise at entry {difference.Sequence} than the one that recorded it ({session.Build})",
                "report on it with the one that recorded it; 'replay' shows the difference");
        }

        SessionHistory history = SessionHistory.Read(journal, stop);
        var curve = EquityCurve.Of(session.Terms.Deposit, history.Begun ?? session.Begun, outcome.Equity);
        ReportedStrategy[] strategies = [.. session.Strategies.Select(s => StrategyText.Reported(Strategy.Parse(s.Text)))];
        return new SessionReport(outcome, new ReportSource
        {
            Kind = session.Feed.IsLive ? "Broker session" : "Paper session",
            Title = session.Session,
            Market = string.Join(", ", session.Strategies.Select(s => $"{s.Symbol} {s.Timeframe}").Distinct(StringComparer.Ordinal)),
            Record = TrackRecord.Of(curve, outcome.Trades),
            Prices = history.Prices,
            Strategies = strategies,
            Words = history.Words,
            Notes = [.. Standing(outcome.Replay), .. RefusalNotes.Of(outcome.Refusals)],
            Assumptions = Assumptions(session),
            NotModelled = NotModelled(session),
            DataHash = session.Feed.IsLive ? null : session.Feed.Hash,
            Seed = session.Seed,
        });
    }

    /// <summary>What a reader must know of a session that has not come to its end.</summary>
    private static IEnumerable<string> Standing(SessionReplay replay)
    {
        if (replay.Ended is null)
        {
            int open = replay.Engine.Holdings.Count(h => h.PositionId != 0);
            string held = open switch
            {
                0 => "nothing is open",
                1 => "one position is open, whose result so far is in the equity and not among the trades",
                _ => $"{open} positions are open, whose results so far are in the equity and not among the trades",
            };
            yield return $"The session has not ended: 'trade --session {replay.Session.Session}' goes on with it; at {CommandLine.Figures.Time(replay.Engine.Now)} {held}.";
        }

        if (replay.Session.Build != SessionReplay.Build)
        {
            yield return $"Another engine recorded the session ({replay.Session.Build}) than the one that tells of it ({SessionReplay.Build}); what they decide is the same.";
        }

        if (replay.Engine.Halted is { } why)
        {
            yield return $"Halted at the end: {why.TrimEnd('.')}.";
        }
    }

    private static IReadOnlyList<Assumption> Assumptions(SessionStarted s) =>
    [
        new("prices", s.Feed.Description),
        Basis.Decisions,
        .. s.Feed.IsLive ? AtBroker : OnPaper(s),
        new("account", Basis.Account(s.Terms.Deposit, s.Terms.Kind, s.Terms.Leverage)),
        new("size", Basis.Size(s.Sizing)),
        new("limits", LimitsFile.Words(s.Limits)),
        new("anchor", s.Feed.IsLive ? "indicators begin with the bars that the broker told before the first price" : "indicators begin at the first quote of the session"),
        new("recorded", $"begun {CommandLine.Figures.Time(s.Begun)} by Peregrine {s.Build.Split(' ')[0]}; replayed from the journal, every command the same"),
    ];

    /// <summary>There nothing is assumed: what happened is what the broker told.</summary>
    private static readonly Assumption[] AtBroker = [new("fills", "as the broker told them"), new("costs", "spread, commission, interest and slippage as the broker charged them")];

    private static Assumption[] OnPaper(SessionStarted s) =>
    [
        new("fills", Basis.Fills),
        new("latency", string.Create(CultureInfo.InvariantCulture, $"{s.Terms.Latency.TotalSeconds * 1000:0.#} ms from decision to the broker")),
        new("costs", $"version {s.Costs.Version}"),
        new("spread", "as recorded"),
        new("commission", Each(s, (costs, _) => Basis.Commission(costs, s.Terms.Deposit.Currency))),
        new("slippage", Each(s, Basis.Slippage)),
    ];

    private static IReadOnlyList<string> NotModelled(SessionStarted s)
    {
        if (s.Feed.IsLive)
        {
            return [];
        }

        string[] swapless = [.. Traded(s).Where(t => t.Costs.Swap is null).Select(t => t.Instrument.Symbol)];
        return
        [
            .. swapless.Length == 0 ? (string[])[] : [Basis.NoSwap(swapless)],
            .. s.Terms.Leverage is null ? (string[])[Basis.NoMargin] : [],
            Basis.NoMarket,
            Basis.NoImprovement,
        ];
    }

    /// <summary>What holds of every symbol traded, once when it is the same of all.</summary>
    private static string Each(SessionStarted session, Func<SymbolCosts, Instrument, string> tell)
    {
        (string Symbol, string Said)[] all = [.. Traded(session).Select(t => (t.Instrument.Symbol, tell(t.Costs, t.Instrument)))];
        return all.Select(a => a.Said).Distinct(StringComparer.Ordinal).Count() == 1 ? all[0].Said : string.Join("; ", all.Select(a => $"{a.Symbol} {a.Said}"));
    }

    private static IEnumerable<(Instrument Instrument, SymbolCosts Costs)> Traded(SessionStarted session) =>
        session.Instruments.Where(i => session.Strategies.Any(s => s.Symbol == i.Symbol)).Select(i => (i, session.Costs.For(i.Symbol)!));
}

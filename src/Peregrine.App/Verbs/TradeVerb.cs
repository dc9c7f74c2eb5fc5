using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters;
using Peregrine.Adapters.Instruments;
using Peregrine.Adapters.Store;
using Peregrine.Adapters.Store.Journal;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.App.Verbs;

/// <summary><c>trade</c>: the trading loop; with <c>--feed</c> on a paper broker over stored ticks, else on an account at the broker.</summary>
public static partial class TradeVerb
{
    private const string LiveStage = "live";

    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    private static readonly Option<string[]> Feed = new("--feed") { Description = "Trade on paper over the stored ticks of these symbols; without it, on an account at the broker", HelpName = "SYMBOL", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> Sources = new("--strategy") { Description = "The strategies: of the library, by name or the beginning of an id, or .strategy files", HelpName = "ID|FILE", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string> Speed = new("--speed") { Description = "How many times faster than real time, or max", HelpName = "X", DefaultValueFactory = _ => "max" };
    private static readonly Option<string?> Session = new("--session") { Description = "Go on with this session instead", HelpName = "NAME" };
    private static readonly Option<string?> For = new("--for") { Description = "Stop after this long; the same command goes on", HelpName = "1h" };
    private static readonly Option<string?> Source = new("--source") { Description = "Over stored ticks of this source (data list names them); otherwise of the one that covers most", HelpName = "NAME" };
    private static readonly Option<string?> Stage = new("--stage") { Description = "live: what an account with real money asks for", HelpName = LiveStage };
    private static readonly PeriodOptions Range = new();
    private static readonly RunTermsOptions Terms = new(named: true);

    public static Command Create()
    {
        var verb = new Verb("trade", "Trades strategies, event by event, with a journal; run again after a stop or a crash, it goes on", "./peregrine trade --feed EURUSD --strategy breakout.strategy --from 2019-02-04 --to 2019-02-05", Run)
        {
            Feed, Source, Sources, Speed, Session, For, Stage,
        };
        Range.AddTo(verb);
        Terms.AddTo(verb);
        return verb;
    }

    private static Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        if (call.Get(Session) is not null && (call.Get(Feed) is { Length: > 0 } || call.Get(Sources) is { Length: > 0 } || call.Get(Source) is not null))
        {
            throw new WrongUsage("--session goes on with what the session was begun with; leave --feed and --strategy out, and --source.");
        }

        return IsAtBroker(call) ? TradeAtBroker(call, stop) : TradeOnPaper(call, stop);
    }

    private static async Task<ExitCode> TradeOnPaper(VerbCall call, CancellationToken stop)
    {
        if (call.Get(Stage) is not null)
        {
            throw new WrongUsage("--stage is for an account at the broker; leave it out, or leave --feed out.");
        }

        double? speed = ReadSpeed(call.Get(Speed)!);
        TimeSpan? time = call.Get(For) is { } text ? DurationText.Parse(text, "--for") : null;
        FeedOrder? order = call.Get(Session) is null ? ReadOrder(call) : null;
        string account = Account(call);
        var trading = new FeedSession(call.Home, call.Settings, call.Composition.Here, account);
        using ProcessLock held = new SessionFolder(call.Home).Lock(account);
        using MarketStore store = MarketStore.Open(call.Home.Path);
        string session = order is null ? call.Get(Session)! : trading.Find(order, store);
        (PaperPlan plan, long ticks, IReadOnlyList<string> silent) = trading.Plan(session, store, speed);
        IReadOnlyList<string> openings = Openings(call, JournalReader.Glance(plan.JournalPath).Session);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        void Begun()
        {
            // From here on, so that a short time begins a session too.
            if (time is { } limit)
            {
                end.CancelAfter(limit);
            }
        }

        bool ended = await Trade(call, trading, new Running(session, account, plan, ticks, silent, Begun), end.Token);

        // Not with the token: what was reached is told also after a stop.
        SessionOutcome outcome = SessionOutcome.Of(plan.JournalPath, plan.Decide, CancellationToken.None);
        if (outcome.Replay.Difference is { } difference)
        {
            throw new InvalidOperationException($"session {session} does not replay from entry {difference.Sequence} on");
        }

        Answer(call, session, ended, (outcome, openings));
        return !ended && stop.IsCancellationRequested ? ExitCode.Stopped : ExitCode.Done;
    }

    private static async Task<bool> Trade(VerbCall call, FeedSession trading, Running what, CancellationToken stop)
    {
        using Progress progress = call.Terminal.Progress("trade", what.Ticks, "events");
        TradingLoop? loop = null;
        Task<bool> running = trading.Run(what.Plan, begun =>
        {
            call.Terminal.Say(Greeting(what, begun));
            foreach (string strategy in what.Silent)
            {
                call.Terminal.Warn(strategy + ".");
            }

            begun.Alerted += alert => call.Terminal.Warn($"{alert.Time}  {alert.Sentence}");
            Volatile.Write(ref loop, begun);
            what.Begun();
        }, stop);
        using var timer = new PeriodicTimer(ReportInterval, call.Composition.Here.Clock);
        while (await Task.WhenAny(running, timer.WaitForNextTickAsync(CancellationToken.None).AsTask()) != running)
        {
            progress.Report(Volatile.Read(ref loop)?.Events ?? 0);
        }

        bool ended = await running;
        progress.Done(ended ? "the feed ended" : "stopped; the same command goes on");
        return ended;
    }

    private static string Greeting(Running what, TradingLoop loop)
    {
        string beginning = loop.GoesOnAt is { } time ? $" goes on at {Figures.Time(time)}, after {Figures.Counted(loop.Events, "event")} of" : ":";
        string reach = what.Account == AccountName.Paper ? "" : $", with --account {what.Account},";
        return $"Session {what.Session}{beginning} {Figures.Counted(what.Ticks, "tick")}; 'halt', 'flatten', 'resume', 'close' and 'status'{reach} reach it.";
    }

    /// <summary>The account named, or that of the session to go on with.</summary>
    private static string Account(VerbCall call)
    {
        string? named = Terms.Account(call);
        if (call.Get(Session) is not { } session)
        {
            return named ?? AccountName.Paper;
        }

        string its = JournalReader.Glance(new SessionFolder(call.Home).Journal(session)).Session.Account;
        return named is null || named == its ? its : throw new WrongUsage($"Session {session} trades on account {its}, not on {named}; leave --account out.");
    }

    private static FeedOrder ReadOrder(VerbCall call)
    {
        string[] symbols = [.. (call.Get(Feed) ?? []).Select(StoreNames.Symbol).Distinct().Order(StringComparer.Ordinal)];
        Strategy[] strategies = Strategies(call);
        if (symbols.Length == 0 || strategies.Length == 0)
        {
            throw new WrongUsage("What to trade is missing: give --strategy with an id of the library or a file, and --feed SYMBOL for paper or an account at the broker with --account NAME; or --session NAME.");
        }

        if (strategies.FirstOrDefault(s => !symbols.Contains(s.Symbol)) is { } stranger)
        {
            throw new WrongUsage($"Strategy {stranger.Name} trades {stranger.Symbol}, which is not in the feed; add it to --feed.");
        }

        RunTerms terms = Terms.Read(call);
        var facts = InstrumentFile.Load(call.Home.Path);
        Instrument[] instruments = [.. symbols.Select(facts.Find)];
        terms.CheckCurrency(instruments.Where(i => strategies.Any(s => s.Symbol == i.Symbol)));
        CostModel costs = terms.Costs(instruments);
        foreach (Instrument instrument in instruments)
        {
            _ = costs.For(instrument.Symbol)
                ?? throw new KnownFailure($"There are no costs for {instrument.Symbol}", $"the cost file '{terms.CostsName}' does not name it", "add it, or run with --costs zero");
        }

        return new FeedOrder(strategies, instruments, costs, terms, Range.Read(call)) { Source = call.Get(Source) };
    }

    private static Strategy[] Strategies(VerbCall call)
    {
        Strategy[] strategies = [.. (call.Get(Sources) ?? []).Select(s => StrategyText.Find(s, call.Home.Path))];
        return strategies.GroupBy(s => s.Id).FirstOrDefault(g => g.Count() > 1) is not { } twins
            ? strategies
            : throw new WrongUsage($"A strategy is named twice with --strategy: {string.Join(" and ", twins.Select(s => s.Name))} are the same one.");
    }

    private static double? ReadSpeed(string text) =>
        text == "max" ? null
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double speed) && speed is >= 0.01 and <= 1e6 ? speed
        : throw new WrongUsage($"--speed is max or a number from 0.01 to 1000000; '{text}' is not.");

    /// <summary>Trading over a range is a look at it, and over one that a run keeps shut a look into its lockbox: written down before the first tick.</summary>
    private static IReadOnlyList<string> Openings(VerbCall call, SessionStarted session)
    {
        using StrategyLibrary? library = StrategyLibrary.Existing(call.Home.Path);
        var now = Instant.FromUnixSeconds(call.Composition.Here.Clock.GetUtcNow().ToUnixTimeSeconds());
        if (library is null)
        {
            return [];
        }

        foreach (SessionStrategy s in session.Strategies)
        {
            library.Record(new ManualLook(s.Id, s.Symbol, session.Feed.From, session.Feed.To, now));
        }

        return [.. session.Strategies.SelectMany(s => new Lockboxes(library, s.Symbol).Open(s.Id, session.Feed.From, session.Feed.To, now))];
    }

    private static void Answer(VerbCall call, string session, bool ended, (SessionOutcome Outcome, IReadOnlyList<string> Openings) told)
    {
        (SessionOutcome outcome, IReadOnlyList<string> openings) = told;
        SessionReplay replay = outcome.Replay;
        Money pnl = replay.Engine.Balance - replay.Session.Terms.Deposit;
        object document = new
        {
            session,
            ended,
            orders = replay.Orders,
            fills = replay.Engine.Fills,
            pnl,
            balance = replay.Engine.Balance,
            equity = replay.Engine.Equity.Rounded(),
            trades = outcome.Trades.Select(t => TradeShape.Of(t, replay.Session.Instruments)),
            refusals = outcome.Refusals,
            alerts = replay.Alerts,
            lockboxOpenings = openings,
            events = replay.Events,
            commands = replay.Commands,
            feed = replay.Session.Feed.Description,
            feedHash = replay.Session.Feed.Hash is { Length: > 0 } hash ? hash : null,
        };
        call.Terminal.Answer(document, text =>
        {
            foreach (string opening in openings)
            {
                text.WriteLine(opening);
            }

            text.WriteLine($"Session {session} {(ended ? "ended with its feed" : "stopped; run the same command to go on")}");
            text.WriteLine($"  orders   {Figures.Count(replay.Orders)}, filled {Figures.Counted(replay.Engine.Fills, "time")}, {Figures.Counted(outcome.Refusals.Count, "proposal")} refused by risk");
            text.WriteLine($"  trades   {Figures.Count(outcome.Trades.Count)}, {Figures.Count(outcome.Trades.Count(t => t.Net.Amount > 0))} of them won");
            text.WriteLine($"  balance  {Figures.Money(replay.Engine.Balance)} ({(pnl.Amount >= 0 ? "+" : "")}{Figures.Money(pnl)})");
            text.WriteLine($"  open     {Figures.Counted(replay.Engine.Holdings.Count(h => h.PositionId != 0), "position")}");
        });
    }

    /// <summary>A session as this process runs it.</summary>
    private sealed record Running(string Session, string Account, PaperPlan Plan, long Ticks, IReadOnlyList<string> Silent, Action Begun);
}

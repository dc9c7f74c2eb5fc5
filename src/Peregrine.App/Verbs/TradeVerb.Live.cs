using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.Instruments;
using Peregrine.Adapters.Store.Journal;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Accounts;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;

namespace Peregrine.App.Verbs;

/// <content><c>trade</c> on an account at the broker.</content>
public static partial class TradeVerb
{
    /// <summary>What the broker decides, or has no meaning where prices come as they happen.</summary>
    private static readonly string[] OfPaper = ["--speed", "--source", "--from", "--to", "--deposit", "--kind", "--leverage"];

    private static bool IsAtBroker(VerbCall call) => call.Get(Session) is { } session
        ? JournalReader.Glance(new SessionFolder(call.Home).Journal(session)).Session.Feed.IsLive
        : call.Get(Feed) is not { Length: > 0 } && call.Get(Sources) is { Length: > 0 };

    private static async Task<ExitCode> TradeAtBroker(VerbCall call, CancellationToken stop)
    {
        if (OfPaper.FirstOrDefault(call.Says) is { } stray)
        {
            throw new WrongUsage($"{stray} is for paper: without --feed the account is one at the broker, which says what it is. Leave {stray} out, or give --feed SYMBOL.");
        }

        if (call.Get(Session) is { } named && JournalReader.Glance(new SessionFolder(call.Home).Journal(named)).Ended is { } over)
        {
            throw SessionStart.Over(named, over);
        }

        BrokerLogin login = BrokerLogin.Find(call.Composition, AccountAtBroker(call), toTrade: true);
        TimeSpan? time = call.Get(For) is { } text ? DurationText.Parse(text, "--for") : null;
        Strategy[] strategies = call.Get(Session) is { } begun
            ? [.. JournalReader.Glance(new SessionFolder(call.Home).Journal(begun)).Session.Strategies.Select(s => Strategy.Parse(s.Text))]
            : Strategies(call);
        Check(call, login, strategies);
        using ProcessLock held = new SessionFolder(call.Home).Lock(login.Account.Name);
        var trading = new LiveSession(call.Composition, login);
        AccountFacts facts = await trading.Ask(stop);
        string session = call.Get(Session) ?? trading.Find(Order(call, strategies, facts));
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (time is { } limit)
        {
            end.CancelAfter(limit);
        }

        bool ended = await trading.Run(session, (loop => Greet(call, (session, login.Account, facts), loop), why => call.Terminal.Warn($"{why.TrimEnd('.')}.")), end.Token);
        SessionOutcome outcome = SessionOutcome.Of(new SessionFolder(call.Home).Journal(session), SessionReplay.OfText, CancellationToken.None);
        if (outcome.Replay.Difference is { } difference)
        {
            throw new InvalidOperationException($"session {session} does not replay from entry {difference.Sequence} on");
        }

        Answer(call, session, ended, (outcome, []));
        return !ended && stop.IsCancellationRequested ? ExitCode.Stopped : ExitCode.Done;
    }

    private static string? AccountAtBroker(VerbCall call)
    {
        string? named = Terms.Account(call);
        if (named == AccountName.Paper)
        {
            throw new WrongUsage("The account paper trades over stored ticks: give --feed SYMBOL, or name an account of the broker ('./peregrine account list' shows them).");
        }

        if (call.Get(Session) is not { } session)
        {
            return named;
        }

        string its = JournalReader.Glance(new SessionFolder(call.Home).Journal(session)).Session.Account;
        return named is null || named == its ? its : throw new WrongUsage($"Session {session} trades on account {its}, not on {named}; leave --account out.");
    }

    /// <summary>What may be traded with the account's money.</summary>
    private static void Check(VerbCall call, BrokerLogin login, IReadOnlyList<Strategy> strategies)
    {
        string what = $"Cannot trade on account {login.Account.Name}";
        if (strategies.FirstOrDefault(s => new Plan(s).ReadsVolume) is { } blind)
        {
            throw new KnownFailure(what, $"{blind.Name} looks at volume, and the broker's prices come without any", "trade one that looks at prices and times alone ('evolve' finds such without volume in its bars)");
        }

        if (call.Get(Stage) is { } stage && stage != LiveStage)
        {
            throw new WrongUsage($"--stage is {LiveStage}, which an account with real money asks for; '{stage}' is not served.");
        }

        if (!login.Account.IsLive)
        {
            return;
        }

        if (call.Get(Stage) is null)
        {
            throw new KnownFailure(what, "it trades real money", $"say so with --stage {LiveStage}, or name a demo account");
        }

        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        if (strategies.FirstOrDefault(s => library.Stage(s.Id) != StrategiesPromoteVerb.Validated) is { } unproven)
        {
            throw new KnownFailure(what, $"{unproven.Name} is not promoted, and it trades real money", $"'./peregrine validate' judges it and './peregrine strategies promote' marks it, or name a demo account");
        }
    }

    private static LiveOrder Order(VerbCall call, Strategy[] strategies, AccountFacts facts)
    {
        RunTerms terms = Terms.Read(call) with { Deposit = facts.Balance };
        var known = InstrumentFile.Load(call.Home.Path);
        Instrument[] instruments = [.. strategies.Select(s => s.Symbol).Distinct().Order(StringComparer.Ordinal).Select(known.Find)];
        if (instruments.FirstOrDefault(i => Conversion.Of(i, facts.Balance.Currency) == ConversionKind.Cross) is { } stranger)
        {
            throw new KnownFailure($"Cannot trade {stranger.Symbol} on this account", $"it is in {facts.Balance.Currency}, and there is no rate from {stranger.Quote} to it", $"name an account in {stranger.Quote} or {stranger.Base}");
        }

        return new LiveOrder(strategies, instruments) { Costs = terms.Costs(instruments), Sizing = terms.Sizing, Limits = terms.Limits };
    }

    private static void Greet(VerbCall call, (string Session, BrokerAccount Account, AccountFacts Facts) what, TradingLoop loop)
    {
        string beginning = loop.GoesOnAt is { } time ? $" goes on after {Figures.Time(time)}" : " begins";
        string money = what.Account.IsLive ? "real money" : "a demo account";
        string replay = what.Facts.Replayed is { } at ? $" It replays prices of {Figures.Time(at)}." : "";
        call.Terminal.Say($"Session {what.Session}{beginning} on {what.Account.Name}, {money} with {Figures.Money(what.Facts.Balance)}.{replay} 'halt', 'flatten', 'resume', 'close' and 'status', with --account {what.Account.Name}, reach it; Ctrl-C stops it, and what is open keeps its stops at the broker.");
        loop.Alerted += alert => call.Terminal.Warn($"{alert.Time}  {alert.Sentence}");
        loop.Sent += (at, command) => call.Terminal.Say($"{Figures.Time(at)}  {Words(command)}");
        loop.Traded += (at, trade) => call.Terminal.Say($"{Figures.Time(at)}  {trade.Symbol} {trade.Side.ToString().ToLowerInvariant()} closed ({trade.ExitReason}): {Figures.Money(trade.Net)}");
    }

    private static string Words(Command command) => command switch
    {
        SubmitOrder { Order: var o } => $"{o.Side.ToString().ToLowerInvariant()} {o.Quantity} {o.Symbol}, order {o.ClientOrderId}",
        ClosePosition c => $"close position {c.PositionId} ({c.Reason})",
        AmendProtection a => $"stop of position {a.PositionId} to {a.Stop.ToDecimal()}",
        CancelOrder c => $"cancel order {c.ClientOrderId}",
        RequestReconcile => "ask the broker what it holds",
        _ => throw new InvalidOperationException("unknown command"),
    };
}

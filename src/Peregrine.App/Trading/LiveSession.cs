using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.Accounts;
using Peregrine.App.Backtesting;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;

namespace Peregrine.App.Trading;

/// <summary>A session at a broker, as it is asked for; what the account is, the broker says.</summary>
public sealed record LiveOrder(IReadOnlyList<Strategy> Strategies, IReadOnlyList<Instrument> Instruments)
{
    public required CostModel Costs { get; init; }

    public required SizingRule Sizing { get; init; }

    public required Limits Limits { get; init; }
}

/// <summary>Sessions on an account at a broker: begun, found again, and run.</summary>
internal sealed class LiveSession(Composition composition, BrokerLogin login)
{
    /// <summary>Bars of its timeframe that a strategy is told before it trades: what its indicators need four times over, so that those that never forget have come near to what they would be, and not fewer than these.</summary>
    private const int LeastBars = 500, Warmth = 4;

    private readonly SessionFolder sessions = new(composition.Home);
    private AccountFacts? facts;

    private string Account => login.Account.Name;

    /// <summary>Asks the broker what the account is.</summary>
    /// <exception cref="KnownFailure">It does not tell, or the account cannot be traded on.</exception>
    public async Task<AccountFacts> Ask(CancellationToken stop) => facts ??= await login.Ask(stop);

    /// <summary>The session to run: the newest of the account that trades the same and can go on, or a new one with the balance that there is.</summary>
    /// <exception cref="KnownFailure">The engine does not take these strategies on this account.</exception>
    public string Find(LiveOrder order) => sessions.Find(Started(order, facts!), composition.Here.Clock);

    /// <summary>Trades until <paramref name="stop"/> (false), or until a server that replays has come to its end (true).</summary>
    /// <exception cref="KnownFailure">The journal is damaged or of another engine, or the account is not what it was.</exception>
    public async Task<bool> Run(string session, (Action<TradingLoop> Begun, Action<string> Note) told, CancellationToken stop)
    {
        string path = sessions.Journal(session);
        SessionReplay start = SessionStart.Read(path, SessionReplay.OfText, stop);
        using SqliteJournal journal = SqliteJournal.Open(path, composition.Here.Clock);
        using var words = new OperatorQueue();
        await using OperatorLine line = OperatorLine.Open(OperatorPath.Of(Account, composition.Home.Path, composition.Here), words, composition.Here.Clock);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        (string token, Access access) = await login.Open(told.Note, stop);
        await using var broker = new CTraderBroker(Terms(start), token, access, new Rng(start.Session.Seed).Fork((ulong)start.Progress));
        Task keeping = login.Keep(told.Note, over.Token);
        try
        {
            return await SessionStart.Run(new LoopParts(start, broker, journal, words, composition.Here.Clock), broker.Now, told.Begun, stop);
        }
        finally
        {
            await over.CancelAsync();
            await keeping;
        }
    }

    private SessionTerms Terms(SessionReplay start)
    {
        SessionStarted session = start.Session;
        return new SessionTerms
        {
            ClientId = login.Application.ClientId,
            ClientSecret = login.Application.ClientSecret,
            Account = login.Account.Id,
            Kind = session.Terms.Kind,
            Currency = session.Terms.Deposit.Currency,
            Instruments = session.Instruments,
            Since = start.Events > 0 ? start.Engine.Now - Duration.FromDays(1) : session.Feed.From,
            Reached = facts!.Replayed is { } at ? at > start.Engine.Now ? at : start.Engine.Now : null,
            FollowsServer = facts.Replayed is not null,
            IsStepped = facts.IsStepped,
            History = [.. start.Engine.Wishes.Select(w => new WantedHistory(w, BarsFor(session, w)))],
        };
    }

    /// <summary>How many of the bars that are told make what the slowest strategy needs.</summary>
    private static int BarsFor(SessionStarted session, HistoryWish wish)
    {
        string symbol = session.Instruments[wish.Symbol].Symbol;
        long most = session.Strategies.Where(s => s.Symbol == symbol && wish.Timeframes.Contains(s.Timeframe)).Max(s =>
        {
            // A week of trading has five days.
            double hours = s.Timeframe.Length() is { } length ? length.TotalSeconds / 3_600 : s.Timeframe switch { Timeframe.D1 => 24, Timeframe.W1 => 120, _ => 520 };
            double told = wish.Timeframe.Length()!.Value.TotalSeconds / 3_600;
            return (long)Math.Ceiling(Math.Max(LeastBars, Warmth * (long)new Plan(Strategy.Parse(s.Text)).FirstReady) * hours / told);
        });
        return (int)Math.Min(most, 100_000);
    }

    private SessionStarted Started(LiveOrder order, AccountFacts account)
    {
        var now = Instant.FromUnixSeconds(composition.Here.Clock.GetUtcNow().ToUnixTimeSeconds());
        return new SessionStarted
        {
            Session = "",
            Account = Account,
            Begun = now,
            Build = SessionReplay.Build,
            Language = SessionReplay.Language,
            Settings = composition.Settings.Effective.ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal),
            Seed = composition.Settings.Seed,
            Terms = new AccountTerms { Deposit = account.Balance, Kind = account.Kind, Leverage = account.Leverage, Latency = BacktestRun.Latency },
            Instruments = order.Instruments,
            Strategies = [.. order.Strategies.Select(s => new SessionStrategy(s.Id, s.Symbol, s.Timeframe, s.HoldBars, s.ToString()))],
            Sizing = order.Sizing,
            Limits = order.Limits,
            Costs = order.Costs,
            AnswerDeadline = Duration.FromSeconds(10),
            Feed = new SessionFeed($"prices of {Account} as they came", account.Replayed ?? now, Instant.MaxValue, "") { IsLive = true },
        };
    }
}

using System.Security.Cryptography;
using System.Text;
using Peregrine.Adapters;
using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Store;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.App.Trading;

/// <summary>A session on the paper broker over stored ticks, as it is asked for.</summary>
public sealed record FeedOrder(IReadOnlyList<Strategy> Strategies, IReadOnlyList<Instrument> Instruments, CostModel Costs, RunTerms Terms, Period Period)
{
    /// <summary>The only source whose ticks are wanted; null: of each symbol the one that covers most.</summary>
    public string? Source { get; init; }
}

/// <summary>The stored ticks of a session: of each instrument, in their order.</summary>
public sealed class SessionTicks
{
    private readonly IReadOnlyList<TickPrices> prices;

    private SessionTicks(IReadOnlyList<TickPrices> prices) => this.prices = prices;

    public long Count => prices.SelectMany(p => p.Blocks).Sum(b => (long)b.Count);

    public string Description => string.Join("; ", prices.Select(p => p.Description));

    /// <summary>From the first tick of any symbol to the last.</summary>
    public Duration Length => new(prices.Max(p => p.Blocks.Last().Spans.Time[^1]) - prices.Min(p => p.Blocks.First().Spans.Time[0]));

    /// <summary>SHA-256 over the hashes of the symbols' ticks.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join('\n', prices.Select(p => p.Hash)))));

    /// <exception cref="KnownFailure">No ticks of a symbol are stored in the period.</exception>
    public static SessionTicks Load(MarketStore store, IEnumerable<Instrument> instruments, Period period, Func<string, string?> source) =>
        new([.. instruments.Select(i => PriceSource.Ticks(store, i.Symbol, period, source(i.Symbol)))]);

    /// <summary>The source of each symbol's ticks.</summary>
    public SortedDictionary<string, string> Sources => new(prices.ToDictionary(p => p.Symbol, p => p.Origin!.Source), StringComparer.Ordinal);

    /// <summary>From the first quote on.</summary>
    public QuoteMerge Merge() => new(prices.Select(Quotes));

    private static IEnumerable<Quote> Quotes(TickPrices ticks)
    {
        using var reader = new QuoteReader(ticks.Blocks);
        while (reader.Read(out Quote quote))
        {
            yield return quote;
        }
    }
}

/// <summary>Sessions on the paper broker over stored ticks: begun, found again, and run.</summary>
public sealed class FeedSession(Home home, Settings settings, Surroundings here, string account)
{
    private readonly SessionFolder sessions = new(home);

    /// <summary>The session to run: the newest that trades the same and can go on, or a new one. Nothing is recorded of one that could not be run.</summary>
    /// <exception cref="KnownFailure">No ticks are stored, or the engine does not take these strategies on this account.</exception>
    public string Find(FeedOrder order, MarketStore store)
    {
        SessionTicks ticks = SessionTicks.Load(store, order.Instruments, order.Period, _ => order.Source);
        return sessions.Find(Started(order, ticks), here.Clock);
    }

    /// <summary>How the session is run, its prices out of the store; and strategies that are certain not to trade in it, in words.</summary>
    /// <exception cref="KnownFailure">The stored ticks are no longer those that the session was begun with.</exception>
    public (PaperPlan Plan, long Ticks, IReadOnlyList<string> Silent) Plan(string session, MarketStore store, double? speed)
    {
        string journal = sessions.Journal(session);
        (SessionStarted started, _, _) = JournalReader.Glance(journal);
        SessionStart.Check(started);
        SessionTicks ticks = SessionTicks.Load(store, started.Instruments, new Period(started.Feed.From, started.Feed.To), symbol => started.Feed.Sources?.GetValueOrDefault(symbol));
        var plan = new PaperPlan { JournalPath = journal, BrokerPath = sessions.Broker(session), Feed = ticks.Merge, Pace = new Pace(speed, here.Clock) };
        return ticks.Hash == started.Feed.Hash
            ? (plan, ticks.Count, [.. started.Strategies.Select(s => Silence(s, ticks.Length)).OfType<string>()])
            : throw new KnownFailure($"Cannot go on with session {session}", "the stored ticks are no longer those it was begun with", "bring them back, or begin a new session");
    }

    /// <summary>Opens the operator's line and trades until the feed ends (true) or <paramref name="stop"/> (false).</summary>
    public async Task<bool> Run(PaperPlan plan, Action<TradingLoop> begun, CancellationToken stop)
    {
        using var words = new OperatorQueue();
        await using OperatorLine line = OperatorLine.Open(OperatorPath.Of(account, home.Path, here), words, here.Clock);
        // On a thread of its own: at full speed the loop never waits.
        return await Task.Run(() => PaperSession.Run(plan, words, begun, stop), CancellationToken.None);
    }

    /// <summary>A strategy whose indicators need more bars than the feed can hold.</summary>
    private static string? Silence(SessionStrategy strategy, Duration feed)
    {
        if (!Strategy.TryParse(strategy.Text, out Strategy? parsed, out _) || parsed.Timeframe.Length() is not { } bar)
        {
            return null;
        }

        long bars = (feed.Nanoseconds / bar.Nanoseconds) + 1;
        int needed = new Plan(parsed).FirstReady;
        return bars > needed ? null : $"{parsed.Name} will not trade: it needs {needed} {parsed.Timeframe} bars to warm up, and this feed holds at most {bars}";
    }

    private SessionStarted Started(FeedOrder order, SessionTicks ticks) => new()
    {
        Session = "",
        Account = account,
        Begun = Instant.FromUnixSeconds(here.Clock.GetUtcNow().ToUnixTimeSeconds()),
        Build = SessionReplay.Build,
        Language = SessionReplay.Language,
        Settings = settings.Effective.ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal),
        Seed = settings.Seed,
        Terms = new AccountTerms { Deposit = order.Terms.Deposit, Kind = order.Terms.Kind, Leverage = order.Terms.Leverage, Latency = BacktestRun.Latency },
        Instruments = order.Instruments,
        Strategies = [.. order.Strategies.Select(s => new SessionStrategy(s.Id, s.Symbol, s.Timeframe, s.HoldBars, s.ToString()))],
        Sizing = order.Terms.Sizing,
        Limits = order.Terms.Limits,
        Costs = order.Costs,
        AnswerDeadline = Duration.FromSeconds(10),
        Feed = new SessionFeed(ticks.Description, order.Period.From, order.Period.To, ticks.Hash) { Sources = ticks.Sources },
    };
}

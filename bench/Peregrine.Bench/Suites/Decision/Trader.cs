using System.Security.Cryptography.X509Certificates;
using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Strategies;

namespace Peregrine.Bench.Suites.Decision;

/// <summary>What is measured: the broker over TLS, the trading loop and the journal on the disk, put together as a session puts them, trading a strategy of the language that enters after a minute down and leaves after one up.</summary>
internal sealed class Trader : IAsyncDisposable
{
    private const string Text = """
        strategy bench
        market EURUSD M1
        long when close < open and highest(high, 48) - ema(close, 20) < 40 * atr(14)
        exit when close > open
        stop 20 atr(14)
        """;

    private readonly CTraderBroker broker;
    private readonly SqliteJournal journal;
    private readonly OperatorQueue words = new();
    private readonly CancellationTokenSource end = new();
    private readonly Task<bool> running;
    private readonly TradingLoop loop;

    /// <summary>Begins a session that a server on a port of this machine gives prices for.</summary>
    public Trader(string folder, (int Port, X509Certificate2 Authority) server, Instant now)
    {
        TimeProvider clock = TimeProvider.System;
        string path = Path.Combine(folder, "session.journal");
        SqliteJournal.Create(path, Session(now), clock).Dispose();
        var start = SessionReplay.Of(path, SessionReplay.OfText, null, CancellationToken.None);
        journal = SqliteJournal.Open(path, clock);
        journal.BeginRun(start.Progress);
        var access = new Access(
            async s => new StreamWire(await TimedStream.Dial(server.Port, server.Authority, Stamps, s).ConfigureAwait(false), FrameReader.Longest, clock),
            static _ => throw new InvalidOperationException("the token does not end"),
            clock);
        broker = new CTraderBroker(Terms(now), Generator.Word, access, new Rng(1));
        loop = new TradingLoop(new LoopParts(start, broker, new TimedJournal(journal, Stamps), words, clock));
        running = Task.Run(() => loop.Run(null, end.Token));
    }

    public Stamps Stamps { get; } = new();

    /// <summary>Events taken so far. Throws where the loop has died.</summary>
    public long Events => running.IsFaulted ? throw running.Exception : loop.Events;

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await running;
        await broker.DisposeAsync();
        journal.Dispose();
        words.Dispose();
        end.Dispose();
    }

    private static SessionTerms Terms(Instant now) => new()
    {
        ClientId = Generator.Word,
        ClientSecret = Generator.Word,
        Account = 1,
        Kind = AccountKind.Hedged,
        Currency = Currency.Usd,
        Instruments = [Market.EurUsd],
        Since = now,
    };

    private static SessionStarted Session(Instant now)
    {
        var strategy = Strategy.Parse(Text);
        return new SessionStarted
        {
            Session = "bench",
            Account = "1",
            Begun = now,
            Build = SessionReplay.Build,
            Language = SessionReplay.Language,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal),
            Seed = 1,
            Terms = Generator.Account,
            Instruments = [Market.EurUsd],
            Strategies = [new SessionStrategy(strategy.Id, strategy.Symbol, strategy.Timeframe, strategy.HoldBars, strategy.ToString())],
            Sizing = new SizingRule { Fixed = Quantity.FromUnits(10_000) },
            Limits = new Limits(),
            Costs = Generator.Costs,
            AnswerDeadline = Duration.FromSeconds(10),
            Feed = new SessionFeed("generated ticks", now, now, ""),
        };
    }
}

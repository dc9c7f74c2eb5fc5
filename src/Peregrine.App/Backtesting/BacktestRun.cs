using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Adapters;
using Peregrine.Adapters.Store;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;

namespace Peregrine.App.Backtesting;

/// <summary>What a backtest found and on what it rests.</summary>
public sealed record BacktestOutcome
{
    public required TrackRecord Record { get; init; }

    public required Instrument Instrument { get; init; }

    public required IReadOnlyList<Trade> Trades { get; init; }

    public required IReadOnlyList<Refusal> Refusals { get; init; }

    public required IReadOnlyList<string> Alerts { get; init; }

    public required IReadOnlyList<Assumption> Assumptions { get; init; }

    public required IReadOnlyList<string> NotModelled { get; init; }

    /// <summary>SHA-256 over every equity mark.</summary>
    public required string EquityHash { get; init; }

    public required string DataHash { get; init; }

    public required long Events { get; init; }

    /// <summary>The decision bars, for charts.</summary>
    public required BarSeries Bars { get; init; }
}

/// <summary>The prices of a backtest: bars of both sides, or ticks; with where they came from.</summary>
public abstract record Prices(string Description, string Hash)
{
    /// <summary>The stored series they are; null when they are of no store.</summary>
    public PriceOrigin? Origin { get; init; }
}

/// <summary>Bars of both sides that fill orders.</summary>
public sealed record BarPrices(MarketBars Bars, string Description, string Hash) : Prices(Description, Hash)
{
    /// <summary>The stored series that the bid is, or is made of.</summary>
    public SeriesKey? Series { get; init; }
}

/// <summary>Two-sided ticks, day by day.</summary>
public sealed record TickPrices(string Symbol, IEnumerable<TickBlock> Blocks, string Description, string Hash) : Prices(Description, Hash);

/// <summary>One strategy, or several of one market side by side, over one stretch of history, through the engine.</summary>
public static class BacktestRun
{
    /// <summary>From a decision to the broker's book, over ticks.</summary>
    public static readonly Duration Latency = Duration.FromMilliseconds(50);

    /// <exception cref="KnownFailure">There are no prices, or no costs for the symbol.</exception>
    public static BacktestOutcome Run(Strategy strategy, Instrument instrument, RunTerms terms, Prices prices, CancellationToken stop) => Run([strategy], instrument, terms, prices, stop);

    /// <exception cref="KnownFailure">There are no prices, or no costs for the symbol.</exception>
    /// <exception cref="ArgumentException">The strategies are not all of one symbol and timeframe.</exception>
    public static BacktestOutcome Run(IReadOnlyList<Strategy> strategies, Instrument instrument, RunTerms terms, Prices prices, CancellationToken stop)
    {
        Strategy strategy = strategies[0];
        if (strategies.Any(s => s.Symbol != strategy.Symbol || s.Timeframe != strategy.Timeframe))
        {
            throw new ArgumentException("Strategies side by side are of one symbol and timeframe.", nameof(strategies));
        }

        CostModel costs = terms.Costs([instrument]);
        if (costs.For(instrument.Symbol) is not { } symbolCosts)
        {
            throw new KnownFailure($"There are no costs for {instrument.Symbol}", $"the cost file '{terms.CostsName}' does not name it", "add it, or run with --costs zero");
        }

        var setup = new EngineSetup
        {
            SessionId = "backtest",
            Deposit = terms.Deposit,
            Kind = terms.Kind,
            Leverage = terms.Leverage,
            Instruments = [instrument],
            Strategies = [.. strategies.Select(TradedStrategy.Of)],
            Sizing = terms.Sizing,
            Limits = terms.Limits,
        };
        (Backtest run, BarSeries bars, Instant start) = prices switch
        {
            BarPrices p => OverBars(setup, costs, p, strategy, stop),
            TickPrices p => OverTicks(setup, costs, p, strategy, stop),
            _ => throw new InvalidOperationException("unknown prices"),
        };
        run.Finish();
        var curve = new EquityCurve(terms.Deposit.Currency, [new EquityPoint(start, terms.Deposit.Amount), .. run.Equity]);
        return new BacktestOutcome
        {
            Record = TrackRecord.Of(curve, run.Trades),
            Instrument = instrument,
            Trades = run.Trades,
            Refusals = run.Refusals,
            Alerts = run.Alerts,
            Assumptions = Basis.Assumptions(terms, costs, symbolCosts, instrument, prices),
            NotModelled = Basis.NotModelled(terms, symbolCosts, prices),
            EquityHash = HashOf(run.Equity),
            DataHash = prices.Hash,
            Events = run.Events,
            Bars = bars,
        };
    }

    private static (Backtest Run, BarSeries Bars, Instant Start) OverBars(EngineSetup setup, CostModel costs, BarPrices prices, Strategy strategy, CancellationToken stop)
    {
        MarketBars bars = prices.Bars;
        if (bars.Count == 0)
        {
            throw NoPrices(strategy.Symbol);
        }

        if (!bars.Bid.Timeframe.Divides(strategy.Timeframe))
        {
            throw new KnownFailure($"Cannot trade {strategy.Timeframe} on these bars", $"{bars.Bid.Timeframe} bars do not add up to {strategy.Timeframe}", "give bars of a smaller timeframe");
        }

        var run = Backtest.OverBars(setup, costs);
        for (int i = 0; i < bars.Count; i++)
        {
            if ((i & 0xFFF) == 0)
            {
                stop.ThrowIfCancellationRequested();
            }

            run.OnBar(0, bars, i);
        }

        return (run, bars.Bid.Resample(strategy.Timeframe), bars.Start(0));
    }

    private static (Backtest Run, BarSeries Bars, Instant Start) OverTicks(EngineSetup setup, CostModel costs, TickPrices prices, Strategy strategy, CancellationToken stop)
    {
        var run = Backtest.OverTicks(setup, costs, Latency);
        var builder = new BarBuilder(strategy.Timeframe, QuoteSide.Bid);
        var bars = new List<Bar>();
        Instant? start = null;
        using var quotes = new QuoteReader(prices.Blocks);
        while (quotes.Read(out Quote quote))
        {
            if (start is null || (run.Events & 0xFFFF) == 0)
            {
                stop.ThrowIfCancellationRequested();
                start ??= quote.Time;
            }

            if (builder.Add(quote, out Bar closed))
            {
                bars.Add(closed);
            }

            run.OnQuote(0, quote);
        }

        return (run, BarSeries.FromBars(strategy.Symbol, strategy.Timeframe, QuoteSide.Bid, bars), start ?? throw NoPrices(strategy.Symbol));
    }

    private static KnownFailure NoPrices(string symbol) =>
        new($"There are no prices of {symbol} in that range", "nothing is stored for it", $"look at 'data list', or import some with 'data import PATH --format … --symbol {symbol}'");

    private static string HashOf(IReadOnlyList<EquityPoint> equity)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (EquityPoint point in equity)
        {
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{point.Time.Nanoseconds} {point.Equity / 1.0000000000000000000m}\n")));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

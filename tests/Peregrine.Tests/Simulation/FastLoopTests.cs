using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Peregrine.Core.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Simulation;

/// <summary>One semantics: the fast loop and the engine with its simulated broker give the same trades, costs and equity, to the last digit.</summary>
public sealed class FastLoopTests
{
    [Fact]
    [Trait("Category", "Determinism")]
    public void Random_decisions_over_random_bars_trade_the_same_in_the_fast_loop_and_the_engine()
    {
        int trades = 0, refusals = 0;
        var reasons = new HashSet<ExitReason>();
        for (ulong seed = 0; seed < 400; seed++)
        {
            FastResult fast = Compare(new Rng(seed));
            trades += fast.Trades.Count;
            refusals += fast.Refusals;
            reasons.UnionWith(fast.Trades.Select(t => t.ExitReason));
        }

        // The comparison is worth something only if everything that can happen did happen.
        trades.ShouldBeGreaterThan(5_000);
        refusals.ShouldBeGreaterThan(100);
        reasons.ShouldBe([ExitReason.Signal, ExitReason.Stop, ExitReason.Target, ExitReason.Trail, ExitReason.Time, ExitReason.End], ignoreOrder: true);
    }

    private static FastResult Compare(Rng rng)
    {
        Instrument instrument = rng.NextBool() ? RandomMarket.EurUsd : RandomMarket.UsdJpy;
        (Timeframe fills, Timeframe decisions) = rng.NextInt(6) switch
        {
            0 => (Timeframe.M1, Timeframe.M1),
            1 => (Timeframe.M1, Timeframe.M15),
            2 => (Timeframe.M1, Timeframe.H4),
            3 => (Timeframe.M15, Timeframe.H1),
            4 => (Timeframe.H1, Timeframe.D1),
            _ => (Timeframe.D1, Timeframe.D1),
        };
        bool far = rng.NextBool(0.1);
        MarketBars bars = RandomMarket.Bars(rng, instrument, fills, rng.NextInt(50, 1500));
        var map = new FillMap(far ? WithFarBeginning(bars) : bars, decisions);
        SignalColumns signals = RandomMarket.Signals(rng, map.Decisions.Count, instrument);
        signals = far ? signals with { FirstReady = Math.Max(2, signals.FirstReady) } : signals;
        FastSetup setup = SetupOf(rng, instrument);
        FastResult fast = FastLoop.Run(setup, signals, map, ..);

        Backtest engine = Backtest.OverBars(EngineSetupOf(setup, signals, decisions), new CostModel("test", new Dictionary<string, SymbolCosts> { [instrument.Symbol] = setup.Costs }));
        for (int i = 0; i < map.Fills.Count; i++)
        {
            engine.OnBar(0, map.Fills, i);
        }

        engine.Finish();
        fast.Trades.ShouldBe(engine.Trades);
        fast.Refusals.ShouldBe(engine.Refusals.Count);
        fast.Equity.ShouldBe(engine.Equity);
        RowsAreTheTrades(fast);
        DaysAreTheLastOfTheirBars(setup, signals, map, fast);
        return fast;
    }

    /// <summary>The same bars but for the first, whose prices are beyond 32 bits of grains from all others.</summary>
    private static MarketBars WithFarBeginning(MarketBars bars)
    {
        BarSeries Far(BarSeries series)
        {
            var away = new Move(5_000_000_000);
            Bar[] all = [.. Enumerable.Range(0, series.Count).Select(i => series[i])];
            all[0] = new Bar(all[0].Time, all[0].Open + away, all[0].High + away, all[0].Low + away, all[0].Close + away, all[0].Volume);
            return BarSeries.FromBars(series.Symbol, series.Timeframe, series.Side, all);
        }

        return new MarketBars(Far(bars.Bid), Far(bars.Ask));
    }

    /// <summary>Terms as files give them and finer; the account in dollars or in the quote currency, so that both ways of counting money are seen.</summary>
    private static FastSetup SetupOf(Rng rng, Instrument instrument)
    {
        SymbolCosts costs = RandomMarket.Costs(rng, instrument);
        bool inQuote = rng.NextBool();
        return new FastSetup
        {
            Strategy = "random",
            Instrument = instrument,
            Costs = costs with { CommissionPerMillion = costs.CommissionPerMillion + (rng.NextInt(0, 99_999) / (rng.NextBool() ? 100m : 100_000m)) },
            Deposit = inQuote && instrument.Quote == Currency.Jpy ? new Money(1_000_000m, Currency.Jpy) : new Money(10_000m + (rng.NextInt(0, 99) / 100m), Currency.Usd),
            Sizing = rng.NextBool(0.3)
                ? new SizingRule { Fixed = Quantity.FromUnits(10_000) }
                : new SizingRule { RiskFraction = 0.01m, Basis = rng.NextBool() ? RiskBasis.Balance : RiskBasis.Deposit },
            Limits = new Limits { MaxTotalLoss = rng.NextBool(0.2) ? 0.02m : 0.9m },
            HoldBars = rng.NextBool() ? rng.NextInt(1, 30) : null,
            Marks = EquityMarks.EveryBar,
        };
    }

    private static void RowsAreTheTrades(FastResult fast)
    {
        fast.Rows.Length.ShouldBe(fast.Trades.Count);
        decimal minor = (decimal)Scaled.Power(fast.Digits);
        for (int i = 0; i < fast.Rows.Length; i++)
        {
            (FastTrade row, Trade trade) = (fast.Rows[i], fast.Trades[i]);
            (row.Net / minor).ShouldBe(trade.Net.Amount);
            row.ExitReason.ShouldBe(trade.ExitReason);
            row.Ambiguous.ShouldBe(trade.Ambiguous);
        }
    }

    private static void DaysAreTheLastOfTheirBars(FastSetup setup, SignalColumns signals, FillMap map, FastResult fast)
    {
        FastResult daily = FastLoop.Run(setup with { Marks = EquityMarks.Daily }, signals, map, ..), end = FastLoop.Run(setup with { Marks = EquityMarks.End }, signals, map, ..);
        daily.Trades.ShouldBe(fast.Trades);
        daily.Equity.ShouldBe([.. fast.Equity.Where((_, d) => d == map.Decisions.Count || map.LastOfDay[d])]);
        end.Equity.ShouldBe([fast.Equity[^1]]);
    }

    [Fact]
    public void Rooms_used_before_give_the_same_and_a_result_does_not_outlive_them()
    {
        var rooms = new FastRooms();
        FastResult? before = null;
        for (ulong seed = 0; seed < 40; seed++)
        {
            var rng = new Rng(seed);
            var map = new FillMap(RandomMarket.Bars(rng, RandomMarket.EurUsd, Timeframe.M15, rng.NextInt(100, 900)), Timeframe.H1);
            SignalColumns signals = RandomMarket.Signals(rng, map.Decisions.Count, RandomMarket.EurUsd);
            FastSetup setup = SetupOf(rng, RandomMarket.EurUsd);
            Range part = rng.NextInt(0, 10)..^rng.NextInt(0, 10);
            FastResult fresh = FastLoop.Run(setup, signals, map, part), again = FastLoop.Run(setup, signals, map, part, rooms);
            again.Trades.ShouldBe(fresh.Trades);
            again.Equity.ShouldBe(fresh.Equity);
            again.Refusals.ShouldBe(fresh.Refusals);
            Should.Throw<InvalidOperationException>(() => before is null ? throw new InvalidOperationException() : before.Rows.Length);
            before = again;
        }
    }

    [Fact]
    public void A_run_in_rooms_used_before_allocates_nothing_per_trade()
    {
        var rng = new Rng(8);
        var map = new FillMap(RandomMarket.Bars(rng, RandomMarket.EurUsd, Timeframe.H1, 20_000), Timeframe.H1);
        SignalColumns signals = RandomMarket.Signals(rng, map.Decisions.Count, RandomMarket.EurUsd);
        FastSetup setup = SetupOf(rng, RandomMarket.EurUsd) with { Limits = new Limits { MaxTotalLoss = 1_000m, MaxRiskPerTrade = 1 }, Sizing = new SizingRule { Fixed = Quantity.FromUnits(1_000) } };
        var rooms = new FastRooms();
        FastLoop.Run(setup, signals, map, .., rooms).Rows.Length.ShouldBeGreaterThan(500);
        Allocated(..).ShouldBe(Allocated(..100));

        long Allocated(Range part)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            FastLoop.Run(setup, signals, map, part, rooms);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    private static EngineSetup EngineSetupOf(FastSetup setup, SignalColumns signals, Timeframe timeframe)
    {
        int bar = 0;
        return new EngineSetup
        {
            SessionId = "t",
            Deposit = setup.Deposit,
            Instruments = [setup.Instrument],
            Strategies =
            [
                new TradedStrategy { Id = setup.Strategy, Symbol = setup.Instrument.Symbol, Timeframe = timeframe, HoldBars = setup.HoldBars, Decide = (in Bar _) => signals[bar++] },
            ],
            Sizing = setup.Sizing,
            Limits = setup.Limits,
        };
    }
}

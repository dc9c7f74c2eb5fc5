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
        var map = new FillMap(RandomMarket.Bars(rng, instrument, fills, rng.NextInt(50, 1500)), decisions);
        SignalColumns signals = RandomMarket.Signals(rng, map.Decisions.Count, instrument);
        var setup = new FastSetup
        {
            Strategy = "random",
            Instrument = instrument,
            Costs = RandomMarket.Costs(rng, instrument),
            Deposit = new Money(10_000m, Currency.Usd),
            Sizing = rng.NextBool(0.3)
                ? new SizingRule { Fixed = Quantity.FromUnits(10_000) }
                : new SizingRule { RiskFraction = 0.01m, Basis = rng.NextBool() ? RiskBasis.Balance : RiskBasis.Deposit },
            Limits = new Limits { MaxTotalLoss = rng.NextBool(0.2) ? 0.02m : 0.9m },
            HoldBars = rng.NextBool() ? rng.NextInt(1, 30) : null,
            Marks = EquityMarks.EveryBar,
        };
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
        return fast;
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

using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Simulation;

/// <summary>The generated market keeps New York's week, holds the edge that was planted in it, and pays nobody where none was.</summary>
public sealed class GeneratedMarketTests
{
    private static readonly Instant Start = Instant.FromUtc(2014, 1, 6);
    private static readonly Lazy<FillMap> Noise = new(() => MapOf(null, 40_000));

    private static FillMap MapOf(PlantedBreakout? edge, int hours)
    {
        BarSeries bid = new GeneratedMarket(new Rng(3), RandomMarket.EurUsd, Start, edge).Hours(hours);
        return new FillMap(new MarketBars(bid, Costs.AskFromBid(bid, SymbolCosts.Zero)), Timeframe.H1);
    }

    /// <summary>Mean gain of a trade in points, and its standard error, without any cost.</summary>
    private static (double Mean, double Error, int Trades) Gain(FillMap map, SignalColumns signals, int? hold)
    {
        var setup = new FastSetup
        {
            Strategy = "s",
            Instrument = RandomMarket.EurUsd,
            Costs = SymbolCosts.Zero,
            Deposit = new Money(1_000_000m, Currency.Usd),
            Sizing = new SizingRule { Fixed = Quantity.FromUnits(1_000) },
            Limits = new Limits { MaxTotalLoss = 1_000m },
            HoldBars = hold,
        };
        double[] gains = [.. FastLoop.Run(setup, signals, map, ..).Trades.Select(t => (double)((t.ExitPrice - t.EntryPrice) * t.Side.Sign() * 100_000m))];
        double mean = gains.Average();
        return (mean, Math.Sqrt(gains.Sum(g => (g - mean) * (g - mean)) / (gains.Length - 1.0) / gains.Length), gains.Length);
    }

    [Theory]
    [InlineData(10, 0, 10)]
    [InlineData(40, 0, 40)]
    [InlineData(40, 400, 0)]
    [InlineData(400, 40, 0)]
    [InlineData(150, 150, 60)]
    public void On_noise_no_stop_target_or_trail_earns(int stop, int target, int trail)
    {
        FillMap map = Noise.Value;
        var rng = new Rng((ulong)(stop + target + trail));
        int n = map.Decisions.Count;
        var signals = new SignalColumns
        {
            FirstReady = 0,
            Long = RandomMarket.Bits(n, _ => rng.NextBool()),
            Short = RandomMarket.Bits(n, _ => rng.NextBool()),
            ExitLong = new Bits(n),
            ExitShort = new Bits(n),
            Stop = new Distances(1, stop),
            Target = target > 0 ? new Distances(1, target) : default,
            Trail = trail > 0 ? new Distances(1, trail) : default,
        };
        (double mean, double error, int trades) = Gain(map, signals, null);
        trades.ShouldBeGreaterThan(2_000);

        // A target fills one point late and a range is rounded to points: a point either way is the grid, not an edge.
        Math.Abs(mean).ShouldBeLessThan(1 + (4 * error), $"{trades} trades gained {mean:0.00} ± {error:0.00} points each");
    }

    /// <summary>Hours of the same size have a kurtosis of 3 and no memory; those of GARCH with Student's t have tails, and large ones follow large ones; the usual size is the same.</summary>
    [Theory]
    [InlineData(VolatilityKind.Constant, 2.9, 3.1, -0.02, 0.02)]
    [InlineData(VolatilityKind.Garch, 5, 60, 0.05, 0.5)]
    public void How_far_prices_move_is_what_its_kind_says(VolatilityKind kind, double leastKurtosis, double mostKurtosis, double leastMemory, double mostMemory)
    {
        BarSeries bars = new GeneratedMarket(new Rng(5), RandomMarket.EurUsd, Start, null) { Kind = kind }.Hours(40_000);
        double[] moves = [.. Enumerable.Range(1, bars.Count - 1).Select(i => Math.Log((double)bars.Close[i] / bars.Close[i - 1]))];
        double square = moves.Average(static m => m * m), kurtosis = moves.Average(static m => m * m * m * m) / (square * square);
        kurtosis.ShouldBeInRange(leastKurtosis, mostKurtosis);
        Math.Sqrt(square).ShouldBeInRange(0.0009, 0.0011);
        double[] squares = [.. moves.Select(m => Math.Min(m * m, 25 * square))];
        double mean = squares.Average(), memory = Enumerable.Range(1, squares.Length - 1).Average(i => (squares[i] - mean) * (squares[i - 1] - mean)) / squares.Average(s => (s - mean) * (s - mean));
        memory.ShouldBeInRange(leastMemory, mostMemory);
    }

    [Theory]
    [InlineData(VolatilityKind.Constant)]
    [InlineData(VolatilityKind.Garch)]
    public void However_prices_move_chance_earns_nothing_on_them(VolatilityKind kind)
    {
        BarSeries bid = new GeneratedMarket(new Rng(3), RandomMarket.EurUsd, Start, null) { Kind = kind }.Hours(40_000);
        var map = new FillMap(new MarketBars(bid, Costs.AskFromBid(bid, SymbolCosts.Zero)), Timeframe.H1);
        var rng = new Rng(7);
        int n = map.Decisions.Count;
        var signals = new SignalColumns
        {
            FirstReady = 0, Long = RandomMarket.Bits(n, _ => rng.NextBool()), Short = RandomMarket.Bits(n, _ => rng.NextBool()), ExitLong = new Bits(n), ExitShort = new Bits(n),
            Stop = new Distances(1, 150), Target = new Distances(1, 150), Trail = new Distances(1, 60),
        };
        (double mean, double error, int trades) = Gain(map, signals, null);
        trades.ShouldBeGreaterThan(2_000);

        // Where an hour reaches stop and target the stop is taken to be first, so that wild hours cost something; what they must not do is pay.
        mean.ShouldBeLessThan(1 + (4 * error), $"{trades} trades gained {mean:0.00} ± {error:0.00} points each");
    }

    [Fact]
    public void A_planted_breakout_earns_what_it_was_planted_to_earn_and_noise_does_not()
    {
        var edge = new PlantedBreakout();
        Strategy rule = Strategy.Parse("""
            strategy planted
            market EURUSD H1
            long when close > highest(high, 48)[1]
            short when close < lowest(low, 48)[1]
            stop 20 atr(48)
            hold at most 24 bars
            """);
        FillMap planted = MapOf(edge, 60_000);
        (double mean, double error, _) = Gain(planted, ColumnarEvaluator.Evaluate(rule, planted.Decisions), rule.HoldBars);

        // Drift × 24 hours × 10 basis points of about 1.10 is some 119 points of the 24-hour move.
        mean.ShouldBeInRange(60, 180);
        (mean / error).ShouldBeGreaterThan(4);
        (double none, double noneError, _) = Gain(Noise.Value, ColumnarEvaluator.Evaluate(rule, Noise.Value.Decisions), rule.HoldBars);
        Math.Abs(none).ShouldBeLessThan(4 * noneError);
    }

    [Fact]
    public void Its_hours_are_open_hours_and_its_bars_are_sound()
    {
        BarSeries bars = new GeneratedMarket(new Rng(9), RandomMarket.EurUsd, Start, null).Hours(2_000);
        for (int i = 0; i < bars.Count; i++)
        {
            TradingWeek.IsOpen(bars[i].Time).ShouldBeTrue();
            bars[i].IsConsistent.ShouldBeTrue();
        }
    }

    [Fact]
    [Trait("Category", "Determinism")]
    public void The_same_seed_is_the_same_market()
    {
        BarSeries bars = new GeneratedMarket(new Rng(7).Fork(1), RandomMarket.EurUsd, Start, new PlantedBreakout()).Hours(500);
        long sum = 0;
        for (int i = 0; i < bars.Count; i++)
        {
            sum = unchecked((sum * 31) + bars.High[i] + (7 * bars.Low[i]) + (13 * bars.Close[i]));
        }

        sum.ShouldBe(PinnedSum, "another market for the same seed changes every demonstration");
    }

    private const long PinnedSum = -6319709870003771583;
}

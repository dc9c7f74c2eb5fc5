using Peregrine.Core;
using Peregrine.Core.Indicators;
using Peregrine.Core.Strategies;

namespace Peregrine.Bench.Suites;

/// <summary>Column kernels of indicators against the plain loop that computes the same thing, over a million values; and the streaming form beside them.</summary>
public static class IndicatorsSuite
{
    private const int Count = 1_000_000, Streamed = 1_000_000;

    public static IReadOnlyList<Result> Run()
    {
        var rng = new Rng(5);
        double[] close = new double[Count], plain = new double[Count];
        double price = 110_000;
        for (int i = 0; i < Count; i++)
        {
            close[i] = price += rng.NextInt(-20, 20);
        }

        // An average of the closes is no whole number any more: what most operators work on.
        double[] smooth = new double[Count];
        Smoothing.Exponential.Column(new Inputs(close), new Settings(3), smooth);
        var market = new MarketColumns(Market.Hours(Count).Bid);
        double[] Field(int field) => market.Field(field).ToArray();
        double[] high = Field(Lowered.High), low = Field(Lowered.Low), last = Field(Lowered.Close);
        return
        [
            Kernel("sma(20)", Rolling.Mean, 20, smooth, () => PlainLoops.Mean(smooth, 20, plain)),
            Kernel("sma(200)", Rolling.Mean, 200, smooth, () => PlainLoops.Mean(smooth, 200, plain)),
            Kernel("ema(20)", Smoothing.Exponential, 20, smooth, () => PlainLoops.Exponential(smooth, 20, plain)),
            Compound("rsi(14)", market, "rsi(close, 14) > 0.5", "zero", () => PlainLoops.Rsi(last, 14, plain)),
            Compound("atr(14)", market, "close > open", "atr(14)", () => PlainLoops.AverageTrueRange(high, low, last, 14, plain)),
            Kernel("stdev(20)", Spread.Deviation, 20, smooth, () => PlainLoops.Deviation(smooth, 20, plain)),
            Kernel("highest(48)", Rolling.Highest, 48, smooth, () => PlainLoops.Highest(smooth, 48, plain)),
            Stream("sma(20), streaming", Rolling.Mean, 20, smooth, () => PlainLoops.Mean(smooth.AsSpan(0, Streamed), 20, plain)),
            Stream("ema(20), streaming", Smoothing.Exponential, 20, smooth, () => PlainLoops.Exponential(smooth.AsSpan(0, Streamed), 20, plain)),
        ];
    }

    private static Result Kernel(string name, Indicator indicator, int window, double[] x, Action plain)
    {
        var y = new double[Count];
        return Against(name, plain, () => indicator.Column(new Inputs(x), new Settings(window), y));
    }

    /// <summary>What is made of several kernels, as a strategy asks for it.</summary>
    private static Result Compound(string name, MarketColumns market, string rule, string stop, Action plain)
    {
        var evaluator = new ColumnarEvaluator(market);
        var plan = new Plan(Strategy.Parse($"strategy bench\nmarket EURUSD H1\nlong when {rule}\nstop 2 {stop}"));
        return Against(name, plain, () =>
        {
            evaluator.Forget();
            evaluator.Evaluate(plan);
        });
    }

    private static Result Against(string name, Action plain, Action work) =>
        Contest.Run(name, "values", Count, ("plain loop", plain), work) with { Goal = 1, GoalIsRatio = true };

    private static Result Stream(string name, Indicator indicator, int window, double[] x, Action plain)
    {
        var settings = new Settings(window);
        var state = new double[indicator.StateSize(settings)];
        double last = 0;
        return Contest.Run(name, "values", Streamed, ("plain loop over the column", plain), () =>
        {
            Array.Clear(state);
            for (int i = 0; i < Streamed; i++)
            {
                last = indicator.Update(x.AsSpan(i, 1), settings, state);
            }
        });
    }
}

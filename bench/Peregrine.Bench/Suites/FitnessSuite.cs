using System.Numerics;
using System.Runtime.InteropServices;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;

namespace Peregrine.Bench.Suites;

/// <summary>
/// How many strategies a second one core appraises over a million bars: signals, trades with costs, swaps, stop, target and trail, and every figure of research, none remembered from another.
/// </summary>
public static class FitnessSuite
{
    private const int Bars = 1_000_000, Strategies = 8, Nodes = 30;

    public static IReadOnlyList<Result> Run()
    {
        var swap = new SwapTerms(SwapUnit.Pips, -0.7m, 0.2m);
        var research = new ResearchMarket(Market.EurUsd with { Swap = swap, MinQuantity = Quantity.FromUnits(1), StepQuantity = Quantity.FromUnits(1) }, Market.Costs with { Swap = swap }, Market.Hours(Bars), Timeframe.H1);

        // So little at risk that nothing is ruined in a century of noise: a candidate that is stopped early is cheap.
        var appraiser = new Appraiser(new ProvingGround([research], new FitnessRules { RiskFraction = 0.00001m }), columnBytes: 1L << 30);
        int windows = 0, trades = 0;
        return
        [
            Measure(research, "fitness, few signals", () => trades += Appraise(appraiser, Strategy(windows++, rare: true))),
            Measure(research, "fitness, many signals", () => trades += Appraise(appraiser, Strategy(windows++, rare: false))),
        ];
    }

    private static Result Measure(ResearchMarket research, string name, Action one)
    {
        var plain = PlainTrading.Drawn(research.Map.Decisions.Count, 0.02);
        double[] a = new double[Bars], sum = new double[512];
        research.Columns.Field(Lowered.Close).CopyTo(a);
        double least = 0;
        return Contest.Run(
            name,
            "strategies",
            Strategies,
            ("30 additions a bar, one pass of trading", () => Repeat(() => least += Additions(a, sum) + plain.SinglePass(research.Fills))),
            () => Repeat(one)) with { Goal = 30 };
    }

    private static void Repeat(Action one)
    {
        for (int i = 0; i < Strategies; i++)
        {
            one();
        }
    }

    private static int Appraise(Appraiser appraiser, Strategy strategy)
    {
        Appraisal appraisal = appraiser.Appraise(strategy, static _ => null);
        return appraisal.IsAccepted ? appraisal.Figures.Trades : throw new InvalidOperationException($"rejected ({appraisal.Rejection.Reason()}), so not all figures were made:\n{strategy}");
    }

    /// <summary>A strategy of thirty nodes in which every window differs from those of the others, so that no column is found ready.</summary>
    private static Strategy Strategy(int i, bool rare)
    {
        string cross = rare ? "crosses above" : ">";
        var strategy = Core.Strategies.Strategy.Parse(
            $"""
            strategy s{i}
            market EURUSD H1
            long when close {cross} highest(high, {24 + (i % 200)})[1] and rsi(close, {10 + (i % 90)}) < 0.9
            short when close {cross.Replace('>', '<').Replace("above", "below", StringComparison.Ordinal)} lowest(low, {24 + (i % 200)})[1] and efficiency(close, {20 + (i % 300)}) > 0.05
            exit when zscore(close, {48 + (i % 250)}) * side < 0
            stop 2 atr({14 + (i % 100)})
            target 6 stdev(close, {30 + (i % 200)})
            trail 5 atr({14 + (i % 100)})
            """);
        int nodes = strategy.Expressions().Sum(static e => e.Count);
        return nodes == Nodes ? strategy : throw new InvalidOperationException($"{nodes} nodes, not {Nodes}");
    }

    /// <summary>Thirty additions to every row, in blocks that stay in the nearest cache: what thirty nodes cost at the least when nothing is fused.</summary>
    private static double Additions(double[] rows, double[] block)
    {
        double last = 0;
        for (int i = 0; i + block.Length <= rows.Length; i += block.Length)
        {
            rows.AsSpan(i, block.Length).CopyTo(block);
            for (int k = 0; k < Nodes; k++)
            {
                Span<Vector<double>> lanes = MemoryMarshal.Cast<double, Vector<double>>(block.AsSpan());
                for (int j = 0; j < lanes.Length; j++)
                {
                    lanes[j] += Vector<double>.One;
                }
            }

            last += block[0];
        }

        return last;
    }
}

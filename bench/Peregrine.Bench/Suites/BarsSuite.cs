using Peregrine.Core.Market;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.Bench.Suites;

/// <summary>How many bars a second one strategy's columns are traded over, with stops, targets and costs.</summary>
public static class BarsSuite
{
    private const int Bars = 1_000_000;

    public static IReadOnlyList<Result> Run()
    {
        var map = new FillMap(Market.Hours(Bars), Timeframe.H1);
        return
        [
            Measure(map, 0.002, "bars, 500 bars between signals"),
            Measure(map, 0.02, "bars, 50 bars between signals"),
        ];
    }

    private static Result Measure(FillMap map, double signalRate, string name)
    {
        var plain = PlainTrading.Drawn(map.Decisions.Count, signalRate);
        SignalColumns signals = plain.Signals();
        var setup = new FastSetup
        {
            Strategy = "bench",
            Instrument = Market.EurUsd,
            Costs = Market.Costs,
            Deposit = new Money(100_000m, Currency.Usd),
            Sizing = new SizingRule { Fixed = Quantity.FromUnits(10_000) },
            Limits = new Limits { MaxTotalLoss = 1000m },
            Marks = EquityMarks.End,
        };
        var rooms = new FastRooms();
        long trades = 0, least = 0;
        return Contest.Run(
            name, "bars", map.Decisions.Count, ("single-pass loop", () => least += plain.SinglePass(map.Fills)), () => trades += FastLoop.Run(setup, signals, map, .., rooms).Rows.Length)
            with { Goal = 45e6 };
    }
}

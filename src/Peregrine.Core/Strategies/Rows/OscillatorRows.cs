using System.Collections.Immutable;
using Peregrine.Core.Indicators;
using static Peregrine.Core.Strategies.Dimension;

namespace Peregrine.Core.Strategies;

/// <summary>Oscillators, all rescaled to 0…1 or −1…1.</summary>
internal static class OscillatorRows
{
    public static readonly ImmutableArray<Operator> All =
    [
        .. Row.In("Oscillators",
            Row.Window("rsi", Row.Pure(Unit), "the {n}-bar RSI of {0}", static s => s.First, static (to, x, s) => to.Rsi(x[0], s.First)) with
            {
                Parameters = [Parameter.Window(typical: 14)],
                Source = "Wilder 1978, divided by 100; 0.5 when nothing moved.",
            },
            Row.Window("stochastic", Row.Nothing(Unit), "the {n}-bar stochastic", static s => s.First - 1,
                static (to, _, s) => to.Apply(BarFormulas.Position, to.Highest(Lowered.High, s.First), to.Lowest(Lowered.Low, s.First), Lowered.Close)) with
            {
                Parameters = [Parameter.Window(typical: 14)],
                Source = "Lane: raw %K / 100; 0.5 in a flat window. Williams' %R / 100 is this less 1.",
            },
            Row.Window("position", Row.Pure(Unit), "the place of {0} in its {n}-bar range", static s => s.First - 1,
                static (to, x, s) => to.Apply(BarFormulas.Position, to.Highest(x[0], s.First), to.Lowest(x[0], s.First), x[0]))
                with { Source = "(x - lowest) / (highest - lowest); 0.5 in a flat window." },
            Row.Window("cci", Row.Nothing(Signed), "the {n}-bar commodity channel index", static s => s.First - 1, static (to, _, s) =>
            {
                int typical = to.Typical(), mean = to.Mean(typical, s.First);
                int deviation = to.Apply(OrderStatistics.MeanDistance, new Settings(s.First), typical);
                return to.Apply(Arithmetic.Squash, to.Divide(to.Subtract(typical, mean), to.Times(1.5, deviation)));
            }) with { Weight = 2, Source = "Lambert 1980: c / (1 + |c|) with c = CCI / 100, so 0.5 stands for +100; 0 in a flat window." },
            Row.Window("aroon", Row.Nothing(Signed), "the {n}-bar Aroon oscillator", static s => s.First, static (to, _, s) =>
            {
                int high = to.Apply(ExtremeAge.SinceHighest, new Settings(s.First + 1), Lowered.High), low = to.Apply(ExtremeAge.SinceLowest, new Settings(s.First + 1), Lowered.Low);
                return to.Divide(to.Subtract(low, high), to.Constant(s.First));
            }) with { Parameters = [Parameter.Window(most: 511, typical: 25)], Source = "Chande 1995: (bars since the low - bars since the high) / n over n + 1 bars; the newest of equals counts." },
            Row.Window("directional", Row.Nothing(Signed), "the {n}-bar directional movement", static s => s.First, static (to, _, s) =>
            {
                (int up, int down, int range) = Movement(to, s.First);
                return to.WithinOne(to.Divide(to.Subtract(up, down), range));
            }) with { Parameters = [Parameter.Window(typical: 14)], Source = "Wilder 1978: (+DI - -DI) / 100; 0 when nothing moved." },
            Row.Window("adx", Row.Nothing(Unit), "the {n}-bar ADX", static s => (2 * s.First) - 1, static (to, x, s) =>
            {
                (int up, int down, _) = Movement(to, s.First);
                int index = to.Divide(to.Abs(to.Subtract(up, down)), to.Add(up, down));
                return to.Wilder(to.Apply(Arithmetic.Min, index, to.Constant(1)), s.First);
            }) with { Parameters = [Parameter.Window(most: 256, typical: 14)], Weight = 2, Source = "Wilder 1978, divided by 100." },
            Row.Window("tsi", Row.Pure(Signed), "the true strength of {0} over {n} and {m} bars", static s => s.First + s.Second - 1, static (to, x, s) =>
            {
                int change = to.Change(x[0], 1);
                int way = to.Ema(to.Ema(change, s.First), s.Second), path = to.Ema(to.Ema(to.Abs(change), s.First), s.Second);
                return to.WithinOne(to.Divide(way, path));
            }) with
            {
                Parameters = [Parameter.Window(typical: 25), AverageRows.Second("m", 2, 512, 13)],
                Weight = 2,
                Source = "Blau 1991, divided by 100; 0 when nothing moved.",
            }),
        .. Row.In("Volume",
            Row.Window("mfi", Row.Nothing(Unit), "the {n}-bar money flow index", static s => s.First, static (to, _, s) =>
            {
                int typical = to.Typical(), change = to.Change(typical, 1), flow = to.Apply(BarFormulas.Product, typical, Lowered.Volume);
                int zero = to.Constant(0);
                int gained = to.Sum(to.Apply(Logic.Choose, to.Apply(Logic.Less, zero, change), flow, zero), s.First);
                int lost = to.Sum(to.Apply(Logic.Choose, to.Apply(Logic.Less, change, zero), flow, zero), s.First);
                return to.Apply(BarFormulas.Position, to.Apply(BarFormulas.Total, gained, lost), zero, gained);
            }) with { Parameters = [Parameter.Window(typical: 14)], Weight = 2, Source = "Quong and Soudack 1989, divided by 100; 0.5 without any flow." },
            Row.Window("volume_flow", Row.Nothing(Signed), "the {n}-bar balance of volume", static s => s.First, static (to, _, s) =>
            {
                int signed = to.Apply(BarFormulas.Product, to.Apply(Arithmetic.Sign, to.Change(Lowered.Close, 1)), Lowered.Volume);
                return to.WithinOne(to.Divide(to.Sum(signed, s.First), to.Sum(Lowered.Volume, s.First)));
            }) with { Source = "Granville's on-balance volume over n bars as a share of all volume; 0 without volume." }),
    ];

    /// <summary>Wilder's averages of upward movement, downward movement and true range, each over the same bars.</summary>
    private static (int Up, int Down, int Range) Movement(Lowered to, int n)
    {
        int highBefore = to.Lag(Lowered.High, 1), lowBefore = to.Lag(Lowered.Low, 1);
        int up = to.Apply(BarFormulas.UpMove, Lowered.High, highBefore, Lowered.Low, lowBefore);
        int down = to.Apply(BarFormulas.DownMove, Lowered.High, highBefore, Lowered.Low, lowBefore);
        int range = to.Apply(BarFormulas.RangeAfter, Lowered.High, Lowered.Low, to.Lag(Lowered.Close, 1));
        return (to.Wilder(up, n), to.Wilder(down, n), to.Wilder(range, n));
    }
}

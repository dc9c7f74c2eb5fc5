using System.Collections.Immutable;
using Peregrine.Core.Indicators;
using static Peregrine.Core.Strategies.Dimension;

namespace Peregrine.Core.Strategies;

/// <summary>The fields of a bar and what is computed from one bar alone.</summary>
internal static class PriceRows
{
    public static readonly ImmutableArray<Operator> All =
    [
        .. Row.In("Bars",
            Row.Field("open", Price, "the open", static _ => Lowered.Open),
            Row.Field("high", Price, "the high", static _ => Lowered.High),
            Row.Field("low", Price, "the low", static _ => Lowered.Low),
            Row.Field("close", Price, "the close", static _ => Lowered.Close),
            Row.Field("volume", Volume, "the volume", static _ => Lowered.Volume) with { Source = "0 where the feed gives none." },
            Row.Field("hl2", Price, "the middle of the bar", static to => to.Apply(BarFormulas.Middle, Lowered.High, Lowered.Low)) with { Source = "(high + low) / 2." },
            Row.Field("typical", Price, "the typical price", static to => to.Typical()) with { Source = "(high + low + close) / 3." },
            Row.Field("hlcc4", Price, "the weighted close", static to => to.Apply(BarFormulas.Weighted, Lowered.High, Lowered.Low, Lowered.Close))
                with { Source = "(high + low + 2 close) / 4." },
            Row.Field("ohlc4", Price, "the average price", static to => to.Apply(BarFormulas.Whole, Lowered.Open, Lowered.High, Lowered.Low, Lowered.Close))
                with { Source = "(open + high + low + close) / 4." },
            Row.Field("range", Difference, "the bar's range", static to => to.Subtract(Lowered.High, Lowered.Low)) with { Source = "high - low." },
            Row.Field("body", Difference, "the bar's body", static to => to.Subtract(Lowered.Close, Lowered.Open)) with { Source = "close - open, so negative in a falling bar." },
            Row.Field("upper_wick", Difference, "the upper wick", static to => to.Subtract(Lowered.High, to.Apply(Arithmetic.Max, Lowered.Open, Lowered.Close)))
                with { Source = "high - max(open, close)." },
            Row.Field("lower_wick", Difference, "the lower wick", static to => to.Subtract(to.Apply(Arithmetic.Min, Lowered.Open, Lowered.Close), Lowered.Low))
                with { Source = "min(open, close) - low." },
            Row.Field("gap", Difference, "the gap at the open", static to => to.Subtract(Lowered.Open, to.Lag(Lowered.Close, 1)))
                with { WarmUp = static _ => 1, Source = "open - close[1]." },
            Row.Field("true_range", Difference, "the true range", static to => to.TrueRange()) with { Source = "Wilder 1978; the first bar counts its own range." },
            Row.Field("close_location", Unit, "the close's place in its bar", static to => to.Apply(BarFormulas.Position, Lowered.High, Lowered.Low, Lowered.Close))
                with { Source = "(close - low) / (high - low); 0.5 when the bar is flat." }),
    ];
}

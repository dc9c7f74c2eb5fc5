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
            Row.Field("volume", Volume, "the volume", static _ => Lowered.Volume),
            Row.Field("range", Difference, "the bar's range", static to => to.Apply(Arithmetic.Subtract, Lowered.High, Lowered.Low)) with { Source = "high - low." },
            Row.Field("body", Difference, "the bar's body", static to => to.Apply(Arithmetic.Subtract, Lowered.Close, Lowered.Open)) with { Source = "close - open." },
            Row.Field("true_range", Difference, "the true range", static to => to.Apply(TrueRange.Of, Lowered.High, Lowered.Low, Lowered.Close))
                with { Source = "Wilder 1978; the first bar counts its own range." }),
    ];
}

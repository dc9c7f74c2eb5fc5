using System.Collections.Immutable;
using Peregrine.Core.Indicators;
using static Peregrine.Core.Strategies.Dimension;

namespace Peregrine.Core.Strategies;

/// <summary>How much the market moves.</summary>
internal static class VolatilityRows
{
    public static readonly ImmutableArray<Operator> All =
    [
        .. Row.In("Volatility",
            new Operator
            {
                Name = "atr",
                Notation = Notation.Call,
                Family = "",
                Signatures = Row.Nothing(Difference),
                Parameters = [Parameter.Window(typical: 14)],
                WarmUp = static s => s.First - 1,
                Meaning = "the {n}-bar average true range",
                Source = "Wilder 1978: Wilder's average of the true range, begun with the mean of the first n.",
                Lower = static (to, _, s) => to.Apply(Smoothing.Wilder, s, to.Apply(TrueRange.Of, Lowered.High, Lowered.Low, Lowered.Close)),
            }),
        .. Row.In("Statistics",
            new Operator
            {
                Name = "efficiency",
                Notation = Notation.Call,
                Family = "",
                Signatures = Row.Pure(Unit),
                Parameters = [Parameter.Window(typical: 32)],
                WarmUp = static s => s.First,
                Meaning = "the {n}-bar efficiency of {0}",
                Source = "Kaufman 1995: |change over n bars| / sum of the n bar-to-bar changes; 0 when nothing moved.",
                Lower = static (to, x, s) => Efficiency(to, x[0], s.First),
            }),
    ];

    private static int Efficiency(Lowered to, int x, int n)
    {
        int path = to.Apply(Rolling.Sum, new Settings(n), to.Apply(Arithmetic.Absolute, to.Apply(Lag.Change, new Settings(1), x)));
        int way = to.Apply(Arithmetic.Absolute, to.Apply(Lag.Change, new Settings(n), x));
        // Rounding in the sum may leave it a hair below the distance.
        return to.Apply(Arithmetic.Min, to.Apply(Arithmetic.Divide, way, path), to.Constant(1));
    }
}

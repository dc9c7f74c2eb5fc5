using System.Collections.Immutable;
using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>Averages, changes and extremes of a series.</summary>
internal static class AverageRows
{
    public static readonly ImmutableArray<Operator> All =
    [
        .. Row.In("Averages",
            Row.Window("sma", Rolling.Mean, Row.Kept) with { Meaning = "the {n}-bar average of {0}" },
            Row.Window("ema", Smoothing.Exponential, Row.Kept) with
            {
                Meaning = "the {n}-bar exponential average of {0}",
                Source = "a = 2 / (n + 1), begun with the first value.",
            },
            Row.Window("wilder", Smoothing.Wilder, Row.Kept, 14) with
            {
                Meaning = "the {n}-bar Wilder average of {0}",
                Source = "Wilder 1978: a = 1 / n, begun with the mean of the first n values.",
            }),
        .. Row.In("Momentum",
            Row.Of("momentum", Lag.Change, Row.Spread) with
            {
                Parameters = [Parameter.Window(least: 1, typical: 10)],
                Meaning = "the change of {0} over {n} bars",
            }),
        .. Row.In("Channels",
            Row.Window("highest", Rolling.Highest, Row.Kept) with { Meaning = "the highest {0} of {n} bars" },
            Row.Window("lowest", Rolling.Lowest, Row.Kept) with { Meaning = "the lowest {0} of {n} bars" }),
    ];
}

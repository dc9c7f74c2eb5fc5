using System.Globalization;
using System.Text;
using Peregrine.Core.Market;

namespace Peregrine.App.Reports;

/// <summary>Candles on a plot whose X axis counts bars: grey, hollow when they rise, so that colour stays free for gain and loss.</summary>
internal static class Candles
{
    /// <summary>The bars of a range, <paramref name="perCandle"/> of them to a candle.</summary>
    public static Markup Draw(BarSeries bars, Range range, int perCandle, Plot plot)
    {
        StringBuilder wicks = new(), rising = new(), falling = new();
        (int start, int length) = range.GetOffsetAndLength(bars.Count);
        for (int i = start; i < start + length; i += perCandle)
        {
            int next = Math.Min(i + perCandle, start + length);
            BarRange candle = BarRange.Of(bars, i, next);
            double middle = plot.X((i + next) / 2.0), half = (plot.X(next) - plot.X(i)) * 0.35;
            double top = plot.Y(Math.Max(candle.Open, candle.Close)), bottom = Math.Max(plot.Y(Math.Min(candle.Open, candle.Close)), top + 0.75);
            wicks.Append(CultureInfo.InvariantCulture, $"M{middle:0.#} {plot.Y(candle.High):0.#}V{plot.Y(candle.Low):0.#}");
            (candle.Close >= candle.Open ? rising : falling).Append(CultureInfo.InvariantCulture, $"M{middle - half:0.#} {top:0.#}H{middle + half:0.#}V{bottom:0.#}H{middle - half:0.#}Z");
        }

        return Markup.Of($"<path class=\"price\" d=\"{wicks.ToString()}\"/><path class=\"hollow\" d=\"{rising.ToString()}\"/><path class=\"body\" d=\"{falling.ToString()}\"/>");
    }
}

using System.Globalization;
using System.Text;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;

namespace Peregrine.App.Reports;

/// <summary>Every trade on the price of its symbol: one chart a symbol.</summary>
internal static class PriceChart
{
    private const int HeightPx = 288, ResultsPx = 96, MostMarks = 400, MostCandles = 240, Columns = 100;

    public static Markup Draw(ReportModel model)
    {
        IReadOnlyList<Trade> trades = model.Source.Record.Trades ?? [];
        Instant from = model.Source.Record.Times[0], to = model.Source.Record.Times[^1];
        IEnumerable<Markup> charts = model.Source.Prices
            .Select(p => p with { Bars = p.Bars.Between(from, to) })
            .Where(p => p.Bars.Count > 1)
            .Select(p => Chart(p, [.. trades.Where(t => string.Equals(t.Symbol, p.Bars.Symbol, StringComparison.Ordinal))]));
        return Markup.Of(charts);
    }

    private static Markup Chart(PriceHistory price, IReadOnlyList<Trade> trades)
    {
        BarSeries bars = price.Bars;
        BarRange all = BarRange.Of(bars, 0, bars.Count);
        double margin = Math.Max(all.High - all.Low, 1e-9) * 0.05;
        Plot plot = new(0, bars.Count, all.Low - margin, all.High + margin, HeightPx);
        IReadOnlyList<Tick> time = [.. Axis.Times(bars[0].Time, bars[bars.Count - 1].Time).Select(t => t with { At = Position(bars, (long)(t.At * 1e9)) })];
        int decimals = Axis.Decimals(Axis.Step(plot.Bottom, plot.Top, 7), least: 2);
        IEnumerable<Tick> levels = Axis.Values(plot.Bottom, plot.Top, 7).Select(v => new Tick(v, Numbers.Plain(v, decimals)));
        bool candles = bars.Count <= MostCandles, each = trades.Count <= MostMarks;
        Markup drawn = candles ? Candles.Draw(bars, .., 1, plot) : Markup.Of($"<path class=\"price strong\" d=\"{Ranges(bars, plot)}\"/>");
        Markup marks = each ? Markup.Of($"{Marks(trades.Where(t => t.Net.Amount > 0), bars, plot, "won")}{Marks(trades.Where(t => t.Net.Amount <= 0), bars, plot, "lost")}") : default;
        Markup strip = each ? default : Markup.Of($"<h3>Net profit by time of entry, {trades[0].Net.Currency.ToString()}</h3>{Results(trades, bars, time)}");
        string words = trades.Count == 0 ? "No trade in this symbol."
            : each ? "A dot is an entry: the stem hangs below a buy and stands on a sell; the line runs to the exit. Teal made money, vermilion lost it."
            : $"{Numbers.Plain(trades.Count, 0)} trades are too many to draw one by one; each bar is what those entered in one hundredth of the time made together.";
        return Markup.Of($"""
            <section><h2>{bars.Symbol} {bars.Timeframe.ToString()}, {bars.Side.ToString().ToLowerInvariant()} price and trades</h2>
            <figure><div class="axis">{plot.Draw(Markup.Of($"{drawn}{marks}"), levels, time, $"{bars.Symbol} with {Numbers.Counted(trades.Count, "trade")}")}</div>
            {strip}<figcaption>{words} {(candles ? "Candles are hollow when they rise." : "Grey spans low to high.")} Closed hours are left out.</figcaption></figure></section>
            """);
    }

    /// <summary>One vertical stroke from low to high for every pixel across, or for every bar when there are fewer.</summary>
    private static string Ranges(BarSeries bars, Plot plot)
    {
        var path = new StringBuilder();
        int columns = Math.Min(Plot.Width, bars.Count);
        for (int column = 0; column < columns; column++)
        {
            int start = (int)((long)bars.Count * column / columns), end = (int)((long)bars.Count * (column + 1) / columns);
            BarRange range = BarRange.Of(bars, start, end);
            path.Append(CultureInfo.InvariantCulture, $"M{plot.X((start + end) / 2.0):0.#} {plot.Y(range.High):0.#}V{plot.Y(range.Low) + 0.5:0.#}");
        }

        return path.ToString();
    }

    /// <summary>Entries as dots with stems, and ways to the exits.</summary>
    private static Markup Marks(IEnumerable<Trade> trades, BarSeries bars, Plot plot, string colour)
    {
        StringBuilder dots = new(), stems = new(), ways = new();
        foreach (Trade trade in trades)
        {
            double x = plot.X(Position(bars, trade.EntryTime.Nanoseconds)), y = plot.Y((double)trade.EntryPrice);
            ways.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}L{plot.X(Position(bars, trade.ExitTime.Nanoseconds)):0.#} {plot.Y((double)trade.ExitPrice):0.#}");
            dots.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}h0");
            stems.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}v{(trade.Side == Side.Buy ? 11 : -11)}");
        }

        return Markup.Of($"<path class=\"way {colour}\" d=\"{ways.ToString()}\"/><path class=\"stem {colour}\" d=\"{stems.ToString()}\"/><path class=\"dot small {colour}\" d=\"{dots.ToString()}\"/>");
    }

    /// <summary>Net profit of the trades entered in each hundredth of the bars, as bars above and below zero.</summary>
    private static Markup Results(IReadOnlyList<Trade> trades, BarSeries bars, IEnumerable<Tick> time)
    {
        var sums = new double[Columns];
        foreach (Trade trade in trades)
        {
            int column = (int)(Position(bars, trade.EntryTime.Nanoseconds) / bars.Count * Columns);
            sums[Math.Min(column, Columns - 1)] += (double)trade.Net.Amount;
        }

        Plot plot = new(0, bars.Count, Math.Min(sums.Min(), 0) * 1.05, Math.Max(sums.Max(), 0) * 1.05, ResultsPx);
        StringBuilder won = new(), lost = new();
        for (int i = 0; i < Columns; i++)
        {
            double width = (double)Plot.Width / Columns;
            (sums[i] > 0 ? won : lost).Append(CultureInfo.InvariantCulture, $"M{(i * width) + 1:0.#} {plot.Y(0):0.#}V{plot.Y(sums[i]):0.#}h{width - 2:0.#}V{plot.Y(0):0.#}Z");
        }

        int decimals = Axis.Decimals(Axis.Step(plot.Bottom, plot.Top, 3));
        IEnumerable<Tick> levels = Axis.Values(plot.Bottom, plot.Top, 3).Select(v => new Tick(v, Numbers.Signed(v, decimals)));
        Markup content = Markup.Of($"<path class=\"wonbar\" d=\"{won.ToString()}\"/><path class=\"lostbar\" d=\"{lost.ToString()}\"/>");
        return Markup.Of($"<div class=\"axis\">{plot.Draw(content, levels, time.Select(t => t with { Label = "" }), "Net profit by time of entry")}</div>");
    }

    /// <summary>Where an instant lies among the bars: the index of its bar and how far into it, at most to its end when the market closes after it.</summary>
    private static double Position(BarSeries bars, long nanoseconds)
    {
        int i = Math.Clamp(bars.LowerBound(nanoseconds + 1) - 1, 0, bars.Count - 1);
        long length = i + 1 < bars.Count ? bars.Time[i + 1] - bars.Time[i] : bars.Time[i] - bars.Time[i - 1];
        return i + Math.Clamp((nanoseconds - bars.Time[i]) / (double)length, 0, 1);
    }
}

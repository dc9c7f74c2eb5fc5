using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;

namespace Peregrine.App.Reports;

/// <summary>The best and the worst trades, each on its own candles with entry, stop, target and exit.</summary>
internal static class TradeCards
{
    private const int HeightPx = 120, MostCandles = 40;

    public static Markup Draw(ReportModel model)
    {
        if (model.Source.Record.Trades is not { } trades)
        {
            return default;
        }

        if (trades.Count == 0)
        {
            return Markup.Of($"<section><h2>Trades</h2><div class=\"empty\">No trade was opened in this period, so there is none to show.</div></section>");
        }

        string order = model.OutcomesAreR ? "R" : "net profit";
        string legend = model.Source.Prices.Count == 0 ? "" : "Candles are hollow when they rise. Full line: entry; dashed vermilion: first stop; dashed teal: first target; dots: entry and exit. * stop and target lay inside one bar.";
        return Markup.Of($"<section><h2>Best and worst trades by {order}</h2><p class=\"quiet\">{legend}</p>{Row("Best", model.Best, model)}{Row("Worst", model.Worst, model)}</section>");
    }

    private static Markup Row(string name, IReadOnlyList<Trade> trades, ReportModel model) => trades.Count == 0
        ? Markup.Of($"<h3>{name}</h3><p class=\"quiet\">{(name == "Best" ? "No trade made money." : "No trade lost money.")}</p>")
        : Markup.Of($"<h3>{name}</h3><div class=\"cards\">{trades.Select(t => Card(t, model))}</div>");

    private static Markup Card(Trade trade, ReportModel model)
    {
        PriceHistory? price = model.Source.Prices.FirstOrDefault(p => string.Equals(p.Bars.Symbol, trade.Symbol, StringComparison.Ordinal));
        Markup chart = price is { Bars.Count: > 0 } ? Chart(trade, price.Bars) : default;
        string side = Headline.Side((double)trade.Net.Amount), money = Numbers.SignedMoney(trade.Net.Amount, trade.Net.Currency);
        string result = trade.R is { } r ? $"{Numbers.Signed(r, 2)}{Numbers.Thin}R" : $"{money} {trade.Net.Currency}";
        string details = $"{(trade.Side == Side.Buy ? "Buy" : "Sell")} {Numbers.Plain((double)trade.Quantity.ToUnits(), 0)} {trade.Symbol} at {At(trade.EntryPrice)}, out at {At(trade.ExitPrice)} on {Numbers.DateAndTime(trade.ExitTime)}; net {money} {trade.Net.Currency}{(trade.Ambiguous ? "; stop and target lay inside one bar" : "")}";
        return Markup.Of($"""
            <figure class="card" title="{details}">{chart}<figcaption><b class="{side}">{result}</b> {(trade.Side == Side.Buy ? "buy" : "sell")} → {OutcomeSection.Words(trade.ExitReason)}{(trade.Ambiguous ? "*" : "")}<br>{Numbers.DateAndTime(trade.EntryTime)} · {Bars(trade.Bars)}</figcaption></figure>
            """);

        string At(decimal value) => Numbers.Price(value, price?.Digits ?? 5);
    }

    private static string Bars(int bars) => bars switch
    {
        0 => "inside a bar",
        _ => Numbers.Counted(bars, "bar"),
    };

    private static Markup Chart(Trade trade, BarSeries bars)
    {
        int entry = At(bars, trade.EntryTime), exit = Math.Max(At(bars, trade.ExitTime), entry);
        int first = Math.Max(0, entry - Math.Max(8, (exit - entry) / 3));
        int end = Math.Min(bars.Count, exit + Math.Max(5, (exit - entry) / 5) + 1);
        int perCandle = ((end - first) + MostCandles - 1) / MostCandles;
        BarRange all = BarRange.Of(bars, first, end);
        double[] prices = [all.High, all.Low, (double)trade.EntryPrice, (double)trade.ExitPrice, .. Levels(trade)];
        double margin = Math.Max(prices.Max() - prices.Min(), 1e-9) * 0.06;
        Plot plot = new(first, end, prices.Min() - margin, prices.Max() + margin, HeightPx);

        double from = plot.X(entry + 0.5), to = plot.X(exit + 0.5), open = plot.Y((double)trade.EntryPrice), close = plot.Y((double)trade.ExitPrice);
        string colour = trade.Net.Amount > 0 ? "won" : "lost";
        Markup stop = trade.Stop is { } s ? Markup.Of($"<path class=\"level lost\" d=\"M{from} {plot.Y((double)s.ToDecimal())}H{to}\"/>") : default;
        Markup target = trade.Target is { } t ? Markup.Of($"<path class=\"level won\" d=\"M{from} {plot.Y((double)t.ToDecimal())}H{to}\"/>") : default;
        Markup content = Markup.Of($"""
            {Candles.Draw(bars, first..end, perCandle, plot)}{stop}{target}<path class="entry" d="M{from} {open}H{to}"/><path class="way {colour}" d="M{from} {open}L{to} {close}"/><path class="ring" d="M{from} {open}h0M{to} {close}h0"/><path class="dot at" d="M{from} {open}h0"/><path class="dot {colour}" d="M{to} {close}h0"/>
            """);
        string says = $"{trade.Symbol} around the trade of {Numbers.DateAndTime(trade.EntryTime)}";
        return plot.Draw(content, [], [], says);
    }

    private static IEnumerable<double> Levels(Trade trade)
    {
        foreach (Price? level in new[] { trade.Stop, trade.Target })
        {
            if (level is { } price)
            {
                yield return (double)price.ToDecimal();
            }
        }
    }

    /// <summary>The bar an instant lies in: the last that opened at or before it.</summary>
    private static int At(BarSeries bars, Instant time) => Math.Clamp(bars.LowerBound(time.Nanoseconds + 1) - 1, 0, bars.Count - 1);
}

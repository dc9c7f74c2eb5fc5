using Peregrine.Core;
using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>Equity and drawdown on one time axis, with the part the strategy had never seen shaded.</summary>
internal static class EquityChart
{
    private const int EquityPx = 256, FallPx = 96;

    public static Markup Draw(ReportModel model)
    {
        TrackRecord record = model.Source.Record;
        if (record.Returns.Count == 0)
        {
            return Markup.Of($"<section><h2>Equity</h2><div class=\"empty\">No equity to draw: the record holds no full day.</div></section>");
        }

        double[] x = [.. record.Times.Select(Seconds)];
        bool money = record.Currency != default;
        double[] equity = money ? record.Wealth : [.. record.Wealth.Select(w => (w - 1) * 100)];
        double[] fall = [.. record.Drawdown.Depth.Select(d => -d * 100)];
        IReadOnlyList<Tick> time = Axis.Times(record.Times[0], record.Times[^1]);
        IEnumerable<Tick> unlabelled = time.Select(t => t with { Label = "" });

        Plot upper = Fit(x, equity, EquityPx);
        Plot lower = new(x[0], x[^1], fall.Min() < 0 ? fall.Min() * 1.08 : -1, 0, FallPx);
        Markup line = Markup.Of($"{Shade(model, upper)}<path class=\"zero dash\" d=\"M0 {upper.Y(equity[0])}H{Plot.Width}\"/><path class=\"equity\" d=\"{upper.Line(x, equity)}\"/>");
        string depths = lower.Line(x, fall);
        Markup water = Markup.Of($"{Shade(model, lower)}<path class=\"fallen\" d=\"{depths}L{Plot.Width} 0L0 0Z\"/><path class=\"fall\" d=\"{depths}\"/>");
        string title = money ? $"Equity, {record.Currency}" : "Return, %";
        string range = money
            ? $"{Numbers.Money((decimal)equity[0], record.Currency)} to {Numbers.Money((decimal)equity[^1], record.Currency)} {record.Currency}"
            : $"{Numbers.Signed(equity[^1], 2)} %";
        return Markup.Of($"""
            <section><h2>{title}</h2><figure>
            {upper.Draw(line, Values(upper, signed: !money), unlabelled, $"Equity, {range}", Parts(model, upper))}
            <h3>Drawdown, %</h3>
            <div class="axis">{lower.Draw(water, Values(lower, signed: true), time, $"Drawdown, at most {Numbers.Plain(-fall.Min(), 2)} %")}</div>
            <figcaption>{Caption(model)}</figcaption>
            </figure></section>
            """);
    }

    /// <summary>Unix seconds, the unit of every time axis.</summary>
    public static double Seconds(Instant time) => time.Nanoseconds / 1e9;

    private static Plot Fit(double[] x, double[] y, int heightPx)
    {
        (double low, double high) = (y.Min(), y.Max());
        double margin = high > low ? (high - low) * 0.06 : Math.Max(Math.Abs(high) * 0.01, 0.01);
        return new Plot(x[0], x[^1], low - margin, high + margin, heightPx);
    }

    private static IEnumerable<Tick> Values(Plot plot, bool signed)
    {
        int most = Math.Max(3, plot.HeightPx / 40);
        int decimals = Axis.Decimals(Axis.Step(plot.Bottom, plot.Top, most));
        return Axis.Values(plot.Bottom, plot.Top, most).Select(v => new Tick(v, signed ? Numbers.Signed(v, decimals) : Numbers.Plain(v, decimals)));
    }

    private static Markup Shade(ReportModel model, Plot plot)
    {
        if (model.InSample is null || model.OutOfSample is null || model.Source.Split is not { } split)
        {
            return default;
        }

        double at = plot.X(Seconds(split));
        return Markup.Of($"<rect class=\"shade\" x=\"{at}\" y=\"0\" width=\"{Plot.Width - at}\" height=\"{plot.HeightPx}\"/><path class=\"edge\" d=\"M{at} 0V{plot.HeightPx}\"/>");
    }

    /// <summary>Names of the two parts, at the top of the chart on either side of the boundary.</summary>
    private static Markup Parts(ReportModel model, Plot plot) => model.InSample is null || model.OutOfSample is null || model.Source.Split is not { } split
        ? default
        : Markup.Of($"<span class=\"mark before\" style=\"right:{100 - plot.Across(Seconds(split))}%\">in sample</span><span class=\"mark\" style=\"left:{plot.Across(Seconds(split))}%\">out of sample</span>");

    private static Markup Caption(ReportModel model)
    {
        TrackRecord record = model.Source.Record;
        string split = model is { InSample: not null, OutOfSample: not null } && model.Source.Split is { } boundary
            ? $"Shaded from {Numbers.Date(boundary)}: out of sample, data that had no part in making the strategy. "
            : "";
        string fall = record.Drawdown.Deepest > 0
            ? $"The deepest drawdown, {Numbers.SignedPercent(-record.Drawdown.Deepest)}, was reached on {Numbers.Date(record.Times[record.Drawdown.Trough])}. "
            : "";
        return Markup.Of($"{split}{fall}{(record.Trades is null ? "Compounded from the returns as given." : "Marked to market, after all costs. Times are UTC.")}");
    }
}

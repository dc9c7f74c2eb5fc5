using Peregrine.Core.Market;
using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>Every metric, with the parts before and after the split beside the whole.</summary>
internal static class FigureTable
{
    public static Markup Draw(ReportModel model)
    {
        Currency currency = model.Source.Record.Currency;
        bool tradesKnown = model.Source.Record.Trades is not null;
        (Metric Metric, Figure Figure)[] all = [.. model.Whole.All.Where(row => tradesKnown || row.Figure != Figure.Undefined(TradeFigures.NotGiven))];
        int half = (all.Length + 1) / 2;
        return Markup.Of($"<section><h2>All figures</h2><div class=\"two\"><div>{Table(all[..half])}</div><div>{Table(all[half..])}</div></div><p class=\"quiet under\">Point at a name for its meaning and at a dash for the reason.{(tradesKnown ? "" : " Figures of single trades need trades; here only returns are known.")}</p></section>");

        Markup Table((Metric Metric, Figure Figure)[] rows) => model is { InSample: { } before, OutOfSample: { } after }
            ? Markup.Of($"<div class=\"scroll\"><table><thead><tr><th></th><th>In sample</th><th>Out of sample</th><th>Whole</th></tr></thead><tbody>{rows.Select(row => Markup.Of($"<tr>{Name(row.Metric)}<td>{Value(row.Metric, before[row.Metric.Name])}</td><td>{Value(row.Metric, after[row.Metric.Name])}</td><td>{Value(row.Metric, row.Figure)}</td></tr>"))}</tbody></table></div>")
            : Markup.Of($"<table><tbody>{rows.Select(row => Markup.Of($"<tr>{Name(row.Metric)}<td>{Value(row.Metric, row.Figure)}</td></tr>"))}</tbody></table>");

        Markup Name(Metric metric)
        {
            string unit = metric.Unit == MetricUnit.Money ? $", {currency}" : "";
            return Markup.Of($"<td><abbr title=\"{metric.Meaning}\">{metric.Label}{unit}</abbr></td>");
        }

        Markup Value(Metric metric, Figure figure) => Headline.Value(metric, figure, currency);
    }
}

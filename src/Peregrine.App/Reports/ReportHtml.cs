using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>Draws a report as one self-contained page: no script, nothing fetched, readable on a phone, in the dark and on paper.</summary>
public static class ReportHtml
{
    /// <summary>The whole page. The same model gives the same text.</summary>
    public static string Write(ReportModel model)
    {
        ReportSource source = model.Source;
        bool measured = source.Absent is null;
        return Page($"{source.Title} · {source.Kind}", Markup.Of($"""
            {Headline.Draw(model)}{EvidenceSection.Draw(source)}{TableSection.Draw(source)}
            {(measured ? Results(model) : default)}
            {StrategySection.Draw(model)}{WordSection.Draw(source)}
            {(measured ? FigureTable.Draw(model) : default)}
            {BasisSection.Draw(model)}
            """));
    }

    /// <summary>A page of its own around a body.</summary>
    internal static string Page(string title, Markup body) => Markup.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{title}</title>
        <style>
        {Markup.Raw(ReportStyle.Css)}
        </style>
        </head>
        <body>
        <main>
        {body}
        </main>
        </body>
        </html>

        """).ToString();

    private static Markup Results(ReportModel model) => Markup.Of($"""
        {EquityChart.Draw(model)}
        {MonthTable.Draw(model)}
        {OutcomeSection.Draw(model)}
        {PriceChart.Draw(model)}
        {TradeCards.Draw(model)}
        """);
}

using System.Text;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;

namespace Peregrine.App.Reports;

/// <summary>How trades ended: the distribution of their outcomes, where the result came from, and by which exit.</summary>
internal static class OutcomeSection
{
    private const int HeightPx = 256;

    public static Markup Draw(ReportModel model) => model is { Outcomes: { } outcomes, Attribution: { } attribution }
        ? Markup.Of($"""
            <section class="two">
            <div><h2>Distribution of {(model.OutcomesAreR ? "R" : $"net profit, {model.Source.Record.Currency}")}</h2>{Bars(model, outcomes)}</div>
            <div><h2>Where the result came from, {model.Source.Record.Currency.ToString()}</h2>{Flow(attribution, model.Source.Record.Currency)}
            <h3>How trades ended</h3>{Exits(model)}</div>
            </section>
            """)
        : default;

    /// <summary>An exit reason as scripts and people read it.</summary>
    public static string Words(ExitReason reason) => reason switch
    {
        ExitReason.StopOut => "stop-out",
        _ => reason.ToString().ToLowerInvariant(),
    };

    private static Markup Bars(ReportModel model, Histogram outcomes)
    {
        int bins = outcomes.Counts.Count, most = outcomes.Counts.Max();
        double high = outcomes.Low + (bins * outcomes.Width);
        Plot plot = new(Math.Min(outcomes.Low, 0), Math.Max(high, 0), 0, most * 1.05, HeightPx);
        StringBuilder won = new(), lost = new();
        for (int i = 0; i < bins; i++)
        {
            double from = outcomes.Low + (i * outcomes.Width), y = plot.Y(outcomes.Counts[i]);
            double left = plot.X(from) + 1, width = Math.Max(plot.X(from + outcomes.Width) - plot.X(from) - 2, 1);
            (from >= -outcomes.Width / 2 ? won : lost).Append(System.Globalization.CultureInfo.InvariantCulture, $"M{left:0.#} {HeightPx}V{y:0.#}h{width:0.#}V{HeightPx}Z");
        }

        double step = Axis.Step(plot.Left, plot.Right, 8);
        int decimals = Axis.Decimals(step);
        IEnumerable<Tick> along = Axis.Values(plot.Left, plot.Right, 8).Select(v => new Tick(v, Numbers.Signed(v, decimals)));
        IEnumerable<Tick> down = Axis.Values(0, most, 4).Where(v => v == Math.Floor(v)).Select(v => new Tick(v, Numbers.Plain(v, 0)));
        Markup content = Markup.Of($"<path class=\"wonbar\" d=\"{won.ToString()}\"/><path class=\"lostbar\" d=\"{lost.ToString()}\"/><path class=\"zero\" d=\"M{plot.X(0)} 0V{HeightPx}\"/>");
        string says = model.OutcomesAreR ? "Number of trades by R" : "Number of trades by net profit";
        string open = outcomes.OpenLow || outcomes.OpenHigh ? " The outermost bars also count what lies beyond them." : "";
        string unit = model.OutcomesAreR ? "R is net profit divided by what the first stop put at risk." : "A trade had no stop, so R is not known.";
        return Markup.Of($"<figure><div class=\"axis\">{plot.Draw(content, down, along, says)}</div><figcaption>Trades per bar. {unit}{open}</figcaption></figure>");
    }

    private static Markup Flow(Attribution attribution, Currency currency)
    {
        decimal low = 0, high = 0, sum = 0;
        foreach (AttributionStep step in attribution.Steps)
        {
            sum += step.Amount;
            (low, high) = (Math.Min(low, sum), Math.Max(high, sum));
        }

        double span = high > low ? (double)(high - low) : 1;
        decimal from = 0;
        var rows = new List<Markup>();
        foreach (AttributionStep step in attribution.Steps)
        {
            rows.Add(Row(step, from, step.Amount < 0 ? "" : "plus", ""));
            from += step.Amount;
        }

        rows.Add(Row(new AttributionStep("Net", "What the account gained", attribution.Net), 0, "sum", "total"));
        return Markup.Of($"<div class=\"flow\">{rows}</div>");

        Markup Row(AttributionStep step, decimal start, string kind, string total)
        {
            decimal amount = step.Amount;
            double left = (double)(Math.Min(start, start + amount) - low) / span * 100, width = (double)Math.Abs(amount) / span * 100;
            Markup bar = amount == 0 ? default : Markup.Of($"<i class=\"{kind}\" style=\"left:{left}%;width:{width}%\"></i>");
            return Markup.Of($"<abbr class=\"{total}\" title=\"{step.Meaning}\">{step.Label}</abbr><span class=\"track {total}\">{bar}</span><span class=\"amount {total}\">{Numbers.SignedMoney(amount, currency)}</span>");
        }
    }

    private static Markup Exits(ReportModel model)
    {
        Currency currency = model.Source.Record.Currency;
        IEnumerable<Markup> rows = model.Exits.Select(e => Markup.Of($"""
            <tr><td>{Words(e.Key)}</td>{Cells(e, currency)}</tr>
            """));
        return Markup.Of($"<table class=\"whole\"><thead><tr><th>Exit</th>{Heads(currency)}</tr></thead><tbody>{rows}</tbody></table>");
    }

    /// <summary>Heads of the columns that tell what a group of trades made.</summary>
    public static Markup Heads(Currency currency) => Markup.Of($"<th>Trades</th><th>Winners, %</th><th>Mean R</th><th>Net, {currency.ToString()}</th>");

    /// <summary>What a group of trades made, a cell a column.</summary>
    public static Markup Cells<TKey>(TradeGroup<TKey> group, Currency currency) => Markup.Of(
        $"""<td>{Numbers.Plain(group.Count, 0)}</td><td>{(group.WinRate is { } share ? Numbers.Plain(share * 100, 1) : "–")}</td><td>{(group.MeanR is { } r ? Numbers.Signed(r, 2) : "–")}</td><td class="{Headline.Side((double)group.Net)}">{Numbers.SignedMoney(group.Net, currency)}</td>""");
}

using Peregrine.Core.Market;
using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>The strategies in plain English and as they were written; of several also what each made.</summary>
internal static class StrategySection
{
    public static Markup Draw(ReportModel model)
    {
        IReadOnlyList<ReportedStrategy> strategies = model.Source.Strategies;
        return strategies switch
        {
            [] => default,
            [{ InWords.Count: 0 } one] => Markup.Of($"<section><h2>The strategy</h2><pre>{one.Text}</pre></section>"),
            [var one] => Markup.Of($"<section class=\"two\"><div><h2>The strategy in words</h2>{Words(one)}</div><div><h2>As it is written</h2><pre>{one.Text}</pre></div></section>"),
            _ => Markup.Of($"<section><h2>The strategies</h2>{Results(model)}</section>{strategies.Select(Each)}"),
        };
    }

    private static Markup Each(ReportedStrategy strategy) => Markup.Of($"<section class=\"two strategy\"><div><h3>{strategy.Name} in words</h3>{Words(strategy)}</div><div><h3>As it is written</h3><pre>{strategy.Text}</pre></div></section>");

    private static Markup Words(ReportedStrategy strategy) => Markup.Of($"<ol>{strategy.InWords.Select(sentence => Markup.Of($"<li>{sentence}</li>"))}</ol>");

    private static Markup Results(ReportModel model)
    {
        Currency currency = model.Source.Record.Currency;
        IEnumerable<Markup> rows = model.Strategies.Select(s => Markup.Of($"<tr><td>{s.Key.Name}</td>{OutcomeSection.Cells(s, currency)}</tr>"));
        return Markup.Of($"<div class=\"scroll\"><table class=\"whole names\"><thead><tr><th>Strategy</th>{OutcomeSection.Heads(currency)}</tr></thead><tbody>{rows}</tbody></table></div>");
    }
}

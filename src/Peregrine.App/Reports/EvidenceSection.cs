using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>What the search that found a strategy says of it: its figures in the data it was made on beside those in data it never saw, how it was found, and what it descends from.</summary>
internal static class EvidenceSection
{
    public static Markup Draw(ReportSource source) => source.Evidence is { } evidence
        ? Markup.Of($"""

            <section class="two">
            <div><h2>What the search measured</h2>{Figures(evidence.Parts)}<p class="quiet under">At constant risk, in fractions of the deposit, after costs; each part traded by itself from flat. A record whose risk follows its balance compounds and differs.</p></div>
            <div><h2>How it was found</h2><dl>{evidence.Facts.Select(f => Markup.Of($"<dt>{f.Name}</dt><dd>{f.Value}</dd>"))}</dl>{Descent(evidence.Descent)}</div>
            </section>
            """)
        : default;

    private static Markup Figures(IReadOnlyList<EvidencePart> parts)
    {
        Markup Row(string name, string meaning, Func<EvidencePart, Markup> cell) => Markup.Of($"<tr><td><abbr title=\"{meaning}\">{name}</abbr></td>{parts.Select(p => Markup.Of($"<td>{cell(p)}</td>"))}</tr>");
        Markup Gain(double value, string text) => Markup.Of($"<span class=\"{Headline.Side(value)}\">{text}</span>");
        IEnumerable<Markup> rows =
        [
            Row("Sharpe", "Mean ÷ standard deviation of daily returns, per year", p => Gain(p.Sharpe, Numbers.Signed(p.Sharpe, 2))),
            Row("Return per year", "Of the deposit, without reinvesting", p => Gain(p.AnnualReturn, Numbers.SignedPercent(p.AnnualReturn))),
            Row("Max drawdown", "Largest fall of marked equity, of the deposit", p => Markup.Of($"{Numbers.SignedPercent(-p.MaxDrawdown)}")),
            Row("Trades", "Positions opened and closed", p => Markup.Of($"{Numbers.Plain(p.Trades, 0)}")),
            Row("Winners", "Share of trades with a net profit", p => Markup.Of($"{Numbers.Percent(p.WinRate)}")),
            Row("Profit factor", "Net profit of winners ÷ net loss of losers", p => Or(p.ProfitFactor, 2, "no losing trade")),
            Row("p", "Probability of such a Sharpe ratio, or a higher one, without any edge; in the data it was made on that says nothing", p => Or(p.P, 4, "not said of this part, or too few trades, or days with a result, to say")),
        ];
        return Markup.Of($"<table class=\"whole\"><thead><tr><th></th>{parts.Select(p => Markup.Of($"<th>{p.Name}</th>"))}</tr></thead><tbody>{rows}</tbody></table>");
    }

    private static Markup Or(double? value, int decimals, string reason) => value is { } number
        ? Markup.Of($"{Numbers.Plain(number, decimals)}")
        : Markup.Of($"<abbr class=\"none\" title=\"{reason}\">–</abbr>");

    private static Markup Descent(IReadOnlyList<EvidenceAncestor> line)
    {
        if (line.Count == 0)
        {
            return default;
        }

        IEnumerable<Markup> rows = line.Select(a => Markup.Of($"<tr><td>{a.Id[..Math.Min(8, a.Id.Length)]}</td><td>{a.Operator}</td><td>{a.Generation}</td><td>{Numbers.Signed(a.Sharpe, 2)}</td></tr>"));
        return Markup.Of($"<h3>What it descends from, at the costs of the search</h3><table class=\"whole\"><thead><tr><th>Candidate</th><th>Bred by</th><th>Generation</th><th><abbr title=\"In sample, per year, at the raised costs of the search: mostly below the figure above\">Sharpe</abbr></th></tr></thead><tbody>{rows}</tbody></table>");
    }
}

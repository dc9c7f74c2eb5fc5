using System.Globalization;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;

namespace Peregrine.App.Reports;

/// <summary>What the figures rest on: costs and assumptions, what is not modelled, and what is needed to get them again.</summary>
internal static class BasisSection
{
    public static Markup Draw(ReportModel model)
    {
        ReportSource source = model.Source;
        Markup assumptions = Markup.Of(source.Assumptions.Concat(Conventions(model)).Select(a => Markup.Of($"<dt>{a.Name}</dt><dd>{a.Value}</dd>")));
        Markup missing = source.NotModelled.Count == 0
            ? default
            : Markup.Of($"<div><h2>Not modelled</h2><ul>{source.NotModelled.Select(line => Markup.Of($"<li>{line}</li>"))}</ul></div>");
        Markup basis = source.Absent is null
            ? Markup.Of($"""
                <section class="two">
                <div><h2>Costs and assumptions</h2><dl>{assumptions}</dl></div>
                {missing}
                </section>
                """)
            : default;
        return Markup.Of($"""
            {basis}
            <footer>{string.Join(" · ", Origin(source))}</footer>
            """);
    }

    private static IEnumerable<Assumption> Conventions(ReportModel model)
    {
        ReturnSeries returns = model.Source.Record.Returns;
        IReadOnlyList<Trade>? trades = model.Source.Record.Trades;
        string periods = returns.PeriodsPerYear.ToString("0.##", CultureInfo.InvariantCulture);
        yield return new("Returns", trades is null ? $"{Numbers.Plain(returns.Count, 0)} as given, {periods} a year" : $"{Numbers.Counted(returns.Count, "day that ends", "days that end")} at 17:00 New York, {periods} a year; days without a bar are left out");
        yield return new("Intervals", "95 %; of the Sharpe ratio after Mertens, widened where returns depend on each other");
        if (trades is { Count: > 0 } && trades.Count(t => t.Ambiguous) is var ambiguous)
        {
            yield return new("Stop and target in one bar", ambiguous == 0 ? "never" : $"in {Numbers.Plain(ambiguous, 0)} of {Numbers.Counted(trades.Count, "trade")}; the stop is taken to be first");
        }
    }

    private static IEnumerable<string> Origin(ReportSource source)
    {
        yield return "Peregrine";
        if (source.DataHash is { } hash)
        {
            yield return $"data {hash}";
        }

        if (source.Seed is { } seed)
        {
            yield return $"seed {seed.ToString(CultureInfo.InvariantCulture)}";
        }
    }
}

using Peregrine.App.Reports;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;

namespace Peregrine.App.CommandLine;

/// <summary>The eight key figures on a terminal, two columns, each with its interval.</summary>
internal static class TerminalFigures
{
    public static void Write(TextWriter text, TrackRecord record, MetricSet metrics)
    {
        IReadOnlyList<KeyFigure> row = KeyFigure.Row(record, metrics);
        for (int i = 0; i < row.Count; i += 2)
        {
            text.WriteLine(("  " + Cell(row[i], record.Currency) + (i + 1 < row.Count ? Cell(row[i + 1], record.Currency) : "")).TrimEnd());
        }

        foreach ((Metric metric, Figure figure) in metrics.All.Where(m => m.Figure.Value is null && row.Any(k => k.Metric == m.Metric)))
        {
            text.WriteLine($"  {metric.Label} has no value: {figure.Reason}.");
        }
    }

    private static string Cell(KeyFigure key, Currency currency)
    {
        string value = key.Figure.Value is { } v ? Plain(Numbers.Of(key.Metric, v, currency)) : "–";
        string interval = key.Interval is { } i ? $"({Plain(Numbers.Of(key.Metric, i, currency))})" : "";
        return $"{key.Metric.Label,-15} {value,10} {interval,-24}";
    }

    // Terminals draw the thin no-break space in different widths.
    private static string Plain(string text) => text.Replace(Numbers.Thin, ' ');
}

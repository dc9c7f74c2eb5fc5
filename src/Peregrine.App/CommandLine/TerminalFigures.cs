using Peregrine.App.Reports;
using Peregrine.Core.Performance;

namespace Peregrine.App.CommandLine;

/// <summary>The eight key figures on a terminal, two columns, each with its interval.</summary>
internal static class TerminalFigures
{
    public static void Write(TextWriter text, TrackRecord record, MetricSet metrics)
    {
        IReadOnlyList<KeyFigure> row = KeyFigure.Row(record, metrics);
        int[] widths = [row.Where((_, i) => i % 2 == 0).Max(Width), row.Where((_, i) => i % 2 == 1).Max(Width)];
        for (int i = 0; i < row.Count; i += 2)
        {
            text.WriteLine(("  " + Cell(row[i], widths[0]) + (i + 1 < row.Count ? Cell(row[i + 1], widths[1]) : "")).TrimEnd());
        }

        foreach ((Metric metric, Figure figure) in metrics.All.Where(m => m.Figure.Value is null && row.Any(k => k.Metric == m.Metric)))
        {
            text.WriteLine($"  {metric.Label} has no value: {figure.Reason}.");
        }

        string Cell(KeyFigure key, int width)
        {
            string value = key.Figure.Value is { } v ? Plain(Numbers.Of(key.Metric, v, record.Currency)) : "–";
            string interval = key.Interval is { } i ? $"({Plain(Numbers.Of(key.Metric, i, record.Currency))})" : "";
            return $"{key.Metric.Label.PadRight(width)} {value,10} {interval,-24}";
        }
    }

    private static int Width(KeyFigure key) => key.Metric.Label.Length;

    // Terminals draw the thin no-break space in different widths.
    private static string Plain(string text) => text.Replace(Numbers.Thin, ' ');
}

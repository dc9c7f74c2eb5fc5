using Peregrine.App.Reports;
using Peregrine.Core.Performance;

namespace Peregrine.App.CommandLine;

/// <summary>A report on a terminal: the eight key figures, each with its interval and, where the record has parts, in sample and whole beside out of sample; and what it amounts to.</summary>
internal static class TerminalFigures
{
    public static void Write(TextWriter text, ReportModel model)
    {
        if (model is { InSample: { } before, OutOfSample: not null })
        {
            InParts(text, model, before);
        }
        else
        {
            InPairs(text, model);
        }

        foreach (KeyFigure key in model.KeyFigures.Where(k => k.Figure.Value is null))
        {
            text.WriteLine($"  {key.Metric.Label} has no value: {key.Figure.Reason}.");
        }
    }

    /// <summary>The verdict, what qualifies it, and what a reader must know besides.</summary>
    public static void WriteVerdict(TextWriter text, ReportModel model)
    {
        text.WriteLine($"  {model.Verdict.Sentence}");
        foreach (string remark in model.Source.Notes.Prepend(model.Verdict.Remark).Where(r => r.Length > 0))
        {
            text.WriteLine($"  {Plain(remark)}");
        }
    }

    private static void InPairs(TextWriter text, ReportModel model)
    {
        IReadOnlyList<KeyFigure> row = model.KeyFigures;
        int[] widths = [row.Where((_, i) => i % 2 == 0).Max(Width), row.Where((_, i) => i % 2 == 1).Max(Width)];
        for (int i = 0; i < row.Count; i += 2)
        {
            text.WriteLine(("  " + Cell(row[i], widths[0]) + (i + 1 < row.Count ? Cell(row[i + 1], widths[1]) : "")).TrimEnd());
        }

        string Cell(KeyFigure key, int width) => $"{key.Metric.Label.PadRight(width)} {Value(model, key.Metric, key.Figure),10} {Interval(model, key),-24}";
    }

    private static void InParts(TextWriter text, ReportModel model, MetricSet before)
    {
        int width = model.KeyFigures.Max(Width);
        text.WriteLine($"  {"".PadRight(width)} {"out of sample",13} {"",-24} {"in sample",10} {"whole",10}");
        foreach (KeyFigure key in model.KeyFigures)
        {
            Metric metric = key.Metric;
            text.WriteLine($"  {metric.Label.PadRight(width)} {Value(model, metric, key.Figure),13} {Interval(model, key),-24} {Value(model, metric, before[metric.Name]),10} {Value(model, metric, model.Whole[metric.Name]),10}");
        }
    }

    private static string Value(ReportModel model, Metric metric, Figure figure) => figure.Value is { } v ? Plain(Numbers.Of(metric, v, model.Source.Record.Currency)) : "–";

    private static string Interval(ReportModel model, KeyFigure key) => key.Interval is { } i ? $"({Plain(Numbers.Of(key.Metric, i, model.Source.Record.Currency))})" : "";

    private static int Width(KeyFigure key) => key.Metric.Label.Length;

    // Terminals draw the thin no-break space in different widths.
    private static string Plain(string text) => text.Replace(Numbers.Thin, ' ');
}

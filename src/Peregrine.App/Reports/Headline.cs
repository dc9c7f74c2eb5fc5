using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>What the eye meets first: what was run, the verdict, and eight figures with what is known of their error.</summary>
internal static class Headline
{
    public static Markup Draw(ReportModel model)
    {
        ReportSource source = model.Source;
        IReadOnlyList<Instant> times = source.Record.Times;
        (string first, string last) = (Numbers.Date(times[0]), Numbers.Date(times[^1]));
        string range = source.Record.Returns.Count == 0 ? "" : first == last ? first : $"{first} – {last}";
        string kind = string.Join(" · ", new[] { source.Kind, source.Market, range }.Where(part => part.Length > 0));
        return Markup.Of($"""
            <header>
            <div class="kind">{kind}</div>
            <h1>{source.Title}</h1>
            <p class="verdict {Tone(model.Verdict.Tone)}">{model.Verdict.Sentence}<small>{model.Verdict.Remark}</small></p>
            {source.Notes.Select(note => Markup.Of($"<p class=\"attention\">{note}</p>"))}
            {(source.Absent is null ? Markup.Of($"<div class=\"tiles\">{model.KeyFigures.Select(figure => Tile(figure, model))}</div>") : default)}
            </header>
            """);
    }

    /// <summary>A figure, or a dash that says why there is none when one points at it.</summary>
    public static Markup Value(Metric metric, Figure figure, Currency currency)
    {
        if (figure.Value is not { } value)
        {
            return Markup.Of($"<abbr class=\"none\" title=\"{figure.Reason}\">–</abbr>");
        }

        string text = Numbers.Of(metric, value, currency);
        return metric.Sense == MetricSense.Gain && value != 0
            ? Markup.Of($"<span class=\"{Side(value)}\">{text}</span>")
            : Markup.Of($"{text}");
    }

    /// <summary>The class that colours a gain or a loss.</summary>
    public static string Side(double amount) => amount > 0 ? "gain" : amount < 0 ? "loss" : "";

    private static Markup Tile(KeyFigure key, ReportModel model)
    {
        Currency currency = model.Source.Record.Currency;
        string note = (key.Figure.Value, key.Interval, key.Second) switch
        {
            (null, _, _) => key.Figure.Reason,
            (_, { } interval, _) => Numbers.Of(key.Metric, interval, currency),
            (_, _, { } second) when key.SecondFigure.Value is { } other => $"{Numbers.Of(second, other, currency)} {Words(second)}",
            _ => "",
        };
        string colour = key.Metric.Sense == MetricSense.Gain ? Side(key.Figure.Value ?? 0) : "";
        Markup shown = key.Figure.Value is { } number ? Markup.Of($"<b class=\"{colour}\">{Numbers.Of(key.Metric, number, currency)}</b>") : Markup.Of($"<b class=\"none\">–</b>");
        Markup inSample = model.OutOfSample is null && model.InSample is not null
            ? Markup.Of($"<span class=\"in\">in sample</span>")
            : model.InSample?[key.Metric.Name].Value is { } before
            ? Markup.Of($"<span class=\"in\">in sample {Numbers.Of(key.Metric, before, currency)}</span>")
            : default;
        return Markup.Of($"<div class=\"tile\"><abbr title=\"{key.Metric.Meaning}\"><span>{key.Metric.Label}</span></abbr>{shown}<span>{note}</span>{inSample}</div>");
    }

    private static string Words(Metric second) => second.Name switch
    {
        "cagr" => "per year",
        "maxDrawdownDays" => "under water",
        "exposure" => "of the time",
        _ => second.Label.ToLowerInvariant(),
    };

    private static string Tone(VerdictTone tone) => tone switch
    {
        VerdictTone.Good => "good",
        VerdictTone.Bad => "bad",
        VerdictTone.Open => "open",
    };
}

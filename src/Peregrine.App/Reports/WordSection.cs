using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>What was said while it ran, by the operator and by the engine.</summary>
internal static class WordSection
{
    private const int Most = 60;

    public static Markup Draw(ReportSource source)
    {
        if (source.Words.Count == 0)
        {
            return default;
        }

        IEnumerable<Markup> rows = source.Words.Take(Most).Select(w => Markup.Of($"<tr><td>{Numbers.DateAndTime(w.Time)}</td><td>{w.By}</td><td>{w.Said}</td></tr>"));
        Markup rest = source.Words.Count > Most ? Markup.Of($"<p class=\"quiet under\">And {Numbers.Plain(source.Words.Count - Most, 0)} more.</p>") : default;
        return Markup.Of($"<section><h2>What was said</h2><table class=\"said\"><tbody>{rows}</tbody></table>{rest}</section>");
    }
}

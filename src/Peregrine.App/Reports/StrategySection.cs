using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>The strategy as it was written and in plain English.</summary>
internal static class StrategySection
{
    public static Markup Draw(ReportSource source) => (source.StrategyText, source.StrategyInWords.Count) switch
    {
        (null, 0) => default,
        (null, _) => Markup.Of($"<section>{Words(source)}</section>"),
        (_, 0) => Markup.Of($"<section><h2>The strategy</h2><pre>{source.StrategyText}</pre></section>"),
        _ => Markup.Of($"<section class=\"two\"><div>{Words(source)}</div><div><h2>As it is written</h2><pre>{source.StrategyText}</pre></div></section>"),
    };

    private static Markup Words(ReportSource source) =>
        Markup.Of($"<h2>The strategy in words</h2><ol>{source.StrategyInWords.Select(sentence => Markup.Of($"<li>{sentence}</li>"))}</ol>");
}

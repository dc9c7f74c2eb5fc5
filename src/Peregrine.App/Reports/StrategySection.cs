using Peregrine.Core.Performance;

namespace Peregrine.App.Reports;

/// <summary>The strategy as it was written and in plain English.</summary>
internal static class StrategySection
{
    public static Markup Draw(ReportSource source) => source.StrategyText is null && source.StrategyInWords.Count == 0
        ? default
        : Markup.Of($"""
            <section class="two">
            <div><h2>The strategy in words</h2><ol>{source.StrategyInWords.Select(sentence => Markup.Of($"<li>{sentence}</li>"))}</ol></div>
            <div><h2>As it is written</h2><pre>{source.StrategyText}</pre></div>
            </section>
            """);
}

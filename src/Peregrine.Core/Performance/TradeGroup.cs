using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>Trades that have something in common: how many, the share that won (null without trades), their net profit, and mean R (null when a trade had no stop).</summary>
public sealed record TradeGroup<TKey>(TKey Key, int Count, double? WinRate, decimal Net, double? MeanR);

/// <summary>Groups trades.</summary>
public static class TradeGroup
{
    public static TradeGroup<TKey> Of<TKey>(TKey key, IReadOnlyList<Trade> trades) => new(
        key,
        trades.Count,
        trades.Count == 0 ? null : trades.Average(t => t.Net.Amount > 0 ? 1.0 : 0.0),
        trades.Sum(t => t.Net.Amount),
        TradeFigures.AllR(trades) is { Length: > 0 } r ? r.Average() : null);

    /// <summary>One group per exit reason that occurs, the most frequent first.</summary>
    public static IReadOnlyList<TradeGroup<ExitReason>> ByExit(IReadOnlyList<Trade> trades) =>
        [.. trades.GroupBy(t => t.ExitReason).Select(g => Of(g.Key, [.. g])).OrderByDescending(g => g.Count).ThenBy(g => g.Key)];

    /// <summary>One group per strategy, in the order given, those without a trade included.</summary>
    public static IReadOnlyList<TradeGroup<ReportedStrategy>> ByStrategy(IReadOnlyList<ReportedStrategy> strategies, IReadOnlyList<Trade> trades) =>
        [.. strategies.Select(s => Of(s, [.. trades.Where(t => string.Equals(t.Strategy, s.Id, StringComparison.Ordinal))]))];
}

using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>The trades that ended for one reason: how many, the share that won, their net profit and mean R (null when a trade had no stop).</summary>
public sealed record ExitGroup(ExitReason Reason, int Count, double WinRate, decimal Net, double? MeanR)
{
    /// <summary>One group per reason that occurs, the most frequent first.</summary>
    public static IReadOnlyList<ExitGroup> Of(IReadOnlyList<Trade> trades) =>
    [
        .. trades.GroupBy(t => t.ExitReason)
            .Select(g => new ExitGroup(
                g.Key,
                g.Count(),
                g.Average(t => t.Net.Amount > 0 ? 1.0 : 0.0),
                g.Sum(t => t.Net.Amount),
                TradeFigures.AllR([.. g]) is { } r ? r.Average() : null))
            .OrderByDescending(g => g.Count)
            .ThenBy(g => g.Reason),
    ];
}

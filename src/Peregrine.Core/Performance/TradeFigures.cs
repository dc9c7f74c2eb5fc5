using Peregrine.Core.Numerics;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>What the trades say one by one. A trade wins when its net profit, after all costs, is above zero.</summary>
public static class TradeFigures
{
    /// <summary>The reason for every figure that needs trades where there are only returns.</summary>
    public const string NotGiven = "only returns are known, not trades";
    internal const string None = "no trades";

    public static Figure Count(TrackRecord record) => record.Trades is { } trades ? trades.Count : Figure.Undefined(NotGiven);

    public static Figure WinRate(TrackRecord record) => With(record, trades => (double)trades.Count(IsWin) / trades.Count);

    /// <summary>Σ wins ÷ |Σ losses|, net.</summary>
    public static Figure ProfitFactor(TrackRecord record) => With(record, trades =>
    {
        (decimal won, decimal lost) = WonAndLost(trades);
        return lost == 0 ? Figure.Undefined("no losing trade") : (double)(won / lost);
    });

    /// <summary>Average win ÷ average loss.</summary>
    public static Figure Payoff(TrackRecord record) => With(record, trades =>
    {
        (decimal won, decimal lost) = WonAndLost(trades);
        int wins = trades.Count(IsWin), losses = trades.Count(t => t.Net.Amount < 0);
        return (wins, losses) switch
        {
            (_, 0) => Figure.Undefined("no losing trade"),
            (0, _) => Figure.Undefined("no winning trade"),
            _ => (double)(won / wins / (lost / losses)),
        };
    });

    /// <summary>Mean R.</summary>
    public static Figure Expectancy(TrackRecord record) => WithR(record, r => Moments.Mean(r));

    /// <summary>√min(N, 100) × mean R ÷ standard deviation of R (n − 1). Van Tharp's system quality number.</summary>
    public static Figure Sqn(TrackRecord record) => WithR(record, r => Sharpe.PerPeriod(r) is { } ratio
        ? ratio * Math.Sqrt(Math.Min(r.Length, 100))
        : Figure.Undefined(r.Length < 2 ? "fewer than two trades" : "all trades have the same R"));

    public static Figure AverageBars(TrackRecord record) => With(record, trades => trades.Average(t => (double)t.Bars));

    /// <summary>The R of every trade, in order of the list; null when one of them had no initial risk.</summary>
    internal static double[]? AllR(IReadOnlyList<Trade> trades) =>
        trades.All(t => t.R is not null) ? [.. trades.Select(t => t.R!.Value)] : null;

    private static bool IsWin(Trade trade) => trade.Net.Amount > 0;

    private static (decimal Won, decimal Lost) WonAndLost(IReadOnlyList<Trade> trades) =>
        (trades.Sum(t => Math.Max(t.Net.Amount, 0)), trades.Sum(t => Math.Max(-t.Net.Amount, 0)));

    private static Figure With(TrackRecord record, Func<IReadOnlyList<Trade>, Figure> measure) => record.Trades switch
    {
        null => Figure.Undefined(NotGiven),
        { Count: 0 } => Figure.Undefined(None),
        { } trades => measure(trades),
    };

    private static Figure WithR(TrackRecord record, Func<double[], Figure> measure) => With(record, trades => AllR(trades) is { } r
        ? measure(r)
        : Figure.Undefined("a trade had no stop, so its risk is not known"));
}

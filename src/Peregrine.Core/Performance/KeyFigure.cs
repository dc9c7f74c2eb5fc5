namespace Peregrine.Core.Performance;

/// <summary>One of the eight figures at the head of a report: a metric, its 95 % interval where a formula gives one, and a second metric that explains it.</summary>
public sealed record KeyFigure(Metric Metric, Figure Figure, Interval? Interval, Metric? Second, Figure SecondFigure)
{
    /// <summary>The intervals rest on large samples; below this many values they mean nothing and are not given. The one of a share does not, and is.</summary>
    private const int Fewest = 30;

    /// <summary>Eight figures of a record: of its returns and its trades, or of its returns alone.</summary>
    public static IReadOnlyList<KeyFigure> Row(TrackRecord record, MetricSet metrics)
    {
        KeyFigure Of(string name, Interval? interval = null, string? second = null) => new(
            Metrics.Named(name), metrics[name], metrics[name].Value is null ? null : interval, second is null ? null : Metrics.Named(second), second is null ? default : metrics[second]);

        Interval? sharpe = metrics["sharpeLow"].Value is { } low && metrics["sharpeHigh"].Value is { } high ? new Interval(low, high) : null;
        Interval? deviation = record.Returns.Count >= Fewest && metrics["volatility"].Value is { } volatility && metrics["kurtosis"].Value is { } kurtosis
            ? Performance.Interval.Deviation(volatility, kurtosis, record.Returns.Count)
            : null;
        KeyFigure[] returns =
        [
            Of("totalReturn", second: "cagr"),
            Of("sharpe", sharpe),
            Of("maxDrawdown", second: "maxDrawdownDays"),
            Of("volatility", deviation),
        ];
        return record.Trades is { } trades
            ? [.. returns, Of("trades", second: "exposure"), Of("winRate", Winners(metrics), null), Of("profitFactor", Factor(trades)), Of("expectancy", Expected(trades))]
            : [.. returns, Of("sortino"), Of("calmar"), Of("cvar95", second: "var95"), Of("psr")];
    }

    private static Interval? Winners(MetricSet metrics) => metrics["winRate"].Value is { } share
        ? Performance.Interval.Share(share, (int)metrics["trades"].Value!.Value)
        : null;

    private static Interval? Factor(IReadOnlyList<Portfolio.Trade> trades) => trades.Count < Fewest ? null : Performance.Interval.ProfitFactor(trades);

    private static Interval? Expected(IReadOnlyList<Portfolio.Trade> trades) => TradeFigures.AllR(trades) is { } r && r.Length >= Fewest ? Performance.Interval.Mean(r) : null;
}

using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>
/// What every metric is measured on: daily returns, the marks of wealth between them, and the trades (null when only returns are known).
/// </summary>
public sealed class TrackRecord
{
    private TrackRecord(ReturnSeries returns, IReadOnlyList<Instant> times, double[] wealth, IReadOnlyList<Trade>? trades)
    {
        (Returns, Times, Wealth, Trades) = (returns, times, wealth, trades);
        Drawdown = Drawdown.Of(times, wealth);
    }

    public ReturnSeries Returns { get; }

    /// <summary>Instants of <see cref="Wealth"/>: every mark of the equity curve, or the end of every return.</summary>
    public IReadOnlyList<Instant> Times { get; }

    /// <summary>Equity in account currency, or the growth of 1 where only returns are known; the first is before any return.</summary>
    public double[] Wealth { get; }

    public IReadOnlyList<Trade>? Trades { get; }

    public Drawdown Drawdown { get; }

    /// <summary>An account's record: returns are daily, drawdown is measured at every mark.</summary>
    public static TrackRecord Of(EquityCurve curve, IReadOnlyList<Trade> trades)
    {
        var times = new Instant[curve.Points.Count];
        var wealth = new double[times.Length];
        for (int i = 0; i < times.Length; i++)
        {
            (times[i], wealth[i]) = (curve.Points[i].Time, (double)curve.Points[i].Equity);
        }

        return new TrackRecord(ReturnSeries.Daily(curve), times, wealth, trades);
    }

    /// <summary>A record of returns alone. Each period ends at midnight UTC of its date; the first is taken to be as long as the median one.</summary>
    public static TrackRecord Of(ReturnSeries returns)
    {
        var times = new Instant[returns.Count + 1];
        var wealth = new double[times.Length];
        wealth[0] = 1;
        for (int i = 0; i < returns.Count; i++)
        {
            times[i + 1] = Midnight(returns.Dates[i]);
            wealth[i + 1] = wealth[i] * (1 + returns.Values[i]);
        }

        times[0] = returns.Count == 0 ? default : Midnight(returns.Dates[0].AddDays(-MedianGapDays(returns.Dates)));
        return new TrackRecord(returns, times, wealth, null);
    }

    /// <summary>Wealth at the last mark at or before an instant; the first mark's before all of them.</summary>
    public double WealthAt(Instant time)
    {
        (int low, int high) = (0, Times.Count);
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = Times[middle] <= time ? (middle, high) : (low, middle);
        }

        return Wealth[low];
    }

    /// <summary>The middle one of the gaps between dates, in days; 1 when there are fewer than two dates.</summary>
    public static int MedianGapDays(IReadOnlyList<DateOnly> dates)
    {
        if (dates.Count < 2)
        {
            return 1;
        }

        var gaps = new int[dates.Count - 1];
        for (int i = 0; i < gaps.Length; i++)
        {
            gaps[i] = dates[i + 1].DayNumber - dates[i].DayNumber;
        }

        Array.Sort(gaps);
        return gaps[gaps.Length / 2];
    }

    private static Instant Midnight(DateOnly date) => Instant.FromUtc(date.Year, date.Month, date.Day);
}

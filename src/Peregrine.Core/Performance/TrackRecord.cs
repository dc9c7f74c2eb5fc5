using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Core.Performance;

/// <summary>
/// What every metric is measured on: daily returns, the marks of wealth between them, and the trades (null when only returns are known).
/// </summary>
public sealed class TrackRecord
{
    private readonly EquityCurve? curve;

    private TrackRecord(ReturnSeries returns, IReadOnlyList<Instant> times, double[] wealth, EquityCurve? curve, IReadOnlyList<Trade>? trades)
    {
        this.curve = curve;
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

        return new TrackRecord(ReturnSeries.Daily(curve), times, wealth, curve, trades);
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
        return new TrackRecord(returns, times, wealth, null, null);
    }

    /// <summary>The account's currency; "no currency" where only returns are known.</summary>
    public Currency Currency => curve?.Currency ?? default;

    /// <summary>
    /// The record up to and including <paramref name="split"/> and the record after it; a trade belongs to the part in which it was entered.
    /// Null when the instant does not lie strictly inside the record.
    /// </summary>
    public (TrackRecord Before, TrackRecord After)? SplitAt(Instant split)
    {
        if (split < Times[0] || split >= Times[^1])
        {
            return null;
        }

        int last = IndexAt(split);
        if (curve is null)
        {
            return (Of(Returns.Slice(0, last)), Of(Returns.Slice(last, Returns.Count - last)));
        }

        EquityPoint[] points = [.. curve.Points];
        if (points[last].Equity <= 0)
        {
            return null;
        }

        return (
            Of(new EquityCurve(curve.Currency, points[..(last + 1)]), [.. Trades!.Where(t => t.EntryTime <= split)]),
            Of(new EquityCurve(curve.Currency, points[last..]), [.. Trades!.Where(t => t.EntryTime > split)]));
    }

    /// <summary>Wealth at the last mark at or before an instant; the first mark's before all of them.</summary>
    public double WealthAt(Instant time) => Wealth[IndexAt(time)];

    private int IndexAt(Instant time)
    {
        (int low, int high) = (0, Times.Count);
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = Times[middle] <= time ? (middle, high) : (low, middle);
        }

        return low;
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

using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Lab.Validation;

/// <summary>
/// How a project's bars are divided, in time order: in-sample, on which strategies are evolved; a gap; out-of-sample, which the search never sees; and, beyond the bars given here,
/// the lockbox, which stays shut. Ranges are of decision bars.
/// </summary>
public sealed record DataSplit(Range InSample, Range OutOfSample)
{
    /// <summary>Share of a project's time that goes into the lockbox.</summary>
    public const double LockboxShare = 0.15;

    private const double InSampleShare = 0.60, GapShare = 0.01;

    /// <summary>The fewest bars that can be divided: fewer leave nothing to evolve on.</summary>
    public const int LeastBars = 2_000;

    /// <summary>The fewest bars before a lockbox to judge a strategy on that nothing was evolved for: about a year of days.</summary>
    public const int LeastJudged = 250;

    /// <summary>Divides the bars before the lockbox: three fifths in-sample, a hundredth as gap, the rest out-of-sample.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer bars than <see cref="LeastBars"/>.</exception>
    public static DataSplit Of(int bars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bars, LeastBars);
        int end = (int)(bars * InSampleShare);
        return new DataSplit(..end, (end + (int)Math.Ceiling(bars * GapShare))..bars);
    }

    /// <summary>Where the lockbox of these bars begins: at the start of the FX day in which the last <see cref="LockboxShare"/> of the time begins.</summary>
    /// <exception cref="ArgumentException">There are no bars.</exception>
    public static Instant LockboxStart(BarSeries bars)
    {
        if (bars.Count == 0)
        {
            throw new ArgumentException("There are no bars to divide.", nameof(bars));
        }

        long first = bars.Time[0], last = bars.Time[^1];
        return TradingWeek.FxDayStart(new Instant(last - (long)((last - first) * LockboxShare)));
    }
}

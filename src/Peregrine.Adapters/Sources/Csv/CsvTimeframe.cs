using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources.Csv;

/// <summary>The timeframe of bars that do not name theirs: the one as long as the shortest step between them, if they stand on its grid.</summary>
internal static class CsvTimeframe
{
    /// <exception cref="RefusedFile">No timeframe fits.</exception>
    public static (Timeframe Timeframe, string Anchor) Find(List<TwoSidedBar> rows)
    {
        long[] times = [.. rows.Select(r => r.Bid.Time.Nanoseconds).Distinct().Order()];
        long shortest = long.MaxValue;
        for (int i = 1; i < times.Length; i++)
        {
            shortest = Math.Min(shortest, times[i] - times[i - 1]);
        }

        foreach (Timeframe timeframe in Timeframes.All)
        {
            if (timeframe.Length() is { } length && length.Nanoseconds == shortest)
            {
                return (timeframe, "");
            }
        }

        bool daily = shortest >= Duration.FromHours(23).Nanoseconds && shortest <= Duration.FromHours(25).Nanoseconds;
        return daily ? Placed(Timeframe.D1, rows) : throw new RefusedFile("the steps between its bars are those of no timeframe: give it with --timeframe");
    }

    /// <summary>Daily bars may also stand at 00:00 UTC; then they are kept apart from FX days.</summary>
    public static (Timeframe Timeframe, string Anchor) Placed(Timeframe timeframe, List<TwoSidedBar> rows)
    {
        bool utcDays = timeframe == Timeframe.D1 && rows.All(r => r.Bid.Time.Floor(Duration.FromDays(1)) == r.Bid.Time);
        return (timeframe, utcDays ? "utc" : "");
    }
}

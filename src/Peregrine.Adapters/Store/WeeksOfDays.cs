using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Store;

/// <summary>
/// Weeks of daily bars that begin at an hour of UTC. Between Friday's and Sunday's 17:00 New York nothing is traded, so whole days make whole FX weeks wherever the days begin:
/// a day belongs to the week in which it ends.
/// </summary>
public static class WeeksOfDays
{
    /// <summary>The finished weeks that lie wholly in [from, to).</summary>
    public static BarSeries Build(BarSeries days, Instant from, Instant to)
    {
        var weeks = new List<Bar>();
        for (int i = 0; i < days.Count; i++)
        {
            Bar day = days[i];
            Instant start = TradingWeek.WeekStart(End(day) - new Duration(1));
            if (weeks.Count > 0 && weeks[^1].Time == start)
            {
                Bar week = weeks[^1];
                weeks[^1] = week with
                {
                    High = day.High > week.High ? day.High : week.High,
                    Low = day.Low < week.Low ? day.Low : week.Low,
                    Close = day.Close,
                    Volume = week.Volume + day.Volume,
                };
            }
            else
            {
                weeks.Add(day with { Time = start });
            }
        }

        Instant known = days.Count == 0 ? from : End(days[days.Count - 1]);
        return BarSeries.FromBars(days.Symbol, Timeframe.W1, days.Side, [.. weeks.Where(w => w.Time >= from && TradingWeek.NextClose(w.Time) <= known && TradingWeek.NextOpen(w.Time) <= to)]);
    }

    private static Instant End(Bar day) => day.Time + Duration.FromDays(1);
}

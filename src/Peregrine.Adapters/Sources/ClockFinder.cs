using Peregrine.Core;
using Peregrine.Core.Market;

namespace Peregrine.Adapters.Sources;

/// <summary>
/// Finds the clock of a file from the file itself: the FX week opens and closes at 17:00 New York (metals reopen an hour later), so the right clock
/// puts the bars around each weekend there, summer and winter and in the weeks between the American and the European change.
/// </summary>
internal static class ClockFinder
{
    private const long WeekendSeconds = 24 * 3600, ToleranceSeconds = 5 * 60, MetalsLateSeconds = 3600;
    private const double NeededShare = 0.8;

    /// <summary>The clock and, in words, what speaks for it.</summary>
    /// <exception cref="RefusedFile">No candidate, or more than one, fits.</exception>
    public static (SourceClock Clock, string Evidence) Find(ReadOnlySpan<long> stamps, ReadOnlySpan<SourceClock> candidates)
    {
        List<(long Last, long First)> weekends = Weekends(stamps);
        (SourceClock? best, Votes most, bool tied) = (null, default, false);
        foreach (SourceClock clock in candidates)
        {
            Votes votes = Count(weekends, clock);
            if (best is null || votes.Sum > most.Sum)
            {
                (best, most, tied) = (clock, votes, false);
            }
            else if (votes.Sum == most.Sum && !SameInstants(stamps, best, clock))
            {
                tied = true;
            }
        }

        bool convincing = best is not null && !tied && most.Sum > 0 && most.Sum >= NeededShare * 2 * weekends.Count;
        return convincing
            ? (best!, $"{best!.Name}: {most.Opens} of {weekends.Count} week opens and {most.Closes} of {weekends.Count} closes stand at New York's")
            : throw new RefusedFile($"its {weekends.Count} weekends do not show by which clock its times were written: say so with --zone");
    }

    private readonly record struct Votes(int Opens, int Closes)
    {
        public int Sum => Opens + Closes;
    }

    private static List<(long Last, long First)> Weekends(ReadOnlySpan<long> stamps)
    {
        var weekends = new List<(long, long)>();
        for (int i = 1; i < stamps.Length; i++)
        {
            if (stamps[i] - stamps[i - 1] > WeekendSeconds)
            {
                weekends.Add((stamps[i - 1], stamps[i]));
            }
        }

        return weekends;
    }

    private static Votes Count(List<(long Last, long First)> weekends, SourceClock clock)
    {
        (int onTime, int hourLate, int closes) = (0, 0, 0);
        foreach ((long last, long first) in weekends)
        {
            if (clock.Instants(first, out long open, out _) > 0)
            {
                long delay = open - TradingWeek.WeekStart(Instant.FromUnixSeconds(open)).UnixSeconds;
                onTime += delay <= ToleranceSeconds ? 1 : 0;
                hourLate += delay is >= MetalsLateSeconds and <= MetalsLateSeconds + ToleranceSeconds ? 1 : 0;
            }

            if (clock.Instants(last, out long close, out _) > 0)
            {
                long early = TradingWeek.NextClose(Instant.FromUnixSeconds(close)).UnixSeconds - close;
                closes += early <= ToleranceSeconds ? 1 : 0;
            }
        }

        return new Votes(Math.Max(onTime, hourLate), closes);
    }

    private static bool SameInstants(ReadOnlySpan<long> stamps, SourceClock one, SourceClock other)
    {
        StampReader a = new(one), b = new(other);
        foreach (long stamp in stamps)
        {
            if (a.Read(stamp) != b.Read(stamp))
            {
                return false;
            }
        }

        return true;
    }
}

using Peregrine.Core;

namespace Peregrine.Venue;

/// <summary>Replays prices by the clock, so many times as fast as they came.</summary>
/// <param name="venue">What it moves.</param>
/// <param name="prices">In the order of time; disposed of with it.</param>
/// <param name="speed">How many times as fast.</param>
/// <param name="clock">Real time; it begins to count with the first call.</param>
public sealed class Pacer(Exchange venue, IEnumerator<SymbolPrice> prices, double speed, TimeProvider clock) : IDisposable
{
    private readonly Instant origin = venue.Now;
    private long? began;
    private bool isRead, isThere;

    /// <summary>Lets happen what is due by now. Returns how long nothing will be; zero once the prices have ended and everyone has been told.</summary>
    public Duration? Run()
    {
        began ??= clock.GetTimestamp();
        Instant now = origin + new Duration((long)(clock.GetElapsedTime(began.Value).TotalSeconds * speed * Duration.NanosecondsPerSecond));
        while (true)
        {
            isThere = isRead ? isThere : prices.MoveNext();
            isRead = true;
            if (!isThere)
            {
                venue.End();
                return Duration.Zero;
            }

            Instant due = venue.NextDue is { } at && at < prices.Current.Quote.Time ? at : prices.Current.Quote.Time;
            if (due > now)
            {
                return new Duration(Math.Max(1, (long)((due - now).Nanoseconds / speed)));
            }

            if (due < prices.Current.Quote.Time)
            {
                venue.Advance(due);
            }
            else
            {
                isRead = false;
                venue.OnQuote(prices.Current.Symbol, prices.Current.Quote);
            }
        }
    }

    public void Dispose() => prices.Dispose();
}

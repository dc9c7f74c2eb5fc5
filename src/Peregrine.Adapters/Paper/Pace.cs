using Peregrine.Core;

namespace Peregrine.Adapters.Paper;

/// <summary>How simulated time follows real time: <paramref name="speed"/> times as fast, or null for as fast as the work allows.</summary>
public sealed class Pace(double? speed, TimeProvider clock)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private Instant origin;
    private long? began;

    public TimeProvider Clock => clock;

    /// <summary>Waits until simulated time has come to <paramref name="at"/>; the first call sets the clock to <paramref name="now"/>.</summary>
    public async ValueTask Reach(Instant at, Instant now, CancellationToken interrupt)
    {
        if (speed is not { } factor)
        {
            return;
        }

        Begin(now);
        var due = TimeSpan.FromSeconds((at - origin).TotalSeconds / factor);
        TimeSpan wait = due - clock.GetElapsedTime(began!.Value);
        if (wait >= Shortest)
        {
            await Task.Delay(wait, clock, interrupt);
        }
    }

    /// <summary>Simulated time, which is <paramref name="latest"/> when there is no pace.</summary>
    public Instant Now(Instant latest) =>
        speed is { } factor && began is { } start ? origin + new Duration((long)(clock.GetElapsedTime(start).TotalSeconds * factor * Duration.NanosecondsPerSecond)) : latest;

    private void Begin(Instant now)
    {
        if (began is null)
        {
            (origin, began) = (now, clock.GetTimestamp());
        }
    }
}

using Peregrine.Core;

namespace Peregrine.Adapters.CTrader.Connection;

/// <summary>
/// When the next request may leave: no more than fifty in a second, and five of those that ask for history, which have a limit of their own. Where the server says that it was too much all the same, nothing of that kind leaves
/// until it allows it again, and longer each time that it says so anew: beside the second it counts history over minutes, and who tries again each second is never let in.
/// </summary>
public sealed class RequestPacing
{
    public const int PerSecond = 50, HistoryPerSecond = 5;

    /// <summary>A second of the server's, with a tenth of it for requests that arrive closer together than they left.</summary>
    private static readonly Duration Window = Duration.FromMilliseconds(1_100);

    private static readonly Duration Shortest = Duration.FromSeconds(1), Longest = Duration.FromMinutes(5), Most = Duration.FromHours(1);

    private readonly Lane orders = new(PerSecond), history = new(HistoryPerSecond);

    /// <summary>How long a request has to wait from now on; zero where it may leave.</summary>
    public Duration Wait(Instant now, bool isHistory) => Of(isHistory).Wait(now);

    /// <summary>A request left. Requests leave in the order of time.</summary>
    public void Left(Instant now, bool isHistory) => Of(isHistory).Left(now);

    /// <summary>The server refused a request because there were too many.</summary>
    /// <param name="now">When that was heard.</param>
    /// <param name="isHistory">Which kind it was of.</param>
    /// <param name="retryAfter">How long it says to wait, of which an hour is believed; null where it does not.</param>
    public void Refused(Instant now, bool isHistory, Duration? retryAfter) => Of(isHistory).Refused(now, retryAfter);

    /// <summary>The server answered a request: what it refuses after this is a new beginning.</summary>
    public void Answered(bool isHistory) => Of(isHistory).Answered();

    private Lane Of(bool isHistory) => isHistory ? history : orders;

    /// <summary>One limit: when the last so many left, and until when the server wants nothing.</summary>
    private sealed class Lane(int most)
    {
        private readonly Instant?[] left = new Instant?[most];
        private int next, refusals;
        private Instant? until;

        public Duration Wait(Instant now)
        {
            Instant free = left[next] is { } oldest ? oldest + Window : now;
            Instant at = until is { } blocked && blocked > free ? blocked : free;
            return at > now ? at - now : default;
        }

        public void Left(Instant now)
        {
            left[next] = now;
            next = (next + 1) % most;
        }

        public void Refused(Instant now, Duration? retryAfter)
        {
            // Several that were on their way are refused together: that is one refusal.
            if (until > now)
            {
                return;
            }

            Duration asked = retryAfter is { } said && said > Shortest ? said < Most ? said : Most : Shortest;
            Duration longer = asked * (1 << Math.Min(refusals, 12));
            until = now + (asked > Longest ? asked : longer > Longest ? Longest : longer);
            refusals++;
        }

        public void Answered() => refusals = 0;
    }
}

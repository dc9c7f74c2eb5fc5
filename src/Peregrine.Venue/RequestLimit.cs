using Peregrine.Core;

namespace Peregrine.Venue;

/// <summary>So many requests in any second of real time, and no more.</summary>
internal sealed class RequestLimit(int most)
{
    private static readonly Duration Window = Duration.FromSeconds(1);

    private readonly Instant?[] taken = new Instant?[most];
    private int next;

    /// <summary>True where one more may be taken, which it then is.</summary>
    public bool Takes(Instant at)
    {
        if (taken[next] is { } oldest && at - oldest < Window)
        {
            return false;
        }

        taken[next] = at;
        next = (next + 1) % most;
        return true;
    }
}

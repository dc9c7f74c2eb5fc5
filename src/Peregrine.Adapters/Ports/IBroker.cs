using Peregrine.Core;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.Ports;

/// <summary>
/// A broker as the trading loop sees it: the loop pulls what happens and sends what it wants done, one call at a time. A simulated broker is therefore
/// deterministic, and a real one puts what its connection hears into a bounded channel and serves it from there. A connection that is lost or restored is an
/// event like any other; the first event after a start is <see cref="ConnectionChanged"/>.
/// </summary>
public interface IBroker : IAsyncDisposable
{
    /// <summary>The broker's clock, simulated or real; never behind the last event.</summary>
    Instant Now { get; }

    /// <summary>
    /// The next thing that happens: a quote, a broker's event, or a clock event at <paramref name="due"/> when that comes first; null when the feed has ended.
    /// </summary>
    /// <exception cref="OperationCanceledException">Interrupted while waiting: nothing was taken, the next call goes on.</exception>
    ValueTask<Event?> Next(Instant? due, CancellationToken interrupt);

    /// <summary>Hands a command over. What became of it arrives as an event; a command whose answer does not come is unknown and is never handed over again.</summary>
    ValueTask Send(Command command, CancellationToken stop);
}

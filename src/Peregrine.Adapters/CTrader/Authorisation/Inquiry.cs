using Google.Protobuf;
using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Core;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>Asks one thing after another on a connection that nothing else is said on.</summary>
internal sealed class Inquiry(IWire wire, TimeProvider clock)
{
    private readonly Conversation talk = new(At(clock));
    private Task<Received?>? arriving;

    /// <summary>Sends a request when it may leave, and waits for what becomes of it.</summary>
    /// <exception cref="IOException">The connection is lost.</exception>
    /// <exception cref="Wire.WireFault">What came cannot be understood.</exception>
    public async Task<Said> Ask(IMessage request, CancellationToken stop)
    {
        long number = talk.Ask(At(clock), request);
        arriving ??= wire.Receive(stop).AsTask();
        while (true)
        {
            while (talk.Next(At(clock)) is { } next)
            {
                await wire.Send(next.Message, next.ClientMsgId, stop).ConfigureAwait(false);
            }

            Instant now = At(clock);
            await Task.WhenAny(arriving, Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, (talk.Due(now) - now).TotalSeconds * 1_000)), clock, stop)).ConfigureAwait(false);
            stop.ThrowIfCancellationRequested();
            IReadOnlyList<Said> said;
            if (arriving.IsCompleted)
            {
                Received? received = await arriving.ConfigureAwait(false);
                said = received is null ? talk.End("the server ended the connection") : talk.Take(At(clock), received);
                arriving = received is null ? arriving : wire.Receive(stop).AsTask();
            }
            else
            {
                said = talk.Elapse(At(clock));
            }

            if (said.FirstOrDefault(s => Number(s) == number) is { } outcome)
            {
                return outcome;
            }
        }
    }

    private static long? Number(Said said) => said switch
    {
        Said.Answered a => a.Request,
        Said.Refused r => r.Request,
        Said.Unknown u => u.Request,
        Said.NeverLeft n => n.Request,
        _ => null,
    };

    private static Instant At(TimeProvider clock) => Instant.FromUnixMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}

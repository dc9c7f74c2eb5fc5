using System.Threading.Channels;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Adapters.Ports;
using Peregrine.Core;
using Peregrine.Core.Trading;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>What a broker over connections needs: how to make one, how to come by a token where the old one is refused, and the clock.</summary>
public sealed record Access(Func<CancellationToken, ValueTask<IWire>> Dial, Func<CancellationToken, ValueTask<string>> Renew, TimeProvider Clock)
{
    /// <summary>Told why a connection was lost or could not be made.</summary>
    public Action<string>? Note { get; init; }
}

/// <summary>
/// An account at a cTrader server as the trading loop sees it. One task owns the session and the connection; what happens waits in a bounded channel, and where the loop is slower than the market the connection waits with it, until
/// the server cuts it off: nothing is dropped in silence. A message goes from the socket through session and loop on the thread that received it, because handing it from thread to thread costs more than all that is done about it.
/// </summary>
public sealed class CTraderBroker : IBroker
{
    private const int MostWaiting = 65_536, MostIncoming = 4_096;

    /// <summary>A price of before the end of a bar may come a little after it: so long is waited until the clock closes it.</summary>
    private static readonly Duration Grace = Duration.FromMilliseconds(250);

    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(10), Idle = TimeSpan.FromSeconds(1);

    private readonly AccountSession session;
    private readonly SessionTerms terms;
    private readonly Access access;
    private readonly Channel<Event> told = Channel.CreateBounded<Event>(new BoundedChannelOptions(MostWaiting) { SingleReader = true, SingleWriter = true, AllowSynchronousContinuations = true });
    private readonly Channel<Incoming> incoming = Channel.CreateBounded<Incoming>(new BoundedChannelOptions(MostIncoming) { SingleReader = true, AllowSynchronousContinuations = true });
    private readonly CancellationTokenSource end = new();
    private readonly Task running;
    private Instant reached;
    private bool isAsked, hasBegun, isTelling;
    private int connection;
    private bool isDisposed;
    private TaskCompletionSource? handing;

    public CTraderBroker(SessionTerms terms, string token, Access access, Rng rng)
    {
        (this.terms, this.access, reached) = (terms, access, terms.Reached ?? Instant.MinValue);
        session = new AccountSession(terms, rng, Wall) { AccessToken = token };
        running = Watched(Run(end.Token));
    }

    public Instant Now => terms.FollowsServer || reached > Wall ? reached : Wall;

    private Instant Wall => Instant.FromDateTime(access.Clock.GetUtcNow().UtcDateTime);

    /// <exception cref="KnownFailure">The session cannot go on: what the server refuses, or what differs from what was tested.</exception>
    public async ValueTask<Event?> Next(Instant? due, CancellationToken interrupt)
    {
        while (true)
        {
            if (told.Reader.TryPeek(out Event next))
            {
                // What was due before a start waits until it is told what was missed.
                if (hasBegun && next.Kind != EventKind.Clock && due <= next.Time)
                {
                    return At(due.Value);
                }

                told.Reader.TryRead(out _);
                hasBegun = true;
                reached = next.Time > reached ? next.Time : reached;
                if (next.Kind != EventKind.Clock)
                {
                    isAsked &= next.Body is not (ConnectionChanged or Reconciled);
                    return next;
                }

                // A server that steps has said how far time has come.
                isAsked = false;
                continue;
            }

            if (hasBegun && due is { } at && (terms.FollowsServer ? at <= reached : at + Grace <= Wall))
            {
                return At(at);
            }

            if (terms.IsStepped && !isAsked)
            {
                // Only once it is asked: who is interrupted before has asked for nothing.
                await incoming.Writer.WriteAsync(new Incoming { IsBarrier = true }, interrupt).ConfigureAwait(false);
                isAsked = true;
            }

            if (!await Waited(hasBegun ? due : null, interrupt).ConfigureAwait(false))
            {
                return session.Fault is { } fault ? throw new KnownFailure($"Cannot trade on account {terms.Account}", fault, "put it right and begin again; 'doctor' tells more") : null;
            }
        }
    }

    /// <summary>Where the loop decides on the thread that told it what happened, it goes on once the command has left: what comes next would hold the command up. Nothing else is waited for.</summary>
    public async ValueTask Send(Command command, CancellationToken stop)
    {
        var left = new TaskCompletionSource();
        Interlocked.Exchange(ref handing, left);
        await incoming.Writer.WriteAsync(new Incoming { Command = command }, stop).ConfigureAwait(false);
        if (Volatile.Read(ref isTelling))
        {
            await left.Task.ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true))
        {
            return;
        }

        await end.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
        end.Dispose();
    }

    private Event At(Instant due)
    {
        reached = due > reached ? due : reached;
        return Event.OfClock(due);
    }

    /// <summary>Waits until something was told or the clock has come to when something is due; false when nothing will be told any more.</summary>
    private async ValueTask<bool> Waited(Instant? due, CancellationToken interrupt)
    {
        if (due is not { } at || terms.FollowsServer)
        {
            return await told.Reader.WaitToReadAsync(interrupt).ConfigureAwait(false);
        }

        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        double seconds = Math.Clamp((at + Grace - Wall).TotalSeconds, 0.001, 3_600);
        using ITimer timer = access.Clock.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), enough, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        try
        {
            return await told.Reader.WaitToReadAsync(enough.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!interrupt.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task Run(CancellationToken stop)
    {
        using ITimer timer = access.Clock.CreateTimer(_ => incoming.Writer.TryWrite(default), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        await Tell(stop).ConfigureAwait(false);
        while (session.Phase != SessionPhase.Over && !session.IsEnded)
        {
            await Rest(timer, stop).ConfigureAwait(false);
            if (session.NeedsToken)
            {
                session.AccessToken = await access.Renew(stop).ConfigureAwait(false);
            }

            await Connect(timer, stop).ConfigureAwait(false);
            await Tell(stop).ConfigureAwait(false);
            Left();
        }
    }

    /// <summary>However it ends, whoever waits for what happens next is told: a fault is theirs.</summary>
    private async Task Watched(Task run)
    {
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        told.Writer.Complete(run.Exception?.InnerException);
    }

    /// <summary>Until it is time to dial; commands are answered meanwhile, all with no.</summary>
    private async ValueTask Rest(ITimer timer, CancellationToken stop)
    {
        while (session.DialAt is { } at && at > Wall)
        {
            timer.Change(TimeSpan.FromSeconds(Math.Max((at - Wall).TotalSeconds, 0.001)), Timeout.InfiniteTimeSpan);
            Incoming next = await incoming.Reader.ReadAsync(stop).ConfigureAwait(false);
            Take(next);
            await Tell(stop).ConfigureAwait(false);
            Left();
        }
    }

    private async ValueTask Connect(ITimer timer, CancellationToken stop)
    {
        IWire wire;
        try
        {
            wire = await access.Dial(stop).ConfigureAwait(false);
        }
        catch (IOException fault)
        {
            Lost(fault.Message);
            return;
        }

        await using (wire.ConfigureAwait(false))
        {
            connection++;
            session.Opened(Wall);
            using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Task reading = Read(wire, connection, over.Token);
            string why;
            try
            {
                why = await Talk(wire, timer, stop).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is IOException or WireFault)
            {
                why = fault.Message;
            }
            finally
            {
                Left();
            }

            Lost(why);
            await over.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }
    }

    private void Lost(string why)
    {
        session.Lost(Wall, why);
        if (!session.IsEnded)
        {
            access.Note?.Invoke(why);
        }
    }

    /// <summary>Speaks on a connection until it is to be given up. Returns why.</summary>
    private async ValueTask<string> Talk(IWire wire, ITimer timer, CancellationToken stop)
    {
        long heard = 0;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        while (true)
        {
            if (wire.Heard != heard)
            {
                heard = wire.Heard;
                session.Heard(Wall);
            }

            if (session.Elapse(Wall) is { } dead)
            {
                return dead;
            }

            while (session.Next(Wall) is { } message)
            {
                if (!await IsSent(wire, message, patience).ConfigureAwait(false))
                {
                    stop.ThrowIfCancellationRequested();
                    return "the server did not take what was sent";
                }
            }

            Left();
            await Tell(stop).ConfigureAwait(false);
            if (!incoming.Reader.TryRead(out Incoming next))
            {
                double wait = session.Due(Wall) is { } due ? (due - Wall).TotalSeconds : Idle.TotalSeconds;
                timer.Change(TimeSpan.FromSeconds(Math.Clamp(wait, 0.001, Idle.TotalSeconds)), Timeout.InfiniteTimeSpan);
                next = await incoming.Reader.ReadAsync(stop).ConfigureAwait(false);
            }

            do
            {
                if (Take(next) is { } loss)
                {
                    return loss;
                }
            }
            while (incoming.Reader.TryRead(out next));
        }
    }

    /// <summary>Sends a message; false where the server has not taken it in time, or nobody wants it sent any more.</summary>
    private async ValueTask<bool> IsSent(IWire wire, (IMessage Message, string? ClientMsgId) message, CancellationTokenSource patience)
    {
        patience.CancelAfter(SendPatience);
        try
        {
            ValueTask sending = wire.Send(message.Message, message.ClientMsgId, patience.Token);
            if (!sending.IsCompleted)
            {
                Left();
            }

            await sending.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return false;
        }

        patience.CancelAfter(Timeout.InfiniteTimeSpan);
        return true;
    }

    /// <summary>What was handed over has left, or is not waited for any longer.</summary>
    private void Left() => Interlocked.Exchange(ref handing, null)?.TrySetResult();

    /// <summary>Takes what came in. Returns why the connection is to be given up; null while it is good.</summary>
    private string? Take(in Incoming next)
    {
        if (next.Command is { } command)
        {
            session.Send(Wall, command);
            return null;
        }

        if (next.IsBarrier)
        {
            session.Step(Wall);
            return null;
        }

        // What a connection before this one still brought is not heard any more.
        return next.Connection != connection ? null : next.Lost ?? (next.Received is { } received ? session.Take(Wall, received) : null);
    }

    private async Task Read(IWire wire, int number, CancellationToken stop)
    {
        string why;
        try
        {
            while (await wire.Receive(stop).ConfigureAwait(false) is { } received)
            {
                await incoming.Writer.WriteAsync(new Incoming { Connection = number, Received = received }, stop).ConfigureAwait(false);
            }

            why = "the server ended the connection";
        }
        catch (Exception fault) when (fault is IOException or WireFault)
        {
            why = fault.Message;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }

        try
        {
            await incoming.Writer.WriteAsync(new Incoming { Connection = number, Lost = why }, stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Whoever spoke on it has given it up.
        }
    }

    private async ValueTask Tell(CancellationToken stop)
    {
        while (session.TryTake(out Event e))
        {
            // The loop may take it at once, on this thread; a command that it hands over meanwhile waits for nothing but to leave.
            Volatile.Write(ref isTelling, true);
            ValueTask telling = told.Writer.WriteAsync(e, stop);
            Volatile.Write(ref isTelling, false);
            if (!telling.IsCompleted)
            {
                Left();
            }

            await telling.ConfigureAwait(false);
        }
    }

    /// <summary>What the one who owns the session is woken for; by default only that time has passed.</summary>
    private readonly record struct Incoming
    {
        public int Connection { get; init; }

        public Received? Received { get; init; }

        public string? Lost { get; init; }

        public Command? Command { get; init; }

        public bool IsBarrier { get; init; }
    }
}

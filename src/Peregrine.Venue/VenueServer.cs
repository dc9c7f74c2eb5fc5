using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;

namespace Peregrine.Venue;

/// <summary>Where the venue listens, on loopback; 0 takes any port that is free.</summary>
public sealed record VenuePorts(int Frames = 0, int BinarySocket = 0, int TextSocket = 0);

/// <summary>The venue's sockets: one task owns the exchange, and each connection has its own. It listens on loopback alone.</summary>
public sealed class VenueServer : IAsyncDisposable
{
    private const int MostConnections = 200, MostWaiting = 16_384;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(25), IdleEnd = TimeSpan.FromSeconds(60), UnknownEnd = TimeSpan.FromSeconds(30), Look = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(5);

    private readonly Exchange exchange;
    private readonly VenueCertificate certificate;
    private readonly TimeProvider clock;
    private readonly (TcpListener Listener, WireKind Kind)[] listeners;
    private readonly Channel<Brought> brought = Channel.CreateBounded<Brought>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly Dictionary<long, Connection> lines = [];
    private readonly CancellationTokenSource end = new();
    private readonly List<Task> tasks = [], serving = [];
    private int open;

    private VenueServer(Exchange exchange, VenueCertificate certificate, VenuePorts ports, TimeProvider clock)
    {
        (this.exchange, this.certificate, this.clock) = (exchange, certificate, clock);
        listeners =
        [
            (new TcpListener(IPAddress.Loopback, ports.Frames), WireKind.Frames),
            (new TcpListener(IPAddress.Loopback, ports.BinarySocket), WireKind.BinarySocket),
            (new TcpListener(IPAddress.Loopback, ports.TextSocket), WireKind.TextSocket),
        ];
    }

    /// <summary>Connections that were ended by the venue so far, and why the last was; for who watches it.</summary>
    public (int Count, string? Why) CutOff { get; private set; }

    /// <summary>Listens.</summary>
    /// <exception cref="SocketException">A port is taken.</exception>
    public static VenueServer Start(Exchange exchange, VenueCertificate certificate, VenuePorts ports, TimeProvider clock)
    {
        var server = new VenueServer(exchange, certificate, ports, clock);
        foreach ((TcpListener listener, WireKind kind) in server.listeners)
        {
            listener.Start();
            server.tasks.Add(server.Accept(listener, kind, server.end.Token));
        }

        return server;
    }

    public Endpoint At(WireKind kind) => new("localhost", ((IPEndPoint)listeners.First(l => l.Kind == kind).Listener.LocalEndpoint).Port, kind);

    /// <summary>Asks the exchange something between two messages, because one task alone may; answered while it serves.</summary>
    public async Task<T> Ask<T>(Func<Exchange, T> what, CancellationToken stop)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await brought.Writer.WriteAsync(new Brought(null, null, Work: () => answer.SetResult(what(exchange))), stop).ConfigureAwait(false);
        return await answer.Task.WaitAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Serves until the prices have ended (true) or <paramref name="stop"/> (false).</summary>
    /// <param name="move">Called after everything that came in: lets the market go on as far as it may. Returns when it must be called again without anything coming in; null for not, and Zero once it is over.</param>
    /// <param name="stop">Ends it.</param>
    public async Task<bool> Serve(Func<Duration?> move, CancellationToken stop)
    {
        using ITimer timer = clock.CreateTimer(_ => brought.Writer.TryWrite(default), null, Look, Look);
        using CancellationTokenRegistration wake = stop.Register(() => brought.Writer.TryWrite(default));
        using ITimer due = clock.CreateTimer(_ => brought.Writer.TryWrite(default), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!stop.IsCancellationRequested)
        {
            Duration? next = move();
            Deliver();
            if (next == Duration.Zero)
            {
                await Finish().ConfigureAwait(false);
                return true;
            }

            due.Change(next is { } wait ? TimeSpan.FromSeconds(Math.Clamp(wait.TotalSeconds, 0.0005, 1)) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Brought first = await brought.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            do
            {
                Take(first);
                Deliver();
            }
            while (brought.Reader.TryRead(out first));
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync().ConfigureAwait(false);
        foreach ((TcpListener listener, _) in listeners)
        {
            listener.Dispose();
        }

        Task[] running;
        lock (tasks)
        {
            running = [.. tasks, .. serving];
        }

        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task Accept(TcpListener listener, WireKind kind, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Socket socket = await listener.AcceptSocketAsync(stop).ConfigureAwait(false);
            if (Interlocked.Increment(ref open) > MostConnections)
            {
                Interlocked.Decrement(ref open);
                socket.Dispose();
                continue;
            }

            var connection = new Connection();
            lock (tasks)
            {
                serving.RemoveAll(static t => t.IsCompleted);
                serving.Add(connection.Serve(socket, (kind, certificate.Own, clock), brought.Writer, stop));
            }
        }
    }

    private void Take(in Brought what)
    {
        if (what.Work is { } work)
        {
            work();
            return;
        }

        if (what.From is not { } from)
        {
            Idle();
            return;
        }

        from.HeardAt = clock.GetTimestamp();
        if (what.Received is { } received)
        {
            exchange.Take(from.Line, received, exchange.IsStepped ? null : Instant.FromDateTime(clock.GetUtcNow().UtcDateTime));
            from.IsAuthorised |= received.Message is not (ProtoHeartbeatEvent or null);
        }
        else if (!what.IsEnd)
        {
            from.Line = exchange.Open();
            from.SentAt = from.HeardAt;
            lines.Add(from.Line, from);
        }
        else
        {
            Gone(from);
        }
    }

    /// <summary>Everybody is told what there still is to tell, and hangs up.</summary>
    private async Task Finish()
    {
        foreach (Connection connection in lines.Values)
        {
            connection.Finish();
        }

        Task[] left;
        lock (tasks)
        {
            left = [.. serving];
        }

        await Task.WhenAll(left).WaitAsync(Patience, clock, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Gone(Connection from)
    {
        if (lines.Remove(from.Line))
        {
            exchange.Closed(from.Line);
        }

        Interlocked.Decrement(ref open);
        if (from.CutOff is { } why)
        {
            CutOff = (CutOff.Count + 1, why);
        }

        from.Dispose();
    }

    /// <summary>Heartbeats leave where nothing else did for long, and never as an answer; who says nothing for long is sent away.</summary>
    private void Idle()
    {
        foreach (Connection connection in lines.Values)
        {
            if (clock.GetElapsedTime(connection.HeardAt) > (connection.IsAuthorised ? IdleEnd : UnknownEnd))
            {
                connection.Cut("nothing was heard of it");
            }
            else if (clock.GetElapsedTime(connection.SentAt) > Heartbeat && exchange.Faults?.IsSilent(connection.Line, exchange.Now) is not true)
            {
                connection.SentAt = clock.GetTimestamp();
                connection.Send(new ProtoHeartbeatEvent(), null);
            }
        }
    }

    private void Deliver()
    {
        while (exchange.TryTake(out Outgoing next))
        {
            if (lines.TryGetValue(next.Line, out Connection? connection))
            {
                connection.SentAt = clock.GetTimestamp();
                if (next.Cut == LineCut.None)
                {
                    connection.Send(next.Message, next.ClientMsgId);
                }
                else
                {
                    connection.Break(next.Cut == LineCut.InTheMiddle ? next.Message : null);
                }
            }
        }
    }
}

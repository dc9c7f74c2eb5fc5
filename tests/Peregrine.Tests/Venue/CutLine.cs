using System.Net;
using System.Net.Sockets;
using Peregrine.Core;

namespace Peregrine.Tests.Venue;

/// <summary>A line between a client and a port of this machine that is cut again and again, after a number of bytes that lies anywhere: in the middle of a frame, of a handshake, of nothing.</summary>
internal sealed class CutLine : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Task running;

    public CutLine(int port, Rng rng)
    {
        listener.Start();
        running = Run(port, rng, end.Token);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How often it was cut.</summary>
    public int Cuts { get; private set; }

    /// <summary>From now on it holds.</summary>
    public bool IsWhole { get; set; }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Dispose();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
    }

    private async Task Run(int port, Rng rng, CancellationToken stop)
    {
        while (true)
        {
            using Socket client = await listener.AcceptSocketAsync(stop);
            using var venue = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client.NoDelay = true;
            await venue.ConnectAsync(IPAddress.Loopback, port, stop);

            // A handshake is about four thousand bytes.
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(stop);
            int there = rng.NextInt(500, 30_000), back = rng.NextInt(2_000, 200_000);
            Task first = await Task.WhenAny(Carry(client, venue, there, cut.Token), Carry(venue, client, back, cut.Token));
            Cuts += first.Status == TaskStatus.RanToCompletion ? 1 : 0;
            await cut.CancelAsync();
            client.Close(0);
            venue.Close(0);
        }
    }

    private async Task Carry(Socket from, Socket to, int most, CancellationToken stop)
    {
        byte[] piece = new byte[4_096];
        for (int carried = 0; carried < most || IsWhole;)
        {
            int count = await from.ReceiveAsync(IsWhole ? piece : piece.AsMemory(0, Math.Min(piece.Length, most - carried)), stop);
            if (count == 0)
            {
                return;
            }

            await to.SendAsync(piece.AsMemory(0, count), stop);
            carried += count;
        }
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;
using Peregrine.Venue;

namespace Peregrine.Bench.Suites.Decision;

/// <summary>
/// The load: the venue's exchange behind a blocking TLS socket, on one thread. Minutes go by turns down and up, and the price after each leads to an order: it is timed from the write of that price to the read of the order.
/// </summary>
internal sealed class Generator : IDisposable
{
    /// <summary>Name, secret and token in one.</summary>
    public const string Word = "bench";

    /// <summary>Prices in a minute.</summary>
    public const int Pieces = 130;

    private const int Swing = 40;

    private static readonly Duration Minute = Duration.FromMinutes(1), Piece = Duration.FromMilliseconds(400);

    private readonly VenueCertificate certificate;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Exchange exchange;
    private readonly ArrayBufferWriter<byte> leaving = new(4_096);
    private readonly FileStream aside;
    private SecurePeer? client;
    private long line, price = 110_000;
    private Instant minute;

    /// <param name="certificate">What it proves itself with.</param>
    /// <param name="now">When its first minute begins.</param>
    /// <param name="folder">On the disk that is to be kept awake.</param>
    public Generator(VenueCertificate certificate, Instant now, string folder)
    {
        aside = new FileStream(Path.Combine(folder, "aside.bytes"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        (this.certificate, minute) = (certificate, now);
        listener.Start();
        exchange = new Exchange(new VenueSetup
        {
            Applications = [new RegisteredApplication(Word, Word)],
            Accounts = [new OfferedAccount(1, 1, Account)],
            Tokens = [new AccessToken(Word, Word, [1], Instant.MaxValue)],
            Instruments = [Market.EurUsd],
            Costs = Costs,
        }, now);
    }

    public static AccountTerms Account { get; } = new() { Deposit = new Money(100_000m, Currency.Usd) };

    public static CostModel Costs { get; } = new("bench", new Dictionary<string, SymbolCosts>(StringComparer.Ordinal) { ["EURUSD"] = Market.Costs });

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The price that led to the last order, and the order, as frames.</summary>
    public byte[] Tick { get; private set; } = [];

    public byte[] Order { get; private set; } = [];

    /// <summary>The next connection that comes, for whoever wants one.</summary>
    public SecurePeer Accept() => SecurePeer.Accept(listener, certificate.Own);

    /// <summary>Takes the trader's connection and answers until its statement is told and prices are subscribed to.</summary>
    public void Serve()
    {
        client = Accept();
        line = exchange.Open();
        bool isStated = false;
        while (!isStated)
        {
            isStated = Take() is ProtoOADealListReq;
            Send();
        }
    }

    /// <summary>A minute that ends where it began.</summary>
    public void QuietMinute()
    {
        for (int i = 0; i < Pieces; i++)
        {
            Quote(4 + i, (i % 4) switch { 0 => 10, 2 => -10, _ => 0 });
        }

        minute += Minute;
        Quote(0, 0);
    }

    /// <summary>A minute down or up, up to its end; between its prices is a pause.</summary>
    public void Swinging(bool up, Action<int> pause)
    {
        int whole = up ? Swing : -Swing;
        for (int i = 0; i < Pieces; i++)
        {
            pause(i);
            Quote(4 + i, (whole * (i + 1) / Pieces) + (i % 2));
        }

        pause(1);
        price += whole;
        minute += Minute;
    }

    /// <summary>The price that ends the minute, and the order that it leads to. Returns the ticks between the two.</summary>
    public long Decide()
    {
        price += (minute - default(Instant)).Nanoseconds / Minute.Nanoseconds % 2 == 0 ? 1 : -1;
        exchange.OnQuote(0, new Quote(minute, new Price(price), new Price(price + 3)));
        Tick = Frames();
        long begun = Stopwatch.GetTimestamp();
        client!.Write(Tick);
        IMessage asked = Take();
        long took = client.ReadAt - begun;
        return asked is ProtoOANewOrderReq or ProtoOAClosePositionReq ? took : throw new InvalidOperationException($"An order was expected, and {asked.Descriptor.Name} came.");
    }

    /// <summary>Prices that the order is filled at, and what is told of it.</summary>
    public void Fill()
    {
        Send();
        Quote(1, 2);
        Quote(2, 1);
    }

    /// <summary>A frame to a bare peer, and its answer. Returns the ticks between the two.</summary>
    public long Echo(SecurePeer peer)
    {
        long begun = Stopwatch.GetTimestamp();
        peer.Write(Tick);
        peer.Read();
        return peer.ReadAt - begun;
    }

    public void Dispose()
    {
        client?.Dispose();
        listener.Dispose();
        aside.Dispose();
    }

    /// <summary>Keeps this core busy for so long.</summary>
    public static void Spin(long ticks)
    {
        long until = Stopwatch.GetTimestamp() + ticks;
        while (Stopwatch.GetTimestamp() < until)
        {
            Thread.SpinWait(1);
        }
    }

    /// <summary>Writes a byte and flushes it, so that the disk does not fall asleep.</summary>
    public void Poke()
    {
        aside.WriteByte(1);
        aside.Flush(flushToDisk: true);
    }

    private void Quote(int piece, int off)
    {
        long bid = price + off;
        exchange.OnQuote(0, new Quote(minute + (Piece * piece), new Price(bid), new Price(bid + 3)));
        Send();
    }

    private IMessage Take()
    {
        byte[] frame = client!.Read();
        Received received = frame.Length > 0 ? Received.In(Envelope.Parse(frame)) : throw new InvalidOperationException("The trader hung up.");
        Order = [0, 0, (byte)(frame.Length >> 8), (byte)frame.Length, .. frame];
        exchange.Take(line, received);
        return received.Message!;
    }

    private void Send()
    {
        byte[] frames = Frames();
        if (frames.Length > 0)
        {
            client!.Write(frames);
        }
    }

    private byte[] Frames()
    {
        leaving.ResetWrittenCount();
        while (exchange.TryTake(out Outgoing next))
        {
            Envelope.WriteFrame(leaving, Payloads.Wrap(next.Message, next.ClientMsgId));
        }

        return leaving.WrittenSpan.ToArray();
    }
}

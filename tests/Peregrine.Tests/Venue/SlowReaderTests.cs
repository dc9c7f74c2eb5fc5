using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Tests.App.Trading;
using Peregrine.Venue;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>Clients that subscribe to prices and do not read them.</summary>
public sealed class SlowReaderTests
{
    /// <summary>Prices that are told at once before it is waited until they were read.</summary>
    private const int Burst = 64;

    /// <summary>More than a client's queue and the buffers of the system hold together.</summary>
    private const int Most = 100_000;

    /// <summary>Bytes that wait in the system for who does not read, and for who does.</summary>
    private const int SmallBuffer = 4_096, LargeBuffer = 262_144;

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off_and_another_gets_every_price()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using VenueCertificate certificate = VenueCertificate.Create(TimeProvider.System);
        var start = Instant.FromUtc(2019, 2, 4);
        var exchange = new Exchange(VenueRoom.Setup(new PaperScenario(1, 10)), start);
        await using VenueServer server = VenueServer.Start(exchange, certificate, new VenuePorts(), TimeProvider.System);
        int told = 0, read = 0;
        bool begun = false;
        Duration? Move()
        {
            if (!Volatile.Read(ref begun))
            {
                return Duration.FromMilliseconds(1);
            }

            if (server.CutOff.Count > 0 || told >= Most)
            {
                return Duration.Zero;
            }

            int further = Volatile.Read(ref read) == told ? Burst : 0;
            for (int i = 0; i < further; i++)
            {
                told++;
                exchange.OnQuote(0, new Quote(start + Duration.FromMilliseconds(told), new Price(110_000 + (told % 7)), new Price(110_010 + (told % 7))));
            }

            return Duration.FromMilliseconds(1);
        }

        Task<bool> serving = server.Serve(Move, patience.Token);
        await using IWire slow = await Dial(server, certificate.Authority, SmallBuffer, patience.Token), quick = await Dial(server, certificate.Authority, LargeBuffer, patience.Token);
        Task reading = Task.Run(async () =>
        {
            while (await quick.Receive(patience.Token) is { } received)
            {
                read += received.Message is ProtoOASpotEvent ? 1 : 0;
            }
        });
        Volatile.Write(ref begun, true);

        (await serving).ShouldBeTrue();
        await reading;
        server.CutOff.ShouldBe((1, "it does not read"));
        told.ShouldBeLessThan(Most);
        read.ShouldBe(told);
    }

    /// <summary>A client that is signed on and subscribed to the first symbol.</summary>
    private static async Task<IWire> Dial(VenueServer server, X509Certificate2 authority, int buffer, CancellationToken stop)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveBufferSize = buffer };
        await socket.ConnectAsync("localhost", server.At(WireKind.Frames).Port, stop);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, CustomTrustStore = { authority } },
        }, stop);
        var wire = new StreamWire(tls, FrameReader.Longest, TimeProvider.System);
        IMessage[] words =
        [
            new ProtoOAApplicationAuthReq { ClientId = "app", ClientSecret = "secret" },
            new ProtoOAAccountAuthReq { CtidTraderAccountId = VenueRoom.AccountId, AccessToken = VenueRoom.Token },
            new ProtoOASubscribeSpotsReq { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = { 1 }, SubscribeToSpotTimestamp = true },
        ];
        foreach (IMessage word in words)
        {
            await wire.Send(word, null, stop);
            (await wire.Receive(stop)).ShouldNotBeNull().Message.ShouldNotBeOfType<ProtoOAErrorRes>();
        }

        return wire;
    }
}

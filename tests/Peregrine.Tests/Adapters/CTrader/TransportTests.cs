using System.Buffers;
using System.Net.Security;
using System.Net.WebSockets;
using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.CTrader;

/// <summary>Connections over real sockets on loopback: messages both ways in all three kinds, what is refused, and what a peer that breaks off looks like.</summary>
public sealed class TransportTests
{
    private static readonly IMessage[] Some = [.. Payloads.All.OrderBy(static m => m.FullName, StringComparer.Ordinal).Select(static m => AnyMessage.Of(new Rng(7), m))];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<(IWire Client, IWire Server)> Pair(TlsServer server, WireKind kind)
    {
        Task<IWire> accepted = server.Wire(kind, Stop);
        IWire client = await new Dialer(TimeProvider.System, server.Authority).Dial(server.At(kind), Stop);
        return (client, await accepted);
    }

    [Theory]
    [InlineData(WireKind.Frames)]
    [InlineData(WireKind.BinarySocket)]
    [InlineData(WireKind.TextSocket)]
    public async Task Every_message_goes_both_ways_in_every_kind_of_connection(WireKind kind)
    {
        await using var server = new TlsServer();
        (IWire client, IWire peer) = await Pair(server, kind);
        await using IWire one = client, two = peer;
        foreach ((IWire from, IWire to) in new[] { (one, two), (two, one) })
        {
            long before = to.Heard;
            foreach ((IMessage message, int i) in Some.Select(static (m, i) => (m, i)))
            {
                await from.Send(message, i % 3 == 0 ? null : $"id {i}", Stop);
                Received received = (await to.Receive(Stop)).ShouldNotBeNull();
                received.Message.ShouldBe(message, message.Descriptor.Name);
                received.Type.ShouldBe(Payloads.TypeOf(message));
                received.ClientMsgId.ShouldBe(i % 3 == 0 ? null : $"id {i}");
            }

            to.Heard.ShouldBeGreaterThan(before + Some.Sum(static m => m.CalculateSize()));
        }

        await one.DisposeAsync();
        (await two.Receive(Stop)).ShouldBeNull("it ended between two messages");
    }

    [Theory]
    [InlineData(WireKind.Frames)]
    [InlineData(WireKind.TextSocket)]
    public async Task A_certificate_that_is_not_trusted_is_never_spoken_to(WireKind kind)
    {
        await using TlsServer server = new(), other = new(), named = new("elsewhere.example"), expired = new(isExpired: true);
        (await Refused(server, kind, new Dialer(TimeProvider.System))).Problem.ShouldBe(DialProblem.Untrusted, "the system knows nothing of that authority");
        (await Refused(server, kind, new Dialer(TimeProvider.System, other.Authority))).Problem.ShouldBe(DialProblem.Untrusted);
        (await Refused(named, kind, new Dialer(TimeProvider.System, named.Authority))).Message.ShouldContain("it is not of localhost");
        DialFailure late = await Refused(expired, kind, new Dialer(TimeProvider.System, expired.Authority));
        (late.Problem, late.Message.Contains("expired", StringComparison.OrdinalIgnoreCase)).ShouldBe((DialProblem.Untrusted, true), late.Message);
    }

    private static async Task<DialFailure> Refused(TlsServer server, WireKind kind, Dialer dialer)
    {
        Task<SslStream> secure = server.Secure(Stop);
        DialFailure failure = await Should.ThrowAsync<DialFailure>(async () => await dialer.Dial(server.At(kind), Stop));
        await Should.ThrowAsync<Exception>(async () => await (await secure).ReadExactlyAsync(new byte[1], Stop), "nothing was said");
        return failure;
    }

    [Fact]
    public async Task Who_is_not_there_or_speaks_something_else_is_told_apart()
    {
        var server = new TlsServer();
        var dialer = new Dialer(TimeProvider.System, server.Authority);
        Endpoint at = server.At(WireKind.Frames);
        Task<Stream> plain = server.Plain(Stop);
        Task<DialFailure> spoken = Should.ThrowAsync<DialFailure>(async () => await dialer.Dial(at, Stop));
        await using (Stream wrong = await plain)
        {
            await wrong.WriteAsync("SSH-2.0-OpenSSH_9.2 and no TLS at all\r\n"u8.ToArray(), Stop);
            (await spoken).Problem.ShouldBe(DialProblem.NotSpoken);
        }

        Task<SslStream> secure = server.Secure(Stop);
        Task<DialFailure> upgraded = Should.ThrowAsync<DialFailure>(async () => await dialer.Dial(server.At(WireKind.TextSocket), Stop));
        await using (SslStream wrong = await secure)
        {
            await wrong.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), Stop);
            (await upgraded).Problem.ShouldBe(DialProblem.NotSpoken);
        }

        await server.DisposeAsync();
        (await Should.ThrowAsync<DialFailure>(async () => await dialer.Dial(at, Stop))).Problem.ShouldBe(DialProblem.Unreachable);
        (await Should.ThrowAsync<DialFailure>(async () => await dialer.Dial(at with { Host = "no-such-host.invalid" }, Stop))).Problem.ShouldBe(DialProblem.NoSuchHost);
    }

    /// <summary>The clock is a made one, so that nobody waits: the handshake begins, ten seconds pass, and nothing came.</summary>
    [Fact]
    public async Task Who_does_not_answer_the_handshake_is_given_up()
    {
        await using var server = new TlsServer();
        var clock = new ManualClock();
        Task<Stream> plain = server.Plain(Stop);
        Task<DialFailure> silent = Should.ThrowAsync<DialFailure>(async () => await new Dialer(clock, server.Authority).Dial(server.At(WireKind.Frames), Stop));
        await using Stream mute = await plain;
        await mute.ReadExactlyAsync(new byte[1], Stop);
        clock.Advance(Dialer.Patience);
        (await silent).Problem.ShouldBe(DialProblem.Silent);
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await new Dialer(clock, server.Authority).Dial(server.At(WireKind.Frames), stopped.Token));
    }

    [Fact]
    public async Task A_frame_that_breaks_off_is_a_fault_and_what_is_too_long_is_not_read()
    {
        await using var server = new TlsServer();
        Task<SslStream> accepted = server.Secure(Stop);
        await using IWire client = await new Dialer(TimeProvider.System, server.Authority).Dial(server.At(WireKind.Frames), Stop);
        await using (SslStream peer = await accepted)
        {
            var frame = new ArrayBufferWriter<byte>();
            Envelope.WriteFrame(frame, Payloads.Wrap(new ProtoHeartbeatEvent()));
            await peer.WriteAsync(frame.WrittenMemory, Stop);
            await peer.WriteAsync(frame.WrittenMemory[..^1], Stop);
        }

        (await client.Receive(Stop)).ShouldNotBeNull().Message.ShouldBeOfType<ProtoHeartbeatEvent>();
        (await Should.ThrowAsync<WireFault>(async () => await client.Receive(Stop))).Message.ShouldContain("in the middle of a frame");
        client.Heard.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_socket_that_sends_too_much_the_other_kind_or_breaks_off_is_a_fault()
    {
        await using var server = new TlsServer();
        async Task<string> After(Func<WebSocket, Task> says)
        {
            Task<WebSocket> accepted = server.Socket(Stop);
            await using IWire client = await new Dialer(TimeProvider.System, server.Authority).Dial(server.At(WireKind.TextSocket), Stop);
            using WebSocket peer = await accepted;
            Task saying = says(peer);
            string fault = (await Should.ThrowAsync<Exception>(async () => await client.Receive(Stop))).ShouldBeAssignableTo<Exception>()!.Message;
            await client.DisposeAsync();
            await saying.ContinueWith(static _ => { }, TaskScheduler.Default);
            return fault;
        }

        (await After(static s => s.SendAsync("{}"u8.ToArray(), WebSocketMessageType.Binary, true, Stop))).ShouldContain("a Binary message came where Text ones are spoken");
        (await After(static s => s.SendAsync("nonsense"u8.ToArray(), WebSocketMessageType.Text, true, Stop))).ShouldContain("no JSON");
        byte[] piece = new byte[1_000_000];
        (await After(async s =>
        {
            for (int i = 0; i < 16; i++)
            {
                await s.SendAsync(piece, WebSocketMessageType.Text, false, Stop);
            }
        })).ShouldContain("longer than the 15000000 bytes");
        (await After(static async s =>
        {
            await s.SendAsync("{"u8.ToArray(), WebSocketMessageType.Text, false, Stop);
            s.Abort();
        })).ShouldContain("lost");
    }
}

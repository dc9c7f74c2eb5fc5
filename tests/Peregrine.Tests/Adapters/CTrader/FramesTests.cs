using System.Buffers;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.CTrader;

/// <summary>Messages in and out of bytes and text: whole, in pieces, damaged, too long, of another version.</summary>
public sealed class FramesTests
{
    private static readonly MessageDescriptor[] All = [.. Payloads.All.OrderBy(static m => m.FullName, StringComparer.Ordinal)];

    [Fact]
    public void Any_message_comes_out_as_it_went_in_however_the_bytes_arrive()
    {
        var rng = new Rng(1);
        IMessage[] sent = [.. All.SelectMany(m => Enumerable.Range(0, 5).Select(_ => AnyMessage.Of(rng, m)))];
        var bytes = new ArrayBufferWriter<byte>();
        foreach ((IMessage message, int i) in sent.Select(static (m, i) => (m, i)))
        {
            Envelope.WriteFrame(bytes, Payloads.Wrap(message, i % 3 == 0 ? null : $"id {i}"));
        }

        var reader = new FrameReader(FrameReader.Longest);
        var received = new List<ProtoMessage>();
        ReadOnlySpan<byte> rest = bytes.WrittenSpan;
        while (rest.Length > 0)
        {
            int piece = Math.Min(rest.Length, rng.NextInt(4) == 0 ? rng.NextInt(5_000) : rng.NextInt(9));
            reader.Add(rest[..piece]);
            rest = rest[piece..];
            while (reader.Next() is { } envelope)
            {
                received.Add(envelope);
            }
        }

        reader.Held.ShouldBe(0);
        received.Count.ShouldBe(sent.Length);
        for (int i = 0; i < sent.Length; i++)
        {
            Payloads.Unwrap(received[i]).ShouldBe(sent[i]);
            (received[i].HasClientMsgId ? received[i].ClientMsgId : null).ShouldBe(i % 3 == 0 ? null : $"id {i}");
        }
    }

    [Fact]
    public void A_message_written_into_its_envelope_has_the_bytes_of_one_that_was_wrapped()
    {
        var rng = new Rng(3);
        foreach (IMessage message in All.SelectMany(m => Enumerable.Range(0, 5).Select(_ => AnyMessage.Of(rng, m))))
        {
            foreach (string? id in (string?[])[null, "", "p-17", new string('ü', 100)])
            {
                var wrapped = new ArrayBufferWriter<byte>();
                var direct = new ArrayBufferWriter<byte>();
                Envelope.WriteFrame(wrapped, Payloads.Wrap(message, id));
                Envelope.WriteFrame(direct, message, id);
                direct.WrittenSpan.SequenceEqual(wrapped.WrittenSpan).ShouldBeTrue($"{message.Descriptor.Name} under '{id}'");
            }
        }

        Should.Throw<ArgumentException>(() => Envelope.WriteFrame(new ArrayBufferWriter<byte>(), new ProtoOASpotEvent(), null)).Message.ShouldContain("lacks");
    }

    [Fact]
    public void Any_message_comes_out_of_the_text_as_it_went_in()
    {
        var rng = new Rng(2);
        foreach (MessageDescriptor descriptor in All)
        {
            for (int i = 0; i < 5; i++)
            {
                IMessage message = AnyMessage.Of(rng, descriptor);
                var text = new ArrayBufferWriter<byte>();
                JsonText.Write(text, message, i == 0 ? null : "mine");
                (uint type, IMessage? read, string? client) = JsonText.Read(text.WrittenMemory);
                type.ShouldBe(Payloads.TypeOf(message));
                read.ShouldBe(message);
                client.ShouldBe(i == 0 ? null : "mine");
            }
        }
    }

    [Fact]
    public void Text_is_what_other_clients_write_and_read()
    {
        var text = new ArrayBufferWriter<byte>();
        JsonText.Write(text, new ProtoOANewOrderReq { CtidTraderAccountId = 5_000_000_001, SymbolId = 1, OrderType = ProtoOAOrderType.Limit, TradeSide = ProtoOATradeSide.Sell, Volume = 100_000, LimitPrice = 1.1 }, "cm 1");
        Encoding.UTF8.GetString(text.WrittenSpan).ShouldBe("""{"clientMsgId":"cm 1","payloadType":2106,"payload":{"ctidTraderAccountId":5000000001,"symbolId":1,"orderType":2,"tradeSide":2,"volume":100000,"limitPrice":1.1}}""");

        Read("""{"payloadType":2101}""").Message.ShouldBeOfType<ProtoOAApplicationAuthRes>();
        Read("""{"payloadType":"2104","payload":null}""").Message.ShouldBeOfType<ProtoOAVersionReq>();
        var order = (ProtoOANewOrderReq)Read("""{"payloadType":2106,"payload":{"ctidTraderAccountId":"9223372036854775807","symbolId":1,"orderType":"MARKET","tradeSide":1,"volume":1e5,"comment":null,"new":[{}],"timeInForce":"LATER"}}""").Message!;
        (order.CtidTraderAccountId, order.OrderType, order.Volume, order.HasComment, order.HasTimeInForce).ShouldBe((long.MaxValue, ProtoOAOrderType.Market, 100_000, false, false));
        Read("""{"payloadType":9999,"payload":{"a":1}}""").ShouldBe((9999u, null, null));
    }

    [Theory]
    [InlineData("no JSON", "{\"payloadType\":")]
    [InlineData("no JSON", "{\"payloadType\":2104,\"payload\":[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}")]
    [InlineData("what is in it", "{}")]
    [InlineData("what is in it", "[1]")]
    [InlineData("payloadType is not a whole number", "{\"payloadType\":-1}")]
    [InlineData("ProtoOAVersionReq is not an object", "{\"payloadType\":2104,\"payload\":[]}")]
    [InlineData("lacks clientId", "{\"payloadType\":2100,\"payload\":{\"clientSecret\":\"s\"}}")]
    [InlineData("clientId is not a text", "{\"payloadType\":2100,\"payload\":{\"clientId\":1}}")]
    [InlineData("symbolId is not a list", "{\"payloadType\":2127,\"payload\":{\"ctidTraderAccountId\":1,\"symbolId\":1}}")]
    [InlineData("symbolId is not a whole number", "{\"payloadType\":2127,\"payload\":{\"ctidTraderAccountId\":1,\"symbolId\":[1.5]}}")]
    [InlineData("ctidTraderAccountId is not a whole number", "{\"payloadType\":2127,\"payload\":{\"ctidTraderAccountId\":\"1e3\"}}")]
    public void A_text_that_is_no_message_says_why(string words, string text) => Should.Throw<WireFault>(() => Read(text)).Message.ShouldContain(words);

    [Fact]
    public void What_is_required_is_asked_for_on_both_sides_and_deep_inside()
    {
        Should.Throw<ArgumentException>(static () => Payloads.Wrap(new ProtoOAApplicationAuthReq { ClientId = "x" })).Message.ShouldContain("clientSecret");
        Should.Throw<ArgumentException>(static () => Payloads.Wrap(new ProtoOAOrder())).Message.ShouldContain("orderId");
        Should.Throw<ArgumentException>(static () => Payloads.TypeOf(new ProtoOAOrder()));
        var events = new ProtoOASymbolByIdRes { CtidTraderAccountId = 1 };
        events.Symbol.Add(new ProtoOASymbol { SymbolId = 1, Digits = 5 });
        var envelope = new ProtoMessage { PayloadType = 2117, Payload = events.ToByteString() };
        Should.Throw<WireFault>(() => Payloads.Unwrap(envelope)).Message.ShouldContain("symbol[0].pipPosition");
        Payloads.Unwrap(new ProtoMessage { PayloadType = 4_000 }).ShouldBeNull();
    }

    [Fact]
    public void A_frame_that_is_too_long_ends_the_stream_before_it_is_held()
    {
        var reader = new FrameReader(1_000);
        reader.Add([0, 0, 3, 0xE9]);
        Should.Throw<WireFault>(() => reader.Next()).Message.ShouldContain("1001");
        var negative = new FrameReader(1_000);
        negative.Add([0xFF, 0xFF, 0xFF, 0xFF, 1]);
        Should.Throw<WireFault>(() => negative.Next());
        var empty = new FrameReader(1_000);
        empty.Add([0, 0, 0, 0]);
        Should.Throw<WireFault>(() => empty.Next()).Message.ShouldContain("what is in it");
    }

    /// <summary>The reduced form of the campaign of a million.</summary>
    [Fact]
    public void Damaged_frames_and_texts_end_in_a_clean_fault_or_a_message()
    {
        var rng = new Rng(3);
        int faults = 0, messages = 0;
        for (int i = 0; i < 20_000; i++)
        {
            IMessage message = AnyMessage.Of(rng, All[rng.NextInt(All.Length)]);
            var bytes = new ArrayBufferWriter<byte>();
            bool isText = rng.NextBool();
            if (isText)
            {
                JsonText.Write(bytes, message, "x");
            }
            else
            {
                Envelope.WriteFrame(bytes, Payloads.Wrap(message, "x"));
            }

            byte[] damaged = Damage.Of(rng, bytes.WrittenSpan);
            try
            {
                messages += isText ? (JsonText.Read(damaged).Message is null ? 0 : 1) : Framed(damaged);
            }
            catch (WireFault)
            {
                faults++;
            }
        }

        faults.ShouldBeGreaterThan(2_000);
        messages.ShouldBeGreaterThan(500);
    }

    private static int Framed(byte[] bytes)
    {
        var reader = new FrameReader(100_000);
        reader.Add(bytes);
        int count = 0;
        while (reader.Next() is { } envelope)
        {
            count += Payloads.Unwrap(envelope) is null ? 0 : 1;
        }

        return count;
    }

    private static (uint Type, IMessage? Message, string? ClientMsgId) Read(string text) => JsonText.Read(Encoding.UTF8.GetBytes(text));
}

/// <summary>Bytes with a few of them changed, left out, doubled or put elsewhere.</summary>
internal static class Damage
{
    public static byte[] Of(Rng rng, ReadOnlySpan<byte> whole)
    {
        List<byte> bytes = [.. whole];
        for (int n = 1 + rng.NextInt(4); n > 0 && bytes.Count > 0; n--)
        {
            int at = rng.NextInt(bytes.Count);
            switch (rng.NextInt(5))
            {
                case 0:
                    bytes[at] = (byte)rng.NextInt(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << rng.NextInt(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + rng.NextInt(6)));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, 1 + rng.NextInt(6))));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}

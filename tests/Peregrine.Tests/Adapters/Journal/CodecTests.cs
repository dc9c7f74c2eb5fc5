using Peregrine.Adapters.Store.Journal;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.Journal;

/// <summary>Every record that a session holds goes into bytes and comes back the same, and no bytes at all bring the reader down.</summary>
public sealed class CodecTests
{
    private const int Samples = 200;

    public static TheoryData<Type> BrokerEvents => [.. RandomRecords.Of<BrokerEvent>()];

    public static TheoryData<Type> Words => [.. RandomRecords.Of<OperatorWord>()];

    public static TheoryData<Type> Commands => [.. RandomRecords.Of<Command>()];

    [Theory]
    [MemberData(nameof(BrokerEvents))]
    public void A_broker_event_comes_back_as_it_was(Type type) =>
        Each(type, x => Bytes(w => w.Write((BrokerEvent)x)), r => r.BrokerEvent());

    [Theory]
    [MemberData(nameof(Words))]
    public void A_word_of_the_operator_comes_back_as_it_was(Type type) =>
        Each(type, x => Bytes(w => w.Write((OperatorWord)x)), r => r.OperatorWord());

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_comes_back_as_it_was(Type type) =>
        Each(type, x => Bytes(w => w.Write((Command)x)), Read, x => x is SubmitOrder submit ? submit.Order : x);

    private static object Read(ByteReader reader) => reader.Command() is var written && written.Order is { } order ? order : written.Other!;

    [Fact]
    public void Two_commands_that_differ_have_different_bytes()
    {
        var rng = new Rng(7);
        string[] all = [.. RandomRecords.Of<Command>().SelectMany(t => Enumerable.Range(0, 50).Select(_ => (Command)RandomRecords.Make(rng, t))).Distinct()
            .Select(c => Convert.ToHexString(JournalReader.Bytes(c)))];
        all.Distinct().Count().ShouldBe(all.Length);
    }

    [Fact]
    public void A_block_of_market_events_comes_back_as_it_was()
    {
        var rng = new Rng(11);
        for (int round = 0; round < Samples; round++)
        {
            var block = new MarketBlock();
            Event[] events = [.. Enumerable.Range(0, rng.NextInt(1, MarketBlock.MaxEvents)).Select(_ => MarketEvent(rng))];
            foreach (Event e in events)
            {
                block.Add(e);
            }

            MarketBlock.Read(block.Written.ToArray()).ShouldBe(events);
        }
    }

    [Fact]
    public void A_quiet_market_takes_few_bytes_a_quote()
    {
        var block = new MarketBlock();
        for (int i = 0; i < MarketBlock.MaxEvents; i++)
        {
            block.Add(Event.OfQuote(0, new Quote(new Instant(1_549_238_400_000_000_000 + (i * 250_000_000L)), new Price(114_500 + (i % 3)), new Price(114_503 + (i % 3)), 1.5f, 0.75f)));
        }

        (block.Written.Length / (double)MarketBlock.MaxEvents).ShouldBeLessThan(10);
    }

    [Fact]
    public void Bytes_that_were_never_written_are_refused_with_a_reason()
    {
        var rng = new Rng(13);
        byte[] whole = Bytes(w => w.Write((BrokerEvent)RandomRecords.Make(rng, typeof(Reconciled))));
        for (int round = 0; round < 5000; round++)
        {
            byte[] bytes = whole[..rng.NextInt(1, whole.Length)];
            bytes[rng.NextInt(bytes.Length)] ^= (byte)rng.NextInt(1, 255);
            Survives(() => new ByteReader(bytes).BrokerEvent());
            Survives(() => new ByteReader(bytes).Command());
            Survives(() => new ByteReader(bytes).OperatorWord());
            Survives(() => MarketBlock.Read(bytes).Count());
        }
    }

    private static void Survives(Func<object?> read)
    {
        try
        {
            _ = read();
        }
        catch (FormatException fault)
        {
            fault.Message.ShouldNotBeEmpty();
        }
    }

    /// <summary>Records hold lists, which compare by reference: what came back is compared by its text with the lists written out, and by its bytes.</summary>
    private static void Each(Type type, Func<object, byte[]> write, Func<ByteReader, object> read, Func<object, object>? expected = null)
    {
        var rng = new Rng(5);
        for (int i = 0; i < Samples; i++)
        {
            object made = RandomRecords.Make(rng, type);
            byte[] bytes = write(made);
            var reader = new ByteReader(bytes);
            object back = read(reader);
            reader.IsAtEnd.ShouldBeTrue();
            Text(back).ShouldBe(Text(expected?.Invoke(made) ?? made));
        }
    }

    private static string Text(object value) => System.Text.Json.JsonSerializer.Serialize(value, value.GetType());

    private static Event MarketEvent(Rng rng)
    {
        var time = (Instant)RandomRecords.Make(rng, typeof(Instant));
        return rng.NextBool(0.2) ? Event.OfClock(time) : Event.OfQuote(rng.NextInt(3), new Quote(time, Price(rng), Price(rng), Volume(rng), Volume(rng)));
    }

    private static Price Price(Rng rng) => (Price)RandomRecords.Make(rng, typeof(Price));

    private static float Volume(Rng rng) => rng.NextBool() ? 1.25f : BitConverter.Int32BitsToSingle(rng.NextInt(int.MaxValue));

    private static byte[] Bytes(Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        write(writer);
        return writer.Written.ToArray();
    }
}

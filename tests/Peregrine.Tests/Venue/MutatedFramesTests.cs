using System.Buffers;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;
using Peregrine.Tests.Adapters.CTrader;
using Peregrine.Tests.App.Trading;
using Peregrine.Venue;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>Frames with bytes that are not what was sent: each side answers with an error, ends the connection or takes what it still understands, and never anything worse.</summary>
public sealed class MutatedFramesTests
{
    private static readonly int Frames = 20_000 * Campaign.Times;

    private static readonly MessageDescriptor[] All = [.. Payloads.All.OrderBy(static m => m.Name, StringComparer.Ordinal)];

    [Fact]
    public void The_venue_takes_anything_and_its_other_clients_do_not_notice()
    {
        var room = new VenueRoom(new PaperScenario(1, 600));
        room.Connect();
        var rng = new Rng(7);
        long line = 0;
        int faults = 0, answers = 0;
        for (int i = 0; i < Frames; i++)
        {
            line = line == 0 ? Authorised(room.Venue) : line;
            if (Mutated(rng, Requests(rng)) is not { } received)
            {
                // What cannot be read ends the connection.
                faults++;
                room.Venue.Closed(line);
                line = 0;
                continue;
            }

            room.Venue.Take(line, received);
            while (room.Venue.TryTake(out Outgoing told))
            {
                Payloads.Wrap(told.Message, told.ClientMsgId).ShouldNotBeNull("whatever is said is a whole message of the protocol");
                answers++;
            }
        }

        (faults, answers).ShouldSatisfyAllConditions(static c => c.faults.ShouldBeGreaterThan(Frames / 20), static c => c.answers.ShouldBeGreaterThan(Frames / 20));
        while (room.Step())
        {
        }

        (Money engine, Money here) = room.Venue.Account(VenueRoom.AccountId).Books;
        here.ShouldBe(engine);
        room.Engine.InStep.ShouldBeTrue();
    }

    [Fact]
    public void The_client_takes_anything_and_gives_the_connection_up_where_it_cannot()
    {
        var scenario = new PaperScenario(1, 600);
        var rng = new Rng(8);
        VenueRoom? room = null;
        int losses = 0, events = 0;
        for (int i = 0; i < Frames; i++)
        {
            if (room is null)
            {
                room = new VenueRoom(scenario);
                room.Connect();
                room.Step();
            }

            Received? received = Mutated(rng, Answers(rng));
            string? loss = "unreadable";
            try
            {
                loss = received is null ? loss : room.Session.Take(room.Now, received);
            }
            catch (WireFault fault)
            {
                loss = fault.Message;
            }

            while (room.Session.TryTake(out Event _))
            {
                events++;
            }

            if (loss is not null)
            {
                losses++;
                room.Session.Lost(room.Now, loss);
                room = null;
            }
        }

        losses.ShouldBeGreaterThan(Frames / 20);
        events.ShouldBeGreaterThan(Frames / 20);
    }

    private static long Authorised(Exchange venue)
    {
        long line = venue.Open();
        Say(new ProtoOAApplicationAuthReq { ClientId = "app", ClientSecret = "secret" });
        Say(new ProtoOAAccountAuthReq { CtidTraderAccountId = VenueRoom.OtherId, AccessToken = VenueRoom.OtherToken });
        return line;

        void Say(IMessage message) => venue.Take(line, new Received(Payloads.TypeOf(message), message, null));
    }

    private static IMessage Requests(Rng rng) => rng.NextInt(4) switch
    {
        0 => new ProtoOANewOrderReq { CtidTraderAccountId = VenueRoom.OtherId, SymbolId = rng.NextInt(3), OrderType = (ProtoOAOrderType)rng.NextInt(1, 6), TradeSide = ProtoOATradeSide.Buy, Volume = 100_000L * rng.NextInt(5), RelativeStopLoss = 100 * rng.NextInt(9), LimitPrice = rng.NextUnit() * 2, StopPrice = rng.NextUnit() * 2 },
        1 => new ProtoOAAmendPositionSLTPReq { CtidTraderAccountId = VenueRoom.OtherId, PositionId = rng.NextInt(30), StopLoss = rng.NextUnit() * 2 },
        2 => new ProtoOAClosePositionReq { CtidTraderAccountId = VenueRoom.OtherId, PositionId = rng.NextInt(30), Volume = 100_000 },
        _ => AnyMessage.Of(rng, All[rng.NextInt(All.Length)]),
    };

    private static IMessage Answers(Rng rng) => rng.NextInt(3) switch
    {
        0 => new ProtoOASpotEvent { CtidTraderAccountId = VenueRoom.AccountId, SymbolId = rng.NextInt(1, 2), Bid = (ulong)rng.NextInt(100_000, 120_000), Ask = (ulong)rng.NextInt(100_000, 120_000), Timestamp = 1_549_315_320_000 },
        1 => new ProtoOAExecutionEvent
        {
            CtidTraderAccountId = VenueRoom.AccountId,
            ExecutionType = (ProtoOAExecutionType)rng.NextInt(2, 12),
            Order = new ProtoOAOrder { OrderId = rng.NextInt(9), TradeData = Data(rng), OrderType = (ProtoOAOrderType)rng.NextInt(1, 6), OrderStatus = ProtoOAOrderStatus.OrderStatusFilled, ClientOrderId = "x", ExecutedVolume = 1_000 },
            Position = new ProtoOAPosition { PositionId = 3, TradeData = Data(rng), PositionStatus = ProtoOAPositionStatus.PositionStatusOpen, Swap = rng.NextInt(9), Price = 1.1 },
        },
        _ => AnyMessage.Of(rng, All[rng.NextInt(All.Length)]),
    };

    private static ProtoOATradeData Data(Rng rng) => new() { SymbolId = rng.NextInt(3), Volume = 100_000, TradeSide = ProtoOATradeSide.Sell, OpenTimestamp = 1_549_315_320_000 };

    /// <summary>A frame with some of its bytes changed, left out or put in; null where it is none any more.</summary>
    private static Received? Mutated(Rng rng, IMessage message)
    {
        var bytes = new ArrayBufferWriter<byte>();
        Envelope.WriteFrame(bytes, Payloads.Wrap(message, rng.NextBool() ? "p-1" : null));
        List<byte> frame = [.. bytes.WrittenSpan];
        for (int n = rng.NextInt(4); n > 0 && frame.Count > 4; n--)
        {
            int at = rng.NextInt(frame.Count);
            switch (rng.NextInt(3))
            {
                case 0:
                    frame[at] = (byte)rng.NextInt(256);
                    break;
                case 1:
                    frame.RemoveAt(at);
                    break;
                default:
                    frame.Insert(at, (byte)rng.NextInt(256));
                    break;
            }
        }

        var reader = new FrameReader(1_000_000);
        reader.Add([.. frame]);
        try
        {
            return reader.Next() is { } envelope ? Received.In(envelope) : null;
        }
        catch (WireFault)
        {
            return null;
        }
    }
}

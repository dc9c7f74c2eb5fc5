using Google.Protobuf;
using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.CTrader;

public sealed class ConversationTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 1, 5);
    private static readonly ProtoOAReconcileReq Read = new() { CtidTraderAccountId = 1 };
    private static readonly ProtoOAGetTrendbarsReq History = new() { CtidTraderAccountId = 1, SymbolId = 1, Period = ProtoOATrendbarPeriod.H1 };
    private static readonly ProtoOANewOrderReq Order = new() { CtidTraderAccountId = 1, SymbolId = 1, OrderType = ProtoOAOrderType.Market, TradeSide = ProtoOATradeSide.Buy, Volume = 100_000 };
    private static readonly ProtoOAReconcileRes Answer = new() { CtidTraderAccountId = 1 };
    private static readonly ProtoOAExecutionEvent Filled = new() { CtidTraderAccountId = 1, ExecutionType = ProtoOAExecutionType.OrderFilled };

    private static Instant After(double seconds) => Start + Duration.FromMilliseconds((long)(seconds * 1_000));

    private static Received From(IMessage message, string? id = null) => new(Payloads.TypeOf(message), message, id);

    private static ProtoOAErrorRes Error(string code, ulong? retryAfter = null)
    {
        var error = new ProtoOAErrorRes { ErrorCode = code };
        if (retryAfter is { } seconds)
        {
            error.RetryAfter = seconds;
        }

        return error;
    }

    [Fact]
    public void A_heartbeat_leaves_when_nothing_else_did_and_never_as_an_answer()
    {
        var talk = new Conversation(Start);
        talk.Next(After(9.9)).ShouldBeNull();
        talk.Due(After(9.9)).ShouldBe(After(10));
        talk.Next(After(10))!.Value.Message.ShouldBeOfType<ProtoHeartbeatEvent>();
        talk.Next(After(10)).ShouldBeNull();
        for (int i = 0; i < 50; i++)
        {
            talk.Take(After(10.1), From(new ProtoHeartbeatEvent())).ShouldBeEmpty();
            talk.Next(After(10.1)).ShouldBeNull("a heartbeat is not answered");
        }

        talk.Ask(After(15), Read);
        talk.Next(After(15))!.Value.Message.ShouldBe(Read);
        talk.Next(After(24.9)).ShouldBeNull("what left instead of a heartbeat counts as one");
        talk.Next(After(25))!.Value.Message.ShouldBeOfType<ProtoHeartbeatEvent>();
    }

    [Fact]
    public void Any_byte_keeps_a_connection_alive_and_nothing_else_does()
    {
        var talk = new Conversation(Start);
        talk.IsDead(After(74.9)).ShouldBeFalse();
        talk.Heard(After(70));
        talk.Next(After(140)).ShouldNotBeNull("what leaves proves nothing");
        talk.IsDead(After(144.9)).ShouldBeFalse();
        talk.IsDead(After(145)).ShouldBeTrue();
        talk.Due(After(140)).ShouldBe(After(145));
    }

    [Fact]
    public void What_becomes_of_a_request_is_told_once_and_what_happens_to_orders_whoever_asked()
    {
        var talk = new Conversation(Start);
        long read = talk.Ask(Start, Read), order = talk.Ask(Start, Order);
        (IMessage first, string? orderId) = talk.Next(Start)!.Value;
        (IMessage second, string? readId) = talk.Next(Start)!.Value;
        (first, second).ShouldBe((Order, Read), "what trades does not wait");
        talk.Take(Start, From(Answer, readId)).ShouldBe([new Said.Answered(read, Answer)]);
        talk.Take(Start, From(Answer, readId)).ShouldBeEmpty();
        talk.Late.ShouldBe(1);
        talk.Take(Start, From(Filled, orderId)).ShouldBe([new Said.Answered(order, Filled), new Said.Pushed(Filled)]);
        talk.Take(Start, From(Filled, orderId)).ShouldBe([new Said.Pushed(Filled)], "the second of an order's events belongs to no request any more");
        talk.Take(Start, From(Filled)).ShouldBe([new Said.Pushed(Filled)]);
        talk.Take(Start, From(Filled, "another client's")).ShouldBe([new Said.Pushed(Filled)]);
        talk.Take(Start, new Received(9_999, null, null)).ShouldBeEmpty();
        talk.NotKnown.ShouldBe(1);
    }

    [Fact]
    public void Without_an_answer_the_outcome_is_unknown_and_what_did_not_leave_is_known_not_to_have()
    {
        var talk = new Conversation(Start);
        long order = talk.Ask(Start, Order);
        string? id = talk.Next(Start)!.Value.ClientMsgId;
        talk.Elapse(After(9.9)).ShouldBeEmpty();
        talk.Elapse(After(10)).ShouldBe([new Said.Unknown(order, "no answer came in time")]);
        talk.Take(After(11), From(Filled, id)).ShouldBe([new Said.Pushed(Filled)], "late, and news all the same");

        long left = talk.Ask(After(12), Read);
        talk.Next(After(12)).ShouldNotBeNull();
        long waits = talk.Ask(After(12), History), trades = talk.Ask(After(12), Order);
        talk.End("it broke off").ShouldBe([new Said.Unknown(left, "it broke off"), new Said.NeverLeft(waits, "it broke off"), new Said.NeverLeft(trades, "it broke off")]);
        talk.End("it broke off").ShouldBeEmpty();
        talk.Next(After(12)).ShouldBeNull();
    }

    [Fact]
    public void An_order_that_could_not_leave_for_ten_seconds_does_not_leave_any_more()
    {
        var talk = new Conversation(Start);
        long first = talk.Ask(Start, Order);
        talk.Take(Start, From(Error("REQUEST_FREQUENCY_EXCEEDED", 60), talk.Next(Start)!.Value.ClientMsgId)).Single()
            .ShouldBeOfType<Said.Refused>().ShouldSatisfyAllConditions(r => r.Request.ShouldBe(first), static r => r.Meaning.ShouldBe(ErrorMeaning.Later));
        long stale = talk.Ask(After(1), Order);
        talk.Next(After(9)).ShouldBeNull();
        talk.Due(After(9)).ShouldBe(After(10), "the heartbeat; the order's own end comes a second later");
        talk.Elapse(After(11)).ShouldBe([new Said.NeverLeft(stale, "it could not leave in time")]);
    }

    [Fact]
    public void Reads_that_were_too_many_are_asked_again_a_few_times_and_history_holds_up_nothing_else()
    {
        var talk = new Conversation(Start);
        long bars = talk.Ask(Start, History);
        Instant now = Start;
        int tries = 0;
        IReadOnlyList<Said> said = [];
        while (said.Count == 0 && tries < 20)
        {
            (IMessage message, string? id) = talk.Next(now)!.Value;
            message.ShouldBe(History);
            tries++;
            said = talk.Take(now, From(Error("BLOCKED_PAYLOAD_TYPE", 2), id));
            if (said.Count == 0)
            {
                talk.Next(now).ShouldBeNull();
                long read = talk.Ask(now, Read);
                talk.Take(now, From(Answer, talk.Next(now)!.Value.ClientMsgId)).ShouldBe([new Said.Answered(read, Answer)]);
                now += Duration.FromSeconds(2L << (tries - 1));
            }
        }

        tries.ShouldBe(6);
        said.Single().ShouldBeOfType<Said.Refused>().Request.ShouldBe(bars);
    }

    /// <summary>Errors of somebody on the way say nothing of an order that passed; of a close they say that it may be asked about, and what is gone is closed.</summary>
    [Theory]
    [InlineData("TIMEOUT_ERROR", ErrorMeaning.Unknown, ErrorMeaning.Unknown, ErrorMeaning.Later)]
    [InlineData("CANT_ROUTE_REQUEST", ErrorMeaning.Unknown, ErrorMeaning.Unknown, ErrorMeaning.Later)]
    [InlineData("UNKNOWN_ERROR", ErrorMeaning.Unknown, ErrorMeaning.Unknown, ErrorMeaning.Unknown)]
    [InlineData("POSITION_NOT_FOUND", ErrorMeaning.Permanent, ErrorMeaning.Done, ErrorMeaning.Permanent)]
    [InlineData("ALREADY_CLOSED", ErrorMeaning.Permanent, ErrorMeaning.Done, ErrorMeaning.Permanent)]
    [InlineData("POSITION_LOCKED", ErrorMeaning.Later, ErrorMeaning.Later, ErrorMeaning.Later)]
    [InlineData("NOT_ENOUGH_MONEY", ErrorMeaning.Permanent, ErrorMeaning.Permanent, ErrorMeaning.Permanent)]
    [InlineData("ALREADY_SUBSCRIBED", ErrorMeaning.Done, ErrorMeaning.Done, ErrorMeaning.Done)]
    [InlineData("CH_ACCESS_TOKEN_INVALID", ErrorMeaning.Reauthorise, ErrorMeaning.Reauthorise, ErrorMeaning.Reauthorise)]
    [InlineData("OF_A_LATER_VERSION", ErrorMeaning.Permanent, ErrorMeaning.Permanent, ErrorMeaning.Permanent)]
    public void An_error_means_something_else_to_an_order_a_close_and_a_read(string code, ErrorMeaning order, ErrorMeaning close, ErrorMeaning read)
    {
        var error = new ServerError(code, "");
        error.MeaningFor(RequestKind.Order).ShouldBe(order);
        error.MeaningFor(RequestKind.Reduction).ShouldBe(close);
        error.MeaningFor(RequestKind.Read).ShouldBe(read);
    }

    [Fact]
    public void Lost_authorisation_is_understood_from_words_too_and_the_end_of_maintenance_in_both_units()
    {
        new ServerError("INVALID_REQUEST", "Trading account is not authorized").MeaningFor(RequestKind.Order).ShouldBe(ErrorMeaning.Reauthorise);
        new ServerError("INVALID_REQUEST", "volume").MeaningFor(RequestKind.Order).ShouldBe(ErrorMeaning.Permanent);
        long seconds = 1_780_000_000;
        ServerError.In(new ProtoOAErrorRes { ErrorCode = "X", MaintenanceEndTimestamp = seconds })!.MaintenanceEnds.ShouldBe(Instant.FromUnixSeconds(seconds));
        ServerError.In(new ProtoErrorRes { ErrorCode = "X", MaintenanceEndTimestamp = (ulong)seconds * 1_000 })!.MaintenanceEnds.ShouldBe(Instant.FromUnixSeconds(seconds));
        ServerError.In(new ProtoErrorRes { ErrorCode = "X", MaintenanceEndTimestamp = ulong.MaxValue })!.MaintenanceEnds.ShouldBeNull();
        ServerError.In(Error("X", ulong.MaxValue))!.RetryAfter.ShouldBeNull();
        ServerError.In(new ProtoOAOrderErrorEvent { CtidTraderAccountId = 1, ErrorCode = "X", Description = "why" })!.ToString().ShouldBe("X (why)");
        ServerError.In(new ProtoOAExecutionEvent { CtidTraderAccountId = 1, ExecutionType = ProtoOAExecutionType.OrderAccepted, ErrorCode = "X" })!.Code.ShouldBe("X");
        ServerError.In(Filled).ShouldBeNull();
    }

    /// <summary>A request that somebody adds to the protocol is an order until it is said to be harmless: here all that are are told.</summary>
    [Fact]
    public void Only_what_trades_is_an_order()
    {
        string[] Of(params RequestKind[] kinds) => [.. Payloads.All.Where(static m => m.Name.EndsWith("Req", StringComparison.Ordinal))
            .Where(m => kinds.Contains(RequestKinds.Of(m.Parser.ParseFrom(ReadOnlySpan<byte>.Empty)))).Select(static m => m.Name).Order(StringComparer.Ordinal)];
        Of(RequestKind.Order).ShouldBe(["ProtoOAAmendOrderReq", "ProtoOAAmendPositionSLTPReq", "ProtoOANewOrderReq"]);
        Of(RequestKind.Reduction).ShouldBe(["ProtoOACancelOrderReq", "ProtoOAClosePositionReq"]);
        Of(RequestKind.History).Length.ShouldBe(7);
    }

    /// <summary>Whatever happens in whatever order: no request leaves twice but a read that was too much, each is told of exactly once, and never as not having left when it did.</summary>
    [Fact]
    public void Whatever_happens_each_request_is_told_of_once_and_no_order_leaves_twice()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            Run(new Rng(seed));
        }
    }

    private static void Run(Rng rng)
    {
        var talk = new Conversation(Start);
        Instant now = Start;
        var asked = new Dictionary<long, IMessage>();
        var sent = new List<string>();
        var told = new List<Said>();
        for (int step = 0; step < 200; step++)
        {
            now += Duration.FromMilliseconds(rng.NextInt(4) == 0 ? rng.NextInt(6_000) : rng.NextInt(100));
            switch (rng.NextInt(5))
            {
                case 0:
                    IMessage request = ((IMessage[])[Read, History, Order])[rng.NextInt(3)];
                    asked.Add(talk.Ask(now, request), request);
                    break;
                case 1 or 2 when talk.Next(now) is { ClientMsgId: { } id }:
                    sent.Add(id);
                    break;
                case 3 when sent.Count > 0:
                    IMessage reply = ((IMessage[])[Answer, Filled, Error("REQUEST_FREQUENCY_EXCEEDED"), Error("TIMEOUT_ERROR"), Error("NOT_ENOUGH_MONEY")])[rng.NextInt(5)];
                    told.AddRange(talk.Take(now, From(reply, rng.NextInt(9) == 0 ? null : sent[rng.NextInt(sent.Count)])));
                    break;
                default:
                    told.AddRange(talk.Elapse(now));
                    break;
            }
        }

        told.AddRange(talk.End("lost"));
        long[] numbers = [.. told.Select(static s => s switch { Said.Answered a => a.Request, Said.Refused r => r.Request, Said.Unknown u => u.Request, Said.NeverLeft n => n.Request, _ => 0 }).Where(static n => n > 0)];
        numbers.Order().ShouldBe(asked.Keys.Order(), "each once");
        foreach ((long number, IMessage request) in asked)
        {
            int left = sent.Count(id => id == $"p-{number}");
            (request is ProtoOANewOrderReq ? left : 0).ShouldBeLessThanOrEqualTo(1);
            left.ShouldBeLessThanOrEqualTo(6);
            (left > 0 && request is ProtoOANewOrderReq && told.OfType<Said.NeverLeft>().Any(n => n.Request == number)).ShouldBeFalse("it left");
            (left == 0 && told.Any(s => s is Said.Answered a && a.Request == number)).ShouldBeFalse("it did not leave");
        }
    }
}

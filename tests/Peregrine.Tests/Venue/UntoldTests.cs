using Google.Protobuf;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;
using Peregrine.Tests.App.Trading;
using Peregrine.Venue;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>Events that the server owes and does not tell, on a connection that is otherwise well.</summary>
public sealed class UntoldTests
{
    [Fact]
    public void Interest_that_was_not_told_is_in_the_balance_once_the_position_is_closed()
    {
        var room = new SilentRoom(static m => m is ProtoOAExecutionEvent { ExecutionType: ProtoOAExecutionType.Swap });
        while (room.Step())
        {
        }

        room.Take(Event.OfOperator(room.Now, new Flatten(false)));
        room.Again(2);
        room.Untold.ShouldBeGreaterThan(0);
        room.Engine.Holdings.ShouldBeEmpty();
        (Money engine, _) = room.Venue.Account(VenueRoom.AccountId).Books;
        room.Engine.Balance.ShouldBe(engine);
    }

    /// <summary>A statement and a night can have the same time, and the server's clock can be behind: what is new since the statement is charged.</summary>
    [Fact]
    public void Interest_that_is_charged_just_after_a_statement_is_not_taken_for_stated()
    {
        var room = new SilentRoom(static _ => false);
        while (room.Venue.Account(VenueRoom.AccountId).Positions.Count == 0 && room.Step())
        {
        }

        room.Session.Send(room.Now, new RequestReconcile());
        room.Speak();
        ProtoOAPosition position = room.Venue.Account(VenueRoom.AccountId).Reconcile(false).Position[0].Clone();
        position.Swap -= 123;
        position.UtcLastUpdateTimestamp = room.Now.UnixMilliseconds - 5_000;
        var charge = new ProtoOAExecutionEvent { CtidTraderAccountId = VenueRoom.AccountId, ExecutionType = ProtoOAExecutionType.Swap, Position = position };
        Money before = room.Engine.Balance;
        room.Session.Take(room.Now, new Received(Payloads.TypeOf(charge), charge, null)).ShouldBeNull();
        room.Speak();
        room.Engine.Balance.ShouldBe(before - new Money(1.23m, Currency.Usd));
        room.Session.Take(room.Now, new Received(Payloads.TypeOf(charge), charge, null)).ShouldBeNull();
        room.Speak();
        room.Engine.Balance.ShouldBe(before - new Money(1.23m, Currency.Usd), "told twice, charged once");
    }

    /// <summary>What the server does and never tells is found so: at the latest ten minutes later.</summary>
    [Fact]
    public void The_account_is_stated_every_ten_minutes_without_being_asked_for()
    {
        var room = new SilentRoom(static _ => false);
        room.Heard.Count(static h => h == nameof(ProtoOAReconcileRes)).ShouldBe(1);
        room.Again(59);
        room.Heard.Count(static h => h == nameof(ProtoOAReconcileRes)).ShouldBe(1);
        room.Again(2);
        room.Heard.Count(static h => h == nameof(ProtoOAReconcileRes)).ShouldBe(2);
        room.Alerts.ShouldBeEmpty();
    }

    [Fact]
    public void A_stop_that_was_filled_and_not_told_comes_to_light()
    {
        var room = new SilentRoom(static m => m is ProtoOAExecutionEvent { ExecutionType: ProtoOAExecutionType.OrderFilled, Order.OrderType: ProtoOAOrderType.StopLossTakeProfit });
        while (room.Untold == 0 && room.Step())
        {
        }

        long gone = room.Engine.Holdings.Select(static h => h.PositionId).Except(room.Venue.Account(VenueRoom.AccountId).Positions.Select(static p => p.Id)).ShouldHaveSingleItem();
        room.Again(62);
        room.Engine.Holdings.ShouldNotContain(h => h.PositionId == gone);
        room.Trades.ShouldContain(static t => t.ExitReason == ExitReason.Stop || t.ExitReason == ExitReason.Trail || t.ExitReason == ExitReason.Target);
        room.Engine.Halted.ShouldBeNull();
    }

    private sealed class SilentRoom : VenueRoom
    {
        private readonly Func<IMessage, bool> isOwed;

        public SilentRoom(Func<IMessage, bool> isOwed)
            : base(new PaperScenario(1))
        {
            this.isOwed = isOwed;
            Connect();
        }

        public int Untold { get; private set; }

        /// <summary>The last prices again, every ten seconds.</summary>
        public void Again(int times)
        {
            for (int i = 0; i < times; i++)
            {
                PassUntil(Now + Duration.FromSeconds(10));
                Elapse(Now + Duration.FromSeconds(10));
                Repeat();
            }
        }

        protected override void Deliver(in Outgoing told)
        {
            if (isOwed(told.Message))
            {
                Untold++;
                return;
            }

            base.Deliver(told);
        }
    }
}

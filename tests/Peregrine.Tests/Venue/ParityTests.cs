using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Peregrine.Tests.App.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Venue;

/// <summary>Trading over the protocol is the backtest: the same trades at the same prices and moments, to the cent.</summary>
public sealed class ParityTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Client_and_venue_trade_what_the_backtest_trades(int seed)
    {
        var scenario = new PaperScenario((ulong)seed);
        Backtest backtest = scenario.Backtest();
        var room = new VenueRoom(scenario);
        room.Connect();
        room.Session.Phase.ShouldBe(SessionPhase.Ready, room.Session.Fault ?? room.Session.LastLoss);
        while (room.Step())
        {
        }

        Seen[] expected = [.. backtest.Trades.Where(t => t.ExitReason != ExitReason.End).Select(Seen.Of)];
        expected.Length.ShouldBeGreaterThan(20);
        room.Trades.Select(Seen.Of).ShouldBe(expected);
        (Money engine, Money here) = room.Venue.Account(VenueRoom.AccountId).Books;
        here.ShouldBe(engine, "what is realised and what is charged to open positions is all there is");
        room.Engine.Balance.ShouldBe(engine);
        room.Alerts.ShouldBe(backtest.Alerts);
    }
}

using Peregrine.Adapters.Store.Journal;
using Peregrine.App.Trading;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Simulation;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary>Paper trading over stored quotes is the backtest over them, to the cent; and its journal is all of it.</summary>
public sealed class PaperSessionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Trades_fills_and_profit_are_the_backtest_s(int seed)
    {
        var scenario = new PaperScenario((ulong)seed);
        Backtest backtest = scenario.Backtest();
        using var folder = new TemporaryFolder(inMemory: true);
        PaperPlan plan = scenario.Plan(folder.File("s.db"), folder.File("p.db"));
        SqliteJournal.Create(plan.JournalPath, scenario.Started, TimeProvider.System).Dispose();
        using var words = new OperatorQueue();
        (await PaperSession.Run(plan, words, null, CancellationToken.None)).ShouldBeTrue();

        (SessionReplay replay, List<Trade> trades, var refusals) = scenario.Replay(plan.JournalPath);
        replay.Difference.ShouldBeNull();
        trades.Count.ShouldBeGreaterThan(20);
        trades.ShouldBe(backtest.Trades);
        refusals.ShouldBe(backtest.Refusals);
        replay.Engine.Balance.ShouldBe(backtest.Balance);
        // One more event each for connecting and for the broker's statement.
        replay.Events.ShouldBe(backtest.Events + 2);
    }
}

using Peregrine.Adapters;
using Peregrine.Adapters.Paper;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;
using Peregrine.Tests.App;
using Peregrine.Tests.App.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.Paper;

/// <summary>A paper broker that is rebuilt holds what the one before it held; its feed is one stream in a fixed order, at the pace asked for.</summary>
public sealed class PaperBrokerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_rebuilt_broker_states_what_the_one_before_it_held(int seed)
    {
        var scenario = new PaperScenario((ulong)seed, 800);
        using var folder = new TemporaryFolder(inMemory: true);
        var engine = new Engine(scenario.Started.Setup(PaperScenario.Decide));
        var output = new EngineOutput();
        var cursor = new PaperCursor();
        var waiting = new HashSet<string>(StringComparer.Ordinal);
        var rng = new Rng((ulong)seed);
        int compared = 0;
        await using PaperBroker live = Open(scenario, folder.File("p.db"), new PaperCursor(), engine.Now);
        while (await live.Next(engine.NextDue, CancellationToken.None) is { } e)
        {
            cursor.See(e);
            Note(e, waiting);
            engine.Step(e, output);
            foreach (Command command in output.Commands)
            {
                waiting.UnionWith(command is SubmitOrder submit ? [submit.Order.ClientOrderId] : []);
                await live.Send(command, CancellationToken.None);
            }

            bool acted = output.Commands.Count > 0;
            output.Clear();
            if (rng.NextBool(acted || e.Kind == EventKind.Broker ? 0.4 : 0.01) && cursor.EndedAt is null)
            {
                await Compare(scenario, live, cursor, (folder.File($"p{++compared}.db"), folder.File("p.db"), waiting));
            }
        }

        compared.ShouldBeGreaterThan(10);
    }

    /// <summary>Entries that the broker has and that have not come to an end.</summary>
    private static void Note(in Event e, HashSet<string> waiting)
    {
        switch (e.Body)
        {
            case OrderFilled filled:
                waiting.Remove(filled.Deal.ClientOrderId);
                break;
            case OrderRejected rejected:
                waiting.Remove(rejected.ClientOrderId);
                break;
            default:
                break;
        }
    }

    /// <summary>What the live one has done with the last quote and not said yet, the rebuilt one has done too.</summary>
    private static async Task Compare(PaperScenario scenario, PaperBroker live, PaperCursor cursor, (string Copy, string Log, HashSet<string> Waiting) files)
    {
        File.Copy(files.Log, files.Copy);
        File.Copy(files.Log + "-wal", files.Copy + "-wal");
        await using PaperBroker rebuilt = Open(scenario, files.Copy, cursor, live.Now);
        (await rebuilt.Next(null, CancellationToken.None))!.Value.Body.ShouldBe(new ConnectionChanged(live.Now, true));
        await rebuilt.Send(new RequestReconcile(), CancellationToken.None);
        var stated = (Reconciled)(await rebuilt.Next(null, CancellationToken.None))!.Value.Body!;
        stated.Positions.ShouldBe(live.Positions);
        stated.Deals.ShouldBe(live.Deals);
        stated.Balance.ShouldBe(live.Balance);
        string[] filled = [.. live.Deals.Select(d => d.ClientOrderId)];
        stated.Orders.Select(o => o.ClientOrderId).Order(StringComparer.Ordinal).ShouldBe(files.Waiting.Except(filled).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_log_that_runs_ahead_of_the_journal_is_refused()
    {
        var scenario = new PaperScenario(1, 800);
        using var folder = new TemporaryFolder(inMemory: true);
        await using (PaperBroker broker = Open(scenario, folder.File("p.db"), new PaperCursor(), default))
        {
            for (int i = 0; i < 50; i++)
            {
                await broker.Next(null, CancellationToken.None);
            }

            await broker.Send(new CancelOrder("x"), CancellationToken.None);
        }

        Should.Throw<KnownFailure>(() => Open(scenario, folder.File("p.db"), new PaperCursor(), default)).Message.ShouldContain("the journal ends with quote 0");
    }

    [Fact]
    public void Quotes_of_several_symbols_come_by_time_and_then_by_symbol()
    {
        Quote[] first = [At(1), At(3), At(3), At(9)], second = [At(1), At(2), At(3)];
        using var merge = new QuoteMerge([first, [], second]);
        var seen = new List<(int, long)>();
        while (merge.TryPeek(out SymbolQuote next))
        {
            merge.Take(next);
            seen.Add((next.Symbol, next.Quote.Time.Nanoseconds));
        }

        seen.ShouldBe([(0, 1), (2, 1), (2, 2), (0, 3), (0, 3), (2, 3), (0, 9)]);
        merge.Taken.ShouldBe(7);

        static Quote At(long time) => new(new Instant(time), new Price(1), new Price(2));
    }

    [Fact]
    public async Task Time_passes_as_many_times_faster_as_asked_and_an_interrupted_wait_takes_nothing()
    {
        var clock = new ManualClock();
        var pace = new Pace(60, clock);
        Instant start = Instant.FromUtc(2019, 2, 4);
        Task minute = pace.Reach(start + Duration.FromMinutes(1), start, CancellationToken.None).AsTask();
        minute.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(500));
        pace.Now(start).ShouldBe(start + Duration.FromSeconds(30));
        minute.IsCompleted.ShouldBeFalse();
        clock.Advance(TimeSpan.FromMilliseconds(500));
        await minute;

        using var interrupt = new CancellationTokenSource();
        Task hour = pace.Reach(start + Duration.FromHours(1), start, interrupt.Token).AsTask();
        await interrupt.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => hour);
        pace.Reach(start + Duration.FromMinutes(1), start, CancellationToken.None).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
    }

    private static PaperBroker Open(PaperScenario scenario, string log, PaperCursor reached, Instant now) => PaperBroker.Open(
        new PaperAccount(scenario.Started.Terms, scenario.Started.Instruments, scenario.Started.Costs, log), scenario.Feed(), reached, now, new Pace(null, TimeProvider.System));
}

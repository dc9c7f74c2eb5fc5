using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Ports;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Trading;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary>Tests that measure the whole process, and so run while no other does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>Fifty-five hours of seconds: what is alive near their end is what was alive after a quarter of them.</summary>
[Collection(Alone.Name)]
public sealed class LongSessionTests
{
    [Fact]
    public async Task A_long_session_takes_no_more_memory_than_a_short_one()
    {
        const int seconds = 200_000;
        var scenario = new PaperScenario(2);
        using var folder = new TemporaryFolder(inMemory: true);
        var watch = new MemoryWatch();
        PaperPlan plan = scenario.Plan(folder.File("s.db"), folder.File("p.db")) with
        {
            Feed = () => new QuoteMerge([Seconds(seconds)]),
            Around = parts => parts with { Broker = watch.Around(parts.Broker) },
        };
        SqliteJournal.Create(plan.JournalPath, scenario.Started, TimeProvider.System).Dispose();
        using var words = new OperatorQueue();
        await PaperSession.Run(plan, words, null, CancellationToken.None);
        scenario.Replay(plan.JournalPath).Trades.Count.ShouldBeGreaterThan(300);
        // What grows is a few words a deal, by which a deal told twice is known.
        (watch.AtEnd - watch.AtQuarter).ShouldBeLessThan(1_000_000);

        static IEnumerable<Quote> Seconds(int count)
        {
            var rng = new Rng(8);
            long bid = 110_000;
            for (int i = 0; i < count; i++)
            {
                bid += rng.NextInt(-3, 3);
                yield return new Quote(Instant.FromUtc(2019, 2, 4) + Duration.FromSeconds(i), new Price(bid), new Price(bid + 2));
            }
        }
    }

    /// <summary>What is alive after a quarter of the events and near their end.</summary>
    private sealed class MemoryWatch
    {
        private int events;

        public long AtQuarter { get; private set; }

        public long AtEnd { get; private set; }

        public IBroker Around(IBroker broker) => new Watched(this, broker);

        private void Look()
        {
            events++;
            if (events == 50_000)
            {
                AtQuarter = GC.GetTotalMemory(forceFullCollection: true);
            }
            else if (events == 195_000)
            {
                AtEnd = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        private sealed class Watched(MemoryWatch watch, IBroker broker) : IBroker
        {
            public Instant Now => broker.Now;

            public ValueTask<Event?> Next(Instant? due, CancellationToken interrupt)
            {
                watch.Look();
                return broker.Next(due, interrupt);
            }

            public ValueTask Send(Command command, CancellationToken stop) => broker.Send(command, stop);

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}

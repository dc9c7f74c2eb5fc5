using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;
using Peregrine.Tests.Adapters.Journal;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.App.Trading;

/// <summary>
/// The process dies at seeded points of the order life and is started again from what the disk holds: nothing is lost, nothing doubled, the session ends as
/// if it had not died, and its journal replays byte for byte.
/// </summary>
public sealed class CrashTests
{
    private const int Scenarios = 10, PointsEach = 20;

    /// <summary>What a whole session came to, however often it had died.</summary>
    private sealed record Outcome(IReadOnlyList<Trade> Trades, Money Balance, int Lost, int SaidAgain, int Crashes, IReadOnlyList<string> Calls);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, Scenarios)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_session_that_dies_once_ends_as_one_that_did_not(int seed)
    {
        var scenario = new PaperScenario((ulong)seed, 1_200);
        Outcome whole = await Live(scenario, (_, folder) => Crash.Never(folder));
        whole.Trades.Count.ShouldBeGreaterThan(10);
        var rng = new Rng((ulong)seed + 100);
        int identical = 0;
        for (int point = 0; point < PointsEach; point++)
        {
            (int call, CrashMoment moment) = Choose(rng, whole.Calls);
            Outcome died = await Live(scenario, (generation, folder) => generation == 0 ? new Crash(call, moment, rng.Fork((ulong)point), folder) : Crash.Never(folder));
            died.Crashes.ShouldBe(1);
            if (died.Lost == 0 && died.SaidAgain == 0)
            {
                died.Trades.ShouldBe(whole.Trades, $"seed {seed}, {moment} call {call} ({whole.Calls[call]})");
                died.Balance.ShouldBe(whole.Balance);
                identical++;
            }
        }

        // Only a death between the journal and the broker costs a command; most do not.
        identical.ShouldBeGreaterThan(PointsEach / 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_session_that_dies_again_and_again_comes_to_its_end(int seed)
    {
        var scenario = new PaperScenario((ulong)seed, 1_200);
        var rng = new Rng((ulong)seed + 500);
        Outcome died = await Live(scenario, (generation, folder) => generation < 40
            ? new Crash(rng.NextInt(20, 300), rng.NextBool() ? CrashMoment.Before : CrashMoment.After, rng.Fork((ulong)generation), folder)
            : Crash.Never(folder));
        died.Crashes.ShouldBeGreaterThan(10);
    }

    /// <summary>Every kind of call is as likely as any other, so that what happens once a session is hit as often as what happens all the time.</summary>
    private static (int Call, CrashMoment Moment) Choose(Rng rng, IReadOnlyList<string> calls)
    {
        string[] kinds = [.. calls.Distinct().Order(StringComparer.Ordinal)];
        string kind = kinds[rng.NextInt(kinds.Length)];
        int[] at = [.. Enumerable.Range(0, calls.Count).Where(i => calls[i] == kind)];
        bool writes = kind is "commit" or "flush" or "end" || kind.StartsWith("send", StringComparison.Ordinal);
        return (at[rng.NextInt(at.Length)], (CrashMoment)rng.NextInt(writes ? 3 : 2));
    }

    private static async Task<Outcome> Live(PaperScenario scenario, Func<int, string, Crash> crashOf)
    {
        using var folder = new TemporaryFolder(inMemory: true);
        string place = Directory.CreateDirectory(folder.File("g")).FullName;
        SqliteJournal.Create(Path.Combine(place, "s.db"), scenario.Started, TimeProvider.System).Dispose();
        Operator words = Words();
        IReadOnlyList<string> calls = [];
        for (int generation = 0; ; generation++)
        {
            Crash crash = crashOf(generation, place);
            // It may have died after its last word.
            bool ended = JournalReader.Read(Path.Combine(place, "s.db")).Any(r => r.Ended is not null) || await Run(scenario, place, crash, words);
            calls = generation == 0 ? crash.Calls : calls;
            if (ended)
            {
                return Judge(scenario, place, words, (generation, calls));
            }

            place = crash.Remains;
            words.Restart(JournalReader.Read(Path.Combine(place, "s.db")).Count(r => r.Kind == EntryKind.Word));
        }
    }

    private static async Task<bool> Run(PaperScenario scenario, string place, Crash crash, Operator words)
    {
        PaperPlan plan = scenario.Plan(Path.Combine(place, "s.db"), Path.Combine(place, "p.db")) with
        {
            Around = parts => parts with
            {
                Broker = new CrashingBroker(parts, crash, Path.Combine(place, "p.db"), words),
                Journal = new CrashingJournal(parts.Journal, crash, Path.Combine(place, "s.db")),
            },
        };
        try
        {
            using var queue = new OperatorQueue();
            return await PaperSession.Run(plan, queue, null, CancellationToken.None);
        }
        catch (SimulatedCrash)
        {
            return false;
        }
    }

    private static Outcome Judge(PaperScenario scenario, string place, Operator words, (int Crashes, IReadOnlyList<string> Calls) run)
    {
        string journal = Path.Combine(place, "s.db");
        (SessionReplay replay, List<Trade> trades, _) = scenario.Replay(journal);
        replay.Difference.ShouldBeNull();
        replay.Ended.ShouldNotBeNull();
        // The feed may end with an entry on its way; nothing that filled is left.
        replay.Engine.Holdings.Where(h => h.PositionId != 0).ShouldBeEmpty();
        replay.Engine.Balance.ShouldBe(trades.Aggregate(scenario.Started.Terms.Deposit, (sum, t) => sum + t.Net), "the trades are all that moved the balance");
        trades.Select(t => t.Id).Distinct().Count().ShouldBe(trades.Count);

        WrittenCommand[] sent = [.. Sessions.Commands(journal)];
        WrittenCommand[] received = Received(Path.Combine(place, "p.db"));
        string[] orders = [.. received.Select(r => r.Order?.ClientOrderId).OfType<string>()];
        orders.Distinct().Count().ShouldBe(orders.Length, "an order was sent twice");
        IsPartOf([.. received.Select(c => c.ToString())], [.. sent.Select(c => c.ToString())]).ShouldBeTrue("the broker received what was not journalled, or in another order");
        return new Outcome(trades, replay.Engine.Balance, sent.Length - received.Length, words.SaidAgain, run.Crashes, run.Calls);
    }

    private static bool IsPartOf(string[] part, string[] whole)
    {
        int found = 0;
        foreach (string each in whole)
        {
            found += found < part.Length && part[found] == each ? 1 : 0;
        }

        return found == part.Length;
    }

    private static WrittenCommand[] Received(string path)
    {
        using PaperLog log = PaperLog.Open(path, TimeProvider.System);
        return [.. log.Received().Select(r => r.Command)];
    }

    private static Operator Words() => new(
        (600, engine => engine.Holdings.FirstOrDefault(h => h.Phase == SlotPhase.Open) is { } open ? new CloseOne(open.PositionId) : new Resume()),
        (900, _ => new Halt("lunch")),
        (1_100, _ => new Resume()),
        (1_700, _ => new Flatten(false)),
        (1_800, _ => new Resume()));
}

using Microsoft.Data.Sqlite;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.Store;

public sealed class StrategyLibraryTests : IDisposable
{
    private static readonly Instant Now = Instant.FromUtc(2026, 1, 2, 3, 4);
    private static readonly PartFigures Good = new(1.5, 0.1, 0.05, 80, 0.6, 1.3), Poor = new(-0.2, -0.01, 0.2, 70, 0.4, null);

    private readonly TemporaryFolder home = new();
    private StrategyLibrary library;

    public StrategyLibraryTests() => library = StrategyLibrary.Open(home.Path);

    public void Dispose()
    {
        library.Dispose();
        home.Dispose();
    }

    [Fact]
    public void What_a_run_found_is_there_after_closing_and_opening_with_its_figures_and_its_parents()
    {
        Strategy first = Of("a", 10), second = Of("b", 20);
        var run = new RunRow("r1", "EURUSD", Timeframe.H1, ulong.MaxValue, "settings", "data", Now);
        RunMarket[] markets = [new("EURUSD", Timeframe.H1), new("USDJPY", Timeframe.H4)];
        library.Begin(run with { Markets = markets });
        FrontRow best = Row("r1", 0, first, 2.5) with { Parent = second.Id, Mate = null }, next = Row("r1", 1, second, 1.5);
        library.Finish(run with { Finished = Now, Evaluations = 10, DistinctTrials = 9, Hash = "h", Finding = "Edge", Reason = "why" }, [(Stored(first), best), (Stored(second), next)]);
        Reopen();
        RunRow kept = library.Run("r1").ShouldNotBeNull();
        kept.Markets.ShouldBe(markets);
        kept.Trades("USDJPY").ShouldBeTrue();
        kept.Trades("GBPUSD").ShouldBeFalse();
        (kept with { Markets = [] }).ShouldBe(run with { Finished = Now, Evaluations = 10, DistinctTrials = 9, Hash = "h", Finding = "Edge", Reason = "why" });
        library.Run("r2").ShouldBeNull();
        library.Front("r1").ShouldBe([best, next]);
        library.Strategies().Select(s => s.Id).ShouldBe([first.Id, second.Id]);
        library.Find(first.Id).ShouldBe(Stored(first) with { Judged = best });
    }

    [Fact]
    public void A_run_that_is_finished_again_has_one_front()
    {
        var run = new RunRow("r1", "EURUSD", Timeframe.H1, 1, "settings", "data", Now);
        library.Begin(run);
        library.Begin(run with { Started = Now + Duration.FromDays(1) });
        library.Finish(run, [(Stored(Of("a", 10)), Row("r1", 0, Of("a", 10), 1))]);
        library.Finish(run, [(Stored(Of("b", 20)), Row("r1", 0, Of("b", 20), 1))]);
        library.Front("r1").Single().Strategy.ShouldBe(Of("b", 20).Id);
        library.Run("r1")!.Started.ShouldBe(Now);
    }

    [Fact]
    public void The_ledger_only_grows_and_holds_every_trial_once()
    {
        library.Record("r1", [Trial(0, true), Trial(1, false)]);
        library.Record("r1", [Trial(1, true), Trial(2, true)]);
        library.Record("r2", [Trial(0, true)]);
        library.Trials("r1").ShouldBe((3, 2));
        library.Trials().ShouldBe((4, 3));
        library.Trials("r3").ShouldBe((0, 0));
    }

    [Fact]
    public void A_lockbox_is_fixed_by_the_first_who_asks_and_others_that_overlap_are_named()
    {
        Instant begin = Instant.FromUtc(2015, 1, 1), shut = Instant.FromUtc(2018, 1, 1), end = Instant.FromUtc(2019, 1, 1);
        var project = new ProjectKey("EURUSD", Timeframe.H1, begin, end);
        library.StoredLockbox(project).ShouldBeNull();
        library.Lockbox(project, () => shut, Now).ShouldBe(shut);
        Reopen();
        library.Lockbox(project, () => throw new InvalidOperationException("it is fixed"), Now).ShouldBe(shut);
        library.StoredLockbox(project with { Timeframe = Timeframe.H4 }).ShouldBeNull();

        var longer = new ProjectKey("EURUSD", Timeframe.H1, begin, Instant.MaxValue);
        library.LockboxesInside(longer, Instant.FromUtc(2022, 1, 1)).ShouldBe([(project, shut)]);
        library.LockboxesInside(longer, shut).ShouldBeEmpty();
        library.LockboxesInside(longer with { From = end }, Instant.FromUtc(2022, 1, 1)).ShouldBeEmpty();
        library.LockboxesInside(project, end).ShouldBeEmpty();
        library.ReadersOf(longer, Instant.FromUtc(2017, 1, 1)).ShouldBe([project], "it has read up to 2018 what the longer one would keep from 2017 on");
        library.ReadersOf(longer, shut).ShouldBeEmpty();
        library.ReadersOf(project, begin).ShouldBeEmpty("its own data are no others'");
        library.LockboxesInside(project with { Timeframe = Timeframe.M30 }, end).ShouldBe([(project, shut)], "on whatever timeframe it is read");
    }

    [Fact]
    public void A_strategy_is_found_by_name_or_by_the_beginning_of_its_id_and_only_when_it_is_the_only_one()
    {
        library.Add(Stored(Of("mine", 10))).ShouldBeTrue();
        library.Add(Stored(Of("mine", 10))).ShouldBeFalse();
        library.Add(Stored(Of("mine", 20)));
        library.Find(Of("x", 10).Id[..12]).Name.ShouldBe("mine");
        Should.Throw<KnownFailure>(() => library.Find("mine")).Message.ShouldContain("more than one");
        Should.Throw<KnownFailure>(() => library.Find("%")).Message.ShouldContain("There is no strategy");
        Should.Throw<KnownFailure>(() => library.Find("_")).Message.ShouldContain("There is no strategy");
    }

    [Fact]
    public void A_library_of_a_newer_Peregrine_and_a_file_that_is_none_are_refused_in_a_sentence()
    {
        library.Dispose();
        string path = Path.Combine(home.Path, "library", "library.db");
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        Should.Throw<KnownFailure>(() => StrategyLibrary.Open(home.Path)).Message.ShouldContain("newer Peregrine");
        string other = home.File("other");
        Directory.CreateDirectory(Path.Combine(other, "library"));
        File.WriteAllText(Path.Combine(other, "library", "library.db"), new string('x', 5_000));
        Should.Throw<KnownFailure>(() => StrategyLibrary.Open(other)).Message.ShouldContain("Cannot open the library");
    }

    [Theory]
    [InlineData("thing", 1, 0, null)]
    [InlineData("other", 1, 0, "it is a thing, not a other")]
    [InlineData("thing", 2, 0, "it has version 1")]
    [InlineData("thing", 1, 1, "its content is not what was written")]
    public void A_checked_file_is_read_only_as_what_it_is(string kind, int version, int damage, string? fault)
    {
        string path = home.File("file");
        CheckedFile.Write(path, "thing", 1, "content"u8);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= (byte)damage;
        File.WriteAllBytes(path, bytes);
        if (fault is null)
        {
            CheckedFile.Read(path, kind, version).ShouldBe("content"u8.ToArray());
        }
        else
        {
            Should.Throw<KnownFailure>(() => CheckedFile.Read(path, kind, version)).Message.ShouldContain(fault);
        }

        File.WriteAllText(path, "thing 1");
        Should.Throw<KnownFailure>(() => CheckedFile.Read(path, "thing", 1)).Message.ShouldContain("cut off");
        Should.Throw<KnownFailure>(() => CheckedFile.Read(home.File("none"), "thing", 1)).Message.ShouldContain("no such file");
    }

    private void Reopen()
    {
        library.Dispose();
        library = StrategyLibrary.Open(home.Path);
    }

    private static Strategy Of(string name, int window) =>
        Strategy.Parse($"strategy {name}\nmarket EURUSD H1\nlong when close > sma(close, {window})\nstop 2 atr(14)\n");

    private static StoredStrategy Stored(Strategy s) => new(s.Id, s.Name, "evolved", Now, s);

    private static FrontRow Row(string run, int rank, Strategy s, double score) => new(run, rank, s.Id, score, 7.5, Good, Poor, rank == 0 ? 0.01 : null) { Operator = "crossover" };

    private static TrialRow Trial(int number, bool distinct) => new(number, 0, Of("t", 2 + number).Id, "founder", (UInt128)number)
    {
        IsDistinct = distinct, Rejection = 0, Score = 1, Sharpe = 1, Trades = 50, Complexity = 5,
    };
}

using Microsoft.Data.Sqlite;
using Peregrine.Adapters;
using Peregrine.Adapters.Paper;
using Peregrine.Adapters.Ports;
using Peregrine.Adapters.Store.Journal;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;
using Peregrine.Tests.Adapters.Store;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.Journal;

/// <summary>What was added comes back in order; what was not committed was never there; and no damage goes unnoticed.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Path => folder.File("s.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_session_comes_back_in_the_order_in_which_it_was_added()
    {
        SessionStarted session = Sessions.Started("s");
        using (SqliteJournal journal = SqliteJournal.Create(Path, session, TimeProvider.System))
        {
            journal.Add(Quote(1));
            journal.Add(Event.OfClock(new Instant(2)));
            journal.Add(Event.OfBroker(new OrderAccepted(new Instant(3), "s-1")));
            journal.Add(new CancelOrder("s-1"));
            journal.Add(new Alert(new Instant(3), "look"));
            journal.Add(Quote(4));
            journal.Add(Event.OfOperator(new Instant(5), new Halt("lunch")));
            journal.AddEnd("done");
            journal.Commit();
        }

        Recorded[] read = [.. JournalReader.Read(Path)];
        read.Select(r => r.Kind).ShouldBe([EntryKind.Started, EntryKind.Market, EntryKind.Market, EntryKind.Broker, EntryKind.Command, EntryKind.Alert, EntryKind.Market, EntryKind.Word, EntryKind.Ended]);
        read.Select(r => r.Sequence).ShouldBe([1, 2, 2, 3, 4, 5, 6, 7, 8]);
        read[1].Event.ShouldBe(Quote(1));
        read[3].Event.Body.ShouldBe(new OrderAccepted(new Instant(3), "s-1"));
        JournalReader.Command(read[4].Command).Other.ShouldBe(new CancelOrder("s-1"));
        read[5].Alert.ShouldBe(new Alert(new Instant(3), "look"));
        read[7].Event.ShouldBe(Event.OfOperator(new Instant(5), new Halt("lunch")));
        read[8].Ended.ShouldBe("done");
        read[0].Started!.IsSameAs(session).ShouldBeTrue();
    }

    [Fact]
    public void A_session_knows_itself_again_by_what_it_trades_and_not_by_its_name()
    {
        SessionStarted session = Sessions.Started("s");
        SqliteJournal.Create(Path, session, TimeProvider.System).Dispose();
        SessionStarted read = JournalReader.Glance(Path).Session;
        (read with { Session = "other", Begun = new Instant(7), Build = "another" }).IsSameAs(session).ShouldBeTrue();
        (read with { Seed = 2 }).IsSameAs(session).ShouldBeFalse();
        (read with { Limits = read.Limits with { MaxTotalLoss = 0.1m } }).IsSameAs(session).ShouldBeFalse();
    }

    [Fact]
    public void What_was_added_and_not_written_is_not_in_the_file_and_the_session_goes_on_after_what_was()
    {
        using (SqliteJournal journal = SqliteJournal.Create(Path, Sessions.Started("s"), TimeProvider.System))
        {
            journal.Add(Quote(1));
            journal.Commit();
            journal.Add(Quote(2));
            journal.IsPending.ShouldBeTrue();
        }

        using (SqliteJournal journal = SqliteJournal.Open(Path, TimeProvider.System))
        {
            journal.Add(Quote(3));
            journal.Flush();
        }

        JournalReader.Read(Path).Skip(1).Select(r => r.Event).ShouldBe([Quote(1), Quote(3)]);
    }

    [Fact]
    public void A_commit_waits_for_the_disk_with_all_that_went_before_it_and_a_flush_does_not()
    {
        using EntryFile file = EntryFile.Create(Path, "", EntryKind.Started, Sessions.Started("s").ToBytes());
        using var journal = new SqliteJournal(file, TimeProvider.System);
        Synchronous(file).ShouldBe(Full, "as it is made");
        journal.Add(Quote(1));
        journal.Flush();
        Synchronous(file).ShouldBe(Normal);
        using (var flushes = new Flushes(folder.Path, flushed => System.IO.Path.GetRelativePath(folder.Path, flushed)))
        {
            journal.Commit();
            flushes.Seen.ShouldBe(["s.db-wal"], "SQLite writes and flushes nothing for a transaction that changes nothing");
            journal.Commit();
            flushes.Seen.Count.ShouldBe(1, "all of it is on the disk");
        }

        Synchronous(file).ShouldBe(Full);
        journal.Add(Quote(2));
        journal.Flush();
        journal.Add(Quote(3));
        journal.Commit();
        Synchronous(file).ShouldBe(Full);
    }

    [Fact]
    public void A_file_that_is_opened_again_commits_to_the_disk()
    {
        Filled();
        using EntryFile file = EntryFile.Open(Path);
        Synchronous(file).ShouldBe(Full);
    }

    [Fact]
    public void What_a_paper_broker_received_is_on_the_disk_before_it_takes_effect()
    {
        using EntryFile file = EntryFile.Create(Path, "", EntryKind.Started, []);
        using var log = new PaperLog(file, TimeProvider.System);
        log.Add(1, null, new Instant(2), new CancelOrder("s-1"));
        log.Received().ShouldHaveSingleItem().Command.Other.ShouldBe(new CancelOrder("s-1"));
        Synchronous(file).ShouldBe(Full, "the last commit waited for the disk");
    }

    [Fact]
    public void A_session_that_has_begun_has_its_file_its_name_and_its_log_s_room_on_the_disk()
    {
        using var flushes = new Flushes(folder.Path, flushed => $"{(File.Exists(Path) ? "begun" : "not begun")} {System.IO.Path.GetRelativePath(folder.Path, flushed)}");
        EntryFile.Create(Path, "", EntryKind.Started, Sessions.Started("s").ToBytes()).Dispose();
        flushes.Seen.ShouldBe(["begun .", "begun s.db-wal", "begun ."], "the file's name, the log's room and the log's name; SQLite itself has flushed the file");
    }

    [Fact]
    public void A_block_goes_to_the_file_when_it_is_full()
    {
        using SqliteJournal journal = SqliteJournal.Create(Path, Sessions.Started("s"), TimeProvider.System);
        for (int i = 0; i < 600; i++)
        {
            journal.Add(Quote(i));
        }

        JournalReader.Read(Path).Count().ShouldBe(1 + 512);
    }

    [Theory]
    [InlineData("UPDATE entry SET body = zeroblob(length(body)) WHERE sequence = 3", "entry 3 is not what was written")]
    [InlineData("UPDATE entry SET kind = 5 WHERE sequence = 3", "entry 3 is not what was written")]
    [InlineData("DELETE FROM entry WHERE sequence = 3", "entry 3 is missing")]
    [InlineData("DELETE FROM entry WHERE sequence BETWEEN 2 AND 4", "entries 2 to 4 are missing")]
    [InlineData("DELETE FROM entry WHERE sequence >= 5", "entries 5 to 6 are missing at its end")]
    [InlineData("DELETE FROM entry", "entries 1 to 6 are missing at its end")]
    [InlineData("DELETE FROM head", "it has no head")]
    [InlineData("DROP TABLE entry", "no such table")]
    [InlineData("UPDATE head SET mark = zeroblob(16)", "its head does not fit")]
    [InlineData("PRAGMA user_version = 9", "its format is version 9")]
    public void Damage_is_named_and_never_read_over(string damage, string said)
    {
        Filled();
        using (SqliteConnection connection = Sql.Open(Path, SqliteOpenMode.ReadWrite))
        {
            Sql.Execute(connection, damage);
        }

        Should.Throw<KnownFailure>(() => JournalReader.Read(Path).Count()).Message.ShouldContain(said);
    }

    [Fact]
    public void Two_entries_that_changed_places_are_noticed()
    {
        Filled();
        using (SqliteConnection connection = Sql.Open(Path, SqliteOpenMode.ReadWrite))
        {
            Sql.Execute(connection, "UPDATE entry SET sequence = -1 WHERE sequence = 3; UPDATE entry SET sequence = 3 WHERE sequence = 4; UPDATE entry SET sequence = 4 WHERE sequence = -1");
        }

        Should.Throw<KnownFailure>(() => JournalReader.Read(Path).Count()).Message.ShouldContain("entry 3 is not what was written");
    }

    [Fact]
    public void A_file_that_was_cut_or_overwritten_is_refused_in_one_sentence()
    {
        Filled();
        byte[] whole = File.ReadAllBytes(Path);
        var rng = new Rng(3);
        for (int round = 0; round < 100; round++)
        {
            byte[] bytes = whole[..rng.NextInt(whole.Length / 2, whole.Length)];
            if (rng.NextBool())
            {
                bytes = [.. whole];
                new Random(round).NextBytes(bytes.AsSpan(rng.NextInt(whole.Length - 64), 64));
            }

            File.WriteAllBytes(Path, bytes);
            Read(() => JournalReader.Read(Path).Count().ShouldBePositive());
        }
    }

    [Fact]
    public void Three_crashes_in_a_row_at_one_place_are_counted_and_progress_or_an_orderly_end_forgets_them()
    {
        Filled();
        Begin(10).ShouldBe(0);
        Begin(10).ShouldBe(1);
        Begin(10).ShouldBe(2);
        Begin(10).ShouldBe(3);
        Begin(11).ShouldBe(1);
        Begin(11).ShouldBe(2);
        Begin(11, end: true).ShouldBe(3);
        Begin(11).ShouldBe(0);
    }

    [Fact]
    public void Crashes_with_one_error_are_counted_though_the_market_moved_on()
    {
        Filled();
        Begin(10, fault: "bug").ShouldBe(0);
        Begin(20, fault: "bug").ShouldBe(1);
        Begin(30, fault: "bug").ShouldBe(2);
        Begin(40, fault: "bug").ShouldBe(3);
        Begin(50, fault: "other").ShouldBe(4);
        Begin(60).ShouldBe(1);
    }

    [Fact]
    public void A_reader_at_rest_keeps_no_transaction_open_so_the_log_is_taken_in()
    {
        EntryFile.Create(Path, "", EntryKind.Started, Sessions.Started("s").ToBytes()).Dispose();
        using EntryFile file = EntryFile.Open(Path);
        using var checkpointer = new Checkpointer(file, TimeProvider.System);
        Fill(file, 2_000);
        using IEnumerator<JournalEntry> slow = EntryReader.Read(Path).GetEnumerator();
        slow.MoveNext().ShouldBeTrue();
        slow.MoveNext().ShouldBeTrue();
        Fill(file, 2_000);
        checkpointer.LookAt(0);
        checkpointer.Fault.ShouldBeNull();

        // All of it was taken in, so the log begins anew: its first page is overwritten.
        byte[] before = LogHead();
        Fill(file, 1);
        LogHead().ShouldNotBe(before);
        int rest = 0;
        while (slow.MoveNext())
        {
            rest++;
        }

        rest.ShouldBe(4_002 - 2);
    }

    [Fact]
    public void A_log_that_lost_its_last_bytes_gives_the_entries_before_them()
    {
        EntryFile.Create(Path, "", EntryKind.Started, Sessions.Started("s").ToBytes()).Dispose();
        using (EntryFile file = EntryFile.Open(Path))
        {
            Fill(file, 1);
            Fill(file, 1);
            string copy = folder.File("copy.db");
            File.Copy(Path, copy);
            byte[] log = File.ReadAllBytes(Path + "-wal");
            int end = log.AsSpan().LastIndexOfAnyExcept((byte)0);
            log.AsSpan(end - 100).Clear();
            File.WriteAllBytes(copy + "-wal", log);
            EntryReader.Read(copy).Count().ShouldBe(2);
        }

        EntryReader.Read(Path).Count().ShouldBe(3);
    }

    private const long Normal = 1, Full = 2;

    /// <summary>How SQLite says that commits on this connection wait for the disk: as the last one did.</summary>
    private static long Synchronous(EntryFile file) => Sql.Query(file.Connection, "PRAGMA synchronous", r => r.GetInt64(0)).ShouldHaveSingleItem();

    private byte[] LogHead()
    {
        byte[] head = new byte[32];
        using FileStream log = new(Path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.ReadExactly(head);
        return head;
    }

    [Fact]
    public void A_closed_session_is_one_file()
    {
        for (int i = 0; i < 20; i++)
        {
            using (SqliteJournal journal = i == 0 ? SqliteJournal.Create(Path, Sessions.Started("s"), TimeProvider.System) : SqliteJournal.Open(Path, TimeProvider.System))
            {
                journal.BeginRun(i);
                journal.Add(Quote(i));
                journal.Commit();
                // A statement that was left to the collector would now be out of the connection's reach, and hold it open.
                GC.Collect();
            }

            Directory.GetFiles(folder.Path).ShouldBe([Path]);
        }
    }

    [Fact]
    public void A_full_disk_is_said_nothing_half_written_counts_and_the_session_goes_on_once_there_is_room()
    {
        Filled();
        using (EntryFile file = EntryFile.Open(Path))
        {
            Sql.Execute(file.Connection, "PRAGMA max_page_count = 10");
            for (int i = 0; i < 100; i++)
            {
                file.Add(EntryKind.Alert, new byte[1000]);
            }

            Should.Throw<KnownFailure>(() => file.Write(durable: true)).Message.ShouldContain("the session goes on where it was");
            file.Sequence.ShouldBe(6);
        }

        JournalReader.Read(Path).Last().Sequence.ShouldBe(6);
        using (SqliteJournal journal = SqliteJournal.Open(Path, TimeProvider.System))
        {
            journal.Add(Quote(9));
            journal.Commit();
        }

        JournalReader.Read(Path).Last().Event.ShouldBe(Quote(9));
    }

    private static void Fill(EntryFile file, int entries)
    {
        for (int i = 0; i < entries; i++)
        {
            file.Add(EntryKind.Alert, new byte[20]);
        }

        file.Write(durable: true);
    }

    private int Begin(long progress, bool end = false, string? fault = null)
    {
        using SqliteJournal journal = SqliteJournal.Open(Path, TimeProvider.System);
        int crashes = journal.BeginRun(progress);
        if (end || fault is not null)
        {
            journal.EndRun(fault);
        }

        return crashes;
    }

    private static void Read(Action read)
    {
        try
        {
            read();
        }
        catch (KnownFailure fault)
        {
            fault.Message.ShouldContain("Cannot use");
        }
    }

    private void Filled()
    {
        using SqliteJournal journal = SqliteJournal.Create(Path, Sessions.Started("s"), TimeProvider.System);
        journal.Add(Quote(1));
        journal.Add(Event.OfBroker(new OrderAccepted(new Instant(3), "s-1")));
        journal.Add(new ClosePosition(3, Quantity.FromUnits(1000), ExitReason.Time));
        journal.Add(new AmendProtection(3, new Price(100), null));
        journal.Add(Quote(4));
        journal.Commit();
    }

    private static Event Quote(int i) => Event.OfQuote(i % 2, new Quote(new Instant(i), new Price(110_000 + i), new Price(110_003 + i), i, 1));
}

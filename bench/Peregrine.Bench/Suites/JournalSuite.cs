using System.Diagnostics;
using Peregrine.Adapters.Store.Journal;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;
using Peregrine.Core.Trading;

namespace Peregrine.Bench.Suites;

/// <summary>
/// How many quotes a second a session's journal takes, against encoding them and appending the bytes to a file; and what it costs to have quotes, a broker's event and a command
/// on the disk before the command leaves, against one bare append and flush of as many bytes. In the system's temporary folder: TMPDIR chooses the disk.
/// </summary>
public static class JournalSuite
{
    private const int Rounds = 8, PairsInRound = 41;

    public static IReadOnlyList<Result> Run()
    {
        string folder = Directory.CreateTempSubdirectory("peregrine-bench-").FullName;
        try
        {
            return [Quotes(folder), Flush(folder)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Result Quotes(string folder)
    {
        Quote[] quotes = Market.Quotes(300);
        using SqliteJournal journal = SqliteJournal.Create(Path.Combine(folder, "quotes.db"), Session(), TimeProvider.System);
        using FileStream bare = Bare(folder, "quotes.bytes");
        var block = new MarketBlock();
        return Contest.Run("quotes journalled", "events", quotes.Length, ("encoded and appended", () => Append(bare, block, quotes)), () =>
        {
            foreach (ref readonly Quote q in quotes.AsSpan())
            {
                journal.Add(Event.OfQuote(0, q));
            }

            journal.Flush();
        });
    }

    private static void Append(FileStream bare, MarketBlock block, Quote[] quotes)
    {
        foreach (ref readonly Quote q in quotes.AsSpan())
        {
            block.Add(Event.OfQuote(0, q));
            if (block.IsFull)
            {
                bare.Write(block.Written);
                block.Clear();
            }
        }

        bare.Write(block.Written);
        block.Clear();
    }

    /// <summary>
    /// What the loop does before an order leaves: ten quotes that waited, the event that led to it, the command; then the flush. Each is timed next to a bare append
    /// and flush, and medians are compared: a disk that others use as well is slow for both.
    /// </summary>
    private static Result Flush(string folder)
    {
        Quote[] quotes = [.. Market.Quotes(1).Take(10)];
        var accepted = Event.OfBroker(new OrderAccepted(quotes[0].Time, "20260105-093000-17"));
        var command = new AmendProtection(17, new Price(110_000), new Price(111_000));
        using SqliteJournal journal = SqliteJournal.Create(Path.Combine(folder, "flush.db"), Session(), TimeProvider.System);
        using FileStream bare = Bare(folder, "flush.bytes");
        byte[] bytes = Encoded(quotes, accepted, command);
        var rounds = new List<(double Limit, double Work)>();
        for (int round = 0; round < Rounds; round++)
        {
            rounds.Add(Pairs(() => Append(bare, bytes), () => Commit(journal, quotes, (accepted, command))));
        }

        double[] ratios = [.. rounds.Skip(1).Select(r => r.Limit / r.Work).Order()];
        double work = Median(rounds.Skip(1).Select(r => r.Work)), limit = Median(rounds.Skip(1).Select(r => r.Limit));
        return new Result("flush before an order", "flushes", 1 / work, 1 / limit, Median(ratios), ratios[0], ratios[^1], $"appends {bytes.Length} bytes and flushes") { Goal = 1 / 1.2, GoalIsRatio = true };
    }

    /// <summary>Median seconds of each, run in turn.</summary>
    private static (double Limit, double Work) Pairs(Action limit, Action work)
    {
        var times = new List<(double Limit, double Work)>();
        for (int i = 0; i < PairsInRound; i++)
        {
            times.Add((Seconds(limit), Seconds(work)));
        }

        return (Median(times.Select(t => t.Limit)), Median(times.Select(t => t.Work)));
    }

    private static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);

    private static void Commit(SqliteJournal journal, Quote[] quotes, (Event Event, Command Command) order)
    {
        foreach (ref readonly Quote q in quotes.AsSpan())
        {
            journal.Add(Event.OfQuote(0, q));
        }

        journal.Add(order.Event);
        journal.Add(order.Command);
        journal.Commit();
    }

    private static void Append(FileStream bare, byte[] bytes)
    {
        bare.Write(bytes);
        bare.Flush(flushToDisk: true);
    }

    private static byte[] Encoded(Quote[] quotes, Event accepted, Command command)
    {
        var block = new MarketBlock();
        var writer = new ByteWriter();
        foreach (Quote q in quotes)
        {
            block.Add(Event.OfQuote(0, q));
        }

        writer.Write((BrokerEvent)accepted.Body!);
        writer.Write(command);
        return [.. block.Written, .. writer.Written];
    }

    private static FileStream Bare(string folder, string name) => new(Path.Combine(folder, name), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);

    private static SessionStarted Session() => new()
    {
        Session = "bench",
        Account = "paper",
        Begun = default,
        Build = "",
        Language = "",
        Settings = new Dictionary<string, string>(StringComparer.Ordinal),
        Seed = 1,
        Terms = new AccountTerms { Deposit = new Money(100_000m, Currency.Usd) },
        Instruments = [Market.EurUsd],
        Strategies = [],
        Sizing = new SizingRule(),
        Limits = new Limits(),
        Costs = CostModel.Zero,
        AnswerDeadline = Duration.FromSeconds(10),
        Feed = new SessionFeed("", default, default, ""),
    };
}

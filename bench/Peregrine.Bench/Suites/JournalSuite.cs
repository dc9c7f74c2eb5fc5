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
    private const int Commits = 60;

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

    /// <summary>What the loop does before an order leaves: ten quotes that waited, the event that led to it, the command; then the flush.</summary>
    private static Result Flush(string folder)
    {
        Quote[] quotes = Market.Quotes(10);
        var accepted = Event.OfBroker(new OrderAccepted(quotes[0].Time, "20260105-093000-17"));
        var command = new AmendProtection(17, new Price(110_000), new Price(111_000));
        using SqliteJournal journal = SqliteJournal.Create(Path.Combine(folder, "flush.db"), Session(), TimeProvider.System);
        using FileStream bare = Bare(folder, "flush.bytes");
        byte[] bytes = Encoded(quotes, accepted, command);
        return Contest.Run("flush before an order", "flushes", Commits, ($"appends {bytes.Length} bytes and flushes", () => AppendAndFlush(bare, bytes)), () =>
        {
            for (int i = 0; i < Commits; i++)
            {
                foreach (ref readonly Quote q in quotes.AsSpan(0, 10))
                {
                    journal.Add(Event.OfQuote(0, q));
                }

                journal.Add(accepted);
                journal.Add(command);
                journal.Commit();
            }
        }) with { Goal = 1 / 1.2, GoalIsRatio = true };
    }

    private static void AppendAndFlush(FileStream bare, byte[] bytes)
    {
        for (int i = 0; i < Commits; i++)
        {
            bare.Write(bytes);
            bare.Flush(flushToDisk: true);
        }
    }

    private static byte[] Encoded(Quote[] quotes, Event accepted, Command command)
    {
        var block = new MarketBlock();
        var writer = new ByteWriter();
        foreach (Quote q in quotes.Take(10))
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

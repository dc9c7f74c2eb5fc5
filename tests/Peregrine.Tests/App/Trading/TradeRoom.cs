using System.Diagnostics;
using System.Text.Json;
using Peregrine.Adapters;
using Peregrine.Adapters.Store;
using Peregrine.Adapters.Store.Journal;
using Peregrine.App.CommandLine;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Tests.Adapters.Store;

namespace Peregrine.Tests.App.Trading;

/// <summary>A home folder with ten hours of generated EURUSD ticks and two strategies that trade often; and the command line over it, in this process or in one of its own.</summary>
/// <param name="inMemory">Where flushing to the disk is not what is tested.</param>
internal sealed class TradeRoom(bool inMemory = true) : IDisposable
{
    private const int Ticks = 20_000;
    private static readonly Instant First = Instant.FromUtc(2019, 2, 4, 8);

    private readonly TemporaryFolder folder = new(inMemory);

    /// <summary>The room with its ticks and strategies in it.</summary>
    public static TradeRoom Furnished(bool inMemory = true)
    {
        var room = new TradeRoom(inMemory);
        room.Furnish();
        return room;
    }

    private void Furnish()
    {
        using (MarketStore store = MarketStore.Open(Peregrine.App.Home.Open(Home, TimeProvider.System).Path))
        using (StoreWriter writer = store.Write("EURUSD"))
        {
            writer.AddTicks("test", Generated.Ticks(new Rng(42), First, Ticks, maxStepMs: 3_600));
        }

        System.IO.File.WriteAllText(Cross, Strategy("cross", "M1", "ema(close, 3) crosses above ema(close, 8)", "ema(close, 3) crosses below ema(close, 8)"));
        System.IO.File.WriteAllText(Break, Strategy("break", "M5", "close crosses above highest(high, 3)[1]", "close crosses below lowest(low, 3)[1]"));
    }

    public string File(string name) => folder.File(name);

    public string Home => folder.File("home");

    public string Cross => folder.File("cross.strategy");

    public string Break => folder.File("break.strategy");

    public string Journal(string session) => Path.Combine(Home, "journal", session + ".db");

    public string BrokerLog(string session) => Path.Combine(Home, "paper", session + ".db");

    public string[] Trade => ["trade", "--feed", "EURUSD", "--strategy", Cross, Break, "--costs", "zero", "--json", "--quiet"];

    public void Dispose() => folder.Dispose();

    public Surroundings Here(TextWriter output, TextWriter error) =>
        new(output, error, new Dictionary<string, string> { ["PEREGRINE_HOME"] = Home }, TimeProvider.System);

    /// <summary>The loop's answer to a question, null as long as there is no loop.</summary>
    public async Task<JsonElement?> Status()
    {
        try
        {
            return await OperatorLine.Ask(OperatorPath.Of("paper", Home, Here(TextWriter.Null, TextWriter.Null)), "paper", new OperatorCall(null), CancellationToken.None);
        }
        catch (KnownFailure)
        {
            return null;
        }
    }

    /// <summary>Comes back once the loop has come to a part (0 to 1) of the session's time, and on from where it was first asked, or once <paramref name="over"/>.</summary>
    public async Task Reached(double part, Func<bool> over)
    {
        Instant until = First + new Duration((long)(part * Ticks * 1.8e9));
        for (Instant? first = null; !over(); await Task.Yield())
        {
            if (await Status() is not { } status)
            {
                continue;
            }

            Instant now = Instant.Parse(status.GetProperty("risk").GetProperty("time").GetString()!);
            if (now >= until && now > first)
            {
                return;
            }

            first ??= now;
        }
    }

    /// <summary>The program in a process of its own.</summary>
    public Process Start(params IEnumerable<string> words) => OwnProcess.Start(Home, words);

    /// <summary>The same journal under another first entry, in good order.</summary>
    public void Rewrite(string session, string name, Func<SessionStarted, SessionStarted> change)
    {
        JournalEntry[] entries = [.. EntryReader.Read(Journal(session))];
        using EntryFile file = EntryFile.Create(Journal(name), "", EntryKind.Started, change(SessionStarted.FromBytes(entries[0].Body)).ToBytes());
        foreach (JournalEntry entry in entries.Skip(1))
        {
            file.Add(entry.Kind, entry.Body.Span);
        }

        file.Write(durable: true);
    }

    private static string Strategy(string name, string timeframe, string above, string below) =>
        $"""
        strategy {name}
        market   EURUSD {timeframe}
        long     when {above}
        short    when {below}
        exit     when zscore(close, 12) * side < -1.2
        stop     3 atr(5)
        target   4 atr(5)
        trail    3 atr(5)
        hold     at most 30 bars

        """;
}

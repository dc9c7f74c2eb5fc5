using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Peregrine.Adapters.Store;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Tests.Adapters.Store;
using Peregrine.Tests.App;

namespace Peregrine.Tests.Docs;

/// <summary>
/// Somebody who follows a page: types its commands in order, in one home folder, with the files that the page speaks of, the first strategy of the library where it says <c>ID</c>
/// and the newest session where it says <c>SESSION</c>. The market data are generated; the clock stands at the moment after which the pages name their session.
/// </summary>
internal sealed partial class Reader : IDisposable
{
    private static readonly Instant Monday = Instant.FromUtc(2019, 2, 4, 8), FirstMinute = Instant.FromUtc(2018, 11, 4, 22), LastMinute = Instant.FromUtc(2019, 2, 8, 22);

    private readonly TemporaryFolder home = new(), files = new();

    public Reader()
    {
        File.WriteAllText(files.File("breakout.strategy"), """
            strategy breakout
            market   EURUSD M15
            long     when close crosses above highest(high, 48)[1]
            short    when close crosses below lowest(low, 48)[1]
            stop     2.5 atr(14)
            target   6 atr(14)
            trail    3 atr(14)
            hold     at most 96 bars
            """);
        string histdata = Directory.CreateDirectory(files.File("histdata")).FullName;
        foreach (int year in (int[])[2018, 2019])
        {
            File.WriteAllText(Path.Combine(histdata, $"DAT_ASCII_EURUSD_M1_{year}.csv"), Minutes(year));
        }
    }

    public void Dispose()
    {
        home.Dispose();
        files.Dispose();
    }

    /// <summary>What did not work as the text says.</summary>
    public async Task<List<string>> Faults(string text)
    {
        if (text.Contains("--feed", StringComparison.Ordinal))
        {
            using MarketStore store = MarketStore.Open(Home.Open(home.Path, TimeProvider.System).Path);
            using StoreWriter writer = store.Write("EURUSD");
            writer.AddTicks("test", Generated.Ticks(new Rng(42), Monday, 20_000, maxStepMs: 3_600));
        }

        if (text.Contains("eurusd-h1.csv", StringComparison.Ordinal))
        {
            ReaderPrices.Write(files.File("eurusd-h1.csv"), files.File("eurusd-ticks.csv"));
        }

        List<string> faults = [];
        foreach ((string line, ExitCode expected) in Commands(text))
        {
            string[] words = await Task.WhenAll(CommandLineParser.SplitCommandLine(line).Select(Meant));
            string[] program = [.. words.SkipWhile(w => Variable().IsMatch(w))];
            switch (program)
            {
                case ["./peregrine", .. var rest]:
                    CommandLineCall call = await Type(rest, text.Contains("replay 20260105-093000", StringComparison.Ordinal));
                    faults.AddRange(call.Code == expected ? [] : [$"{line}: exit code {(int)call.Code}, not {(int)expected}: {call.Error}"]);
                    break;
                case ["./test"] when File.Exists(Path.Combine(Needs.Repository, "test")):
                    break; // it is what runs this
                case ["dotnet", "test", ..] when KnownTests(line):
                    break; // such tests are there; how long they go on is in the variable
                default:
                    faults.Add($"{line}: no test runs such a command");
                    break;
            }
        }

        return faults;
    }

    /// <summary>Every line of a block of <c>sh</c>, and of a block of <c>text</c> those that call the program.</summary>
    public static IEnumerable<(string Line, ExitCode Expected)> Commands(string text) =>
        from block in Block().Matches(text)
        from line in block.Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        where block.Groups["kind"].Value == "sh" || line.StartsWith("./peregrine ", StringComparison.Ordinal)
        let parts = line.Split("# exit ", StringSplitOptions.TrimEntries)
        select (parts[0], parts.Length == 1 ? ExitCode.Done : (ExitCode)int.Parse(parts[1], CultureInfo.InvariantCulture));

    private async Task<CommandLineCall> Type(string[] words, bool atTheNamedMoment)
    {
        using StringWriter output = new(), error = new();
        var here = new Surroundings(output, error, new Dictionary<string, string> { ["PEREGRINE_HOME"] = home.Path }, atTheNamedMoment ? new NamedMoment() : TimeProvider.System);
        ExitCode code = await Program.Run(words, here, CancellationToken.None);
        return new CommandLineCall(code, output.ToString(), error.ToString());
    }

    /// <summary>A word as the reader would put it, or the reader's shell hand it on.</summary>
    private async Task<string> Meant(string word) => word switch
    {
        "ID" => (await Type(["strategies", "list", "--json"], false)).Json.GetProperty("strategies")[0].GetProperty("id").GetString()![..12],
        "SESSION" => (await Type(["sessions", "list", "--json"], false)).Json.GetProperty("sessions").EnumerateArray().Last().GetProperty("session").GetString()!,
        _ => Found(word),
    };

    /// <summary>The files a page speaks of lie in a folder of this reader.</summary>
    private string Found(string word) => word.StartsWith("~/", StringComparison.Ordinal) ? files.File(word[2..]) : PlainFile().IsMatch(word) ? files.File(word) : word;

    private static bool KnownTests(string line) =>
        TestFilter().Match(line) is { Success: true } filter && typeof(Reader).Assembly.GetTypes().Any(t => t.Name == filter.Groups["name"].Value);

    /// <summary>Minutes of one year as HistData writes them; in winter every clock the site has used says the same.</summary>
    private static string Minutes(int year)
    {
        var rng = new Rng((ulong)year);
        var text = new StringBuilder();
        int price = 114_000;
        for (Instant at = FirstMinute; at < LastMinute; at += Duration.FromMinutes(1))
        {
            DateTime stamp = at.ToDateTime().AddHours(-5);
            if (stamp.Year != year || !TradingWeek.IsOpen(at))
            {
                continue;
            }

            (int open, int close) = (price, price += rng.NextInt(-9, 9));
            text.Append(CultureInfo.InvariantCulture, $"{stamp:yyyyMMdd HHmmss};{open / 1e5m:0.00000};{(Math.Max(open, close) + 2) / 1e5m:0.00000};{(Math.Min(open, close) - 2) / 1e5m:0.00000};{close / 1e5m:0.00000};0\n");
        }

        return text.ToString();
    }

    [GeneratedRegex("^```(?<kind>sh|text)\n(?<lines>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^[\w-]+\.(strategy|csv|html|json)$")]
    private static partial Regex PlainFile();

    [GeneratedRegex("^[A-Z_]+=")]
    private static partial Regex Variable();

    [GeneratedRegex("FullyQualifiedName~(?<name>\\w+)")]
    private static partial Regex TestFilter();

    private sealed class NamedMoment : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 5, 9, 30, 0, TimeSpan.Zero);
    }
}

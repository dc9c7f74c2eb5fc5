using System.CommandLine;
using Peregrine.Adapters;
using Peregrine.Adapters.Instruments;
using Peregrine.Adapters.Sources;
using Peregrine.Adapters.Store;
using Peregrine.App.CommandLine;
using Peregrine.App.Data;
using Peregrine.Core.Market;

namespace Peregrine.App.Verbs;

/// <summary><c>data import</c>: local files into the store, every repair and rejection counted.</summary>
public static class DataImportVerb
{
    private const int ShownFiles = 5;
    private static readonly Argument<string[]> Paths = new("PATH") { Description = "Files or folders", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<string> Format = new("--format") { Description = string.Join(", ", Import.Formats), HelpName = "F", Required = true };
    private static readonly Option<string?> Symbol = new("--symbol") { Description = "Only this symbol; the symbol of files that do not name theirs", HelpName = "S" };
    private static readonly Option<string?> Zone = new("--zone") { Description = "The clock of the files' times (utc, utc-5, new-york, utc-5-europe, server …) instead of what the format or the file shows", HelpName = "Z" };
    private static readonly Option<string?> Side = new("--side") { Description = "Side of one-sided prices: bid (default), ask or mid", HelpName = "SIDE" };
    private static readonly Option<string?> TimeframeOption = new("--timeframe") { Description = "Timeframe of the bars instead of what their times show", HelpName = "M1" };
    private static readonly Option<int?> Divisor = WholeNumber.Option("--divisor", "Number by which the prices were multiplied (dukascopy, csv); 1 takes them as they stand, whatever they look like", 1, int.MaxValue);
    private static readonly Option<bool> Replace = new("--replace") { Description = "From the first to the last row of each file, take the file and nothing of what is stored" };

    public static Command Create() =>
        new Verb("import", "Takes local files into the store", "./peregrine data import ~/histdata --format histdata --symbol EURUSD", Run)
        {
            Paths, Format, Symbol, Zone, Side, TimeframeOption, Divisor, Replace,
        };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        IReadOnlyDictionary<string, int> digits = InstrumentFile.Load(call.Home.Path).All.ToDictionary(i => i.Symbol, i => i.Digits, StringComparer.Ordinal);
        ImportRequest request = Request(call) with { Digits = symbol => digits.TryGetValue(symbol, out int known) ? known : null };
        using MarketStore store = MarketStore.Open(call.Home.Path);
        using Progress progress = call.Terminal.Progress("import", null, "files");
        ImportReport report = Import.Run(store, call.Get(Format)!, request, p => progress.Report(p.FilesDone, $"of {p.Files}"), stop);
        if (report.FilesRead == 0)
        {
            throw NothingRead(report);
        }

        if (TookNothing(report))
        {
            IEnumerable<string> kinds = report.Series.SelectMany(s => s.Tally.Rejected.Keys).Distinct();
            throw new KnownFailure("Nothing was imported", $"all rows were turned away: {string.Join(", ", kinds)}", "correct the file or the options");
        }

        progress.Done($"{Figures.Counted(report.FilesRead, "file")} read, {report.EmptyFiles} without content, {report.Skipped.Count} skipped, {report.Refused.Count} refused");
        ImportDocument[] series = [.. report.Series.Select(s => new ImportDocument(s))];
        var files = new { read = report.FilesRead, empty = report.EmptyFiles, skipped = report.Skipped, refused = report.Refused };
        call.Terminal.Answer(new { series, files }, text => Write(text, series, report));
        bool turnedAway = report.Refused.Count > 0 || report.Series.Any(s => s.Tally.Rejected.Count > 0);
        return turnedAway ? ExitCode.AnswerIsNo : ExitCode.Done;
    }

    /// <summary>True when there were rows and none of them is stored now.</summary>
    private static bool TookNothing(ImportReport report) =>
        report.Series.Sum(s => s.Tally.Read) > 0 && report.Series.Sum(s => s.Merge.Added + s.Merge.Duplicates + s.Tally.RepeatedRows) == 0;

    private static ImportRequest Request(VerbCall call)
    {
        QuoteSide? side = call.Get(Side) switch
        {
            null => null,
            "bid" => QuoteSide.Bid,
            "ask" => QuoteSide.Ask,
            "mid" => QuoteSide.Mid,
            var other => throw new WrongUsage($"--side is bid, ask or mid; '{other}' is none of them."),
        };
        Timeframe? timeframe = call.Get(TimeframeOption) is not { } name ? null
            : Timeframes.TryParse(name, out Timeframe parsed) ? parsed
            : throw new WrongUsage($"'{name}' is not a timeframe: use one of {string.Join(", ", Timeframes.All.ToArray())}.");
        return new ImportRequest(call.Get(Paths)!)
        {
            Symbol = call.Get(Symbol),
            Zone = call.Get(Zone),
            Side = side,
            Timeframe = timeframe,
            Divisor = call.Get(Divisor),
            Replace = call.Get(Replace),
        };
    }

    private static KnownFailure NothingRead(ImportReport report) => report switch
    {
        { Refused.Count: > 1 } => new KnownFailure("Nothing was imported", $"{report.Refused.Count} files were refused, the first, {report.Refused[0].Path}, because {report.Refused[0].Reason}", "see the reasons of the others one by one, or correct --format"),
        { Refused.Count: 1 } => new KnownFailure($"{report.Refused[0].Path} was not imported", report.Refused[0].Reason, report.Refused[0].Remedy ?? "correct the file or the options"),
        { Skipped.Count: > 0 } => new KnownFailure("Nothing was imported", $"none of the {report.Skipped.Count} files is of this format; {report.Skipped[0].Path}: {report.Skipped[0].Reason}", "correct the path or --format"),
        _ => new KnownFailure("Nothing was imported", "the folders are empty", "correct the path"),
    };

    private static void Write(TextWriter text, ImportDocument[] series, ImportReport report)
    {
        foreach (ImportDocument s in series)
        {
            text.WriteLine($"  {s.Name}: {Figures.Counted(s.Read, "row")} read, {Figures.Count(s.Added)} added, {Figures.Counted(s.Duplicates, "duplicate")}{(s.Replaced > 0 ? $", {Figures.Count(s.Replaced)} replaced" : "")}; {Figures.Count(s.Count)} stored, {s.From} to {s.To}");
            WriteCounts(text, "repaired", s.Repaired);
            WriteCounts(text, "rejected", s.Rejected);
            WriteCounts(text, "noted", s.Noted);
            foreach (string clock in s.Clocks.Values)
            {
                text.WriteLine($"      clock     {clock}");
            }

            text.WriteLine($"      gaps      {GapDocument.Counts(s.Gaps)}");
            text.WriteLine($"      hash      {s.Hash}");
        }

        foreach (FileNote refused in report.Refused.Take(ShownFiles))
        {
            text.WriteLine($"  refused {refused.Path}: {refused.Reason}{(refused.Remedy is { } remedy ? "; " + remedy : "")}");
        }

        if (report.Refused.Count > ShownFiles)
        {
            text.WriteLine($"  and {report.Refused.Count - ShownFiles} more refused; --json names them all");
        }
    }

    private static void WriteCounts(TextWriter text, string what, IReadOnlyDictionary<string, long> counts)
    {
        foreach ((string kind, long count) in counts)
        {
            text.WriteLine($"      {what,-9} {Figures.Count(count),9}  {kind}");
        }
    }
}

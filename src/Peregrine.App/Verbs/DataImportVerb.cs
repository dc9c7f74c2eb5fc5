using System.CommandLine;
using Peregrine.Adapters;
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
    private static readonly Option<int?> Divisor = WholeNumber.Option("--divisor", "Number by which Dukascopy multiplies this symbol's prices", 1, int.MaxValue);
    private static readonly Option<bool> Replace = new("--replace") { Description = "Where files contradict what is stored, take the files; otherwise what is stored stays" };

    public static Command Create() =>
        new Verb("import", "Takes local files into the store", "./peregrine data import ~/histdata --format histdata --symbol EURUSD", Run)
        {
            Paths, Format, Symbol, Zone, Side, TimeframeOption, Divisor, Replace,
        };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        ImportRequest request = Request(call);
        using MarketStore store = MarketStore.Open(call.Home.Path);
        using Progress progress = call.Terminal.Progress("import", null, "files");
        ImportReport report = Import.Run(store, call.Get(Format)!, request, p => progress.Report(p.FilesDone, $"of {p.Files}"), stop);
        if (report.FilesRead == 0)
        {
            throw NothingRead(report);
        }

        progress.Done($"{report.FilesRead} files read, {report.EmptyFiles} without content, {report.Skipped.Count} skipped, {report.Refused.Count} refused");
        ImportDocument[] series = [.. report.Series.Select(s => new ImportDocument(s))];
        var files = new { read = report.FilesRead, empty = report.EmptyFiles, skipped = report.Skipped, refused = report.Refused };
        call.Terminal.Answer(new { series, files }, text => Write(text, series, report));
        bool contradicted = report.Series.Any(s => s.Merge.Conflicts > 0);
        return report.Refused.Count > 0 || contradicted ? ExitCode.AnswerIsNo : ExitCode.Done;
    }

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
        { Refused.Count: 1 } => new KnownFailure($"{report.Refused[0].Path} was not imported", report.Refused[0].Reason, "correct the file or the options"),
        { Skipped.Count: > 0 } => new KnownFailure("Nothing was imported", $"none of the {report.Skipped.Count} files is of this format; {report.Skipped[0].Path}: {report.Skipped[0].Reason}", "correct the path or --format"),
        _ => new KnownFailure("Nothing was imported", "the folders are empty", "correct the path"),
    };

    private static void Write(TextWriter text, ImportDocument[] series, ImportReport report)
    {
        foreach (ImportDocument s in series)
        {
            text.WriteLine($"  {s.Name}: {Figures.Count(s.Read)} rows read, {Figures.Count(s.Added)} added, {Figures.Count(s.Duplicates)} duplicates; {Figures.Count(s.Count)} stored, {s.From} to {s.To}");
            WriteCounts(text, "repaired", s.Repaired);
            WriteCounts(text, "rejected", s.Rejected);
            WriteCounts(text, "noted", s.Noted);
            foreach (string clock in s.Clocks.Values)
            {
                text.WriteLine($"      clock     {clock}");
            }

            text.WriteLine($"      gaps      {s.Gaps.Count(g => g.Kind == GapKind.Hole)} holes, {s.Gaps.Count(g => g.Kind == GapKind.Holiday)} on holidays, {s.Gaps.Count(g => g.Kind == GapKind.DailyBreak)} daily breaks");
            text.WriteLine($"      hash      {s.Hash}");
        }

        foreach (FileNote refused in report.Refused.Take(ShownFiles))
        {
            text.WriteLine($"  refused {refused.Path}: {refused.Reason}");
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

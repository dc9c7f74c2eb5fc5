using System.CommandLine;
using Peregrine.Adapters;
using Peregrine.Adapters.Store;
using Peregrine.App.CommandLine;
using Peregrine.App.Data;
using Peregrine.Core.Market;

namespace Peregrine.App.Verbs;

/// <summary><c>data check</c>: are the files sound, where are the gaps, and what is odd about the numbers?</summary>
public static class DataCheckVerb
{
    private const int ShownGaps = 10;
    private static readonly Argument<string?> Symbol = new("SYMBOL") { Description = "Only this symbol", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> Repair = new("--repair") { Description = "Put damaged files aside, so that what is sound can be used and the rest imported again" };

    public static Command Create() =>
        new Verb("check", "Checks files, gaps and quality of what is stored", "./peregrine data check EURUSD", Run) { Symbol, Repair };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        using MarketStore store = MarketStore.Open(call.Home.Path);
        IReadOnlyList<StoredSeries> stored = store.Series(call.Get(Symbol));
        if (stored.Count == 0)
        {
            throw new KnownFailure("There is nothing to check", call.Get(Symbol) is { } symbol ? $"no data of {symbol} is stored" : "no data is stored", "import some with 'data import'");
        }

        using Progress progress = call.Terminal.Progress("check", stored.Sum(s => (long)s.Partitions.Count), "files");
        var series = new List<CheckDocument>();
        long done = 0;
        foreach (StoredSeries s in stored)
        {
            series.Add(SeriesCheck.Run(store, s, () => progress.Report(++done), stop));
        }

        bool repaired = call.Get(Repair) && SetAside(store, series);
        call.Terminal.Answer(new { series, repaired }, text => Write(text, series, repaired));
        return series.Any(s => s.Faults.Count > 0) && !repaired ? ExitCode.AnswerIsNo : ExitCode.Done;
    }

    /// <summary>True when there was something to put aside.</summary>
    private static bool SetAside(MarketStore store, List<CheckDocument> series)
    {
        foreach (IGrouping<string, CheckDocument> symbol in series.Where(s => s.Faults.Count > 0).GroupBy(s => s.Symbol))
        {
            using StoreWriter writer = store.Write(symbol.Key);
            foreach (Partition partition in symbol.SelectMany(s => s.Damaged))
            {
                writer.SetAside(partition);
            }
        }

        return series.Any(s => s.Faults.Count > 0);
    }

    private static void Write(TextWriter text, List<CheckDocument> series, bool repaired)
    {
        foreach (CheckDocument s in series)
        {
            text.WriteLine($"  {s.Name}: {Figures.Count(s.Count)}, {s.From} to {s.To}");
            foreach (FaultDocument fault in s.Faults)
            {
                text.WriteLine($"      FAULT     {fault.File}: {fault.Reason}{(repaired ? " (put aside)" : "")}");
            }

            foreach ((string kind, long count) in s.Quality)
            {
                text.WriteLine($"      {Figures.Count(count),9}  {kind}");
            }

            GapDocument[] holes = [.. s.Gaps.Where(g => g.Kind == GapKind.Hole)];
            text.WriteLine($"      gaps      {GapDocument.Counts(s.Gaps)}");
            foreach (GapDocument hole in holes.OrderByDescending(g => (g.To - g.From).Nanoseconds).Take(ShownGaps))
            {
                text.WriteLine($"      hole      {hole.From} to {hole.To}");
            }
        }
    }
}

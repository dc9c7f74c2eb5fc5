using System.Globalization;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Reports;
using Peregrine.Core.Performance;
using Peregrine.Lab.Validation;
using Figures = Peregrine.App.CommandLine.Figures;

namespace Peregrine.App.Evolution;

/// <summary>What a run says of a strategy it chose, as reports tell it.</summary>
internal static class SearchEvidence
{
    private const int MostAncestors = 12;

    public static Evidence Of(StrategyLibrary library, StoredStrategy stored, RunRow run)
    {
        FrontRow judged = stored.Judged!;
        return new Evidence(
            [Part("In sample", judged.InSample, null), Part("Out of sample", judged.OutOfSample, judged.P)],
            [
                new("run", $"seed {run.Seed}, begun {run.Started}; id {run.Id}"),
                new("searched", $"{Markets(run)}: {Figures.Count(run.Evaluations)} candidates, {Figures.Count(run.DistinctTrials)} of them distinct"),
                new("rank", string.Create(CultureInfo.InvariantCulture, $"{judged.Rank + 1} of the front, by a score of {judged.Score:0.00} in sample")),
                new("size", judged.Complexity.ToString("0.#", CultureInfo.InvariantCulture)),
                .. Parts(library, run),
            ],
            [.. library.Ancestors(run.Id, stored.Id, MostAncestors).Select(static a => new EvidenceAncestor(a.Strategy, a.Generation, a.Operator, a.Sharpe, a.Trades))]);
    }

    /// <summary>The run's own verdict on its whole front; null of a run that has not ended.</summary>
    public static Verdict? Said(RunRow run) => run is { Finding: { } finding, Reason: { } reason } ? Said(Enum.Parse<Finding>(finding), reason) : null;

    /// <summary>A search's verdict as reports tell it.</summary>
    public static Verdict Said(Finding finding, string reason)
    {
        (VerdictTone tone, string word) = finding switch
        {
            Finding.Edge => (VerdictTone.Good, "Edge"),
            Finding.NoEdge => (VerdictTone.Bad, "No edge"),
            Finding.InsufficientData => (VerdictTone.Open, "Insufficient data"),
            _ => throw new InvalidOperationException("unknown finding"),
        };
        return new Verdict(tone, $"{word}: {reason}.", "");
    }

    /// <summary>The markets of a run in words.</summary>
    public static string Markets(RunRow run) => run.Markets.Count < 2 ? $"{run.Symbol} {run.Timeframe}" : string.Join(", ", run.Markets.Select(static m => $"{m.Symbol} {m.Timeframe}"));

    private static IEnumerable<Assumption> Parts(StrategyLibrary library, RunRow run)
    {
        if (run.Span is not { } span)
        {
            yield break;
        }

        int opened = library.Openings(run.Id).Count;
        yield return new("in sample", $"{Numbers.Date(span.First)} – {Numbers.Date(span.Split)}");
        yield return new("out of sample", $"{Numbers.Date(span.Split)} – {Numbers.Date(span.Lockbox)}");
        yield return new("lockbox", $"from {Numbers.Date(span.Lockbox)}; {(opened == 0 ? "never opened" : opened == 1 ? "opened once" : $"opened {opened} times")}");
    }

    private static EvidencePart Part(string name, PartFigures f, double? p) => new(name, f.Sharpe, f.AnnualReturn, f.MaxDrawdown, f.Trades, f.WinRate, f.ProfitFactor, p);
}

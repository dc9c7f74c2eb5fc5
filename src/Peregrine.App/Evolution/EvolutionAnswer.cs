using System.Globalization;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Evolution;

/// <summary>What a run found, for scripts and for people.</summary>
internal static class EvolutionAnswer
{
    public static object Document(EvolutionTask task, EvolutionResult result, TimeSpan elapsed) => new
    {
        run = task.Id,
        seed = task.Request.Seed,
        symbol = task.Job.Market.Instrument.Symbol,
        timeframe = task.Job.Market.Timeframe,
        markets = task.Scope.Projects.Select(static p => new { symbol = p.Market.Instrument.Symbol, timeframe = p.Market.Timeframe, bars = p.Market.Bars.Count, prices = p.Prices, dataHash = p.DataHash }),
        prices = task.Scope.Prices,
        dataHash = task.Scope.DataHash,
        costs = $"{task.Request.Costs} (version {task.Scope.First.CostVersion})",
        search = SearchChoices.All.ToDictionary(static c => c.Name, c => c.Of(task.Job.Settings)),
        parts = new
        {
            inSample = Span(task, task.Job.Split.InSample),
            outOfSample = Span(task, task.Job.Split.OutOfSample),
            lockbox = new { from = task.Scope.Lockbox, to = task.Scope.End, opened = task.Looked.Count > 0 },
        },
        evaluations = result.Evaluations,
        distinctTrials = result.DistinctTrials,

        // Strategies that trade alike are no trials of their own: an estimate of how many ideas they come to.
        effectiveTrials = result.Search.IndependentIdeas,
        front = result.Front.Select(f => new
        {
            id = f.Id,
            name = f.Strategy.Name,
            size = f.Member.Complexity,
            score = f.Member.Appraisal.Score,
            @operator = f.Member.Candidate.Lineage.Operator,
            parents = (string[])[.. new[] { f.Member.Candidate.Lineage.Parent, f.Member.Candidate.Lineage.Mate }.OfType<string>()],
            text = f.Strategy.ToString(),
            inSample = Part(f.InSample, null),
            crossValidated = new { sharpe = f.CrossValidated.Median, folds = f.CrossValidated.Folds, gapDays = f.CrossValidated.GapDays },
            outOfSample = Part(f.OutOfSample.Figures, f.OutOfSample.P),
        }),
        refused = result.Refused.Select(static f => new { id = f.Id, name = f.Strategy.Name, reason = f.Rejection.Reason(), text = f.Strategy.ToString() }),
        verdict = new
        {
            verdict = result.Verdict.Finding,
            reason = result.Verdict.Reason,
            level = result.Verdict.Level,
            outOfSample = Part(result.Verdict.Front.Figures, result.Verdict.Front.P),
        },
        remarks = task.Scope.Remarks,
        elapsedMs = (long)elapsed.TotalMilliseconds,
        hash = result.Hash,
    };

    public static void Write(TextWriter text, Terminal terminal, EvolutionTask task, EvolutionResult result)
    {
        text.WriteLine($"run {task.Id}   {task.Scope.Name}   {CommandLine.Figures.Count(result.Evaluations)} tried, {CommandLine.Figures.Count(result.DistinctTrials)} distinct, about {CommandLine.Figures.Counted(result.Search.IndependentIdeas, "independent idea")}");
        text.WriteLine();
        if (result.Front.Count > 0)
        {
            text.WriteLine($"  {"",-22}{"",6}   {"in-sample",-31}{"",7}   out-of-sample, never searched");
            text.WriteLine($"  {"strategy",-22}{"size",6}   {Heads}{"folds",7}   {Heads}{"p",8}");
        }

        foreach (FrontStrategy f in result.Front)
        {
            text.WriteLine(Invariant($"  {f.Strategy.Name,-22}{f.Member.Complexity,6:0.#}   {Row(f.InSample)}{Fold(f.CrossValidated.Median),7}   {Row(f.OutOfSample.Figures)}{P(f.OutOfSample.P),8}"));
        }

        if (result.Front.Count == 0)
        {
            text.WriteLine("  Nothing that was tried was accepted and stood up to a closer look.");
        }
        else
        {
            text.WriteLine(Invariant($"  {"all, side by side",-28}   {"",38}   {Row(result.Verdict.Front.Figures)}{P(result.Verdict.Front.P),8}"));
        }

        text.WriteLine();
        foreach (RefusedFinalist f in result.Refused)
        {
            text.WriteLine($"Left out: {f.Strategy.Name}, because {f.Rejection.Reason()}.");
        }

        (string word, Ink ink) = result.Verdict.Finding switch
        {
            Finding.Edge => ("Edge", Ink.Good),
            Finding.NoEdge => ("No edge", Ink.Bad),
            Finding.InsufficientData => ("Insufficient data", Ink.Attention),
        };
        text.WriteLine($"{terminal.Paint(ink, word)}: {result.Verdict.Reason}.");
        foreach (string remark in task.Scope.Remarks)
        {
            text.WriteLine($"Note: {remark}.");
        }

        text.WriteLine($"Returns and falls are of the deposit, at 0.5 % risk a trade and no reinvesting, after costs; 'folds' is the middle Sharpe of five parts of the time in-sample, and p needs {OutOfSample.LeastTrades} trades and as many days with a result. './peregrine strategies show ID' explains one, './peregrine validate {task.Id}' asks whether it is luck.");
    }

    private const string Heads = " Sharpe  return/y    fall trades";

    private static string Row(ResearchFigures f) => Invariant($"{f.Sharpe,7:0.00}{f.AnnualReturn,10:0.0%}{f.MaxDrawdown,8:0.0%}{f.Trades,7}").PadRight(31);

    private static string Fold(double? sharpe) => sharpe is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) : "-";

    private static string P(double? p) => p is { } value ? value < 0.0001 ? "<0.0001" : value.ToString("0.0000", CultureInfo.InvariantCulture) : "-";

    private static object Part(ResearchFigures f, double? p) => new { f.Sharpe, f.AnnualReturn, f.MaxDrawdown, f.Trades, f.WinRate, f.ProfitFactor, p };

    private static object Span(EvolutionTask task, Range part)
    {
        Core.Market.BarSeries bars = task.Job.Market.Bars;
        (int from, int count) = part.GetOffsetAndLength(bars.Count);
        return new { from = new Instant(bars.Time[from]), to = new Instant(task.Job.Market.Map.Ends[from + count - 1]), bars = count };
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

using System.Globalization;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Backtesting;
using Peregrine.App.Reports;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;
using Peregrine.Lab.Validation;
using Figures = Peregrine.App.CommandLine.Figures;

namespace Peregrine.App.Evolution;

/// <summary>
/// The tear sheet of a strategy of the library: what the run that found it measured, and, where that run's data are still there, a backtest over them with the run's own terms,
/// up to the lockbox and never into it. Without them the report says what is missing.
/// </summary>
public sealed record StrategyReport(StoredStrategy Stored, RunRow? Run, ReportModel Model)
{
    private const int MostAncestors = 12;

    /// <summary>Bars of the search's data: what it was, the terms of its account, and where out-of-sample begins.</summary>
    private sealed record Data(EvolutionTask Task)
    {
        public Instant Split => new(Task.Job.Market.Bars.Time[Task.Job.Split.OutOfSample.Start.Value]);

        public RunTerms Terms => new(Task.Project.Market.Deposit, ResearchMarket.Sizing(Task.Job.Rules.RiskFraction), AccountKind.Hedged, null, Task.Request.Costs) { Limits = ResearchMarket.Limits };

        public BacktestOutcome Trade(Strategy strategy, CancellationToken stop)
        {
            ResearchMarket market = Task.Project.Market;
            return BacktestRun.Run(strategy, market.Instrument, Terms, new BarPrices(market.Fills, Task.Project.Prices, Task.Project.DataHash), stop);
        }
    }

    public static StrategyReport Of(string home, StrategyLibrary library, StoredStrategy stored, TimeProvider clock, CancellationToken stop)
    {
        RunRow? run = stored.Judged is { } judged ? library.Run(judged.Run) : null;
        (Data? data, string? absent) = run is null ? (null, "no run of 'evolve' has judged it") : Find(home, library, run, clock);
        ReportSource source = new()
        {
            Kind = "Strategy",
            Title = stored.Name,
            Market = $"{stored.Strategy.Symbol} {stored.Strategy.Timeframe}",
            Record = TrackRecord.Of(new ReturnSeries([], [])),
            Strategies = [StrategyText.Reported(stored.Strategy)],
            Verdict = Judgement(stored, run, run is null ? 0 : library.Front(run.Id).Count),
            Evidence = run is null ? null : Measured(library, stored, run, data),
            Absent = absent,
            Notes = absent is null ? [] : [$"There is no backtest here: {absent}. 'backtest {stored.Id[..12]}' trades it over what is stored."],
            DataHash = run?.DataHash,
            Seed = run?.Seed,
        };
        return new StrategyReport(stored, run, ReportModel.Of(data is null ? source : Traded(source, stored, data, stop)));
    }

    /// <summary>Where the part begins that the strategy never saw; null without a backtest.</summary>
    public Instant? Split => Model.Source.Split;

    private static (Data? Data, string? Absent) Find(string home, StrategyLibrary library, RunRow run, TimeProvider clock)
    {
        try
        {
            return (new Data(EvolutionTask.Resumed(home, library, run.Id, clock)), null);
        }
        catch (KnownFailure fault)
        {
            // What keeps a run from being gone on with keeps its backtest from being repeated.
            return (null, fault.Why);
        }
    }

    private static ReportSource Traded(ReportSource source, StoredStrategy stored, Data data, CancellationToken stop)
    {
        BacktestOutcome outcome = data.Trade(stored.Strategy, stop);
        return source with
        {
            Record = outcome.Record,
            Split = data.Split,
            Prices = [new PriceHistory(outcome.Bars, data.Task.Project.Market.Instrument.Digits)],
            Notes = [.. source.Notes, .. data.Task.Project.Remarks.Select(static r => char.ToUpperInvariant(r[0]) + r[1..] + "."), .. RefusalNotes.Of(outcome.Refusals)],
            Assumptions =
            [
                .. outcome.Assumptions,
                new("parts", "one backtest through both parts, in the terms of the run; the run traded each part by itself, so a trade across the boundary may differ"),
                new("lockbox", $"from {data.Task.Project.Lockbox}; shut, nothing of it is shown"),
            ],
            NotModelled = outcome.NotModelled,
        };
    }

    private static Verdict Judgement(StoredStrategy stored, RunRow? run, int front)
    {
        if (run is not { Finding: { } finding, Reason: { } reason })
        {
            return new Verdict(VerdictTone.Open, "Not judged: no search has tried it.", "What it is worth is not known. 'evolve --seed-from' lets it take part in a search.");
        }

        (VerdictTone tone, string word) = Enum.Parse<Finding>(finding) switch
        {
            Finding.Edge => (VerdictTone.Good, "Edge"),
            Finding.NoEdge => (VerdictTone.Bad, "No edge"),
            Finding.InsufficientData => (VerdictTone.Open, "Insufficient data"),
            _ => throw new InvalidOperationException("unknown finding"),
        };
        string alone = stored.Judged!.P is { } p ? string.Create(CultureInfo.InvariantCulture, $"of this one alone p is {p:0.0000}, for information") : "this one alone made too few trades there to say anything";
        string whom = front == 1 ? "It was the only strategy that the run chose." : $"That is said of the {front} strategies that the run chose before it looked, side by side; {alone}.";
        return new Verdict(tone, $"{word}: {reason}.", whom);
    }

    private static Evidence Measured(StrategyLibrary library, StoredStrategy stored, RunRow run, Data? data)
    {
        FrontRow judged = stored.Judged!;
        return new Evidence(
            [Part("In sample", judged.InSample, null), Part("Out of sample", judged.OutOfSample, judged.P)],
            [
                new("run", $"seed {run.Seed}, begun {run.Started}; id {run.Id}"),
                new("searched", $"{run.Symbol} {run.Timeframe}: {Figures.Count(run.Evaluations)} candidates, {Figures.Count(run.DistinctTrials)} of them distinct"),
                new("rank", string.Create(CultureInfo.InvariantCulture, $"{judged.Rank + 1} of the front, by a score of {judged.Score:0.00} in sample")),
                new("size", judged.Complexity.ToString("0.#", CultureInfo.InvariantCulture)),
                .. data is null ? (Assumption[])[] : Parts(data),
            ],
            [.. library.Ancestors(run.Id, stored.Id, MostAncestors).Select(static a => new EvidenceAncestor(a.Strategy, a.Generation, a.Operator, a.Sharpe, a.Trades))]);
    }

    private static Assumption[] Parts(Data data)
    {
        (BarSeries bars, DataSplit split) = (data.Task.Job.Market.Bars, data.Task.Job.Split);
        string Span(Range part)
        {
            (int from, int count) = part.GetOffsetAndLength(bars.Count);
            return $"{Numbers.Date(new Instant(bars.Time[from]))} – {Numbers.Date(new Instant(data.Task.Job.Market.Map.Ends[from + count - 1]))}, {Figures.Count(count)} bars";
        }

        return [new("in sample", Span(split.InSample)), new("out of sample", Span(split.OutOfSample))];
    }

    private static EvidencePart Part(string name, PartFigures f, double? p) => new(name, f.Sharpe, f.AnnualReturn, f.MaxDrawdown, f.Trades, f.WinRate, f.ProfitFactor, p);
}

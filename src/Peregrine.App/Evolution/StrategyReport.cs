using System.Globalization;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Backtesting;
using Peregrine.App.Reports;
using Peregrine.Core;
using Peregrine.Core.Performance;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Fitness;

namespace Peregrine.App.Evolution;

/// <summary>
/// The tear sheet of a strategy of the library: what the run that found it measured, and, where that run's data are still there, a backtest over them with the run's own terms,
/// up to the lockbox and never into it. Without them the report says what is missing.
/// </summary>
public sealed record StrategyReport(StoredStrategy Stored, RunRow? Run, ReportModel Model)
{
    /// <summary>Bars of the search's data: what it was, the terms of its account, and where out-of-sample begins.</summary>
    private sealed record Data(EvolutionTask Task, ResearchProject Project)
    {
        public RunTerms Terms => new(Project.Market.Deposit, ResearchMarket.Sizing(Task.Job.Rules.RiskFraction), AccountKind.Hedged, null, Task.Request.Costs) { Limits = ResearchMarket.Limits };

        public BacktestOutcome Trade(Strategy strategy, CancellationToken stop)
        {
            ResearchMarket market = Project.Market;
            return BacktestRun.Run(strategy, market.Instrument, Terms, new BarPrices(market.Fills, Project.Prices, Project.DataHash), stop);
        }
    }

    public static StrategyReport Of(string home, StrategyLibrary library, StoredStrategy stored, TimeProvider clock, CancellationToken stop)
    {
        RunRow? run = stored.Judged is { } judged ? library.Run(judged.Run) : null;
        (Data? data, string? absent) = run is null ? (null, "no run of 'evolve' has judged it") : Find(home, library, (run, stored.Strategy), clock);
        ReportSource source = new()
        {
            Kind = "Strategy",
            Title = stored.Name,
            Market = $"{stored.Strategy.Symbol} {stored.Strategy.Timeframe}",
            Record = TrackRecord.Of(new ReturnSeries([], [])),
            Strategies = [StrategyText.Reported(stored.Strategy)],
            Verdict = Judgement(stored, run, run is null ? 0 : library.Front(run.Id).Count),
            Evidence = run is null ? null : SearchEvidence.Of(library, stored, run),
            Absent = absent,
            Notes = absent is null ? [] : [$"There is no backtest here: {absent}. 'backtest {stored.Id[..12]}' trades it over what is stored."],
            DataHash = run?.DataHash,
            Seed = run?.Seed,
        };
        return new StrategyReport(stored, run, ReportModel.Of(data is null ? source : Traded(source, stored, data, stop)));
    }

    /// <summary>Where the part begins that the strategy never saw; null without a backtest.</summary>
    public Instant? Split => Model.Source.Split;

    private static (Data? Data, string? Absent) Find(string home, StrategyLibrary library, (RunRow Row, Strategy Strategy) run, TimeProvider clock)
    {
        try
        {
            EvolutionTask task = EvolutionTask.Resumed(home, library, run.Row.Id, clock);
            ResearchProject? project = task.Scope.Of(run.Strategy.Symbol, run.Strategy.Timeframe);
            return project is null ? (null, "the run did not trade the market it names") : (new Data(task, project), null);
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
            Split = data.Task.Split,
            Prices = [new PriceHistory(outcome.Bars, data.Project.Market.Instrument.Digits)],
            Notes = [.. source.Notes, .. data.Task.Scope.Remarks.Select(static r => char.ToUpperInvariant(r[0]) + r[1..] + "."), .. RefusalNotes.Of(outcome.Refusals)],
            Assumptions =
            [
                .. outcome.Assumptions,
                new("parts", "one backtest through both parts, in the terms of the run; the run traded each part by itself, so a trade across the boundary may differ"),
                new("lockbox", $"from {data.Task.Scope.Lockbox}; shut, nothing of it is shown"),
            ],
            NotModelled = outcome.NotModelled,
        };
    }

    private static Verdict Judgement(StoredStrategy stored, RunRow? run, int front)
    {
        if (run is null || SearchEvidence.Said(run) is not { } said)
        {
            return new Verdict(VerdictTone.Open, "Not judged: no search has tried it.", "What it is worth is not known. 'evolve --seed-from' lets it take part in a search.");
        }

        string alone = stored.Judged!.P is { } p ? string.Create(CultureInfo.InvariantCulture, $"of this one alone p is {p:0.0000}, for information") : "this one alone made too few trades there, or on too few days, to say anything";
        string whom = front == 1 ? "It was the only strategy that the run chose." : $"That is said of the {front} strategies that the run chose before it looked, side by side; {alone}.";
        return said with { Remark = whom };
    }
}

using System.CommandLine;
using System.Diagnostics;
using Peregrine.Adapters;
using Peregrine.Adapters.Instruments;
using Peregrine.Adapters.Store;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.App.Reports;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Performance;
using Peregrine.Core.Simulation;
using Peregrine.Core.Strategies;

namespace Peregrine.App.Verbs;

/// <summary><c>backtest</c>: the engine over history.</summary>
public static class BacktestVerb
{
    private static readonly Argument<string> Source = new("STRATEGY") { Description = "A .strategy file, or the id of a strategy in the library" };
    private static readonly Option<string?> Symbol = new("--symbol") { Description = "Another symbol than the strategy's own", HelpName = "S" };
    private static readonly Option<string?> TimeframeOption = new("--timeframe") { Description = "Another timeframe than the strategy's own", HelpName = "M15" };
    private static readonly Option<string?> Bars = new("--bars") { Description = "Over the bars of this CSV file instead of stored ones", HelpName = "FILE.csv" };
    private static readonly Option<bool> Ticks = new("--ticks") { Description = "Over stored ticks instead of bars" };
    private static readonly Option<string?> Feed = new("--source") { Description = "Over stored history of this source (data list names them); otherwise of the one that covers most", HelpName = "NAME" };
    private static readonly Option<string?> Out = new("--out") { Description = "Write the report to this HTML file", HelpName = "FILE.html" };
    private static readonly Option<bool> OpenLockbox = new("--open-lockbox") { Description = "Look into the data that a run keeps shut for one last look; it is written down" };
    private static readonly PeriodOptions Range = new();
    private static readonly RunTermsOptions Terms = new(named: false);

    public static Command Create()
    {
        var verb = new Verb("backtest", "Trades a strategy over stored history, through the engine that trades live", "./peregrine backtest breakout.strategy --from 2018-01-01 --to 2019-01-01", Run)
        {
            Source, Symbol, TimeframeOption, Bars, Ticks, Feed, Out, OpenLockbox,
        };
        Range.AddTo(verb);
        Terms.AddTo(verb);
        return verb;
    }

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        Strategy found = StrategyText.Find(call.Get(Source)!, call.Home.Path), strategy = Retargeted(found, call);
        RunTerms terms = Terms.Read(call);
        Instrument instrument = InstrumentFile.Load(call.Home.Path).Find(strategy.Symbol);
        terms.CheckCurrency(instrument);
        SymbolCosts costs = terms.Costs([instrument]).For(instrument.Symbol)
            ?? throw new KnownFailure($"There are no costs for {instrument.Symbol}", $"the cost file '{terms.CostsName}' does not name it", "add it, or run with --costs zero");
        if (call.Get(Ticks) && call.Get(Bars) is not null)
        {
            throw new WrongUsage("--ticks and --bars exclude each other.");
        }

        if (call.Get(Feed) is not null && call.Get(Bars) is not null)
        {
            throw new WrongUsage("--source chooses among stored history and --bars gives other prices: leave one of them out.");
        }

        using BarsFile? file = call.Get(Bars) is { } csv ? BarsFile.Open(csv, strategy.Symbol, call.Terminal.Warn, stop) : null;
        using MarketStore? own = file is null ? MarketStore.Open(call.Home.Path) : null;
        using StrategyLibrary? library = StrategyLibrary.Existing(call.Home.Path);
        StrategyOrigin? origin = library is null ? null : StrategyOrigin.Of(library, found.Id, strategy.Symbol);
        Lockboxes? kept = library is null ? null : new Lockboxes(library, strategy.Symbol);
        Period period = Allowed(call, Range.Read(call), kept);
        Prices prices = call.Get(Ticks)
            ? PriceSource.Ticks(own!, strategy.Symbol, period, call.Get(Feed))
            : PriceSource.Bars(file?.Store ?? own!, new BarRequest(strategy.Symbol, strategy.Timeframe, QuoteSide.Bid, period.From, period.To) { Source = call.Get(Feed) }, costs);
        if (prices.Origin?.Warning is { } warning)
        {
            call.Terminal.Warn(warning);
        }

        long started = Stopwatch.GetTimestamp();
        BacktestOutcome outcome = BacktestRun.Run(strategy, instrument, terms, prices, stop);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        (Instant first, Instant last) = (outcome.Record.Times[0], outcome.Record.Times[^1]);
        Count(call, new ManualLook(found.Id, strategy.Symbol, first, last, Now(call)));

        // Looking into a lockbox is written down before anything of it is shown.
        IReadOnlyList<string> openings = kept?.Open(found.Id, first, last, Now(call)) ?? [];
        ReportModel model = Told(strategy, instrument, outcome, origin, openings);
        string? html = call.Get(Out) is { } path ? ReportFile.Save(model, path) : null;
        Answer(call, (strategy, origin), outcome, (model, prices.Origin, elapsed, html));
        return ExitCode.Done;
    }

    /// <summary>A strategy that was traded by hand is a trial like any other. Whoever may read the library only is told that this one is not counted.</summary>
    private static void Count(VerbCall call, ManualLook look)
    {
        try
        {
            using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
            library.Record(look);
        }
        catch (KnownFailure fault)
        {
            call.Terminal.Warn($"this backtest is not counted among what was tried: {fault.Message}");
        }
    }

    /// <summary>The stretch asked for, up to the lockbox that a run keeps of the symbol: without <c>--open-lockbox</c> nothing looks into it.</summary>
    private static Period Allowed(VerbCall call, Period asked, Lockboxes? kept)
    {
        if (call.Get(OpenLockbox) || kept?.Shut(asked.From, asked.To) is not { } shut)
        {
            return asked;
        }

        if (asked.To != Instant.MaxValue || asked.From >= shut.Lockbox)
        {
            throw new KnownFailure(
                $"This would look into the lockbox of run {shut.Run}",
                $"what lies from {shut.Lockbox} on is kept shut for one last look",
                "end before it with --to, or give --open-lockbox, and it is written down");
        }

        call.Terminal.Say($"the lockbox of run {shut.Run} from {shut.Lockbox} stays shut; --open-lockbox looks into it");
        return asked with { To = shut.Lockbox };
    }

    private static Strategy Retargeted(Strategy strategy, VerbCall call)
    {
        if (call.Get(TimeframeOption) is { } text && !Timeframes.TryParse(text, out _))
        {
            throw new WrongUsage($"--timeframe is one of M1, M5, M15, M30, H1, H2, H4, H6, H8, H12, D1, W1, MN1; '{text}' is not.");
        }

        return (strategy with
        {
            Symbol = call.Get(Symbol) is { } symbol ? StoreNames.Symbol(symbol) : strategy.Symbol,
            Timeframe = call.Get(TimeframeOption) is { } timeframe ? Timeframes.Parse(timeframe) : strategy.Timeframe,
        }).Checked();
    }

    private static ReportModel Told(Strategy strategy, Instrument instrument, BacktestOutcome outcome, StrategyOrigin? origin, IReadOnlyList<string> openings)
    {
        (Instant from, Instant to) = (outcome.Record.Times[0], outcome.Record.Times[^1]);
        return ReportModel.Of(new ReportSource
        {
            Kind = "Backtest",
            Title = strategy.Name,
            Market = $"{strategy.Symbol} {strategy.Timeframe}",
            Record = outcome.Record,
            Split = origin?.Seen(from, to),
            Origin = origin?.Told,
            Evidence = origin?.Evidence,
            Prices = [new PriceHistory(outcome.Bars, instrument.Digits)],
            Strategies = [StrategyText.Reported(strategy)],
            Notes = [.. openings, .. RefusalNotes.Of(outcome.Refusals)],
            Assumptions = outcome.Assumptions,
            NotModelled = outcome.NotModelled,
            DataHash = outcome.DataHash,
        });
    }

    private static Instant Now(VerbCall call) => Instant.FromUnixSeconds(call.Composition.Here.Clock.GetUtcNow().ToUnixTimeSeconds());

    private static void Answer(VerbCall call, (Strategy Strategy, StrategyOrigin? Origin) of, BacktestOutcome outcome, (ReportModel Model, PriceOrigin? Prices, TimeSpan Elapsed, string? Html) run)
    {
        (Strategy strategy, ReportModel model) = (of.Strategy, run.Model);
        object document = new
        {
            strategy = strategy.Id,
            symbol = strategy.Symbol,
            timeframe = strategy.Timeframe,
            verdict = model.Verdict.Sentence,
            remark = model.Verdict.Remark,
            notes = model.Source.Notes,
            split = model.Source.Split is { } split && model is { InSample: not null, OutOfSample: not null } ? split : (Instant?)null,
            metrics = MetricsShape.Of(model.Whole),
            inSample = model.InSample is { } before ? MetricsShape.Of(before) : null,
            outOfSample = model.OutOfSample is { } after ? MetricsShape.Of(after) : null,
            trades = outcome.Trades.Select(t => TradeShape.Of(t, [outcome.Instrument])),
            refusals = outcome.Refusals,
            alerts = outcome.Alerts,
            assumptions = outcome.Assumptions.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal),
            notModelled = outcome.NotModelled,
            prices = run.Prices,
            equityHash = outcome.EquityHash,
            dataHash = outcome.DataHash,
            elapsedMs = (long)run.Elapsed.TotalMilliseconds,
            events = outcome.Events,
            origin = of.Origin?.Document,
            html = run.Html,
        };
        call.Terminal.Answer(document, text =>
        {
            text.WriteLine($"{strategy.Name}   {strategy.Symbol} {strategy.Timeframe}   {Figures.Counted(outcome.Trades.Count, "trade")}, {Figures.Count(outcome.Refusals.Count)} refused");
            text.WriteLine();
            TerminalFigures.Write(text, model);
            text.WriteLine();
            TerminalFigures.WriteVerdict(text, model);
            text.WriteLine();
            foreach (Assumption a in outcome.Assumptions)
            {
                text.WriteLine($"  {a.Name,-12} {a.Value}");
            }

            text.WriteLine($"  {"not modelled",-12} {string.Join("; ", outcome.NotModelled)}");
            text.WriteLine();
            text.WriteLine(run.Html is null ? "Add --out report.html for the full report." : $"Report: {run.Html}");
        });
    }
}

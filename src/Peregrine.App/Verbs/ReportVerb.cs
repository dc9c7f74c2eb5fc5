using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters;
using Peregrine.Adapters.Sources;
using Peregrine.Adapters.Store.Journal;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.App.Reports;
using Peregrine.App.Trading;
using Peregrine.Core;
using Peregrine.Core.Performance;

namespace Peregrine.App.Verbs;

/// <summary><c>report</c>: the tear sheet of a recorded session, of a strategy of the library, or of any file of <c>date,return</c>.</summary>
public static class ReportVerb
{
    private static readonly Argument<string?> What = new("SESSION|ID") { Description = "A recorded session ('sessions list'), or a strategy of the library: its name or the beginning of its id ('strategies list')", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Returns = new("--returns") { Description = "A text file of date,return", HelpName = "FILE.csv" };
    private static readonly Option<string?> Out = new("--out") { Description = "Where the page goes (else the reports folder of the home folder)", HelpName = "FILE.html" };

    public static Command Create() =>
        new Verb("report", "Draws a tear sheet: figures with their intervals, equity, drawdown, months, trades", "./peregrine report --returns fund.csv --out fund.html", Run) { What, Returns, Out };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        switch (call.Get(What), call.Get(Returns))
        {
            case ({ } what, null):
                if (new SessionFolder(call.Home).Has(what))
                {
                    OfSession(call, what, stop);
                }
                else
                {
                    OfStrategy(call, what, stop);
                }

                return ExitCode.Done;
            case (null, { } file):
                OfReturns(call, file);
                return ExitCode.Done;
            case (null, null):
                throw new WrongUsage("What to report on is missing: name a session ('sessions list') or a strategy ('strategies list'), or give --returns FILE.csv.");
            default:
                throw new WrongUsage("A session or strategy and --returns exclude each other.");
        }
    }

    private static void OfSession(VerbCall call, string session, CancellationToken stop)
    {
        var report = SessionReport.Of(new SessionFolder(call.Home).Journal(session), stop);
        SessionReplay replay = report.Outcome.Replay;
        ReportModel model = ReportModel.Of(WithOrigin(report, call.Home.Path));
        string html = Save(call, model, $"session-{session}");
        var answer = new
        {
            session,
            ended = replay.Ended,
            verdict = model.Verdict.Sentence,
            metrics = MetricsShape.Of(model.Whole),
            trades = report.Outcome.Trades.Select(t => TradeShape.Of(t, replay.Session.Instruments)),
            refusals = report.Outcome.Refusals,
            alerts = replay.Alerts,
            balance = replay.Engine.Balance,
            equity = replay.Engine.Equity.Rounded(),
            html,
        };
        call.Terminal.Answer(answer, text => Print(text, model, $"{model.Source.Market} · {Figures.Counted(replay.Events, "event")}, {Figures.Counted(report.Outcome.Trades.Count, "trade")}, {Figures.Count(report.Outcome.Refusals.Count)} refused", html));
    }

    /// <summary>With what the library knows of where the session's strategies come from: what lies on data that one of them was made from is not held for a result.</summary>
    private static ReportSource WithOrigin(SessionReport report, string home)
    {
        using StrategyLibrary? library = StrategyLibrary.Existing(home);
        if (library is null)
        {
            return report.Source;
        }

        IReadOnlyList<SessionStrategy> strategies = report.Outcome.Replay.Session.Strategies;
        StrategyOrigin[] origins = [.. strategies.Select(s => StrategyOrigin.Of(library, s.Id, s.Symbol)).OfType<StrategyOrigin>()];
        IReadOnlyList<Instant> times = report.Source.Record.Times;
        StrategyOrigin? only = strategies.Count == 1 && origins is [var one] ? one : null;
        return report.Source with { Split = origins.Max(o => o.Seen(times[0], times[^1])), Origin = only?.Told, Evidence = only?.Evidence };
    }

    private static void OfStrategy(VerbCall call, string idOrName, CancellationToken stop)
    {
        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        if (library.Matching(idOrName).Count == 0)
        {
            throw new KnownFailure($"There is nothing called '{idOrName}' to report on", "it is neither a recorded session nor the name or the beginning of the id of a strategy in the library", "see 'sessions list' and 'strategies list'");
        }

        var report = StrategyReport.Of(call.Home.Path, library, library.Find(idOrName), call.Composition.Here.Clock, stop);
        string html = Save(call, report.Model, $"strategy-{report.Stored.Id[..12]}");
        ReportSource source = report.Model.Source;
        var answer = new
        {
            strategy = StrategyShape.Of(report.Stored),
            text = report.Stored.Strategy.ToString(),
            sentences = source.Strategies[0].InWords,
            verdict = report.Model.Verdict.Sentence,
            run = report.Run,
            descent = source.Evidence?.Descent,
            missing = source.Absent,
            split = source.Split,
            metrics = source.Absent is { } absent ? MetricsShape.Undefined(absent) : MetricsShape.Of(report.Model.OutOfSample ?? report.Model.Whole),
            inSample = report.Model.InSample is { } before ? MetricsShape.Of(before) : null,
            assumptions = source.Assumptions.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal),
            html,
        };
        call.Terminal.Answer(answer, text => Print(text, report.Model, source.Market, html));
    }

    private static void OfReturns(VerbCall call, string file)
    {
        ReturnSeries returns = ReturnsFile.Read(file);
        string name = Path.GetFileNameWithoutExtension(file);
        ReportModel model = ReportModel.Of(new ReportSource { Kind = "Returns", Title = name, Record = TrackRecord.Of(returns) });
        string html = Save(call, model, $"returns-{name}");
        var answer = new
        {
            returns = returns.Count,
            from = Iso(returns.Dates[0]),
            to = Iso(returns.Dates[^1]),
            periodsPerYear = returns.PeriodsPerYear,
            verdict = model.Verdict.Sentence,
            metrics = MetricsShape.Of(model.Whole),
            html,
        };
        call.Terminal.Answer(answer, text => Print(
            text, model, $"{Figures.Counted(returns.Count, "return")}, {Iso(returns.Dates[0])} to {Iso(returns.Dates[^1])}, {returns.PeriodsPerYear.ToString("0.##", CultureInfo.InvariantCulture)} a year", html));
    }

    private static string Save(VerbCall call, ReportModel model, string name) =>
        ReportFile.Save(model, call.Get(Out) ?? Path.Combine(call.Home.Folder("reports"), $"{name}.html"));

    private static void Print(TextWriter text, ReportModel model, string about, string html)
    {
        text.WriteLine($"Peregrine report   {model.Source.Title} · {about}");
        text.WriteLine();
        if (model.Source.Evidence is { } evidence)
        {
            Write(text, evidence);
        }

        if (model.Source.Absent is null)
        {
            TerminalFigures.Write(text, model);
            text.WriteLine();
        }

        TerminalFigures.WriteVerdict(text, model);
        text.WriteLine();
        text.WriteLine($"  report   {html}");
    }

    private static void Write(TextWriter text, Evidence evidence)
    {
        text.WriteLine("  What the search measured:");
        foreach (EvidencePart p in evidence.Parts)
        {
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {p.Name,-14} Sharpe {p.Sharpe,5:0.00}   return {p.AnnualReturn,6:0.0%} a year   deepest fall {p.MaxDrawdown,5:0.0%}   {p.Trades,5} trades{(p.P is { } chance ? $"   p {chance:0.0000}" : "")}"));
        }

        text.WriteLine();
    }

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

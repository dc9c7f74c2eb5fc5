using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters.Sources;
using Peregrine.App.CommandLine;
using Peregrine.App.Reports;
using Peregrine.App.Trading;
using Peregrine.Core.Performance;

namespace Peregrine.App.Verbs;

/// <summary><c>report</c>: the tear sheet of a recorded session, or of any file of <c>date,return</c>.</summary>
public static class ReportVerb
{
    private static readonly Argument<string?> What = new("SESSION") { Description = "A recorded session, as 'sessions list' names it", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Returns = new("--returns") { Description = "A text file of date,return", HelpName = "FILE.csv" };
    private static readonly Option<string?> Out = new("--out") { Description = "Where the page goes (else the reports folder of the home folder)", HelpName = "FILE.html" };

    public static Command Create() =>
        new Verb("report", "Draws a tear sheet: figures with their intervals, equity, drawdown, months, trades", "./peregrine report --returns fund.csv --out fund.html", Run) { What, Returns, Out };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        switch (call.Get(What), call.Get(Returns))
        {
            case ({ } what, null):
                OfSession(call, what, stop);
                return ExitCode.Done;
            case (null, { } file):
                OfReturns(call, file);
                return ExitCode.Done;
            case (null, null):
                throw new WrongUsage("What to report on is missing: name a session ('sessions list' shows them), or give --returns FILE.csv.");
            default:
                throw new WrongUsage("A session and --returns exclude each other.");
        }
    }

    private static void OfSession(VerbCall call, string session, CancellationToken stop)
    {
        var report = SessionReport.Of(new SessionFolder(call.Home).Journal(session), stop);
        SessionReplay replay = report.Outcome.Replay;
        string html = Save(call, report.Model, $"session-{session}");
        var answer = new
        {
            session,
            ended = replay.Ended,
            verdict = report.Model.Verdict.Sentence,
            metrics = MetricsShape.Of(report.Model.Whole),
            trades = report.Outcome.Trades.Select(TradeShape.Of),
            refusals = report.Outcome.Refusals,
            alerts = replay.Alerts,
            balance = replay.Engine.Balance,
            equity = replay.Engine.Equity.Rounded(),
            html,
        };
        call.Terminal.Answer(answer, text => Print(text, report.Model, $"{report.Model.Source.Market} · {Figures.Count(replay.Events)} events, {report.Outcome.Trades.Count} trades, {report.Outcome.Refusals.Count} refused", html));
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
            text, model, $"{Figures.Count(returns.Count)} returns, {Iso(returns.Dates[0])} to {Iso(returns.Dates[^1])}, {returns.PeriodsPerYear.ToString("0.##", CultureInfo.InvariantCulture)} a year", html));
    }

    private static string Save(VerbCall call, ReportModel model, string name) =>
        ReportFile.Save(model, call.Get(Out) ?? Path.Combine(call.Home.Folder("reports"), $"{name}.html"));

    private static void Print(TextWriter text, ReportModel model, string about, string html)
    {
        text.WriteLine($"Peregrine report   {model.Source.Title} · {about}");
        text.WriteLine();
        TerminalFigures.Write(text, model.Source.Record, model.Whole);
        text.WriteLine();
        text.WriteLine($"  {model.Verdict.Sentence}");
        foreach (string remark in model.Source.Notes.Prepend(model.Verdict.Remark).Where(r => r.Length > 0))
        {
            text.WriteLine($"  {remark}");
        }

        text.WriteLine();
        text.WriteLine($"  report   {html}");
    }

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters.Sources;
using Peregrine.App.CommandLine;
using Peregrine.App.Reports;
using Peregrine.Core.Performance;

namespace Peregrine.App.Verbs;

/// <summary><c>report</c>: a tear sheet of any file of <c>date,return</c>.</summary>
public static class ReportVerb
{
    private static readonly Option<string?> Returns = new("--returns") { Description = "A text file of date,return", HelpName = "FILE.csv" };
    private static readonly Option<string?> Out = new("--out") { Description = "Where the page goes (else the reports folder of the home folder)", HelpName = "FILE.html" };

    public static Command Create() =>
        new Verb("report", "Draws a tear sheet: figures with their intervals, equity, drawdown, months", "./peregrine report --returns fund.csv --out fund.html", Run) { Returns, Out };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        string file = call.Get(Returns) ?? throw new WrongUsage("What to report on is missing: give --returns FILE.csv.");
        ReturnSeries returns = ReturnsFile.Read(file);
        string name = Path.GetFileNameWithoutExtension(file);
        ReportModel model = ReportModel.Of(new ReportSource { Kind = "Returns", Title = name, Record = TrackRecord.Of(returns) });
        string html = ReportFile.Save(model, call.Get(Out) ?? Path.Combine(call.Home.Folder("reports"), $"returns-{name}.html"));
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
        call.Terminal.Answer(answer, text => Print(text, model, html));
        return ExitCode.Done;
    }

    private static void Print(TextWriter text, ReportModel model, string html)
    {
        ReturnSeries returns = model.Source.Record.Returns;
        text.WriteLine($"Peregrine report   {model.Source.Title} · {Figures.Count(returns.Count)} returns, {Iso(returns.Dates[0])} to {Iso(returns.Dates[^1])}, {returns.PeriodsPerYear.ToString("0.##", CultureInfo.InvariantCulture)} a year");
        text.WriteLine();
        TerminalFigures.Write(text, model.Source.Record, model.Whole);
        text.WriteLine();
        text.WriteLine($"  {model.Verdict.Sentence}");
        text.WriteLine($"  {model.Verdict.Remark}");
        text.WriteLine();
        text.WriteLine($"  report   {html}");
    }

    private static string Iso(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

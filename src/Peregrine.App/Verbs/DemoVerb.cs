using System.CommandLine;
using Peregrine.App.CommandLine;
using Peregrine.App.Demo;

namespace Peregrine.App.Verbs;

/// <summary><c>demo</c>: everything once, without an account, a network or anybody's data.</summary>
public static class DemoVerb
{
    private static readonly Option<bool> NoEdge = new("--no-edge") { Description = "Only the market without an edge: the answer must be no edge" };
    private static readonly Option<bool> NoBrowser = new("--no-browser") { Description = "Do not open the report" };

    public static Command Create() =>
        new Verb("demo", "Evolves, doubts and trades a strategy on a generated market with a planted edge, and on noise beside it", "./peregrine demo --no-browser", Run)
        {
            NoEdge, NoBrowser,
        };

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        var demo = new DemoRun(call);
        DemoOutcome outcome = await demo.Run(call.Get(NoEdge), stop);
        call.Terminal.Answer(outcome.Document, text => DemoText.Write(text, outcome));
        if (!call.Get(NoBrowser) && outcome.Report is { } report && call.Composition.Here.OutIsTerminal)
        {
            Browser.Open(report, call.Terminal);
        }

        return outcome.IsEdge ? ExitCode.Done : ExitCode.AnswerIsNo;
    }
}

using System.CommandLine;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Verbs;

/// <summary><c>strategies runs</c>: every search the library knows, and what it came to.</summary>
public static class StrategiesRunsVerb
{
    public static Command Create() => new Verb("runs", "Lists the runs of 'evolve', the latest first", "./peregrine strategies runs", Run);

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        (RunRow Run, int Trials, int Distinct)[] runs = [.. library.Runs().Select(r => (r, library.Trials(r.Id))).Select(static r => (r.r, r.Item2.All, r.Item2.Distinct))];
        call.Terminal.Answer(new { runs = runs.Select(static r => Shape(r.Run, r.Trials, r.Distinct)) }, text =>
        {
            int wide = runs.Select(static r => SearchEvidence.Markets(r.Run).Length).DefaultIfEmpty().Max();
            foreach ((RunRow run, int trials, int distinct) in runs)
            {
                string finding = SearchEvidence.Said(run)?.Sentence
                    ?? (File.Exists(new RunFiles(call.Home.Path, run.Id).Checkpoint) ? $"not at its end; './peregrine evolve --resume {run.Id}' goes on" : "not at its end, and it left no checkpoint: the 'evolve' that began it begins it again");
                text.WriteLine($"  {run.Id}  {SearchEvidence.Markets(run).PadRight(wide)}  {run.Started}  {Figures.Count(trials),9} tried, {Figures.Count(distinct),9} distinct  {finding}");
            }

            if (runs.Length == 0)
            {
                text.WriteLine("  There are no runs yet: './peregrine evolve' makes one.");
            }
        });
        return ExitCode.Done;
    }

    private static object Shape(RunRow run, int trials, int distinct) => new
    {
        id = run.Id,
        markets = run.Markets.Count > 0 ? run.Markets : [new RunMarket(run.Symbol, run.Timeframe)],
        seed = run.Seed,
        started = run.Started,
        finished = run.Finished,
        trials,
        distinctTrials = distinct,
        verdict = run.Finding is { } finding ? Enum.Parse<Finding>(finding) : (Finding?)null,
        reason = run.Reason,
        dataHash = run.DataHash,
        hash = run.Hash,
        settings = run.Settings,
    };
}

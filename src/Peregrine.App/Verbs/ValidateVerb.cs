using System.CommandLine;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.App.Validation;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Verbs;

/// <summary><c>validate</c>: asks whether what a run found is luck.</summary>
public static class ValidateVerb
{
    private static readonly Argument<string> Run = new("RUN") { Description = "The run to judge ('strategies runs' lists them)" };
    private static readonly Option<int?> Null = WholeNumber.Option("--null-search", "Repeat the whole search on so many copies of its data whose direction is chance; 39 or more to say yes", 1, 10_000);
    private static readonly Option<bool> All = new("--all") { Description = "Ask every gate, also after one has failed" };

    public static Command Create() => new Verb("validate", "Asks whether what a run found is luck: gates in the order of their cost", "./peregrine validate 1c0ffee0aa --null-search 39", Judge) { Run, Null, All };

    private static ExitCode Judge(VerbCall call, CancellationToken stop)
    {
        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        int threads = call.Settings.Threads;
        EvolutionTask asked = EvolutionTask.Resumed(call.Home.Path, library, call.Get(Run)!, call.Composition.Here.Clock);
        Footprint footprint = Footprint.Of(asked.Job, asked.Before, threads, call.Settings.MemoryBytes);
        (EvolutionTask task, EvolutionResult result) = EvolutionTask.Ended(call.Home.Path, library, asked.Id, (threads, footprint.ColumnBytes), call.Composition.Here.Clock);
        var files = new RunFiles(call.Home.Path, task.Id);
        using Adapters.ProcessLock held = files.Lock();
        var gates = new RunGates(task.Job, result, threads);
        var answers = new List<Gate>();
        using (Progress progress = call.Terminal.Progress("gates", null, "asked"))
        {
            foreach (Gate gate in gates.Ask())
            {
                stop.ThrowIfCancellationRequested();
                answers.Add(gate);
                progress.Report(answers.Count, gate.Name);
                if (gate.Pass == false && !call.Get(All))
                {
                    break;
                }
            }

            progress.Done($"{Figures.Counted(answers.Count, "gate")} asked");
        }

        IReadOnlyList<NullCopy> copies = answers.Exists(static g => g.Pass == false) && !call.Get(All) ? [] : Copies(call, task, files, stop);
        if (copies.Count > 0 || !answers.Exists(static g => g.Pass == false))
        {
            answers.Add(LuckGates.Null(NullSearch.Best(result), [.. copies.Select(static c => c.Best)]));
        }

        var validation = new ValidationAnswer(task, result, answers, gates.Trials, GateVerdict.Of(answers, gates.Trials, gates.Years)) { Copies = copies };
        string dossier = validation.Keep(files);
        call.Terminal.Answer(validation.Document(dossier), text => validation.Write(text, call.Terminal, dossier));
        return validation.Verdict.Finding == Finding.Edge ? ExitCode.Done : ExitCode.AnswerIsNo;
    }

    private static IReadOnlyList<NullCopy> Copies(VerbCall call, EvolutionTask task, RunFiles files, CancellationToken stop)
    {
        var search = new NullSearch(task, files.NullSearch, call.Settings.Threads);
        if (call.Get(Null) is not { } wanted)
        {
            return search.Kept();
        }

        int before = Math.Min(search.Kept().Count, wanted);
        using Progress progress = call.Terminal.Progress("null-search", wanted, "searches", before);
        try
        {
            IReadOnlyList<NullCopy> copies = search.Run(wanted, (done, note) => progress.Report(done, note), stop);
            progress.Done($"{Figures.Counted(copies.Count, "search", "searches")} on copies of the data");
            return copies;
        }
        catch (OperationCanceledException)
        {
            call.Terminal.Say("What is searched is kept; the same command goes on.");
            throw;
        }
    }
}

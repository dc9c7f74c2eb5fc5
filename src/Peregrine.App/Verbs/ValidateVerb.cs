using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.App.Validation;
using Peregrine.Core;
using Peregrine.Core.Strategies;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Verbs;

/// <summary><c>validate</c>: asks whether what a run found, or a strategy, is luck.</summary>
public static class ValidateVerb
{
    private static readonly Argument<string?> Subject = new("RUN|ID|FILE") { Description = "The run to judge ('strategies runs' lists them), a strategy of the library, or a .strategy file", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Costs = new("--costs") { Description = "For a strategy that no run found: zero, default, or a cost file", HelpName = "C" };
    private static readonly PeriodOptions Range = new();
    private static readonly Option<int?> Null = WholeNumber.Option("--null-search", "Repeat the whole search on so many copies of its data whose direction is chance; fewer than 19, and more where other runs over these years are charged, cannot say yes or no. With --calibrate: of each market", 1, NullSearch.Most);
    private static readonly Option<string[]> Walk = new("--walk-forward") { Description = "Repeat the search in so many windows of its data, rolling and anchored, and trade what each finds on the time after; several numbers make a matrix. With --calibrate: one number, on each market", HelpName = "N", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> All = new("--all") { Description = "Ask every gate, also after one has failed" };

    private static readonly Option<bool> OpenLockbox = new("--open-lockbox") { Description = "When nothing else keeps the verdict from being an edge, look with the strategy into the data that are kept shut; it is written down" };

    private static readonly CalibrateOptions Calibrating = new(Null, Walk);

    public static Command Create()
    {
        var verb = new Verb("validate", "Asks whether it is luck: what a run found, or a strategy, through gates in the order of their cost", "./peregrine validate 1c0ffee0aa --null-search 39", Judge)
        {
            Subject, Walk, Null, All, OpenLockbox, Costs,
        };
        Calibrating.AddTo(verb);
        Range.AddTo(verb);
        return verb;
    }

    private static ExitCode Judge(VerbCall call, CancellationToken stop)
    {
        bool calibrate = Calibrating.Asked(call);
        if (!calibrate && call.Get(Subject) is null)
        {
            throw new WrongUsage("Say what to judge, as in validate RUN, or --calibrate to measure the gates themselves.");
        }

        foreach (string option in calibrate ? ["--all", "--open-lockbox", "--costs", "--from", "--to"] : CalibrateOptions.Only)
        {
            if (call.Says(option))
            {
                throw new WrongUsage($"{option} says nothing {(calibrate ? "beside" : "without")} --calibrate.");
            }
        }

        return calibrate ? Calibrating.Run(call, call.Get(Subject), stop) : Judged(call, stop);
    }

    private static ExitCode Judged(VerbCall call, CancellationToken stop)
    {
        int[] windows = WindowsOf(call);
        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        (string? run, Strategy? strategy) = Named(call, library, call.Get(Subject)!);
        return run is null ? JudgeByHand(call, library, strategy!, stop) : JudgeRun(call, library, (run, strategy, windows), stop);
    }

    /// <summary>The run that is named, or the strategy with the run that speaks for it; null for the run of a strategy that none has found.</summary>
    private static (string? Run, Strategy? Strategy) Named(VerbCall call, StrategyLibrary library, string text)
    {
        if (File.Exists(text) || text.EndsWith(".strategy", StringComparison.Ordinal))
        {
            return Origin(library, StrategyText.Load(text));
        }

        bool isRun = RunFiles.IsNamed(call.Home.Path, library, text);
        return (isRun, library.Matching(text)) switch
        {
            (true, []) or (false, []) => (RunFiles.Named(call.Home.Path, library, text, "judge"), null),
            (false, _) => Origin(library, library.Find(text).Strategy),
            _ => throw new KnownFailure($"'{text}' names a run and a strategy", "ids of both begin so", "give more of the id"),
        };
    }

    private static (string?, Strategy) Origin(StrategyLibrary library, Strategy strategy) =>
        (StrategyOrigin.Of(library, strategy.Id, strategy.Symbol)?.Run.Id, strategy);

    private static ExitCode JudgeByHand(VerbCall call, StrategyLibrary library, Strategy strategy, CancellationToken stop)
    {
        if (Array.Find(["--walk-forward", "--null-search"], call.Says) is { } search)
        {
            throw new WrongUsage($"{search} repeats a search, and no run of 'evolve' has found {strategy.Name}.");
        }

        Period period = Range.Read(call);
        var funnel = new HandFunnel(call.Home.Path, library, strategy, new HandRequest(period.From, period.To, call.Get(Costs), call.Get(All), call.Get(OpenLockbox)));
        Instant now = Instant.FromUnixSeconds(call.Composition.Here.Clock.GetUtcNow().ToUnixTimeSeconds());
        return Answer(call, library, funnel.Judge((call.Terminal, call.Settings.Threads, now), stop), funnel.Folder);
    }

    private static ExitCode JudgeRun(VerbCall call, StrategyLibrary library, (string Run, Strategy? Strategy, int[] Windows) what, CancellationToken stop)
    {
        if (Array.Find(["--from", "--to", "--costs"], call.Says) is { } other)
        {
            throw new WrongUsage($"Run {what.Run} says on which data and at which costs it is judged; leave out {other}.");
        }

        int threads = call.Settings.Threads;
        EvolutionTask task = EvolutionTask.Resumed(call.Home.Path, library, what.Run, call.Composition.Here.Clock, "judge");
        EvolutionResult result = task.Found((threads, Footprint.Of(task.Job, task.Before, threads, call.Settings.MemoryBytes).ColumnBytes), stop);
        int? chosen = what.Strategy is null ? null : result.Front.Select(static f => f.Id).ToList().IndexOf(what.Strategy.Id);
        if (chosen < 0)
        {
            throw new KnownFailure($"Cannot judge {what.Strategy!.Name}", $"it is not in the front that run {task.Id} comes to today", "judge the run itself");
        }

        var files = new RunFiles(call.Home.Path, task.Id);
        using ProcessLock held = files.Lock();
        return Answer(call, library, new Funnel(task, result, chosen, files, (call.Terminal, threads)).Judge(new FunnelRequest(what.Windows, call.Get(Null), call.Get(All), call.Get(OpenLockbox)), stop), files.Folder);
    }

    private static ExitCode Answer(VerbCall call, StrategyLibrary library, Dossier dossier, string folder)
    {
        string path = DossierFile.Keep(dossier, folder);
        if (dossier.Subject.Strategies is [var judged, ..])
        {
            library.Record(new DossierRow(judged.Id, dossier.Subject.Run, dossier.Verdict.Finding.ToString(), dossier.Verdict.Reason, Path.GetRelativePath(call.Home.Path, path)));
        }

        if (dossier.Subject.Strategies is [var fallen, ..] && dossier.Verdict.Finding != Finding.Edge && library.Stage(fallen.Id) == StrategiesPromoteVerb.Validated)
        {
            library.Promote(fallen.Id, library.RunsWith(fallen.Id).Count > 0 ? "evolved" : "imported");
            call.Terminal.Warn($"{fallen.Name} was validated and is so no longer.");
        }

        call.Terminal.Answer(DossierFile.Document(dossier, path), text => DossierText.Write(text, call.Terminal, dossier, path));
        return dossier.Verdict.Finding == Finding.Edge ? ExitCode.Done : ExitCode.AnswerIsNo;
    }

    private static int[] WindowsOf(VerbCall call) => [.. (call.Get(Walk) ?? []).Select(Windows).Distinct()];

    /// <summary>A number of windows that walk forward.</summary>
    internal static int Windows(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n is >= WalkForward.Fewest and <= WalkForward.Most
        ? n
        : throw new WrongUsage($"--walk-forward is from {WalkForward.Fewest} to {WalkForward.Most} windows; {text} is not.");
}

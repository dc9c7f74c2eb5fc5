using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters.Costs;
using Peregrine.Adapters.Instruments;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.App.Validation;
using Peregrine.Core.Market;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Verbs;

/// <summary><c>validate</c>: asks whether what a run found is luck.</summary>
public static class ValidateVerb
{
    private static readonly Argument<string?> Run = new("RUN") { Description = "The run to judge ('strategies runs' lists them)", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<int?> Null = WholeNumber.Option("--null-search", "Repeat the whole search on so many copies of its data whose direction is chance; fewer than 19 cannot say yes or no", 1, 10_000);
    private static readonly Option<int[]> Walk = new("--walk-forward") { Description = "Repeat the search in so many windows of its data, rolling and anchored, and trade what each finds on the time after; several numbers make a matrix", HelpName = "N", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<bool> All = new("--all") { Description = "Ask every gate, also after one has failed" };

    private static readonly Option<bool> OpenLockbox = new("--open-lockbox") { Description = "When no gate has failed, look with the first of the front into the data that the run keeps shut; it is written down" };

    private static readonly Option<bool> Calibrate = new("--calibrate") { Description = "Measure the gates themselves, on generated markets" };
    private static readonly Option<int?> Markets = WholeNumber.Option("--markets", "With --calibrate: so many markets (default 200)", 1, 100_000);
    private static readonly Option<int?> Evaluations = WholeNumber.Option("--evaluations", "With --calibrate: candidates in each (default 20000)", 100, 10_000_000);
    private static readonly Option<string?> Hidden = new("--hidden") { Description = "With --calibrate: hide a breakout of this annual net Sharpe ratio, 0.5 to 4, in each (default 0: nothing)", HelpName = "SHARPE" };
    private static readonly Option<string?> Shard = new("--shard") { Description = "With --calibrate: of n parts the ith, as in 1/4", HelpName = "i/n" };
    private static readonly Option<string?> Out = new("--out") { Description = "With --calibrate: a line for each market goes into this file; what is there is not searched again", HelpName = "FILE.jsonl" };

    public static Command Create() => new Verb("validate", "Asks whether what a run found is luck: gates in the order of their cost", "./peregrine validate 1c0ffee0aa --null-search 39", Judge)
    {
        Run, Walk, Null, All, OpenLockbox, Calibrate, Markets, Evaluations, Hidden, Shard, Out,
    };

    private static ExitCode Judge(VerbCall call, CancellationToken stop)
    {
        bool calibrate = call.Get(Calibrate);
        if (calibrate == call.Get(Run) is not null)
        {
            throw new WrongUsage(calibrate ? "--calibrate measures the gates on markets of its own and judges no run; leave one of the two out." :
                "Say which run to judge, as in validate RUN, or --calibrate to measure the gates themselves.");
        }

        foreach (string option in (string[])(calibrate ? ["--walk-forward", "--null-search", "--all", "--open-lockbox"] : ["--markets", "--evaluations", "--hidden", "--shard", "--out"]))
        {
            if (call.Says(option))
            {
                throw new WrongUsage($"{option} says nothing {(calibrate ? "beside" : "without")} --calibrate.");
            }
        }

        return calibrate ? CalibrateGates(call, stop) : JudgeRun(call, stop);
    }

    private static ExitCode CalibrateGates(VerbCall call, CancellationToken stop)
    {
        double hidden = SharpeOf(call.Get(Hidden) ?? "0");
        (int part, int parts) = Part(call.Get(Shard) ?? "1/1");
        (int markets, int evaluations) = (call.Get(Markets) ?? 200, call.Get(Evaluations) ?? 20_000);
        string path = call.Get(Out) is "" ? throw new WrongUsage("--out is a file; '' is not.") : call.Get(Out) ?? Path.Combine(call.Home.Path, "calibration.jsonl");
        Instrument instrument = InstrumentFile.Load(call.Home.Path).Find("EURUSD");
        var calibration = new Calibration(instrument, CostFile.Load("default", [instrument]).For(instrument.Symbol)!, path);
        calibration.Make();
        bool IsAsked(CalibratedMarket m) => m.Hidden == hidden && m.Evaluations == evaluations && m.Seed <= (ulong)markets && (int)m.Seed % parts == part % parts;
        ulong[] wanted = [.. Enumerable.Range(1, markets).Where(seed => seed % parts == part % parts).Select(static seed => (ulong)seed)];
        ulong[] missing = [.. wanted.Except(calibration.Kept().Where(IsAsked).Select(static m => m.Seed))];
        using (Progress progress = call.Terminal.Progress("calibrate", wanted.Length, "markets", wanted.Length - missing.Length))
        {
            foreach ((ulong seed, int i) in missing.Select(static (seed, i) => (seed, i)))
            {
                calibration.Add((seed, hidden, evaluations), call.Settings.Threads, stop);
                progress.Report(wanted.Length - missing.Length + i + 1);
            }

            progress.Done($"{Figures.Counted(missing.Length, "market")} searched");
        }

        var answer = new CalibrationAnswer([.. calibration.Kept().Where(IsAsked)], path);
        call.Terminal.Answer(answer.Document(), answer.Write);
        return ExitCode.Done;
    }

    private static double SharpeOf(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double sharpe) && sharpe is 0 or >= 0.5 and <= 4
            ? sharpe
            : throw new WrongUsage($"--hidden is a Sharpe ratio from 0.5 to 4, or 0 to hide nothing; '{text}' is not.");

    private static (int Part, int Parts) Part(string text) =>
        text.Split('/') is [var i, var n] && int.TryParse(i, CultureInfo.InvariantCulture, out int part) && int.TryParse(n, CultureInfo.InvariantCulture, out int parts) && part >= 1 && part <= parts
            ? (part, parts)
            : throw new WrongUsage($"--shard is written i/n with i from 1 to n; '{text}' is not.");

    private static ExitCode JudgeRun(VerbCall call, CancellationToken stop)
    {
        int[] windows = WindowsOf(call);
        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        int threads = call.Settings.Threads;
        EvolutionTask task = EvolutionTask.Resumed(call.Home.Path, library, call.Get(Run)!, call.Composition.Here.Clock, "judge");
        EvolutionResult result = task.Found((threads, Footprint.Of(task.Job, task.Before, threads, call.Settings.MemoryBytes).ColumnBytes), stop);
        var files = new RunFiles(call.Home.Path, task.Id);
        using Adapters.ProcessLock held = files.Lock();
        ValidationAnswer validation = new Funnel(task, result, files, (call.Terminal, threads)).Judge(new FunnelRequest(windows, call.Get(Null), call.Get(All), call.Get(OpenLockbox)), stop);
        string dossier = validation.Keep(files);
        call.Terminal.Answer(validation.Document(dossier), text => validation.Write(text, call.Terminal, dossier));
        return validation.Verdict.Finding == Finding.Edge ? ExitCode.Done : ExitCode.AnswerIsNo;
    }

    private static int[] WindowsOf(VerbCall call) =>
        [.. (call.Get(Walk) ?? []).Select(static n => n is >= WalkForward.Fewest and <= WalkForward.Most ? n : throw new WrongUsage($"--walk-forward is from {WalkForward.Fewest} to {WalkForward.Most} windows; {n} is not.")).Distinct()];
}

using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters.Costs;
using Peregrine.Adapters.Instruments;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.App.Validation;
using Peregrine.Core.Market;
using Peregrine.Core.Simulation;

namespace Peregrine.App.Verbs;

/// <summary><c>validate --calibrate</c>: measures the gates themselves, on markets of which the truth is known.</summary>
internal sealed class CalibrateOptions(Option<int?> copies, Option<string[]> windows)
{
    /// <summary>What says nothing without <c>--calibrate</c>.</summary>
    public static readonly string[] Only = ["--markets", "--evaluations", .. Making, "--shard", "--out", "--against", "--seed"];

    private static readonly string[] Rules = [.. HiddenRule.All.Select(static r => r.Name).Order(StringComparer.Ordinal)];

    private readonly Option<bool> calibrate = new("--calibrate") { Description = "Measure the gates themselves: on generated markets, or on copies of the data of RUN whose direction is chance" };
    private readonly Option<int?> markets = WholeNumber.Option("--markets", "With --calibrate: so many markets, of as many seeds from --seed on (default 200)", 1, 100_000);
    private readonly Option<int?> evaluations = WholeNumber.Option("--evaluations", "With --calibrate: candidates in each (default 20000, or those of RUN)", 100, 10_000_000);
    private readonly Option<string?> hidden = new("--hidden") { Description = "With --calibrate: hide a rule of this annual net Sharpe ratio, 0.5 to 4, in each (default 0: nothing), or mixed: nothing in half, 0.5 to 2.5 in the others", HelpName = "SHARPE" };
    private readonly Option<string?> rule = new("--rule") { Description = "With --hidden: which rule, breakout (default), average, calendar, or mixed: each in a third of the markets", HelpName = "KIND" };
    private readonly Option<string?> volatility = new("--volatility") { Description = "With --calibrate: how prices move, bursts (default), constant, garch, or mixed: each in a third of the markets", HelpName = "KIND" };
    private readonly Option<int?> years = WholeNumber.Option("--years", $"With --calibrate: how long each market is (default {CalibrationKind.UsualYears})", 1, CalibrationKind.MostYears);
    private readonly Option<string?> shard = new("--shard") { Description = "With --calibrate: of n parts the ith, as in 1/4", HelpName = "i/n" };
    private readonly Option<string?> outFile = new("--out") { Description = "With --calibrate: a line for each market goes into this file; what is there is not searched again", HelpName = "FILE.jsonl" };

    private readonly Option<string?> against = new("--against") { Description = "With --calibrate: rank what is found among what the same search found on the noise markets that an earlier one without --hidden kept in this file, as a null search would among copies", HelpName = "FILE.jsonl" };

    /// <summary>What says how a market is made up.</summary>
    private static string[] Making => ["--hidden", "--rule", "--volatility", "--years"];

    public void AddTo(Command verb)
    {
        foreach (Option option in (Option[])[calibrate, markets, evaluations, hidden, rule, volatility, years, shard, outFile, against])
        {
            verb.Add(option);
        }
    }

    public bool Asked(VerbCall call) => call.Get(calibrate);

    /// <param name="call">How it was called.</param>
    /// <param name="run">The run on copies of whose data the gates are measured; null for markets that are made up.</param>
    /// <param name="stop">Stops between two candidates.</param>
    public ExitCode Run(VerbCall call, string? run, CancellationToken stop)
    {
        (int part, int parts) = Part(call.Get(shard) ?? "1/1");
        int count = call.Get(markets) ?? 200;
        string path = call.Get(outFile) is "" ? throw new WrongUsage("--out is a file; '' is not.") : call.Get(outFile) ?? Path.Combine(call.Home.Path, "calibration.jsonl");
        (IMarketSource source, CalibrationWork work) = run is null ? Generated(call) : Copied(call, run);
        if (call.Get(against) is not null && work.Copies > 0)
        {
            throw new WrongUsage("--against ranks among markets of a file and --null-search among copies of each: one of them.");
        }

        NoiseMarkets? noise = call.Get(against) is { } kept ? NoiseMarkets.Load(kept, work) : null;
        var calibration = new Calibration(source, path);
        calibration.Make();
        ulong first = call.Says("--seed") ? call.Settings.Seed : 1;
        ulong[] wanted = [.. Enumerable.Range(0, count).Select(i => first + (ulong)i).Where(seed => seed % (ulong)parts == (ulong)(part % parts))];
        bool IsAsked(CalibratedMarket m) => m.Work == work && wanted.Contains(m.Seed);
        ulong[] missing = [.. wanted.Except(calibration.Kept().Where(IsAsked).Select(static m => m.Seed))];
        using (Progress progress = call.Terminal.Progress("calibrate", wanted.Length, "markets", wanted.Length - missing.Length))
        {
            foreach ((ulong seed, int i) in missing.Select(static (seed, i) => (seed, i)))
            {
                try
                {
                    calibration.Add(seed, work, call.Settings.Threads, stop);
                }
                catch (OperationCanceledException)
                {
                    call.Terminal.Warn($"{Figures.Counted(i, "market")} of {missing.Length} searched are kept in {path}; the same command goes on.");
                    throw;
                }

                progress.Report(wanted.Length - missing.Length + i + 1);
            }

            progress.Done($"{Figures.Counted(missing.Length, "market")} searched");
        }

        var answer = new CalibrationAnswer([.. calibration.Kept().Where(IsAsked).OrderBy(static m => m.Seed).Select(m => noise?.Judge(m) ?? m)], work, path, noise?.Count ?? 0);
        call.Terminal.Answer(answer.Document(), answer.Write);
        return ExitCode.Done;
    }

    private (IMarketSource, CalibrationWork) Generated(VerbCall call)
    {
        var kind = new CalibrationKind(VolatilityOf(call.Get(volatility) ?? "bursts"), call.Get(hidden) == "mixed" ? null : SharpeOf(call.Get(hidden) ?? "0"))
        {
            Rule = RuleOf(call.Get(rule) ?? "breakout"),
            Years = call.Get(years) ?? CalibrationKind.UsualYears,
        };
        if (call.Says("--rule") && kind.Hidden == 0)
        {
            throw new WrongUsage("--rule says which rule is hidden, and none is: add --hidden with its Sharpe ratio.");
        }

        Instrument instrument = InstrumentFile.Load(call.Home.Path).Find("EURUSD");
        return (new GeneratedSource(instrument, CostFile.Load("default", [instrument]).For(instrument.Symbol)!, kind), Work(call, kind, 20_000));
    }

    private (IMarketSource, CalibrationWork) Copied(VerbCall call, string run)
    {
        if (Array.Find(Making, call.Says) is { } other)
        {
            throw new WrongUsage($"{other} says how a market is made up; those of run {run} are copies of its data.");
        }

        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        EvolutionTask task = EvolutionTask.Resumed(call.Home.Path, library, run, call.Composition.Here.Clock, "copy the data of");
        return (new CopiedSource(task.Job), Work(call, new CalibrationKind(null, 0) { Run = task.Id }, task.Job.Settings.Evaluations));
    }

    private CalibrationWork Work(VerbCall call, CalibrationKind kind, int usual) => new(
        kind,
        call.Get(evaluations) ?? usual,
        call.Get(copies) ?? 0,
        call.Get(windows) switch
        {
            null or [] => 0,
            [var one] => ValidateVerb.Windows(one),
            _ => throw new WrongUsage("With --calibrate, --walk-forward is one number of windows."),
        });

    private static string? RuleOf(string text) => text == "mixed" ? null
        : Rules.Contains(text) ? text : throw new WrongUsage($"--rule is {string.Join(", ", Rules)} or mixed; '{text}' is not.");

    private static double SharpeOf(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double sharpe) && sharpe is 0 or >= 0.5 and <= 4
            ? sharpe
            : throw new WrongUsage($"--hidden is a Sharpe ratio from 0.5 to 4, 0 to hide nothing, or mixed; '{text}' is not.");

    private static VolatilityKind? VolatilityOf(string text) => text switch
    {
        "mixed" => null,
        "bursts" => VolatilityKind.Bursts,
        "constant" => VolatilityKind.Constant,
        "garch" => VolatilityKind.Garch,
        _ => throw new WrongUsage($"--volatility is bursts, constant, garch or mixed; '{text}' is not."),
    };

    private static (int Part, int Parts) Part(string text) =>
        text.Split('/') is [var i, var n] && int.TryParse(i, CultureInfo.InvariantCulture, out int part) && int.TryParse(n, CultureInfo.InvariantCulture, out int parts) && part >= 1 && part <= parts
            ? (part, parts)
            : throw new WrongUsage($"--shard is written i/n with i from 1 to n; '{text}' is not.");
}

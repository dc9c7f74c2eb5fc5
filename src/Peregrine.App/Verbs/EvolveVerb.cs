using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters.Store;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.App.Evolution;
using Peregrine.Core.Market;
using Peregrine.Lab.Populations;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Verbs;

/// <summary><c>evolve</c>: search for strategies, and say what untouched data makes of them.</summary>
public static class EvolveVerb
{
    private const int DefaultEvaluations = 10_000;

    private static readonly Option<string[]> Symbols = new("--symbol") { Description = "The symbols to search: rules are tried on all of them", HelpName = "S", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string[]> TimeframeOption = new("--timeframe") { Description = "The timeframes to decide on; each has islands of its own", HelpName = "H1", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Source = new("--source") { Description = "Over stored history of this source (data list names them); otherwise of the one that covers most", HelpName = "NAME" };
    private static readonly Option<string> Costs = new("--costs") { Description = "zero, default, or a cost file", HelpName = "C", DefaultValueFactory = _ => "default" };
    private static readonly Option<int?> Evaluations = WholeNumber.Option("--evaluations", "Candidates to try (default 10000)", 1, 10_000_000);
    private static readonly Option<int?> Generations = WholeNumber.Option("--generations", "Generations to run instead", 1, 100_000);
    private static readonly Option<int?> Islands = WholeNumber.Option("--islands", "Populations that evolve apart (default 3; as many of each timeframe, so rounded up)", 1, 256);
    private static readonly Option<string[]> Choices = new("--search")
    {
        Description = "How to search, as in parents=lexicase layers=5; '--search list' prints every choice with its default",
        HelpName = "NAME=VALUE",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Resume = new("--resume") { Description = "Go on with a run that was stopped", HelpName = "RUN" };
    private static readonly Option<string[]> SeedFrom = new("--seed-from") { Description = "Strategies of the library, or files, that take part from the start", HelpName = "ID|FILE", AllowMultipleArgumentsPerToken = true };
    private static readonly PeriodOptions Range = new();

    /// <summary>What says what to search, and is kept with a run.</summary>
    private static readonly string[] SaysWhat =
    [
        .. from option in (Option[])[Symbols, TimeframeOption, Source, Costs, Evaluations, Generations, Islands, Choices, SeedFrom] select option.Name, "--from", "--to", "--seed",
    ];

    public static Command Create()
    {
        var verb = new Verb("evolve", "Searches for strategies on one part of the data and judges them on another", "./peregrine evolve --symbol EURUSD --timeframe H1 --evaluations 20000 --seed 7", Run)
        {
            Symbols, TimeframeOption, Source, Costs, Evaluations, Generations, Islands, Choices, Resume, SeedFrom,
        };
        Range.AddTo(verb);
        return verb;
    }

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        if (call.Get(Choices) is ["list"] && !call.Says("--resume"))
        {
            List(call.Terminal);
            return ExitCode.Done;
        }

        if (call.Get(Choices)?.Contains("list") == true)
        {
            throw new WrongUsage("'--search list' prints every choice and stands alone.");
        }

        TimeProvider clock = call.Composition.Here.Clock;
        string home = call.Home.Path;
        using StrategyLibrary library = StrategyLibrary.Open(home);
        EvolutionTask task = call.Get(Resume) is { } run
            ? EvolutionTask.Resumed(home, library, OnlyResume(call, run), clock)
            : EvolutionTask.New(home, library, Request(call), clock);
        Footprint footprint = Announce(call, task);
        long started = clock.GetTimestamp();
        EvolutionResult result = Search(call, task, footprint, stop);
        TimeSpan elapsed = clock.GetElapsedTime(started);
        call.Terminal.Answer(EvolutionAnswer.Document(task, result, elapsed), text => EvolutionAnswer.Write(text, call.Terminal, task, result));
        return result.Verdict.Finding == Finding.Edge ? ExitCode.Done : ExitCode.AnswerIsNo;
    }

    private static void List(Terminal terminal)
    {
        var plain = new SearchSettings { Seed = 1 };
        object document = new { choices = SearchChoices.All.Select(c => new { name = c.Name, meaning = c.Meaning, values = c.Values, @default = c.Of(plain) }) };
        terminal.Answer(document, text =>
        {
            foreach (SearchChoice choice in SearchChoices.All)
            {
                text.WriteLine($"  {choice.Name + "=" + choice.Of(plain),-22} {choice.Meaning}{(choice.Values.Contains(" or ", StringComparison.Ordinal) ? ": " + choice.Values : "")}");
            }
        });
    }

    private static EvolutionResult Search(VerbCall call, EvolutionTask task, Footprint footprint, CancellationToken stop)
    {
        // With a number of generations nobody knows how many candidates there will be.
        long? total = task.Request.Generations == int.MaxValue ? task.Request.Evaluations : null;
        using Progress progress = call.Terminal.Progress("evolve", total, "candidates", task.Before);
        try
        {
            EvolutionResult result = task.Run((call.Settings.Threads, footprint.ColumnBytes), progress, stop);
            progress.Done($"{Figures.Count(result.Evaluations)} tried, {Figures.Count(result.DistinctTrials)} distinct");
            return result;
        }
        catch (OperationCanceledException)
        {
            string resume = $"./peregrine evolve --resume {task.Id}{call.Composition.HomeWords}";
            call.Terminal.Say($"Go on with '{resume}'.");
            if (call.Terminal.Json)
            {
                call.Terminal.Answer(new { error = "Stopped.", exitCode = (int)ExitCode.Stopped, run = task.Id, evaluations = task.Kept, resume }, static _ => { });
            }

            throw;
        }
    }

    private static Footprint Announce(VerbCall call, EvolutionTask task)
    {
        int threads = call.Settings.Threads;
        Footprint footprint = Footprint.Of(task.Job, task.Before, threads, call.Settings.MemoryBytes);
        call.Terminal.Say($"run {task.Id}, seed {task.Request.Seed}: {task.Scope.Prices}");
        if (task.IsDone)
        {
            call.Terminal.Say($"is at its end: what it found is told again; without the folder {task.Folder} it would be searched anew");
        }
        else if (task.Before > 0)
        {
            call.Terminal.Say($"goes on after {Figures.Count(task.Before)} tried");
        }

        foreach (string warning in task.Scope.Warnings)
        {
            call.Terminal.Warn(warning);
        }

        call.Terminal.Say($"the lockbox from {task.Scope.Lockbox} {(task.Looked.Count == 0 ? "stays shut" : $"is not read, but is untouched no longer: {Figures.Counted(task.Looked.Count, "strategy was", "strategies were")} traded there")}; of the rest three fifths are searched and the end is kept to judge by");
        if (task.IsDone)
        {
            return footprint;
        }

        call.Terminal.Say($"about {Figures.Span(footprint.Time)} and up to {Figures.Bytes(footprint.Bytes)} of memory on {Figures.Counted(threads, "thread")}");
        return footprint;
    }

    private static string OnlyResume(VerbCall call, string run) => Array.Find(SaysWhat, call.Says) is { } other
        ? throw new WrongUsage($"--resume goes on with a run as it was begun; leave out {other}.")
        : run;

    private static RunRequest Request(VerbCall call)
    {
        Period period = Range.Read(call);
        int? evaluations = call.Get(Evaluations), generations = call.Get(Generations);
        if (evaluations is not null && generations is not null)
        {
            throw new WrongUsage("--evaluations and --generations exclude each other.");
        }

        return new RunRequest
        {
            Symbols = SymbolsOf(call),
            Timeframes = TimeframesOf(call),
            From = period.From.Nanoseconds,
            To = period.To.Nanoseconds,
            Source = call.Get(Source),
            Costs = call.Get(Costs)!,
            Seed = call.Settings.Seed,
            Evaluations = evaluations ?? (generations is null ? DefaultEvaluations : int.MaxValue),
            Generations = generations ?? int.MaxValue,
            Choices = Chosen(call),
            Seeds = [.. (call.Get(SeedFrom) ?? []).Select(source => StrategyText.Find(source, call.Home.Path).ToString())],
        };
    }

    private static string[] SymbolsOf(VerbCall call) => call.Get(Symbols) is { Length: > 0 } given
        ? Once(given.Select(StoreNames.Symbol), "--symbol")
        : throw new WrongUsage("Say what to search: --symbol EURUSD.");

    private static string[] TimeframesOf(VerbCall call) => call.Get(TimeframeOption) is { Length: > 0 } given
        ? Once(given.Select(static t => Parsed(t).ToString()), "--timeframe")
        : throw new WrongUsage("Say what to decide on: --timeframe H1.");

    private static string[] Chosen(VerbCall call)
    {
        string[] given = [.. call.Get(Choices) ?? [], .. call.Get(Islands) is { } islands ? (string[])[string.Create(CultureInfo.InvariantCulture, $"islands={islands}")] : []];
        var plain = new SearchSettings { Seed = 1 };
        SearchSettings settings = SearchChoices.Apply(plain, given);

        // What differs from the default, in the order of the table: the same search said in other words is the same run.
        return [.. SearchChoices.All.Where(c => c.Of(settings) != c.Of(plain)).Select(c => $"{c.Name}={c.Of(settings)}")];
    }

    private static string[] Once(IEnumerable<string> words, string option)
    {
        string[] all = [.. words];
        return all.GroupBy(static w => w).FirstOrDefault(static g => g.Count() > 1) is { } twice ? throw new WrongUsage($"{option} names {twice.Key} twice.") : all;
    }

    private static Timeframe Parsed(string text) => Timeframes.TryParse(text, out Timeframe timeframe)
        ? timeframe
        : throw new WrongUsage($"--timeframe is one of {string.Join(", ", Timeframes.All.ToArray())}; '{text}' is not.");
}

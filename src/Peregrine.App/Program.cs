using System.CommandLine;
using System.Runtime.InteropServices;
using Peregrine.Adapters;
using Peregrine.App.CommandLine;
using Peregrine.App.Verbs;

namespace Peregrine.App;

/// <summary>The executable: finds the verb, runs it, and turns how it ended into a sentence and an exit code.</summary>
public static class Program
{
    private static readonly Func<Command>[] Verbs =
    [
        DemoVerb.Create,
        DoctorVerb.Create,
        AccountVerb.Create,
        BacktestVerb.Create,
        TradeVerb.Create,
        VenueVerb.Create,
        StatusVerb.Create,
        HaltVerb.Create,
        ResumeVerb.Create,
        CloseVerb.Create,
        FlattenVerb.Create,
        SessionsVerb.Create,
        ReplayVerb.Create,
        EvolveVerb.Create,
        ValidateVerb.Create,
        DataVerb.Create,
        ReportVerb.Create,
        StrategiesVerb.Create,
    ];

    internal static readonly CommandTree Tree = new(Verbs);

    public static async Task<int> Main(string[] args)
    {
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return (int)await Run(args, Surroundings.OfThisProcess(), stop.Token);

        // The first signal asks for an orderly end; a second one is left to the system, which ends the process.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }

    /// <summary>One call of the command line from words to exit code; never throws.</summary>
    public static Task<ExitCode> Run(string[] args, Surroundings here, CancellationToken stop) => Run(args, here, Tree, stop);

    internal static async Task<ExitCode> Run(string[] args, Surroundings here, CommandTree tree, CancellationToken stop)
    {
        ParseResult parse = tree.Parse(args);
        try
        {
            return tree.Fault(parse) is { } fault
                ? new Terminal(here, args.Contains("--json"), quiet: false, verbose: false).End(ExitCode.WrongUsage, fault)
                : await Run(parse, tree.Options, here, stop);
        }
        finally
        {
            await here.Out.FlushAsync(CancellationToken.None);
        }
    }

    private static async Task<ExitCode> Run(ParseResult parse, GlobalOptions options, Surroundings here, CancellationToken stop)
    {
        if (parse.Action is not null)
        {
            return (ExitCode)await parse.InvokeAsync(new InvocationConfiguration { Output = here.Out, Error = here.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop);
        }

        Terminal terminal = options.Terminal(parse, here);
        Verb verb = (Verb)parse.CommandResult.Command;
        try
        {
            Composition composition = options.Composition(parse, here);
            // A misspelt setting that is silently ignored costs money: it stops a verb that has no use for it, too.
            _ = verb.ExaminesSettings ? null : composition.Settings;

            // A stop that came too late to stop anything changes nothing: whoever is given the whole answer is given its exit code.
            return await verb.Run(new VerbCall(parse, terminal, composition), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return terminal.End(ExitCode.Stopped, "Stopped.");
        }
        catch (WrongUsage fault)
        {
            return terminal.End(ExitCode.WrongUsage, CommandTree.Pointed(parse, fault.Message));
        }
        catch (Exception fault)
        {
            terminal.Detail(fault.ToString());
            return terminal.End(ExitCode.Failed, Sentence(fault));
        }
    }

    private static string Sentence(Exception fault) => fault switch
    {
        KnownFailure => fault.Message,
        IOException or UnauthorizedAccessException => $"Cannot go on: {fault.Message.TrimEnd('.')}; check the path, its permissions and the disk, then run again.",
        _ => $"Peregrine has a bug ({fault.GetType().Name}: {fault.Message.TrimEnd('.')}); run again with --verbose and report what it prints.",
    };
}

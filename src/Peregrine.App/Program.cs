using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
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
        DoctorVerb.Create,
        BacktestVerb.Create,
        ReportVerb.Create,
    ];

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
    public static Task<ExitCode> Run(string[] args, Surroundings here, CancellationToken stop) => Run(args, here, Verbs, stop);

    internal static async Task<ExitCode> Run(string[] args, Surroundings here, IEnumerable<Func<Command>> verbs, CancellationToken stop)
    {
        GlobalOptions options = new();
        ParseResult parse = Root(options, verbs).Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        try
        {
            return Fault(parse, options) is { } fault
                ? new Terminal(here, args.Contains("--json"), quiet: false, verbose: false)
                    .End(ExitCode.WrongUsage, $"{fault}. Run '{Words(parse)} --help' for the way it works.")
                : await Run(parse, options, here, stop);
        }
        finally
        {
            await here.Out.FlushAsync(CancellationToken.None);
        }
    }

    internal static RootCommand Root(GlobalOptions options) => Root(options, Verbs);

    private static RootCommand Root(GlobalOptions options, IEnumerable<Func<Command>> verbs)
    {
        RootCommand root = new("Evolves FX trading strategies, tries to refute them, and trades the survivors.");
        options.AddTo(root);
        foreach (Func<Command> create in verbs)
        {
            root.Add(create());
        }

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
        return root;
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
            ExitCode code = await verb.Run(new VerbCall(parse, terminal, options.Composition(parse, here)), stop);
            return code == ExitCode.Done && stop.IsCancellationRequested ? ExitCode.Stopped : code;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return terminal.End(ExitCode.Stopped, "Stopped.");
        }
        catch (WrongUsage fault)
        {
            return terminal.End(ExitCode.WrongUsage, $"{fault.Message} Run '{Words(parse)} --help' for the way it works.");
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

    private static string? Fault(ParseResult parse, GlobalOptions options)
    {
        if (parse.Errors.Count == 0)
        {
            return options.Fault(parse);
        }

        // The parser's own words for a missing and for an unknown verb are the same; these tell which.
        return parse.CommandResult.Command is Verb ? parse.Errors[0].Message.TrimEnd('.')
            : parse.UnmatchedTokens.Count > 0 ? $"There is no '{parse.UnmatchedTokens[0]}' in '{Words(parse)}'"
            : "A verb is missing";
    }

    private static string Words(ParseResult parse)
    {
        List<string> words = [];
        for (SymbolResult? at = parse.CommandResult; at is CommandResult { Command: not RootCommand } command; at = at.Parent)
        {
            words.Insert(0, command.Command.Name);
        }

        return string.Join(' ', words.Prepend("./peregrine"));
    }
}

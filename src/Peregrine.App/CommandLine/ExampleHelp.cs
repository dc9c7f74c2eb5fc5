using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Peregrine.App.CommandLine;

/// <summary>The library's own help page with the verb's worked example, or examples, under it.</summary>
internal sealed class ExampleHelp(HelpAction page) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = page.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        string[] examples = [.. Examples(parseResult.CommandResult.Command)];
        output.WriteLine(examples.Length == 1 ? "Example:" : "Examples:");
        foreach (string example in examples)
        {
            output.WriteLine("  " + example);
        }

        output.WriteLine();

        return code;
    }

    /// <summary>A verb's own; of a group one for each of its verbs; of the whole program that of its first.</summary>
    private static IEnumerable<string> Examples(Command command) => command switch
    {
        Verb verb => [verb.Example],
        RootCommand => command.Subcommands.Take(1).SelectMany(Examples),
        _ => command.Subcommands.SelectMany(Examples),
    };
}

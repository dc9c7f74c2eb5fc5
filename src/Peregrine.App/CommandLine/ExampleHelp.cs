using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Peregrine.App.CommandLine;

/// <summary>The library's own help page with the verb's worked example under it.</summary>
internal sealed class ExampleHelp(HelpAction page) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = page.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is Verb verb)
        {
            output.WriteLine("Example:");
            output.WriteLine("  " + verb.Example);
            output.WriteLine();
        }

        return code;
    }
}

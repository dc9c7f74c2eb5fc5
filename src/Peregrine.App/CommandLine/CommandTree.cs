using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Peregrine.App.CommandLine;

/// <summary>All verbs with the options they have in common. Built once: verbs may keep their options in static fields, which belong to one tree.</summary>
internal sealed class CommandTree
{
    private readonly RootCommand root = new("Evolves FX trading strategies, tries to refute them, and trades the survivors.");

    public CommandTree(IEnumerable<Func<Command>> verbs)
    {
        Options.AddTo(root);
        foreach (Func<Command> create in verbs)
        {
            root.Add(create());
        }

        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new ExampleHelp((HelpAction)help.Action!);
    }

    public GlobalOptions Options { get; } = new();

    public IEnumerable<Command> Leaves => LeavesOf(root);

    public ParseResult Parse(IReadOnlyList<string> words) =>
        root.Parse(words, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });

    /// <summary>What is wrong with the words, in a sentence for whom typed them, or null.</summary>
    public string? Fault(ParseResult parse)
    {
        string? fault = parse switch
        {
            { Errors.Count: 0 } => Options.Fault(parse),
            { CommandResult.Command: Verb } => parse.Errors[0].Message.TrimEnd('.'),
            // The parser's own words for a missing and for an unknown verb are the same; these tell which.
            { UnmatchedTokens.Count: > 0 } => $"There is no '{parse.UnmatchedTokens[0]}' in '{Words(parse)}'",
            _ => "A verb is missing",
        };
        return fault is null ? null : Pointed(parse, fault + ".");
    }

    /// <summary>The sentence with the way to the help page after it.</summary>
    public static string Pointed(ParseResult parse, string sentence) => $"{sentence} Run '{Words(parse)} --help' for the way it works.";

    private static string Words(ParseResult parse)
    {
        List<string> words = [];
        for (SymbolResult? at = parse.CommandResult; at is CommandResult { Command: not RootCommand } command; at = at.Parent)
        {
            words.Insert(0, command.Command.Name);
        }

        return string.Join(' ', words.Prepend("./peregrine"));
    }

    private static IEnumerable<Command> LeavesOf(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(LeavesOf);
}

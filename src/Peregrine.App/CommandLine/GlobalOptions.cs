using System.CommandLine;

namespace Peregrine.App.CommandLine;

/// <summary>The options every verb understands.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<string?> home = new("--home") { Description = "Where ticks, library, journal, reports and tokens live (else $PEREGRINE_HOME, else the platform's data folder)", HelpName = "DIR" };
    private readonly Option<bool> json = new("--json") { Description = "Exactly one JSON document on stdout; everything else on stderr" };
    private readonly Option<bool> quiet = new("--quiet") { Description = "Only warnings on stderr" };
    private readonly Option<bool> verbose = new("--verbose") { Description = "More on stderr, and stack traces" };
    private readonly Option<string?> seed = new("--seed") { Description = "Where randomness starts", HelpName = "N" };
    private readonly Option<string?> threads = new("--threads") { Description = "How many threads work; results never depend on it", HelpName = "N" };

    private readonly Option<string?> memory = new("--memory") { Description = "How much memory a search may take (512MB, 4GB); results never depend on it", HelpName = "SIZE" };

    public void AddTo(RootCommand root)
    {
        foreach (Option option in (Option[])[home, json, quiet, verbose, seed, threads, memory])
        {
            option.Recursive = true;
            root.Add(option);
        }
    }

    /// <summary>What is wrong with these options together, or null.</summary>
    public string? Fault(ParseResult parse) =>
        parse.GetValue(quiet) && parse.GetValue(verbose) ? "--quiet and --verbose exclude each other"
        : parse.GetValue(home) is { } folder && string.IsNullOrWhiteSpace(folder) ? "--home names a folder; it is empty"
        : Fault(parse, seed) ?? Fault(parse, threads) ?? Fault(parse, memory);

    private static string? Fault(ParseResult parse, Option<string?> option) =>
        parse.GetValue(option) is { } value && Settings.Known.Single(s => "--" + s.Key == option.Name).Fault(value) is { } fault ? $"Cannot use '{value}' for {option.Name}: {fault}" : null;

    public Terminal Terminal(ParseResult parse, Surroundings here) =>
        new(here, parse.GetValue(json), parse.GetValue(quiet), parse.GetValue(verbose));

    public Composition Composition(ParseResult parse, Surroundings here)
    {
        Dictionary<string, string> given = new(StringComparer.Ordinal);
        foreach (Option<string?> option in (Option<string?>[])[seed, threads, memory])
        {
            if (parse.GetValue(option) is { } value)
            {
                given[option.Name.TrimStart('-')] = value;
            }
        }

        return new Composition(here, parse.GetValue(home), given);
    }
}

using System.CommandLine;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.Core.Strategies;

namespace Peregrine.App.Verbs;

/// <summary><c>strategies simplify</c>: a strategy without what cannot change a decision.</summary>
public static class StrategiesSimplifyVerb
{
    private static readonly Argument<string> Source = new("STRATEGY") { Description = "The beginning of an id, a name, or a .strategy file" };
    private static readonly Option<string?> Out = new("--out") { Description = "Write it to this file instead of showing it", HelpName = "FILE.strategy" };

    public static Command Create() => new Verb("simplify", "Writes a strategy without what cannot change a decision", "./peregrine strategies simplify 4f1c09", Run) { Source, Out };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        Strategy strategy = Load(call, call.Get(Source)!);
        Simplified simplified = Simplifier.Explain(strategy);
        string? path = call.Get(Out);
        if (path is not null && File.Exists(path))
        {
            throw new KnownFailure($"Cannot write {path}", "the file exists", "choose another name, or move it away");
        }

        // A comment, so that what is shown can be stored as it is.
        string written = $"{simplified.Strategy}# {Sentence(simplified, strategy)}\n";
        if (path is not null)
        {
            File.WriteAllText(path, written);
        }

        call.Terminal.Answer(new { id = simplified.Strategy.Id, name = strategy.Name, text = simplified.Strategy.ToString(), file = path, simplified = Document(simplified, strategy) }, text =>
            text.Write(path is null ? written : $"{strategy.Name} is in {path}: {Sentence(simplified, strategy)}.\n"));
        return ExitCode.Done;
    }

    /// <summary>What is simpler, as scripts get it; null when nothing is.</summary>
    internal static object? Document(Simplified simplified, Strategy strategy) => simplified.Rules.IsEmpty ? null : new
    {
        id = simplified.Strategy.Id,
        complexity = simplified.Strategy.Complexity,
        nodesLess = Nodes(strategy) - Nodes(simplified.Strategy),
        rules = simplified.Rules,
        text = simplified.Strategy.ToString(),
    };

    /// <summary>What is simpler, for people; nothing when nothing is.</summary>
    internal static void Write(TextWriter text, Simplified simplified, Strategy strategy)
    {
        if (!simplified.Rules.IsEmpty)
        {
            text.WriteLine($"\nsimplified: {Sentence(simplified, strategy)}\n{simplified.Strategy}".TrimEnd());
        }
    }

    private static string Sentence(Simplified simplified, Strategy strategy) => simplified.Rules.IsEmpty
        ? "nothing in it is idle"
        : $"decides the same with {Figures.Counted(Nodes(strategy) - Nodes(simplified.Strategy), "node")} less ({string.Join(", ", simplified.Rules.Distinct())})";

    private static int Nodes(Strategy strategy) => strategy.Expressions().Sum(static e => e.Count);

    private static Strategy Load(VerbCall call, string source)
    {
        if (File.Exists(source))
        {
            return StrategyText.Load(source);
        }

        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        return library.Find(source).Strategy;
    }
}

using System.CommandLine;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;
using Peregrine.Core.Strategies;

namespace Peregrine.App.Verbs;

/// <summary><c>strategies export</c>: a strategy of the library as text.</summary>
public static class StrategiesExportVerb
{
    private static readonly Argument<string> Id = new("ID") { Description = "The beginning of an id, or a name" };
    private static readonly Option<string?> Out = new("--out") { Description = "Write it to this file instead of showing it", HelpName = "FILE.strategy" };

    public static Command Create() => new Verb("export", "Writes a strategy of the library as text", "./peregrine strategies export 4f1c09 --out mine.strategy", Run) { Id, Out };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        Strategy strategy = library.Find(call.Get(Id)!).Strategy;
        string? path = call.Get(Out);
        if (path is not null && File.Exists(path))
        {
            throw new KnownFailure($"Cannot write {path}", "the file exists", "choose another name, or move it away");
        }

        if (path is not null)
        {
            File.WriteAllText(path, strategy.ToString());
        }

        call.Terminal.Answer(new { id = strategy.Id, name = strategy.Name, text = strategy.ToString(), file = path }, text =>
            text.Write(path is null ? strategy.ToString() : $"{strategy.Name} is in {path}.\n"));
        return ExitCode.Done;
    }
}

using System.CommandLine;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.Backtesting;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Strategies;

namespace Peregrine.App.Verbs;

/// <summary><c>strategies import</c>: strategies from files into the library.</summary>
public static class StrategiesImportVerb
{
    private static readonly Argument<string[]> Files = new("FILE") { Description = "Files of the strategy language", Arity = ArgumentArity.OneOrMore };

    public static Command Create() => new Verb("import", "Takes strategies from files into the library", "./peregrine strategies import breakout.strategy", Run) { Files };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        // All are read before the first is added: one that is wrong leaves the library as it was.
        Strategy[] read = [.. call.Get(Files)!.Select(StrategyText.Load)];
        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        Instant now = Instant.FromUnixSeconds(call.Composition.Here.Clock.GetUtcNow().ToUnixTimeSeconds());
        (Strategy Strategy, bool IsNew)[] added = [.. read.Select(s => (s, library.Add(new StoredStrategy(s.Id, s.Name, "imported", now, s))))];
        call.Terminal.Answer(new { strategies = added.Select(a => new { id = a.Strategy.Id, name = a.Strategy.Name, added = a.IsNew }) }, text =>
        {
            foreach ((Strategy s, bool isNew) in added)
            {
                text.WriteLine($"  {s.Id[..12]}  {s.Name,-26} {(isNew ? "added" : "was there")}");
            }
        });
        return ExitCode.Done;
    }
}

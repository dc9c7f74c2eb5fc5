using System.CommandLine;
using Peregrine.Adapters.Store;
using Peregrine.App.CommandLine;
using Peregrine.App.Data;

namespace Peregrine.App.Verbs;

/// <summary><c>data list</c>: what is stored.</summary>
public static class DataListVerb
{
    private static readonly Argument<string?> Symbol = new("SYMBOL") { Description = "Only this symbol", Arity = ArgumentArity.ZeroOrOne };

    public static Command Create() => new Verb("list", "Lists the stored series", "./peregrine data list", Run) { Symbol };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        using MarketStore store = MarketStore.Open(call.Home.Path);
        ListDocument[] series = [.. store.Series(call.Get(Symbol)).Select(s => new ListDocument(s))];
        call.Terminal.Answer(new { series }, text =>
        {
            foreach (ListDocument s in series)
            {
                text.WriteLine($"  {s.Name,-36} {Figures.Count(s.Count),12} {(s.Ticks is null ? "bars " : "ticks")}  {s.From} to {s.To}  {s.Hash![..12]}");
            }

            if (series.Length == 0)
            {
                text.WriteLine("  Nothing is stored yet: ./peregrine data import --help shows how to change that.");
            }
        });
        return ExitCode.Done;
    }
}

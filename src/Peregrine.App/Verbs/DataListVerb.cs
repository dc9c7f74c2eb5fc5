using System.CommandLine;
using Peregrine.Adapters;
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
        string? symbol = call.Get(Symbol) is { } name ? StoreNames.Symbol(name) : null;
        ListDocument[] series = [.. store.Series(symbol).Select(s => new ListDocument(s))];
        if (symbol is not null && series.Length == 0 && store.Symbols() is { Count: > 0 } others)
        {
            throw new KnownFailure($"Nothing of {symbol} is stored", $"the store holds {string.Join(", ", others)}", $"import some with 'data import PATH --format … --symbol {symbol}'");
        }

        RemovalDocument[] removals = [.. store.Removals().Where(r => symbol is null || r.Key.Symbol == symbol).Select(RemovalDocument.Of)];
        call.Terminal.Answer(new { series, removals }, text => Write(text, series, removals));
        return ExitCode.Done;
    }

    private static void Write(TextWriter text, ListDocument[] series, RemovalDocument[] removals)
    {
        int names = series.Select(s => s.Name.Length).DefaultIfEmpty().Max(), counts = series.Select(s => Figures.Count(s.Count).Length).DefaultIfEmpty().Max();
        foreach (ListDocument s in series)
        {
            text.WriteLine($"  {s.Name.PadRight(names)}  {Figures.Count(s.Count).PadLeft(counts)} {(s.Ticks is null ? "bars " : "ticks")}  {s.From} to {s.To}  {s.Hash![..12]}");
        }

        if (series.Length == 0)
        {
            text.WriteLine("  Nothing is stored yet: ./peregrine data import --help shows how to change that.");
        }

        if (removals.Length > 0)
        {
            text.WriteLine($"  {Figures.Counted(removals.Length, "removal")} so far, the last of {Figures.Count(removals[^1].Removed)} {(removals[^1].Timeframe == "tick" ? "ticks" : "bars")} of {removals[^1].Symbol} on {removals[^1].Time}; --json lists them.");
        }
    }
}

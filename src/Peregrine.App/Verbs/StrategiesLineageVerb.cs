using System.CommandLine;
using Peregrine.Adapters;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Verbs;

/// <summary><c>strategies lineage</c>: what a strategy descends from, in the run that judged it best.</summary>
public static class StrategiesLineageVerb
{
    private const int MostAncestors = 1_000;

    private static readonly Argument<string> Id = new("ID") { Description = "Beginning of a strategy's id, or its name" };

    public static Command Create() => new Verb("lineage", "Shows what a strategy descends from, parent by parent", "./peregrine strategies lineage 1f0a", Run) { Id };

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        StoredStrategy strategy = library.Find(call.Get(Id)!);
        FrontRow judged = strategy.Judged ?? throw new KnownFailure($"{strategy.Name} has no lineage", "no run of 'evolve' has bred it", "'strategies list' shows which a run has judged");
        IReadOnlyList<AncestorRow> line = library.Ancestors(judged.Run, strategy.Id, MostAncestors);
        object document = new { id = strategy.Id, run = judged.Run, lineage = line.Select(static a => new { id = a.Strategy, generation = a.Generation, @operator = a.Operator, sharpe = a.Sharpe, trades = a.Trades }) };
        call.Terminal.Answer(document, text =>
        {
            text.WriteLine($"{strategy.Name} in run {judged.Run}: the strategy, its parent, and so on; figures in-sample, at the search's raised costs");
            text.WriteLine($"  {"generation",10}  {"id",-12}  {"bred by",-12}{"Sharpe",8}{"trades",8}");
            foreach (AncestorRow a in line)
            {
                text.WriteLine(FormattableString.Invariant($"  {a.Generation,10}  {a.Strategy[..12]}  {a.Operator,-12}{a.Sharpe,8:0.00}{a.Trades,8}"));
            }
        });
        return ExitCode.Done;
    }
}

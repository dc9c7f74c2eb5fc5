using System.CommandLine;
using Peregrine.Adapters.Store.Library;
using Peregrine.App.CommandLine;

namespace Peregrine.App.Verbs;

/// <summary><c>strategies list</c>: what the library holds.</summary>
public static class StrategiesListVerb
{
    public static Command Create() => new Verb("list", "Lists the strategies of the library, the highest in-sample score first", "./peregrine strategies list", Run);

    private static ExitCode Run(VerbCall call, CancellationToken stop)
    {
        using StrategyLibrary library = StrategyLibrary.Open(call.Home.Path);
        IReadOnlyList<StoredStrategy> strategies = library.Strategies();
        (int trials, int distinct) = library.Trials();
        call.Terminal.Answer(new { strategies = strategies.Select(StrategyShape.Of), trials, distinctTrials = distinct }, text =>
        {
            foreach (StoredStrategy s in strategies)
            {
                string figures = s.Judged is { } j
                    ? FormattableString.Invariant($"score {j.Score,5:0.00}, Sharpe {j.InSample.Sharpe,5:0.00} in-sample, {j.OutOfSample.Sharpe,5:0.00} out-of-sample")
                    : "not judged by a run";
                text.WriteLine($"  {s.Id[..12]}  {s.Name,-26} {s.Strategy.Symbol,-8} {s.Strategy.Timeframe,-4} {s.Stage,-9} {figures}");
            }

            text.WriteLine(strategies.Count == 0
                ? "  The library is empty: './peregrine evolve' finds strategies, './peregrine strategies import' takes your own."
                : $"  {Figures.Counted(strategies.Count, "strategy", "strategies")}; every run together has made {Figures.Counted(trials, "trial")}, {Figures.Count(distinct)} distinct in their runs.");
        });
        return ExitCode.Done;
    }
}

/// <summary>An entry of the library as scripts get it. The version is the language's; the score is the search's, in-sample; the confidence is 1 − p out-of-sample.</summary>
internal static class StrategyShape
{
    public static object Of(StoredStrategy s) => new
    {
        id = s.Id,
        name = s.Name,
        version = Core.Strategies.Strategy.Language,
        stage = s.Stage,
        score = s.Judged?.Score,
        confidence = 1 - s.Judged?.P,
        symbol = s.Strategy.Symbol,
        timeframe = s.Strategy.Timeframe,
        complexity = s.Strategy.Complexity,
        added = s.Added,
        judged = s.Judged is { } j ? new { run = j.Run, rank = j.Rank, size = j.Complexity, j.InSample, j.OutOfSample, j.P, j.Operator, j.Parent, j.Mate } : null,
    };
}

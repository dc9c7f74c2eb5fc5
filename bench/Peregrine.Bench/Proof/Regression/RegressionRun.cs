using Peregrine.Core;
using Peregrine.Lab.Populations;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>What one seed came to on one problem.</summary>
public sealed record RegressionResult(string Problem, ulong Seed, bool Solved, long Evaluations, double Measure, double Unexplained, string Formula, double Seconds);

/// <summary>Searches one problem with one seed, by the search that strategies are searched with, and judges the formula it would hand over.</summary>
public static class RegressionRun
{
    private const int FreshSeed = 7;
    private const double Solution = 1e-22;

    public static SearchSettings Settings(ulong seed, int evaluations) => new()
    {
        Seed = seed,
        Evaluations = evaluations,
        Founders = 1_000,
        Population = 500,
        Brood = 500,
        Islands = 1,
        Parents = ParentChoice.Lexicase,
        Layers = 5,
        CaseShare = 1,
        Survival = SurvivalRule.Fittest,
        NicheCapacity = 20,
        Alike = 0.98,
        Patience = 40,
        Parsimony = 0.01,
        FrontSize = 20,
    };

    /// <param name="problem">What to search for.</param>
    /// <param name="settings">How, and with which seed.</param>
    public static RegressionResult Run(Problem problem, SearchSettings settings)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        var data = new Rng(settings.Seed);
        var training = new FormulaEvaluation(problem.Training(data));
        var breeder = new FormulaBreeder(problem, training);
        var search = new Search<Formula, Fit>(settings, breeder);

        // What fitting numbers costs is paid from the same purse as candidates are.
        while (!search.IsDone && training.Evaluations < settings.Evaluations && !IsExact(search))
        {
            IReadOnlyList<Candidate<Formula>> brood = search.Propose();
            search.Absorb([.. brood.Select(c => Fit.Of(c.Genome, training, breeder.HasOffset))]);
        }

        (Formula formula, LinearScaling scaling) = Chosen(search, training, breeder);
        double measure = new FormulaJudge(problem, problem.Fresh(new Rng(FreshSeed).Fork(settings.Seed))).Measure(formula, scaling, out bool solved);
        double unexplained = Fit.Of(formula, training, breeder.HasOffset).Unexplained;
        return new RegressionResult(
            problem.Name, settings.Seed, solved, training.Evaluations, measure, unexplained, formula.Written([.. problem.Variables.Select(static v => v.Name)]),
            System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    private static bool IsExact(Search<Formula, Fit> search) => search.Front is [var best, ..] && best.Appraisal.Unexplained < Solution;

    /// <summary>
    /// The formula of the front with the least n·ln(mean squared error) + k·ln(n), k its weighted nodes (Schwarz 1978), by the rows the search saw alone, its numbers fitted to the end.
    /// </summary>
    private static (Formula Formula, LinearScaling Scaling) Chosen(Search<Formula, Fit> search, FormulaEvaluation training, FormulaBreeder breeder)
    {
        int n = training.Table.Rows;
        double Cost(Fit fit, Formula f) => (n * Math.Log(Math.Max(Solution, fit.Unexplained))) + (f.Complexity * Math.Log(n));
        (Formula Formula, Fit Fit)[] found =
        [
            .. search.Front.Concat(search.Population).Select(static m => m.Candidate.Genome).DistinctBy(static f => f.Key).Select(f => breeder.Fitted(f, 4))
                .Select(f => (f, Fit.Of(f, training, breeder.HasOffset))),
        ];
        (Formula best, Fit _) = found.MinBy(f => Cost(f.Fit, f.Formula));
        Formula last = breeder.Fitted(best, 60);
        return (last, Fit.Of(last, training, breeder.HasOffset).Scaling);
    }
}

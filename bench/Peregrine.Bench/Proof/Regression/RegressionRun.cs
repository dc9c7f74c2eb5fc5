using Peregrine.Core;
using Peregrine.Lab.Populations;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>What one seed came to on one problem.</summary>
public sealed record RegressionResult(string Problem, ulong Seed, bool Solved, long Evaluations, double Measure, double Unexplained, string Formula, double Seconds);

/// <summary>Searches one problem with one seed, by the search that strategies are searched with, and judges the formula it would hand over.</summary>
public static class RegressionRun
{
    private const int FreshSeed = 7;
    private const ulong RestartStream = 11;
    private const double Solution = 1e-22;

    // The share of the evaluations that goes into small formulas is one in so many; what the search leaves is for choosing among what was found.
    private const int SmallShare = 25;
    private const double SearchShare = 0.97;

    // A search that in so many evaluations does not leave this much less unexplained gives way to a new one: where most are drawn to what only comes near, some are not.
    private const int Patience = 50_000;
    private const double Progress = 0.3;

    /// <summary>
    /// The settings for a problem. A node costs what three parameters do by Schwarz (1978): what few rows tell is soon told, and long formulas come near them without being right.
    /// </summary>
    public static SearchSettings Settings(Problem problem, ulong seed, int evaluations) => new()
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
        Parsimony = 3 * Math.Log10(problem.RowCount) / problem.RowCount,
        FrontSize = 20,
    };

    /// <param name="problem">What to search for.</param>
    /// <param name="settings">How, and with which seed.</param>
    public static RegressionResult Run(Problem problem, SearchSettings settings)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        var data = new Rng(settings.Seed);
        var training = new FormulaEvaluation(problem.Training(data));
        var small = new SmallFormulas(problem, training, settings.Evaluations / SmallShare);
        var breeder = new FormulaBreeder(problem, training, new FormulaGrower(problem, small));
        List<Formula> found = [];
        bool isExact = false;
        var purse = (long)(settings.Evaluations * SearchShare);
        for (ulong attempt = 0; training.Evaluations < purse && !isExact; attempt++)
        {
            // Slopes for every summand come near quickly; one slope for the whole, and fewer functions, are drawn less to what only comes near.
            Rng own = data.Fork(attempt, RestartStream);
            Problem fewer = attempt == 0 ? problem : Fewer(own, problem);
            breeder = new FormulaBreeder(fewer, training, new FormulaGrower(fewer, small.For(fewer))) { IsWhole = attempt % 2 == 1 };
            var search = new Search<Formula, Fit>(settings with { Seed = attempt == 0 ? settings.Seed : own.NextBits() }, breeder);
            isExact = Searched(search, training, breeder, purse);
            found.AddRange(search.Front.Select(static m => m.Candidate.Genome));
        }

        (Formula formula, LinearScaling scaling) = Chosen(found, training, breeder);
        double measure = new FormulaJudge(problem, problem.Fresh(new Rng(FreshSeed).Fork(settings.Seed))).Measure(formula, scaling, out bool solved);
        double unexplained = Unexplained(formula, training, breeder.HasOffset);
        return new RegressionResult(
            problem.Name, settings.Seed, solved, training.Evaluations, measure, unexplained, formula.Written([.. problem.Variables.Select(static v => v.Name)]),
            System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>The problem with some of its functions of pure numbers, drawn at random: any number of them as likely as another, none and all included.</summary>
    private static Problem Fewer(Rng rng, Problem problem)
    {
        List<Symbol> dropped = [.. problem.Functions.Where(static f => f is Symbol.Sin or Symbol.Cos or Symbol.Exp or Symbol.Log)];
        for (int kept = rng.NextInt(dropped.Count + 1); kept > 0; kept--)
        {
            dropped.RemoveAt(rng.NextInt(dropped.Count));
        }

        return problem with { Functions = [.. problem.Functions.Where(f => !dropped.Contains(f))] };
    }

    /// <summary>Searches until nothing is left to explain, the evaluations are used up, or so many of them brought little; true in the first case.</summary>
    private static bool Searched(Search<Formula, Fit> search, FormulaEvaluation training, FormulaBreeder breeder, long purse)
    {
        (double reached, long at) = (double.PositiveInfinity, training.Evaluations);

        // What fitting numbers costs is paid from the same purse as candidates are.
        while (!search.IsDone && training.Evaluations < purse && training.Evaluations - at < Patience)
        {
            IReadOnlyList<Candidate<Formula>> brood = search.Propose();
            search.Absorb([.. brood.Select(c => Fit.Of(c.Genome, training, breeder.HasOffset))]);
            double best = search.Front is [var first, ..] ? first.Appraisal.Unexplained : double.PositiveInfinity;
            if (best < Solution)
            {
                return true;
            }

            (reached, at) = best < reached * Progress ? (best, training.Evaluations) : (reached, at);
        }

        return false;
    }

    /// <summary>
    /// The formula of the front with the least n·ln(mean squared error) + k·ln(n), k its weighted nodes (Schwarz 1978), by the rows the search saw alone, its numbers fitted to the end.
    /// A sum stands for two: with one slope for the whole, and with a slope for each summand written out.
    /// </summary>
    private static (Formula Formula, LinearScaling Scaling) Chosen(IEnumerable<Formula> genomes, FormulaEvaluation training, FormulaBreeder breeder)
    {
        int n = training.Table.Rows;
        double Cost(Formula f) => (n * Math.Log(Math.Max(Solution, Unexplained(f, training, breeder.HasOffset)))) + (f.Complexity * Math.Log(n));
        IEnumerable<Formula> Ends(Formula f) => [f, training.Fitted(f.Genes.AsSpan(), f.Summands, breeder.HasOffset).Written(f)];
        Formula[] found = [.. genomes.DistinctBy(static f => f.Key).Select(f => breeder.Fitted(f, 4))];
        Formula best = found.MinBy(f => Ends(f).Min(Cost))!;
        Formula last = Ends(breeder.Fitted(best, 60)).MinBy(Cost)!;
        return (last, LinearScaling.Of(training.Of(last.Genes.AsSpan()), training.Table.Target, breeder.HasOffset));
    }

    /// <summary>The share of the target's scatter that a formula leaves unexplained with one slope for the whole.</summary>
    private static double Unexplained(Formula formula, FormulaEvaluation training, bool hasOffset)
    {
        double error = LinearScaling.Error(training.Of(formula.Genes.AsSpan()), training.Table, hasOffset);
        return double.IsFinite(error) ? error / training.Table.Scatter : double.PositiveInfinity;
    }
}

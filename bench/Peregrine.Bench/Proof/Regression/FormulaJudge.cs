namespace Peregrine.Bench.Proof.Regression;

/// <summary>Judges a found formula on rows the search has not seen, by the problem's criterion.</summary>
public sealed class FormulaJudge(Problem problem, DataTable fresh)
{
    private const double Equal = 1e-6;

    /// <summary>Root mean squared error, R², the largest error, or the relative spread about the truth's form; <paramref name="solved"/> says whether that is enough.</summary>
    public double Measure(Formula formula, LinearScaling scaling, out bool solved)
    {
        double[] found = [.. Raw(formula).Select(g => scaling.At(g))];
        double[] errors = [.. found.Zip(fresh.Target, static (f, y) => Math.Abs(f - y))];
        double square = errors.Sum(static e => e * e);
        double measure = problem.Criterion switch
        {
            Criterion.Recovered => errors.Max(),
            Criterion.Error => Math.Sqrt(square / fresh.Rows),
            Criterion.Explained => 1 - (square / fresh.Scatter),
            _ => Math.Min(Form(found), Math.Min(Form(Raw(formula)), Form(Raw(Rounded(formula))))),
        };
        solved = problem.Criterion switch
        {
            Criterion.Recovered => measure <= problem.Bound,
            Criterion.Error => measure < problem.Bound,
            Criterion.Explained => measure > problem.Bound,
            _ => measure <= Equal,
        };
        return double.IsNaN(measure) ? double.PositiveInfinity : measure;
    }

    /// <summary>How far the formula is from the truth but for a constant added or multiplied: the smaller of the two relative spreads. Infinite for a constant.</summary>
    private double Form(double[] found)
    {
        double own = Spread(found), truth = Math.Sqrt(fresh.Scatter / fresh.Rows);
        double added = Spread([.. found.Zip(fresh.Target, static (f, y) => f - y)]) / truth;
        double[] quotients = [.. found.Zip(fresh.Target, static (f, y) => f / y)];
        double multiplied = Spread(quotients) / Math.Abs(quotients.Average());
        double least = double.IsFinite(multiplied) ? Math.Min(added, multiplied) : added;
        return own > 0 && double.IsFinite(least) ? least : double.PositiveInfinity;
    }

    private double[] Raw(Formula formula) => new FormulaEvaluation(fresh).Of(formula.Genes.AsSpan()).ToArray();

    /// <summary>Its numbers to three decimals, as SRBench rounds before it compares: noise moves them a little.</summary>
    private static Formula Rounded(Formula formula) => new([.. formula.Genes.Select(static g => g with { Constant = Math.Round(g.Constant, 3) + 0.0 })]);

    private static double Spread(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / values.Length);
    }
}

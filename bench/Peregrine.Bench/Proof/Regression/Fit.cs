using Peregrine.Lab.Populations;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>How well a formula fits the rows it was shown, after linear scaling. The score is the number of digits to which the unexplained share of the target's scatter is gone.</summary>
public sealed class Fit : IWorth
{
    private const double Exact = 1e-30;
    private const int MostCases = 60;

    private Fit(UInt128 behaviour, SumScaling scaling) => (Behaviour, Scaling) = (behaviour, scaling);

    public UInt128 Behaviour { get; }

    public bool IsAccepted { get; private init; }

    public double Score { get; private init; }

    public float[] Cases { get; private init; } = [];

    public double[] Objectives => [Score];

    /// <summary>The residuals, scaled to length 1: formulas that err alike are alike.</summary>
    public float[] Path { get; private init; } = [];

    public SumScaling Scaling { get; }

    /// <summary>The share of the target's scatter that stays unexplained.</summary>
    public double Unexplained { get; private init; }

    public static Fit Of(Formula formula, FormulaEvaluation evaluation, bool hasOffset)
    {
        DataTable table = evaluation.Table;
        SumScaling scaling = evaluation.Fitted(formula.Genes.AsSpan(), formula.Summands, hasOffset);
        double[] residuals = evaluation.Squares.Residuals;
        int cases = Math.Min(MostCases, table.Rows);
        double unexplained = evaluation.Squares.Error / table.Scatter;
        if (!double.IsFinite(unexplained) || Array.TrueForAll(scaling.Slopes, static s => s == 0))
        {
            return new Fit(formula.Key, scaling) { Unexplained = double.PositiveInfinity, Path = new float[cases], Cases = [.. Enumerable.Repeat(-1e6f, cases)] };
        }

        (float[] errors, float[] path) = (new float[cases], new float[cases]);
        double square = 0, spread = Math.Sqrt(table.Scatter / table.Rows);
        for (int i = 0; i < cases; i++)
        {
            // Every case is a row: of many rows as many as there are cases, evenly apart.
            double own = residuals[(int)((long)i * table.Rows / cases)] / spread;
            (errors[i], path[i]) = ((float)-Math.Min(1e6, Math.Abs(own)), (float)own);
            square += path[i] * (double)path[i];
        }

        float length = (float)Math.Sqrt(square);
        for (int i = 0; i < cases; i++)
        {
            path[i] = length > 0 ? path[i] / length : 0;
        }

        return new Fit(Hash(residuals.AsSpan(0, table.Rows), spread), scaling)
        {
            IsAccepted = true, Score = -Math.Log10(Math.Max(Exact, unexplained)), Cases = errors, Path = path, Unexplained = unexplained,
        };
    }

    /// <summary>The residuals to nine digits of the target's spread: formulas that say the same in other words behave the same.</summary>
    private static UInt128 Hash(ReadOnlySpan<double> residuals, double spread)
    {
        (ulong high, ulong low) = (1469598103934665603UL, 0x9E3779B97F4A7C15UL);
        double digits = 1e9 / spread;
        foreach (double x in residuals)
        {
            ulong own = (ulong)(long)Math.Round(Math.Clamp(x * digits, -1e17, 1e17));
            high = (high ^ own) * 0xBF58476D1CE4E5B9UL;
            low = (low + own) * 0x94D049BB133111EBUL;
            (high, low) = (high ^ (high >> 31), low ^ (low >> 29));
        }

        return new UInt128(high, low);
    }
}

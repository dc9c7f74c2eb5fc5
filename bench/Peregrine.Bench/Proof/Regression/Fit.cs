using Peregrine.Lab.Populations;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>How well a formula fits the rows it was shown, after linear scaling. The score is the number of digits to which the unexplained share of the target's scatter is gone.</summary>
public sealed class Fit : IWorth
{
    private const double Exact = 1e-30;
    private const int MostCases = 60;

    private Fit(UInt128 behaviour, LinearScaling scaling) => (Behaviour, Scaling) = (behaviour, scaling);

    public UInt128 Behaviour { get; }

    public bool IsAccepted { get; private init; }

    public double Score { get; private init; }

    public float[] Cases { get; private init; } = [];

    public double[] Objectives => [Score];

    /// <summary>The residuals, scaled to length 1: formulas that err alike are alike.</summary>
    public float[] Path { get; private init; } = [];

    public LinearScaling Scaling { get; }

    /// <summary>The share of the target's scatter that stays unexplained.</summary>
    public double Unexplained { get; private init; }

    public static Fit Of(Formula formula, FormulaEvaluation evaluation, bool hasOffset)
    {
        DataTable table = evaluation.Table;
        ReadOnlySpan<double> g = evaluation.Of(formula.Genes.AsSpan());
        var scaling = LinearScaling.Of(g, table.Target, hasOffset);
        int cases = Math.Min(MostCases, table.Rows);
        (float[] errors, float[] path) = (new float[cases], new float[cases]);
        double sum = 0, square = 0, spread = Math.Sqrt(table.Scatter / table.Rows);
        for (int i = 0; i < table.Rows; i++)
        {
            double r = table.Target[i] - scaling.At(g[i]);
            sum += r * r;
            if (i < cases)
            {
                // Every case is a row: of many rows the first, which come in random order but on grids.
                int row = (int)((long)i * table.Rows / cases);
                double own = table.Target[row] - scaling.At(g[row]);
                (errors[i], path[i]) = ((float)-Math.Min(1e6, Math.Abs(own) / spread), (float)(own / spread));
                square += path[i] * (double)path[i];
            }
        }

        double unexplained = sum / table.Scatter;
        if (!double.IsFinite(unexplained) || scaling.Slope == 0)
        {
            return new Fit(formula.Key, scaling) { Unexplained = double.PositiveInfinity, Path = new float[cases], Cases = [.. Enumerable.Repeat(-1e6f, cases)] };
        }

        float length = (float)Math.Sqrt(square);
        for (int i = 0; i < cases; i++)
        {
            path[i] = length > 0 ? path[i] / length : 0;
        }

        return new Fit(Hash(g, scaling, spread), scaling)
        {
            IsAccepted = true, Score = -Math.Log10(Math.Max(Exact, unexplained)), Cases = errors, Path = path, Unexplained = unexplained,
        };
    }

    /// <summary>The predictions to nine digits of the target's spread: formulas that say the same in other words behave the same.</summary>
    private static UInt128 Hash(ReadOnlySpan<double> g, LinearScaling scaling, double spread)
    {
        (ulong high, ulong low) = (1469598103934665603UL, 0x9E3779B97F4A7C15UL);
        foreach (double x in g)
        {
            ulong digits = (ulong)(long)Math.Round(Math.Clamp(scaling.At(x) / spread, -1e8, 1e8) * 1e9);
            high = (high ^ digits) * 0xBF58476D1CE4E5B9UL;
            low = (low + digits) * 0x94D049BB133111EBUL;
            (high, low) = (high ^ (high >> 31), low ^ (low >> 29));
        }

        return new UInt128(high, low);
    }
}

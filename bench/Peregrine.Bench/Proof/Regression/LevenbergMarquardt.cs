namespace Peregrine.Bench.Proof.Regression;

/// <summary>
/// Fits the numbers of a formula, together with its linear scaling, to a table by least squares (Levenberg 1944, Marquardt 1963): steps of (JᵀJ + λ·diag JᵀJ) δ = Jᵀr, derivatives by differences.
/// Every computation of the formula is counted by the evaluation.
/// </summary>
public static class LevenbergMarquardt
{
    private const int MostNumbers = 8;
    private const double Step = 1e-7, Enough = 1e-28;

    /// <summary>The formula with fitted numbers, at least as good as before; itself when it has none, or more than can be fitted.</summary>
    public static Formula Fit(Formula formula, FormulaEvaluation evaluation, bool hasOffset, int steps)
    {
        int[] places = [.. Enumerable.Range(0, formula.Count).Where(i => formula.Genes[i].Symbol == Symbol.Constant)];
        if (places.Length is 0 or > MostNumbers)
        {
            return formula;
        }

        Gene[] genes = [.. formula.Genes];
        double[] target = evaluation.Table.Target, values = evaluation.Of(genes).ToArray();
        var scaling = LinearScaling.Of(values, target, hasOffset);
        double error = Error(values, target, scaling), damping = 1e-3;
        for (int step = 0; step < steps && double.IsFinite(error) && error > Enough * evaluation.Table.Square; step++)
        {
            double[][] slopes = Slopes(genes, places, values, scaling, evaluation);
            double[][] columns = hasOffset ? [.. slopes, values, [.. Enumerable.Repeat(1.0, values.Length)]] : [.. slopes, values];
            double[]? move = Move(columns, [.. target.Zip(values, (y, g) => y - scaling.At(g))], damping);
            Gene[] next = [.. genes];
            for (int k = 0; k < places.Length && move is not null; k++)
            {
                next[places[k]] = Gene.Number(genes[places[k]].Constant + move[k]);
            }

            double[] tried = evaluation.Of(next).ToArray();
            var retried = LinearScaling.Of(tried, target, hasOffset);
            double reached = Error(tried, target, retried);
            if (move is null || !(reached < error))
            {
                damping *= 8;
                continue;
            }

            (genes, values, scaling, error, damping) = (next, tried, retried, reached, damping / 6);
        }

        return new Formula([.. genes]);
    }

    private static double Error(double[] values, double[] target, LinearScaling scaling)
    {
        double sum = 0;
        for (int i = 0; i < target.Length; i++)
        {
            double r = target[i] - scaling.At(values[i]);
            sum += r * r;
        }

        return sum;
    }

    private static double[][] Slopes(Gene[] genes, int[] places, double[] values, LinearScaling scaling, FormulaEvaluation evaluation)
    {
        var slopes = new double[places.Length][];
        for (int k = 0; k < places.Length; k++)
        {
            Gene old = genes[places[k]];
            double by = Step * (Math.Abs(old.Constant) + 1e-3);
            genes[places[k]] = Gene.Number(old.Constant + by);
            ReadOnlySpan<double> moved = evaluation.Of(genes);
            slopes[k] = new double[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                slopes[k][i] = scaling.Slope * (moved[i] - values[i]) / by;
            }

            genes[places[k]] = old;
        }

        return slopes;
    }

    /// <summary>The step of the numbers; the slope and the offset are unknowns beside them. Null when the equations have no answer.</summary>
    private static double[]? Move(double[][] columns, double[] residuals, double damping)
    {
        int n = columns.Length;
        var matrix = new double[n, n + 1];
        for (int a = 0; a < n; a++)
        {
            for (int b = 0; b < n; b++)
            {
                matrix[a, b] = Dot(columns[a], columns[b]);
            }

            matrix[a, a] *= 1 + damping;
            matrix[a, n] = Dot(columns[a], residuals);
        }

        return Solved(matrix, n);
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Gaussian elimination with row pivots.</summary>
    private static double[]? Solved(double[,] m, int n)
    {
        for (int c = 0; c < n; c++)
        {
            int pivot = Enumerable.Range(c, n - c).MaxBy(r => Math.Abs(m[r, c]));
            if (!(Math.Abs(m[pivot, c]) > 1e-300) || !double.IsFinite(m[pivot, c]))
            {
                return null;
            }

            for (int k = 0; k <= n && pivot != c; k++)
            {
                (m[c, k], m[pivot, k]) = (m[pivot, k], m[c, k]);
            }

            for (int r = 0; r < n; r++)
            {
                Subtract(m, n, r, c);
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => m[i, n] / m[i, i])];
    }

    private static void Subtract(double[,] m, int n, int row, int column)
    {
        double factor = row == column ? 0 : m[row, column] / m[column, column];
        for (int k = column; k <= n && factor != 0; k++)
        {
            m[row, k] -= factor * m[column, k];
        }
    }
}

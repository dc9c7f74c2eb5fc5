namespace Peregrine.Bench.Proof.Regression;

/// <summary>
/// Fits the numbers within a formula's summands to a table by least squares (Levenberg 1944, Marquardt 1963), the slopes of the summands and the offset following them (variable projection, Kaufman 1975):
/// steps of (JᵀJ + λ·diag) δ = Jᵀr, derivatives by differences. Every computation of the formula is counted by the evaluation.
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
        int[] roots = formula.Summands;
        SumScaling scaling = evaluation.Fitted(genes, roots, hasOffset);
        double error = evaluation.Squares.Error, damping = 1e-3;
        for (int step = 0; step < steps && double.IsFinite(error) && error > Enough * evaluation.Table.Square; step++)
        {
            double[] residuals = [.. evaluation.Squares.Residuals];
            double[][] slopes = Slopes(genes, places, roots, scaling, evaluation);
            double[] lengths = [.. slopes.Select(static s => LeastSquares.Dot(s, s))];
            foreach (double[] slope in slopes)
            {
                evaluation.Squares.Project(slope, roots.Length, hasOffset);
            }

            bool isBetter = false;
            for (int attempt = 0; attempt < 2 && !isBetter; attempt++)
            {
                Gene[] next = Moved(genes, places, Move(slopes, lengths, residuals, damping));
                SumScaling retried = evaluation.Fitted(next, roots, hasOffset);
                isBetter = evaluation.Squares.Error < error;
                (genes, scaling, error, damping) = isBetter ? (next, retried, evaluation.Squares.Error, damping / 6) : (genes, scaling, error, damping * 20);
            }

            if (!isBetter)
            {
                break;
            }
        }

        return formula.With([.. genes]);
    }

    private static Gene[] Moved(Gene[] genes, int[] places, double[]? move)
    {
        Gene[] next = [.. genes];
        for (int k = 0; k < places.Length && move is not null; k++)
        {
            next[places[k]] = Gene.Number(genes[places[k]].Constant + move[k]);
        }

        return next;
    }

    /// <summary>How the whole moves with each number, the slopes of the summands held.</summary>
    private static double[][] Slopes(Gene[] genes, int[] places, int[] roots, SumScaling scaling, FormulaEvaluation evaluation)
    {
        double[][] values = [.. roots.Select((_, k) => evaluation.Summand(k).ToArray())];
        var slopes = new double[places.Length][];
        for (int k = 0; k < places.Length; k++)
        {
            int part = Array.FindIndex(roots, r => r >= places[k]), length = genes[roots[part]].Length;
            Span<Gene> own = genes.AsSpan(roots[part] - length + 1, length);
            double[] before = values[part];
            Gene old = genes[places[k]];
            double by = Step * (Math.Abs(old.Constant) + 1e-3), factor = scaling.Slopes[part] / by;
            genes[places[k]] = Gene.Number(old.Constant + by);
            ReadOnlySpan<double> moved = evaluation.Of(own);
            slopes[k] = new double[evaluation.Squares.Residuals.Length];
            for (int i = 0; i < before.Length; i++)
            {
                slopes[k][i] = factor * (moved[i] - before[i]);
            }

            genes[places[k]] = old;
        }

        return slopes;
    }

    /// <summary>The step of the numbers; null when the equations have no answer.</summary>
    private static double[]? Move(double[][] columns, double[] lengths, double[] residuals, double damping)
    {
        int n = columns.Length;
        var matrix = new double[n, n + 1];
        for (int a = 0; a < n; a++)
        {
            for (int b = 0; b < n; b++)
            {
                matrix[a, b] = LeastSquares.Dot(columns[a], columns[b]);
            }

            matrix[a, a] += damping * lengths[a];
            matrix[a, n] = LeastSquares.Dot(columns[a], residuals);
        }

        return Solved(matrix, n);
    }

    /// <summary>Gaussian elimination with row pivots.</summary>
    private static double[]? Solved(double[,] m, int n)
    {
        for (int c = 0; c < n; c++)
        {
            int pivot = c;
            for (int r = c + 1; r < n; r++)
            {
                pivot = Math.Abs(m[r, c]) > Math.Abs(m[pivot, c]) ? r : pivot;
            }

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

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>
/// The line of least squares through several columns, y ≈ offset + Σ slopeₖ·columnₖ, by modified Gram–Schmidt. A column that those before it nearly hold has the slope 0. Holds buffers: one for each thread.
/// </summary>
public sealed class LeastSquares(DataTable table)
{
    /// <summary>The share of a column's square beyond the columns before it below which it says nothing of its own: less would need slopes so large that rounding shows.</summary>
    private const double Own = 1e-14;

    // Sums run over four lanes on every machine, so that their order is the same everywhere.
    private readonly int padded = (table.Rows + 3) / 4 * 4;
    private readonly List<double[]> basis = [];
    private readonly List<double[]> shares = [];
    private readonly List<double> means = [];

    /// <summary>What is left of the target, row by row; zeros after the last.</summary>
    public double[] Residuals { get; } = new double[(table.Rows + 3) / 4 * 4];

    /// <summary>The sum of the squared residuals; not a number where a column is not finite.</summary>
    public double Error { get; private set; }

    /// <summary>Fits the target to so many columns.</summary>
    public SumScaling Fit(int count, Func<int, ReadOnlySpan<double>> column, bool hasOffset)
    {
        for (int k = 0; k < count; k++)
        {
            Enter(k, column(k), hasOffset);
        }

        double mean = hasOffset ? table.Mean : 0;
        for (int i = 0; i < table.Rows; i++)
        {
            Residuals[i] = table.Target[i] - mean;
        }

        var slopes = new double[count];
        for (int k = 0; k < count; k++)
        {
            slopes[k] = Dot(basis[k], Residuals);
            Subtract(Residuals, basis[k], slopes[k]);
        }

        Error = Dot(Residuals, Residuals);
        for (int k = count - 1; k >= 0; k--)
        {
            for (int j = k + 1; j < count; j++)
            {
                slopes[k] -= shares[j][k] * slopes[j];
            }

            slopes[k] = shares[k][k] > 0 ? slopes[k] / shares[k][k] : 0;
            mean -= slopes[k] * means[k];
        }

        return new SumScaling(hasOffset ? mean : 0, slopes);
    }

    /// <summary>Takes out of a column what the columns of the last fit, and the offset, can say of it.</summary>
    public void Project(double[] column, int count, bool hasOffset)
    {
        Center(column, hasOffset);
        for (int k = 0; k < count; k++)
        {
            Subtract(column, basis[k], Dot(basis[k], column));
        }
    }

    /// <summary>The sum of products of two columns that end in zeros.</summary>
    public static double Dot(double[] a, double[] b)
    {
        ReadOnlySpan<Vector256<double>> x = MemoryMarshal.Cast<double, Vector256<double>>(a), y = MemoryMarshal.Cast<double, Vector256<double>>(b);
        Vector256<double> sum = Vector256<double>.Zero;
        for (int i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return (sum[0] + sum[1]) + (sum[2] + sum[3]);
    }

    private void Enter(int k, ReadOnlySpan<double> column, bool hasOffset)
    {
        if (k == basis.Count)
        {
            basis.Add(new double[padded]);
            shares.Add(new double[k + 1]);
            means.Add(0);
        }

        double[] own = basis[k];
        column.CopyTo(own);
        means[k] = Center(own, hasOffset);
        double before = Dot(own, own);
        for (int j = 0; j < k; j++)
        {
            shares[k][j] = Dot(basis[j], own);
            Subtract(own, basis[j], shares[k][j]);
        }

        double square = Dot(own, own), length = square > before * Own || double.IsNaN(square) ? Math.Sqrt(square) : 0;
        shares[k][k] = length;
        for (int i = 0; i < own.Length; i++)
        {
            own[i] = length == 0 ? 0 : own[i] / length;
        }
    }

    private double Center(double[] column, bool hasOffset)
    {
        double mean = 0;
        for (int i = 0; i < table.Rows && hasOffset; i++)
        {
            mean += column[i];
        }

        mean /= table.Rows;
        for (int i = 0; i < table.Rows && hasOffset; i++)
        {
            column[i] -= mean;
        }

        return mean;
    }

    private static void Subtract(double[] from, double[] column, double times)
    {
        Span<Vector256<double>> x = MemoryMarshal.Cast<double, Vector256<double>>(from.AsSpan());
        ReadOnlySpan<Vector256<double>> y = MemoryMarshal.Cast<double, Vector256<double>>(column);
        Vector256<double> factor = Vector256.Create(times);
        for (int i = 0; i < x.Length; i++)
        {
            x[i] -= factor * y[i];
        }
    }
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Core.Numerics;

/// <summary>
/// All eigenvalues of real symmetric matrices, in ascending order, to about 1e-13 of the largest in size: Householder's reflections down to three diagonals, then the implicit
/// QR iteration with Wilkinson's shift (Golub and Van Loan 2013, 8.3). Products are summed in lanes of four in one order: the same bits whatever the machine's vectors.
/// </summary>
public static class SymmetricEigenvalues
{
    /// <summary>Sweeps within which an eigenvalue is found; two or three are usual.</summary>
    public const int MostSweeps = 60;

    /// <summary>What two mirrored entries may differ by, as a share of the largest: rounding, and no more.</summary>
    private const double Rounding = 1e-10;

    private const double Epsilon = 1.0 / (1L << 53);

    /// <summary>Beside entries of about 1 the root of this is nothing, and it still has all its digits.</summary>
    private const double TinySquare = 1e-280;

    /// <summary>The eigenvalues of a matrix of <paramref name="size"/> rows, given row by row; the work grows with the cube of the size.</summary>
    /// <exception cref="ArgumentException">The matrix is not square, not symmetric or not finite.</exception>
    /// <exception cref="ArithmeticException">An eigenvalue was not found within <paramref name="mostSweeps"/>.</exception>
    public static double[] Of(ReadOnlySpan<double> matrix, int size, int mostSweeps = MostSweeps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (matrix.Length != (long)size * size)
        {
            throw new ArgumentException($"{matrix.Length} entries are no square of {size} rows.", nameof(matrix));
        }

        double largest = Largest(matrix);
        if (!IsSymmetric(matrix, size, Rounding * largest))
        {
            throw new ArgumentException("The matrix is not symmetric.", nameof(matrix));
        }

        if (largest == 0)
        {
            return new double[size];
        }

        // By a power of two, which rounds nothing.
        double scale = Math.ScaleB(1, Math.Min(-Math.ILogB(largest), 1000));
        double[][] lower = [.. Enumerable.Range(0, size).Select(static i => new double[i + 1])];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                lower[i][j] = matrix[(i * size) + j] * scale;
            }
        }

        (double[] diagonal, double[] beside) = Tridiagonal(lower);
        Iterate(diagonal, beside, mostSweeps);
        for (int i = 0; i < size; i++)
        {
            diagonal[i] /= scale;
        }

        Array.Sort(diagonal);
        return diagonal;
    }

    /// <summary>
    /// The eigenvalues, as many as there are rows and none below 0, of the products of <paramref name="rows"/> with one another. Those of their columns' products are the same but for
    /// zeros, so the smaller of the two matrices is worked on.
    /// </summary>
    /// <exception cref="ArgumentException">There are no rows, they differ in length or they are not finite.</exception>
    public static double[] OfProducts(IReadOnlyList<double[]> rows)
    {
        if (rows.Count == 0 || rows[0].Length == 0 || rows.Any(r => r.Length != rows[0].Length))
        {
            throw new ArgumentException("Rows are of one length, and not empty.", nameof(rows));
        }

        IReadOnlyList<double[]> fewer = rows.Count <= rows[0].Length ? rows : [.. Enumerable.Range(0, rows[0].Length).Select(t => rows.Select(r => r[t]).ToArray())];
        var products = new double[fewer.Count * fewer.Count];
        for (int i = 0; i < fewer.Count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                products[(i * fewer.Count) + j] = products[(j * fewer.Count) + i] = Products.Dot(fewer[i], fewer[j]);
            }
        }

        double[] found = Of(products, fewer.Count), all = new double[rows.Count];
        for (int i = 0; i < found.Length; i++)
        {
            all[rows.Count - found.Length + i] = Math.Max(0, found[i]);
        }

        return all;
    }

    private static double Largest(ReadOnlySpan<double> matrix)
    {
        double largest = 0;
        foreach (double x in matrix)
        {
            largest = double.IsFinite(x) ? Math.Max(largest, Math.Abs(x)) : throw new ArgumentException("An entry of the matrix is not finite.", nameof(matrix));
        }

        return largest;
    }

    private static bool IsSymmetric(ReadOnlySpan<double> matrix, int size, double rounding)
    {
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (Math.Abs(matrix[(i * size) + j] - matrix[(j * size) + i]) > rounding)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>From the last row upwards, what is left of the diagonal but for its neighbour is reflected away; <paramref name="lower"/> is used up.</summary>
    private static (double[] Diagonal, double[] Beside) Tridiagonal(double[][] lower)
    {
        int size = lower.Length;
        double[] diagonal = new double[size], beside = new double[size - 1], product = new double[size];
        for (int i = size - 1; i > 0; i--)
        {
            diagonal[i] = lower[i][i];
            Span<double> mirror = lower[i].AsSpan(0, i), p = product.AsSpan(0, i);
            double last = mirror[^1], rest = Products.Dot(mirror[..^1], mirror[..^1]);
            if (rest < TinySquare)
            {
                beside[i - 1] = last;
                continue;
            }

            double norm = Math.Sqrt(rest + (last * last)), half = norm * (norm + Math.Abs(last));
            beside[i - 1] = last < 0 ? norm : -norm;
            mirror[^1] = last - beside[i - 1];

            // With u the mirror and A the rows above: p = A u ÷ ½u², A − u qᵀ − q uᵀ with q = p − u (uᵀp ÷ u²).
            p.Clear();
            for (int j = 0; j < i; j++)
            {
                Span<double> row = lower[j].AsSpan(0, j);
                p[j] += Products.Dot(row, mirror[..j]) + (lower[j][j] * mirror[j]);
                AddTimes(p[..j], mirror[j], row);
            }

            double along = Products.Dot(p, mirror) / (2 * half * half);
            for (int j = 0; j < i; j++)
            {
                p[j] = (p[j] / half) - (along * mirror[j]);
            }

            for (int j = 0; j < i; j++)
            {
                AddTimes(lower[j], -mirror[j], p[..(j + 1)]);
                AddTimes(lower[j], -p[j], mirror[..(j + 1)]);
            }
        }

        diagonal[0] = lower[0][0];
        return (diagonal, beside);
    }

    /// <summary>Sweeps the block that still hangs together at the end until its last entry stands alone, and so on upwards.</summary>
    private static void Iterate(double[] diagonal, double[] beside, int mostSweeps)
    {
        // What is dropped moves no eigenvalue by more than about its own size.
        double nothing = Epsilon * Math.Max(diagonal.Max(Math.Abs), beside.Length > 0 ? beside.Max(Math.Abs) : 0);
        int sweeps = 0;
        for (int last = diagonal.Length - 1; last > 0;)
        {
            int first = last;
            while (first > 0 && Math.Abs(beside[first - 1]) > nothing)
            {
                first--;
            }

            if (first == last)
            {
                (last, sweeps) = (last - 1, 0);
                continue;
            }

            if (sweeps == mostSweeps)
            {
                throw new ArithmeticException($"No eigenvalue within {mostSweeps} sweeps, with {last + 1} of {diagonal.Length} to be found.");
            }

            Sweep(diagonal, beside, first, last);
            sweeps++;
        }
    }

    /// <summary>One step of QR from <paramref name="first"/> to <paramref name="last"/>: each rotation chases away what the one before it left beside the three diagonals.</summary>
    private static void Sweep(double[] diagonal, double[] beside, int first, int last)
    {
        double half = (diagonal[last - 1] - diagonal[last]) / 2, corner = beside[last - 1], root = Math.Sqrt((half * half) + (corner * corner));
        double x = diagonal[first] - diagonal[last] + (corner * corner / (half < 0 ? half - root : half + root)), bulge = beside[first];
        for (int k = first; k < last; k++)
        {
            double size = Math.Max(Math.Abs(x), Math.Abs(bulge)), cosine = 1, sine = 0;
            if (size > 0)
            {
                double a = x / size, b = bulge / size, r = Math.Sqrt((a * a) + (b * b));
                (cosine, sine, size) = (a / r, b / r, size * r);
            }

            if (k > first)
            {
                beside[k - 1] = size;
            }

            double difference = diagonal[k + 1] - diagonal[k], gain = sine * ((sine * difference) + (2 * cosine * beside[k]));
            beside[k] = (cosine * sine * difference) + (((cosine * cosine) - (sine * sine)) * beside[k]);
            diagonal[k] += gain;
            diagonal[k + 1] -= gain;
            x = beside[k];
            if (k + 1 < last)
            {
                bulge = sine * beside[k + 1];
                beside[k + 1] *= cosine;
            }
        }
    }

    /// <summary>Adds <paramref name="factor"/> × <paramref name="row"/>.</summary>
    private static void AddTimes(Span<double> to, double factor, ReadOnlySpan<double> row)
    {
        Span<Vector256<double>> sums = MemoryMarshal.Cast<double, Vector256<double>>(to);
        ReadOnlySpan<Vector256<double>> terms = MemoryMarshal.Cast<double, Vector256<double>>(row[..to.Length]);
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] += terms[i] * factor;
        }

        for (int i = sums.Length * Vector256<double>.Count; i < to.Length; i++)
        {
            to[i] += row[i] * factor;
        }
    }
}

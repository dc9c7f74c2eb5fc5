using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Lab.Validation;

/// <summary>
/// Rows of days, each less its mean, laid out so that four rows meet eight resamples at once. Every sum is one lane's own, in the order of the days:
/// the same bits whatever the machine's vectors and whatever else is summed beside it.
/// </summary>
internal sealed class PackedRows
{
    /// <summary>Resamples that are summed together.</summary>
    public const int Resamples = 8;

    private const int Rows = 4;

    // Days of four rows side by side; as many days of zeros follow as lags are summed together, so that a lag beyond the end adds nothing.
    private readonly double[] packed;
    private readonly int groups, stride;

    /// <param name="rows">Each of as many days.</param>
    /// <param name="means">The mean of each row.</param>
    public PackedRows(IReadOnlyList<double[]> rows, IReadOnlyList<double> means)
    {
        Days = rows.Count == 0 ? 0 : rows[0].Length;
        groups = (rows.Count + Rows - 1) / Rows;
        stride = (Days + Rows) * Rows;
        packed = new double[groups * stride];
        for (int k = 0; k < rows.Count; k++)
        {
            int at = (k / Rows * stride) + (k % Rows);
            for (int t = 0; t < Days; t++)
            {
                packed[at + (t * Rows)] = rows[k][t] - means[k];
            }
        }
    }

    public int Days { get; }

    /// <summary>Room for the sums of <see cref="Sums"/>: eight for each row, and for as many as fill the last four.</summary>
    public int Room => groups * Rows * Resamples;

    /// <summary>Σ counts × row for every row and each of eight resamples.</summary>
    /// <param name="counts">How often each day is in each resample, the resamples of one day side by side.</param>
    /// <param name="sums">The resamples of one row side by side.</param>
    public void Sums(ReadOnlySpan<double> counts, Span<double> sums)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(counts.Length, Days * Resamples);
        ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, Room);
        for (int g = 0; g < groups; g++)
        {
            Sum(ref packed[g * stride], ref MemoryMarshal.GetReference(counts), sums.Slice(g * Rows * Resamples, Rows * Resamples));
        }
    }

    /// <summary>γ₀ + 2 Σ weight × γ for every row, γ being its autocovariances (divided by the number of days).</summary>
    /// <param name="weights">Of lag 1 first; lags beyond have none.</param>
    public double[] LongRunVariances(ReadOnlySpan<double> weights)
    {
        var variances = new double[groups * Rows];
        for (int g = 0; g < groups; g++)
        {
            ref double row = ref packed[g * stride];
            Vector256<double> total = Products(ref row, 0).First;
            for (int lag = 1; lag <= weights.Length; lag += Rows)
            {
                (Vector256<double> a, Vector256<double> b, Vector256<double> c, Vector256<double> d) = Products(ref row, lag);
                total += a * Weight(weights, lag);
                total += b * Weight(weights, lag + 1);
                total += c * Weight(weights, lag + 2);
                total += d * Weight(weights, lag + 3);
            }

            (total / Vector256.Create((double)Days)).CopyTo(variances, g * Rows);
        }

        return variances;
    }

    private static Vector256<double> Weight(ReadOnlySpan<double> weights, int lag) => Vector256.Create(lag <= weights.Length ? 2 * weights[lag - 1] : 0);

    /// <summary>Σ x_t x_{t + lag} of four rows, for this lag and the next three.</summary>
    private (Vector256<double> First, Vector256<double> Second, Vector256<double> Third, Vector256<double> Fourth) Products(ref double row, int lag)
    {
        Vector256<double> a = default, b = default, c = default, d = default;
        for (int t = 0; t < Days - lag; t++)
        {
            Vector256<double> x = At(ref row, t);
            a += x * At(ref row, t + lag);
            b += x * At(ref row, t + lag + 1);
            c += x * At(ref row, t + lag + 2);
            d += x * At(ref row, t + lag + 3);
        }

        return (a, b, c, d);
    }

    private void Sum(ref double rows, ref double counts, Span<double> sums)
    {
        Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (int t = 0; t < Days; t++)
        {
            Vector256<double> low = At(ref counts, 2 * t), high = At(ref counts, (2 * t) + 1);
            Vector256<double> a = One(ref rows, t, 0), b = One(ref rows, t, 1), c = One(ref rows, t, 2), d = One(ref rows, t, 3);
            a0 += a * low;
            a1 += a * high;
            b0 += b * low;
            b1 += b * high;
            c0 += c * low;
            c1 += c * high;
            d0 += d * low;
            d1 += d * high;
        }

        a0.CopyTo(sums);
        a1.CopyTo(sums[4..]);
        b0.CopyTo(sums[8..]);
        b1.CopyTo(sums[12..]);
        c0.CopyTo(sums[16..]);
        c1.CopyTo(sums[20..]);
        d0.CopyTo(sums[24..]);
        d1.CopyTo(sums[28..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> At(ref double first, int four) => Vector256.LoadUnsafe(ref first, (nuint)(four * Rows));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> One(ref double rows, int day, int row) => Vector256.Create(Unsafe.Add(ref rows, (day * Rows) + row));
}

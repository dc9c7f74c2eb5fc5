using System.Numerics;
using System.Runtime.Intrinsics;
using Peregrine.Core.Numerics;

namespace Peregrine.Lab.Validation;

/// <summary>Counts resamples in which the best is as high as in the data, eight at a time; strategies are in ascending order of their studentised mean.</summary>
internal sealed class SuperiorityCount
{
    private const int Half = PackedRows.Resamples / 2;

    private readonly PackedRows rows;
    private readonly double[] studentised, errors, recentred;
    private readonly double largest;
    private readonly double[] drawn, sums;
    private int waiting;

    /// <param name="rows">Differences less their means.</param>
    /// <param name="studentised">√days × mean ÷ ω, ascending.</param>
    /// <param name="errors">ω.</param>
    public SuperiorityCount(PackedRows rows, double[] studentised, double[] errors)
    {
        (this.rows, this.studentised, this.errors) = (rows, studentised, errors);
        double bound = -Math.Sqrt(2 * Elementary.Log(Elementary.Log(rows.Days)));
        recentred = [.. studentised.Select(t => t >= bound ? 0 : t)];
        largest = studentised.Select((t, i) => t * errors[i]).DefaultIfEmpty().Max();
        drawn = new double[rows.Days * PackedRows.Resamples];
        sums = new double[rows.Room];
        StepDown = new int[studentised.Length];
    }

    public Centred<int> Studentised { get; private set; } = new(0, 0, 0);

    public Centred<int> Plain { get; private set; } = new(0, 0, 0);

    /// <summary>For each strategy the resamples in which the best up to it was as high as it.</summary>
    public int[] StepDown { get; }

    /// <summary>Adds a resample: how often it has each day.</summary>
    public void Add(ReadOnlySpan<int> counts)
    {
        for (int t = 0; t < counts.Length; t++)
        {
            drawn[(t * PackedRows.Resamples) + waiting] = counts[t];
        }

        if (++waiting == PackedRows.Resamples)
        {
            Finish();
        }
    }

    /// <summary>Counts those that wait for others to be counted with.</summary>
    public void Finish()
    {
        if (waiting == 0)
        {
            return;
        }

        rows.Sums(drawn, sums);
        uint valid = (1u << waiting) - 1;
        Count(0, valid);
        Count(Half, valid >> Half);
        waiting = 0;
    }

    private void Count(int first, uint valid)
    {
        Vector256<double> lower = default, consistent = default, upper = Vector256.Create(double.NegativeInfinity);
        Vector256<double> plainLower = upper, plainConsistent = upper, plainUpper = upper, scale = Vector256.Create(1 / Math.Sqrt(rows.Days));
        for (int i = 0; i < studentised.Length; i++)
        {
            Vector256<double> plain = Vector256.LoadUnsafe(ref sums[(i * PackedRows.Resamples) + first]) * scale;
            Vector256<double> error = Vector256.Create(errors[i]), z = plain / error;
            Vector256<double> low = Vector256.Create(Math.Min(studentised[i], 0)), far = Vector256.Create(recentred[i]);
            lower = Vector256.Max(lower, z + low);
            consistent = Vector256.Max(consistent, z + far);
            upper = Vector256.Max(upper, z);
            plainLower = Vector256.Max(plainLower, plain + (low * error));
            plainConsistent = Vector256.Max(plainConsistent, plain + (far * error));
            plainUpper = Vector256.Max(plainUpper, plain);
            StepDown[i] += AsHigh(upper, studentised[i], valid);
        }

        double best = Math.Max(0, studentised[^1]);
        upper = Vector256.Max(upper, Vector256<double>.Zero);
        Studentised = new(
            Studentised.Lower + AsHigh(lower, best, valid), Studentised.Consistent + AsHigh(consistent, best, valid), Studentised.Upper + AsHigh(upper, best, valid));
        Plain = new(
            Plain.Lower + AsHigh(plainLower, largest, valid), Plain.Consistent + AsHigh(plainConsistent, largest, valid), Plain.Upper + AsHigh(plainUpper, largest, valid));
    }

    private static int AsHigh(Vector256<double> values, double bound, uint valid) =>
        BitOperations.PopCount(Vector256.GreaterThanOrEqual(values, Vector256.Create(bound)).ExtractMostSignificantBits() & valid);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>How an average fades: the weight of each new value, from the row on that has <paramref name="Begun"/> before it; until then the streaming update says how.</summary>
public readonly record struct Fading(double Weight, int Begun);

/// <summary>One of several fading averages that are computed side by side, in pieces that follow each other. The state is that of the streaming update: how far it has begun, and its level.</summary>
internal sealed class Strand(Indicator indicator, Settings settings)
{
    private readonly Fading fading = indicator.Fading!(settings);
    private readonly double[] state = new double[2];
    private int rows;

    public double Weight => fading.Weight;

    public double Level
    {
        get => state[1];
        set => state[1] = value;
    }

    /// <summary>What is averaged, from the first row of the piece to its last.</summary>
    public ArraySegment<double> Values { get; private set; }

    public ArraySegment<double> Result { get; private set; }

    /// <summary>Rows of the piece that come before the average has begun.</summary>
    public int Before { get; private set; }

    /// <summary>The next piece, <paramref name="skipped"/> rows of which come before there is anything to average.</summary>
    public void Begin(ArraySegment<double> values, ArraySegment<double> result, int skipped)
    {
        (Values, Result) = (values, result);
        int row = skipped;
        for (; row < values.Count && rows < fading.Begun; row++, rows++)
        {
            result[row] = indicator.Update([values[row]], settings, state);
        }

        Before = row;
    }

    /// <summary>Rows of the piece computed alone.</summary>
    public void Alone(int from, int end)
    {
        ReadOnlySpan<double> x = Values.AsSpan(0, Math.Max(from, end));
        Span<double> y = Result.AsSpan(0, x.Length);
        (double level, double weight) = (Level, Weight);
        for (int row = from; row < end; row++)
        {
            level += weight * (x[row] - level);
            y[row] = level;
        }

        Level = level;
    }
}

/// <summary>Averages of the form y + a·(x − y), eight columns at a time: each waits for its own last value, none for another's.</summary>
internal static class SideBySide
{
    private const int Eight = 2 * Four, Four = 4;

    /// <param name="strands">Any number, each at the beginning of a piece; the pieces are of the same rows.</param>
    public static void Fade(ReadOnlySpan<Strand> strands)
    {
        for (int first = 0; first < strands.Length; first += Eight)
        {
            ReadOnlySpan<Strand> some = strands.Slice(first, Math.Min(Eight, strands.Length - first));
            int rows = some[0].Result.Count, begun = 0;
            foreach (Strand strand in some)
            {
                begun = Math.Max(begun, strand.Before);
            }

            begun = Math.Min(rows, Avx.IsSupported && some.Length > 1 ? (begun + Four - 1) / Four * Four : rows);
            foreach (Strand strand in some)
            {
                strand.Alone(strand.Before, begun);
            }

            int done = begun < rows ? Together(some, begun) : rows;
            foreach (Strand strand in some)
            {
                strand.Alone(Math.Max(done, strand.Before), rows);
            }
        }
    }

    /// <summary>Fewer than eight: the first is computed more than once, to the same values.</summary>
    private static int Together(ReadOnlySpan<Strand> some, int row)
    {
        var columns = new Columns();
        Span<double> levels = stackalloc double[Eight], weights = stackalloc double[Eight];
        for (int k = 0; k < Eight; k++)
        {
            Strand strand = some[k < some.Length ? k : 0];
            columns[k] = (strand.Values, strand.Result);
            (levels[k], weights[k]) = (strand.Level, strand.Weight);
        }

        (Quad one, Quad other) = (Load(levels, 0), Load(levels, Four));
        (Quad a, Quad b) = (Load(weights, 0), Load(weights, Four));
        ReadOnlySpan<(ArraySegment<double> Values, ArraySegment<double> Result)> x = columns;
        int rows = some[0].Result.Count;
        for (; row <= rows - Four; row += Four)
        {
            one = Step(x[..Four], row, one, a);
            if (some.Length > Four)
            {
                other = Step(x[Four..], row, other, b);
            }
        }

        for (int k = 0; k < some.Length; k++)
        {
            some[k].Level = k < Four ? one.Value[k] : other.Value[k - Four];
        }

        return row;
    }

    /// <summary>Four rows of four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Step(ReadOnlySpan<(ArraySegment<double> Values, ArraySegment<double> Result)> s, int row, Quad level, Quad weight)
    {
        (Quad first, Quad second, Quad third, Quad fourth) = Turning.Turned(Load(s[0].Values, row), Load(s[1].Values, row), Load(s[2].Values, row), Load(s[3].Values, row));
        first = level + (weight * (first - level));
        second = first + (weight * (second - first));
        third = second + (weight * (third - second));
        fourth = third + (weight * (fourth - third));
        (Quad a, Quad b, Quad c, Quad d) = Turning.Turned(first, second, third, fourth);
        Store(a, s[0].Result, row);
        Store(b, s[1].Result, row);
        Store(c, s[2].Result, row);
        Store(d, s[3].Result, row);
        return fourth;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Load(in ArraySegment<double> column, int row) => Quad.Load(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(column.Array!), column.Offset), row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Load(ReadOnlySpan<double> values, int first) => Quad.Load(ref MemoryMarshal.GetReference(values), first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Quad rows, in ArraySegment<double> column, int row) =>
        Quad.Store(rows, ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(column.Array!), column.Offset), row);

    [InlineArray(Eight)]
    private struct Columns
    {
        private (ArraySegment<double> Values, ArraySegment<double> Result) first;
    }
}

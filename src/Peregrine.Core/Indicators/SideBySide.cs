using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>One of several fading averages that are computed side by side: what is averaged and the result as whole columns, and the first row on which the input exists.</summary>
public readonly record struct Strand(ArraySegment<double> Values, Settings Settings, int Start, ArraySegment<double> Result);

/// <summary>How an average has begun: its level after the rows before <see cref="Row"/>, which are written, and the weight of each new value.</summary>
public readonly record struct Faded(double Level, double Weight, int Row);

/// <summary>Averages of the form y + a·(x − y), eight columns at a time: each waits for its own last value, none for another's.</summary>
internal static class SideBySide
{
    private const int Eight = 2 * Four, Four = 4;

    /// <param name="strands">Columns of one length, of any indicators that fade, each with how it begins.</param>
    public static void Fade(ReadOnlySpan<(Strand Strand, Func<Strand, Faded> Begin)> strands)
    {
        Span<Faded> levels = stackalloc Faded[Eight];
        for (int first = 0; first < strands.Length; first += Eight)
        {
            ReadOnlySpan<(Strand Strand, Func<Strand, Faded> Begin)> some = strands.Slice(first, Math.Min(Eight, strands.Length - first));
            int rows = some[0].Strand.Result.Count, together = 0;
            for (int k = 0; k < some.Length; k++)
            {
                levels[k] = some[k].Begin(some[k].Strand);
                together = Math.Max(together, levels[k].Row);
            }

            // Fewer than eight: the first is computed more than once, to the same values.
            together = Math.Min(rows, Avx.IsSupported && some.Length > 1 ? (together + Four - 1) / Four * Four : rows);
            for (int k = 0; k < Eight; k++)
            {
                levels[k] = k < some.Length ? Alone(some[k].Strand, levels[k], together) : levels[0];
            }

            int done = together < rows ? Together(some, levels, together) : rows;
            for (int k = 0; k < some.Length; k++)
            {
                Alone(some[k].Strand, levels[k] with { Row = done }, rows);
            }
        }
    }

    private static Faded Alone(in Strand s, Faded f, int end)
    {
        Span<double> y = s.Result;
        ReadOnlySpan<double> x = s.Values;
        double level = f.Level;
        for (int row = f.Row; row < end; row++)
        {
            level += f.Weight * (x[row] - level);
            y[row] = level;
        }

        return f with { Level = level, Row = Math.Max(end, f.Row) };
    }

    private static int Together(ReadOnlySpan<(Strand Strand, Func<Strand, Faded> Begin)> some, Span<Faded> levels, int row)
    {
        ReadOnlySpan<Strand> x = [At(some, 0), At(some, 1), At(some, 2), At(some, 3), At(some, 4), At(some, 5), At(some, 6), At(some, 7)];
        (Quad one, Quad other) = (Levels(levels[..Four]), Levels(levels[Four..]));
        (Quad a, Quad b) = (Weights(levels[..Four]), Weights(levels[Four..]));
        int rows = x[0].Result.Count;
        for (; row <= rows - Four; row += Four)
        {
            one = Step(x[..Four], row, one, a);
            if (some.Length > Four)
            {
                other = Step(x[Four..], row, other, b);
            }
        }

        for (int k = 0; k < Eight; k++)
        {
            levels[k] = levels[k] with { Level = k < Four ? one.Value[k] : other.Value[k - Four] };
        }

        return row;
    }

    /// <summary>Four rows of four columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Step(ReadOnlySpan<Strand> s, int row, Quad level, Quad weight)
    {
        (Quad first, Quad second, Quad third, Quad fourth) = FourRuns.Turned(Load(s[0].Values, row), Load(s[1].Values, row), Load(s[2].Values, row), Load(s[3].Values, row));
        first = level + (weight * (first - level));
        second = first + (weight * (second - first));
        third = second + (weight * (third - second));
        fourth = third + (weight * (fourth - third));
        (Quad a, Quad b, Quad c, Quad d) = FourRuns.Turned(first, second, third, fourth);
        Store(a, s[0].Result, row);
        Store(b, s[1].Result, row);
        Store(c, s[2].Result, row);
        Store(d, s[3].Result, row);
        return fourth;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Load(in ArraySegment<double> column, int row) => Quad.Load(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(column.Array!), column.Offset), row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Quad rows, in ArraySegment<double> column, int row) =>
        Quad.Store(rows, ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(column.Array!), column.Offset), row);

    private static Strand At(ReadOnlySpan<(Strand Strand, Func<Strand, Faded> Begin)> some, int k) => some[k < some.Length ? k : 0].Strand;

    private static Quad Levels(ReadOnlySpan<Faded> f) => new(Vector256.Create(f[0].Level, f[1].Level, f[2].Level, f[3].Level));

    private static Quad Weights(ReadOnlySpan<Faded> f) => new(Vector256.Create(f[0].Weight, f[1].Weight, f[2].Weight, f[3].Weight));
}

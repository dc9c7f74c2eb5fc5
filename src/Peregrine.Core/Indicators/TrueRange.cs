using System.Numerics;
using System.Runtime.InteropServices;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Wilder's true range of one bar (1978), max(high, previous close) − min(low, previous close). Inputs: high, low, close.
/// The first bar has no previous close and counts its own range (TA-Lib begins one bar later).
/// </summary>
public static class TrueRange
{
    public static readonly Indicator Of = new()
    {
        Name = "true range",
        InputCount = 3,
        StateSize = static _ => 2,
        Update = static (x, in _, state) => Update(x, state),
        Column = static (in x, in _, y) => Ranges(x, y),
        Memory = static _ => new Memory(1),
        Reach = static (x, out plain) => Reaching.As(Furthest(x), out plain),
    };

    private static Reach Furthest(ReadOnlySpan<Reach> x) => new(0, Math.Max(x[0].Most, x[2].Most) - Math.Min(x[1].Least, x[2].Least));

    private static double Update(ReadOnlySpan<double> x, Span<double> state)
    {
        double before = state[0] == 0 ? x[0] : state[1];
        state[0] = 1;
        state[1] = x[2];
        return At(new Scalar(x[0]), new Scalar(x[1]), new Scalar(before)).Value;
    }

    internal static T At<T>(T high, T low, T before) where T : struct, ILane<T> => Arithmetic.Greater(high, before) - Arithmetic.Lesser(low, before);

    private static void Ranges(in Inputs x, Span<double> y)
    {
        ref double high = ref MemoryMarshal.GetReference(x.A), low = ref MemoryMarshal.GetReference(x.B), close = ref MemoryMarshal.GetReference(x.C);
        int i = 0;
        if (y.Length > 0)
        {
            y[0] = At(new Scalar(x.A[0]), new Scalar(x.B[0]), new Scalar(x.A[0])).Value;
            i = 1;
        }

        for (; i <= y.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var before = new Lanes(Vector.LoadUnsafe(ref close, (nuint)(i - 1)));
            Lanes range = At(new Lanes(Vector.LoadUnsafe(ref high, (nuint)i)), new Lanes(Vector.LoadUnsafe(ref low, (nuint)i)), before);
            range.Value.CopyTo(y[i..]);
        }

        for (; i < y.Length; i++)
        {
            y[i] = At(new Scalar(x.A[i]), new Scalar(x.B[i]), new Scalar(x.C[i - 1])).Value;
        }
    }
}

using System.Numerics;
using System.Runtime.InteropServices;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Wilder's true range of one bar (1978), max(high, previous close) − min(low, previous close), and its average. Inputs: high, low, close.
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

    /// <summary>Wilder's average of the true range (<c>First</c> = n), begun with the mean of the first n; warm-up n − 1.</summary>
    public static readonly Indicator Average = new()
    {
        Name = "average true range",
        InputCount = 3,
        WarmUp = Smoothing.Wilder.WarmUp,
        StateSize = static s => 2 + Smoothing.Wilder.StateSize(s),
        Update = static (x, in s, state) => Smoothing.Wilder.Update([Update(x, state)], s, state[2..]),
        Column = static (in x, in s, y) => Averages(x, s.First, y),
        Carried = static (in x, in s, state, y) => Carry(x, s, state, y),
        Reach = static (x, out plain) => Smoothing.Between([Furthest(x)], out plain),
    };

    private static Reach Furthest(ReadOnlySpan<Reach> x) => new(0, Math.Max(x[0].Most, x[2].Most) - Math.Min(x[1].Least, x[2].Least));

    /// <summary>State: whether there was a bar, its close; then that of Wilder's average.</summary>
    private static void Carry(in Inputs x, in Settings s, Span<double> state, Span<double> y)
    {
        ReadOnlySpan<double> high = x.A[..y.Length], low = x.B[..y.Length], close = x.C[..y.Length];
        int i = 0;
        for (; i < y.Length && (i == 0 || state[2] < s.First); i++)
        {
            y[i] = Average.Update([high[i], low[i], close[i]], s, state);
        }

        (double level, double a) = (state[3], 1.0 / s.First);
        for (; i < y.Length; i++)
        {
            double range = At(new Scalar(high[i]), new Scalar(low[i]), new Scalar(close[i - 1])).Value;
            level += a * (range - level);
            y[i] = level;
        }

        (state[1], state[3]) = (y.Length > 0 ? close[^1] : state[1], level);
    }

    /// <summary>In one pass: a range is ready before the average, which waits for itself, can take it.</summary>
    private static void Averages(in Inputs x, int n, Span<double> y)
    {
        ReadOnlySpan<double> high = x.A[..y.Length], low = x.B[..y.Length], close = x.C[..y.Length];
        (double level, double a) = (0, 1.0 / n);
        for (int i = 0; i < n && i < y.Length; i++)
        {
            level += At(new Scalar(high[i]), new Scalar(low[i]), new Scalar(i == 0 ? high[0] : close[i - 1])).Value;
            level = i == n - 1 ? level / n : level;
            y[i] = level;
        }

        for (int i = n; i < y.Length; i++)
        {
            double range = At(new Scalar(high[i]), new Scalar(low[i]), new Scalar(close[i - 1])).Value;
            level += a * (range - level);
            y[i] = level;
        }
    }

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

using System.Numerics;
using System.Runtime.InteropServices;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Wilder's relative strength (1978) from 0 to 1: average gain ÷ (average gain + average loss), both averages Wilder's, begun with the mean of the first n changes;
/// ½ when nothing moved. Settings: <c>First</c> = n. Warm-up n.
/// </summary>
public static class Rsi
{
    private const int Chunk = 256;

    public static readonly Indicator Of = new()
    {
        Name = "rsi",
        InputCount = 1,
        WarmUp = static s => s.First,
        StateSize = static _ => 4,
        Update = static (x, in s, state) => Update(x[0], s.First, state),
        Column = static (in x, in s, y) => Carry(x.A, s, stackalloc double[4], y),
        Carried = static (in x, in s, state, y) => Carry(x.A, s, state, y),
        Reach = Reaching.UpToOne,
    };

    /// <summary>State: values seen (at most n + 1), the last value, average gain, average loss.</summary>
    private static double Update(double x, int n, Span<double> state)
    {
        double seen = state[0];
        Scalar change = new(seen == 0 ? 0 : x - state[1]);
        (double gain, double loss) = (Gain(change).Value, Loss(change).Value);
        if (seen <= n)
        {
            state[0] = seen + 1;
            state[2] = seen == n ? (state[2] + gain) / n : state[2] + gain;
            state[3] = seen == n ? (state[3] + loss) / n : state[3] + loss;
        }
        else
        {
            double a = 1.0 / n;
            state[2] += a * (gain - state[2]);
            state[3] += a * (loss - state[3]);
        }

        state[1] = x;
        return Strength(new Scalar(state[2]), new Scalar(state[3])).Value;
    }

    private static void Carry(ReadOnlySpan<double> x, in Settings s, Span<double> state, Span<double> y)
    {
        int begun = 0;
        for (; begun < y.Length && (begun == 0 || state[0] <= s.First); begun++)
        {
            y[begun] = Update(x[begun], s.First, state);
        }

        (double gain, double loss, double a) = (state[2], state[3], 1.0 / s.First);

        // What has an order is walked through; what has none is done for a chunk at once.
        Span<double> gains = stackalloc double[Chunk], losses = stackalloc double[Chunk];
        for (int start = begun; start < y.Length; start += Chunk)
        {
            int length = Math.Min(Chunk, y.Length - start);
            Changes(x.Slice(start - 1, length + 1), gains, losses);
            (gain, loss) = Walk(gains[..length], losses[..length], a, gain, loss);
            Strengths(gains, losses, y.Slice(start, length));
        }

        (state[1], state[2], state[3]) = (y.Length > 0 ? x[y.Length - 1] : state[1], gain, loss);
    }

    private static (double Gain, double Loss) Walk(Span<double> gains, Span<double> losses, double a, double gain, double loss)
    {
        for (int i = 0; i < gains.Length && i < losses.Length; i++)
        {
            gain += a * (gains[i] - gain);
            loss += a * (losses[i] - loss);
            gains[i] = gain;
            losses[i] = loss;
        }

        return (gain, loss);
    }

    private static void Changes(ReadOnlySpan<double> x, Span<double> gains, Span<double> losses)
    {
        int length = x.Length - 1, i = 0;
        for (; i <= length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var change = new Lanes(new Vector<double>(x[(i + 1)..]) - new Vector<double>(x[i..]));
            Gain(change).Value.CopyTo(gains[i..]);
            Loss(change).Value.CopyTo(losses[i..]);
        }

        for (; i < length; i++)
        {
            Scalar change = new(x[i + 1] - x[i]);
            (gains[i], losses[i]) = (Gain(change).Value, Loss(change).Value);
        }
    }

    private static void Strengths(ReadOnlySpan<double> gains, ReadOnlySpan<double> losses, Span<double> y)
    {
        ref double gain = ref MemoryMarshal.GetReference(gains), loss = ref MemoryMarshal.GetReference(losses), result = ref MemoryMarshal.GetReference(y);
        int i = 0;
        for (; i <= y.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var strength = Strength(new Lanes(Vector.LoadUnsafe(ref gain, (nuint)i)), new Lanes(Vector.LoadUnsafe(ref loss, (nuint)i)));
            strength.Value.StoreUnsafe(ref result, (nuint)i);
        }

        for (; i < y.Length; i++)
        {
            y[i] = Strength(new Scalar(gains[i]), new Scalar(losses[i])).Value;
        }
    }

    private static T Gain<T>(T change) where T : struct, ILane<T> => Arithmetic.Greater(T.Of(0), change);

    private static T Loss<T>(T change) where T : struct, ILane<T> => Gain(T.Of(0) - change);

    private static T Strength<T>(T gain, T loss) where T : struct, ILane<T>
    {
        T total = gain + loss;
        return T.Select(T.Less(T.Of(0), total), gain / total, T.Of(0.5));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Peregrine.Core.Numerics;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Pearson's correlation of the last n pairs (<c>First</c> = n), in two blocks like <see cref="RollingMoments{M}"/>, each series about its value at the boundary;
/// 0 when either series is flat in the window. Warm-up n − 1.
/// </summary>
public static class Correlation
{
    // State: place in the block; two pivots; five sums of the block so far; the values of both series; the tails of the last block, five per place.
    private const int Sums = 5, Header = 3 + Sums;

    public static readonly Indicator Pearson = new()
    {
        Name = "correlation",
        InputCount = 2,
        WarmUp = static s => s.First - 1,
        StateSize = static s => Header + ((2 + Sums) * s.First),
        Update = static (x, in s, state) => Update(x[0], x[1], s.First, state),
        Column = static (in x, in s, y) => InLanes.Fill<Windows>(x, s.First, y),
        Memory = static s => new Memory(s.First - 1, s.First),
        Reach = Reaching.WithinOne,
    };

    /// <summary>Σdx, Σdy, Σdx², Σdy² and Σdx·dy.</summary>
    private struct PairSums<T> where T : struct, ILane<T>
    {
        public T X, Y, XX, YY, XY;

        public void Add(T dx, T dy)
        {
            X += dx;
            Y += dy;
            XX += dx * dx;
            YY += dy * dy;
            XY += dx * dy;
        }

        public readonly PairSums<T> Joined(in PairSums<T> tail) =>
            new() { X = tail.X + X, Y = tail.Y + Y, XX = tail.XX + XX, YY = tail.YY + YY, XY = tail.XY + XY };

        public readonly T Coefficient(int n)
        {
            T count = T.Of(n), zero = T.Of(0), one = T.Of(1);
            T scatterX = Arithmetic.Greater(zero, XX - (X * X / count)), scatterY = Arithmetic.Greater(zero, YY - (Y * Y / count));
            T r = Arithmetic.Ratio(XY - (X * Y / count), T.Sqrt(scatterX) * T.Sqrt(scatterY));
            return Arithmetic.Lesser(one, Arithmetic.Greater(zero - one, r));
        }
    }

    private static double Update(double x, double y, int n, Span<double> state)
    {
        int place = (int)state[0];
        Span<double> xs = state.Slice(Header, n), ys = state.Slice(Header + n, n);
        Span<PairSums<Scalar>> tails = MemoryMarshal.Cast<double, PairSums<Scalar>>(state[(Header + (2 * n))..]);
        ref PairSums<Scalar> head = ref MemoryMarshal.Cast<double, PairSums<Scalar>>(state.Slice(3, Sums))[0];
        if (place == 0)
        {
            (state[1], state[2]) = (x, y);
            head = default;
            Tails(xs, ys, (x, y), tails);
        }

        head.Add(new Scalar(x - state[1]), new Scalar(y - state[2]));
        (xs[place], ys[place]) = (x, y);
        state[0] = place + 1 == n ? 0 : place + 1;
        return (place == n - 1 ? head : head.Joined(tails[place + 1])).Coefficient(n).Value;
    }

    private static void Tails(ReadOnlySpan<double> xs, ReadOnlySpan<double> ys, (double X, double Y) pivot, Span<PairSums<Scalar>> tails)
    {
        PairSums<Scalar> tail = default;
        for (int j = xs.Length - 1; j > 0; j--)
        {
            tail.Add(new Scalar(xs[j] - pivot.X), new Scalar(ys[j] - pivot.Y));
            tails[j] = tail;
        }
    }

    private readonly struct Windows : IWindowed
    {
        public static int Series => 2;

        public static int Sums => Correlation.Sums;

        public static void Fill<T>(in TwoBlocks x, int places) where T : struct, IRows<T>
        {
            T pivotX = T.Load(ref x.A, 0), pivotY = T.Load(ref x.B, 0);
            ref double beforeX = ref Unsafe.Subtract(ref x.A, x.N * T.Count), beforeY = ref Unsafe.Subtract(ref x.B, x.N * T.Count);
            PairSums<T> tail = default, head = default;
            for (int p = x.N - 1; p > 0; p--)
            {
                tail.Add(T.Load(ref beforeX, p * T.Count) - pivotX, T.Load(ref beforeY, p * T.Count) - pivotY);
                Kept<T>(x, p) = tail;
            }

            for (int p = 0; p < places; p++)
            {
                head.Add(T.Load(ref x.A, p * T.Count) - pivotX, T.Load(ref x.B, p * T.Count) - pivotY);
                PairSums<T> window = p == x.N - 1 ? head : head.Joined(Kept<T>(x, p + 1));
                T.Store(window.Coefficient(x.N), ref x.Result, p * T.Count);
            }
        }

        private static ref PairSums<T> Kept<T>(in TwoBlocks x, int place) where T : struct, IRows<T> =>
            ref Unsafe.As<double, PairSums<T>>(ref Unsafe.Add(ref x.Tails, Sums * T.Count * place));
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Peregrine.Core.Numerics;
using static Peregrine.Core.Indicators.FourRuns;

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
        Column = static (in x, in s, y) => Column(x.A, x.B, s.First, y),
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

    private static void Column(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int n, Span<double> result)
    {
        int run = Length(result.Length, n);
        Span<PairSums<Quad>> tails = stackalloc PairSums<Quad>[run == 0 ? 0 : n];
        for (int start = 0; start < run; start += n)
        {
            ref double xs = ref MemoryMarshal.GetReference(x), ys = ref MemoryMarshal.GetReference(y);
            Tails(Places.At(ref xs, start - n, run), Places.At(ref ys, start - n, run), (Places.At(ref xs, start, run).One(0), Places.At(ref ys, start, run).One(0)), tails);
            Heads(Places.At(ref xs, start, run), Places.At(ref ys, start, run), tails, ref Unsafe.Add(ref MemoryMarshal.GetReference(result), start), run);
        }

        Blocks(x, y, n, result, Runs * run);
    }

    private static void Tails(Places x, Places y, (Quad X, Quad Y) pivot, Span<PairSums<Quad>> tails)
    {
        PairSums<Quad> tail = default;
        for (int j = tails.Length - 1; j > 0; j--)
        {
            tail.Add(x.One(j) - pivot.X, y.One(j) - pivot.Y);
            tails[j] = tail;
        }
    }

    private static void Heads(Places x, Places y, ReadOnlySpan<PairSums<Quad>> tails, ref double result, int run)
    {
        Quad pivotX = x.One(0), pivotY = y.One(0);
        PairSums<Quad> head = default;
        for (int place = 0; place < tails.Length; place++)
        {
            head.Add(x.One(place) - pivotX, y.One(place) - pivotY);
            PairSums<Quad> window = place == tails.Length - 1 ? head : head.Joined(tails[place + 1]);
            Write(window.Coefficient(tails.Length), ref result, place, run);
        }
    }

    /// <summary>One block after another, from a boundary on.</summary>
    private static void Blocks(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int n, Span<double> result, int start)
    {
        Span<PairSums<Scalar>> tails = stackalloc PairSums<Scalar>[n];
        for (; start < result.Length; start += n)
        {
            (double X, double Y) pivot = (x[start], y[start]);
            PairSums<Scalar> head = default;
            if (start > 0)
            {
                Tails(x.Slice(start - n, n), y.Slice(start - n, n), pivot, tails);
            }

            int length = Math.Min(n, result.Length - start);
            for (int place = 0; place < length; place++)
            {
                head.Add(new Scalar(x[start + place] - pivot.X), new Scalar(y[start + place] - pivot.Y));
                result[start + place] = (place == n - 1 ? head : head.Joined(tails[place + 1])).Coefficient(n).Value;
            }
        }
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
}

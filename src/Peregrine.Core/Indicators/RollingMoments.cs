using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Peregrine.Core.Numerics;
using static Peregrine.Core.Indicators.FourRuns;

namespace Peregrine.Core.Indicators;

/// <summary>
/// Sums over the last n values d = x − <see cref="Pivot"/>, where the pivot is the value at the block boundary inside the window: Σd, Σd² and Σt·d,
/// t counted from the boundary, where the newest value has t = <see cref="Place"/>. So near a level the sums stay small and nothing cancels; a flat window gives exact zeros.
/// </summary>
internal readonly struct MomentSums<T>(T s1, T s2, T st, T pivot, T place) where T : struct, ILane<T>
{
    public T S1 { get; } = s1;

    public T S2 { get; } = s2;

    public T St { get; } = st;

    public T Pivot { get; } = pivot;

    public T Place { get; } = place;

    /// <summary>Σ(d − mean)², never negative.</summary>
    public T Scatter(int n) => Arithmetic.Greater(S2 - (S1 * S1 / T.Of(n)), T.Of(0));

    /// <summary>Σ(t − mean)·d.</summary>
    public T Joint(int n) => St - ((Place - T.Of((n - 1) / 2.0)) * S1);

    /// <summary>Σ(t − mean)² over n values one apart.</summary>
    public static double TimeScatter(int n) => n * (((double)n * n) - 1) / 12;
}

/// <summary>What is made of the sums of one window of n values and its newest value.</summary>
internal interface IMoment
{
    /// <summary>False when Σt·d is not needed.</summary>
    static abstract bool Timed { get; }

    /// <summary>False when Σd² is not needed.</summary>
    static abstract bool Squared { get; }

    static abstract T Of<T>(in MomentSums<T> sums, T x, int n) where T : struct, ILane<T>;
}

/// <summary>
/// Moments of the last n values in O(1) amortised, by the two blocks of <see cref="RollingFold{F}"/>: heads summed forwards from the boundary, tails backwards
/// from the end of the last block. Settings: <c>First</c> = n ≥ 2. Warm-up n − 1.
/// </summary>
internal static class RollingMoments<M> where M : struct, IMoment
{
    // State: place in the block, pivot, the three sums of the block so far; the block's values; then the tails of the last block, three per place.
    private const int Header = 5, Sums = 3;

    public static Indicator Named(string name) => new()
    {
        Name = name,
        InputCount = 1,
        WarmUp = static s => s.First - 1,
        StateSize = static s => Header + ((1 + Sums) * s.First),
        Update = static (x, in s, state) => Update(x[0], s.First, state),
        Column = static (in x, in s, y) => Column(x.A, s.First, y),
    };

    private static double Update(double x, int n, Span<double> state)
    {
        int place = (int)state[0];
        Span<double> values = state.Slice(Header, n), tails = state.Slice(Header + n, Sums * n);
        if (place == 0)
        {
            state[1] = x;
            state.Slice(2, Sums).Clear();
            Tails(values, x, tails);
        }

        double d = x - state[1];
        state[2] += d;
        state[3] += d * d;
        state[4] += place * d;
        values[place] = x;
        state[0] = place + 1 == n ? 0 : place + 1;
        return Of(state.Slice(1, 1 + Sums), place == n - 1 ? [] : tails.Slice(Sums * (place + 1), Sums), (place, n), x);
    }

    private static void Column(ReadOnlySpan<double> x, int n, Span<double> y)
    {
        int run = Length(y.Length, n);
        Span<double> tails = stackalloc double[Sums * Runs * n];
        for (int start = 0; start < run; start += n)
        {
            Tails(ref MemoryMarshal.GetReference(x), start - n, run, tails);
            Heads(ref Unsafe.Add(ref MemoryMarshal.GetReference(x), start), ref Unsafe.Add(ref MemoryMarshal.GetReference(y), start), run, tails);
        }

        Blocks(x, n, y, Runs * run);
    }

    /// <summary>One block after another, from a boundary on.</summary>
    private static void Blocks(ReadOnlySpan<double> x, int n, Span<double> y, int start)
    {
        Span<double> tails = stackalloc double[Sums * n], head = stackalloc double[1 + Sums];
        for (; start < y.Length; start += n)
        {
            head.Clear();
            head[0] = x[start];
            if (start > 0)
            {
                Tails(x.Slice(start - n, n), head[0], tails);
            }

            ReadOnlySpan<double> block = x.Slice(start, Math.Min(n, y.Length - start));
            for (int place = 0; place < block.Length; place++)
            {
                double d = block[place] - head[0];
                head[1] += d;
                head[2] += d * d;
                head[3] += place * d;
                y[start + place] = Of(head, place == n - 1 ? [] : tails.Slice(Sums * (place + 1), Sums), (place, n), block[place]);
            }
        }
    }

    private static void Tails(ReadOnlySpan<double> values, double pivot, Span<double> tails)
    {
        (double s1, double s2, double st) = (0, 0, 0);
        for (int j = values.Length - 1; j > 0; j--)
        {
            double d = values[j] - pivot;
            s1 += d;
            s2 += d * d;
            st += (j - values.Length) * d;
            tails[Sums * j] = s1;
            tails[(Sums * j) + 1] = s2;
            tails[(Sums * j) + 2] = st;
        }
    }

    /// <summary>Pivot and sums of the head, joined with the sums of the tail, if any.</summary>
    private static double Of(ReadOnlySpan<double> head, ReadOnlySpan<double> tail, (int Place, int N) at, double x)
    {
        double s1 = tail.IsEmpty ? head[1] : tail[0] + head[1], s2 = tail.IsEmpty ? head[2] : tail[1] + head[2], st = tail.IsEmpty ? head[3] : tail[2] + head[3];
        return M.Of(new MomentSums<Scalar>(new(s1), new(s2), new(st), new(head[0]), new(at.Place)), new Scalar(x), at.N).Value;
    }

    /// <summary>The tails of four blocks, about the first value of the block after each.</summary>
    private static void Tails(ref double x, int start, int run, Span<double> tails)
    {
        int n = tails.Length / Runs / Sums;
        ref double kept = ref MemoryMarshal.GetReference(tails);
        Places at = Places.At(ref x, start, run);
        var sums = new Running(Places.At(ref x, start + n, run).One(0));
        int place = n - 1;
        for (; place >= Runs; place -= Runs)
        {
            (Quad a, Quad b, Quad c, Quad d) = at.Four(place - 3);
            sums.Add(d, place - n);
            sums.Store(ref kept, place);
            sums.Add(c, place - 1 - n);
            sums.Store(ref kept, place - 1);
            sums.Add(b, place - 2 - n);
            sums.Store(ref kept, place - 2);
            sums.Add(a, place - 3 - n);
            sums.Store(ref kept, place - 3);
        }

        for (; place > 0; place--)
        {
            sums.Add(at.One(place), place - n);
            sums.Store(ref kept, place);
        }
    }

    /// <summary>The heads of four blocks, joined with the tails of the block before each.</summary>
    private static void Heads(ref double x, ref double y, int run, ReadOnlySpan<double> tails)
    {
        int n = tails.Length / Runs / Sums;
        ref double kept = ref MemoryMarshal.GetReference(tails);
        Places at = Places.At(ref x, 0, run);
        var sums = new Running(at.One(0));
        int place = 0;
        for (; place + Runs < n; place += Runs)
        {
            (Quad a, Quad b, Quad c, Quad d) = at.Four(place);
            a = sums.Next(a, ref kept, place, n);
            b = sums.Next(b, ref kept, place + 1, n);
            c = sums.Next(c, ref kept, place + 2, n);
            d = sums.Next(d, ref kept, place + 3, n);
            Write((a, b, c, d), ref y, place, run);
        }

        for (; place < n; place++)
        {
            Quad value = at.One(place);
            Write(place == n - 1 ? sums.Last(value, n) : sums.Next(value, ref kept, place, n), ref y, place, run);
        }
    }

    /// <summary>The sums of four blocks so far.</summary>
    private struct Running(Quad pivot)
    {
        private Quad s1, s2, st;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Quad value, int time)
        {
            Quad d = value - pivot;
            s1 += d;
            s2 = M.Squared ? s2 + (d * d) : s2;
            st = M.Timed ? st + (Quad.Of(time) * d) : st;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(ref double kept, int place)
        {
            int first = Sums * Runs * place;
            s1.Value.StoreUnsafe(ref kept, (nuint)first);
            if (M.Squared)
            {
                s2.Value.StoreUnsafe(ref kept, (nuint)(first + Runs));
            }

            if (M.Timed)
            {
                st.Value.StoreUnsafe(ref kept, (nuint)(first + (2 * Runs)));
            }
        }

        /// <summary>Takes the next value, and returns what is made of the window that ends with it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Quad Next(Quad value, ref double kept, int place, int n)
        {
            Add(value, place);
            ref double tail = ref Unsafe.Add(ref kept, Sums * Runs * (place + 1));
            Quad squares = M.Squared ? Tail(ref tail, Runs) + s2 : default, timed = M.Timed ? Tail(ref tail, 2 * Runs) + st : default;
            return M.Of(new MomentSums<Quad>(Tail(ref tail, 0) + s1, squares, timed, pivot, Quad.Of(place)), value, n);
        }

        /// <summary>The same for the last of a block, whose window is the block.</summary>
        public Quad Last(Quad value, int n)
        {
            Add(value, n - 1);
            return M.Of(new MomentSums<Quad>(s1, s2, st, pivot, Quad.Of(n - 1)), value, n);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Quad Tail(ref double kept, int offset) => new(Vector256.LoadUnsafe(ref kept, (nuint)offset));
}
